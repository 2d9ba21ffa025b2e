#include "lua/pool.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

namespace vw::lua {

Pool::~Pool() {
  while (large_ != nullptr) std::free(std::exchange(large_, large_->after));
}

void* Pool::allocate(std::size_t bytes) noexcept {
  if (bytes > largest_bytes) {
    auto* const large = static_cast<Large*>(std::malloc(sizeof(Large) + bytes));
    if (large == nullptr) return nullptr;
    link(large);
    return large + 1;
  }
  Free*& list = free_[list_of(bytes)];
  if (list == nullptr) return carve((list_of(bytes) + 1) * granule_bytes);
  return std::exchange(list, list->next);
}

void* Pool::resize(void* block, std::size_t old_bytes, std::size_t new_bytes) noexcept {
  if (old_bytes > largest_bytes && new_bytes > largest_bytes) {
    Large* const large = static_cast<Large*>(block) - 1;
    auto* const moved = static_cast<Large*>(std::realloc(large, sizeof(Large) + new_bytes));
    if (moved == nullptr) return nullptr;
    (moved->before == nullptr ? large_ : moved->before->after) = moved;
    if (moved->after != nullptr) moved->after->before = moved;
    return moved + 1;
  }
  if (old_bytes <= largest_bytes && new_bytes <= largest_bytes && list_of(old_bytes) == list_of(new_bytes))
    return block;
  void* const moved = allocate(new_bytes);
  if (moved == nullptr) return nullptr;
  std::memcpy(moved, block, std::min(old_bytes, new_bytes));
  release(block, old_bytes);
  return moved;
}

void Pool::release(void* block, std::size_t bytes) noexcept {
  if (bytes > largest_bytes) {
    Large* const large = static_cast<Large*>(block) - 1;
    unlink(large);
    std::free(large);
    return;
  }
  Free*& list = free_[list_of(bytes)];
  list = new (block) Free{list};
}

void* Pool::carve(std::size_t bytes) noexcept {
  if (unused_bytes_ < bytes) {
    try {
      chunks_.push_back(std::make_unique_for_overwrite<std::byte[]>(chunk_bytes));
    } catch (const std::bad_alloc&) {
      return nullptr;
    }
    unused_ = chunks_.back().get();
    unused_bytes_ = chunk_bytes;
  }
  void* const block = unused_;
  unused_ += bytes;
  unused_bytes_ -= bytes;
  return block;
}

void Pool::link(Large* large) noexcept {
  large->before = nullptr;
  large->after = large_;
  if (large_ != nullptr) large_->before = large;
  large_ = large;
}

void Pool::unlink(const Large* large) noexcept {
  (large->before == nullptr ? large_ : large->before->after) = large->after;
  if (large->after != nullptr) large->after->before = large->before;
}

}  // namespace vw::lua

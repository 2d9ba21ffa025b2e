// lua, inside: the memory of one state. A state lives for milliseconds and is given up as a whole, so blocks come from
// chunks and go back to a list of their size; nothing is freed one by one. [one thread at a time]
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

namespace vw::lua {

class Pool {
 public:
  Pool() = default;
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  // Aligned for every type; nullptr when there is no memory. Sizes are above 0 and those the block was asked for with.
  void* allocate(std::size_t bytes) noexcept;
  void* resize(void* block, std::size_t old_bytes, std::size_t new_bytes) noexcept;
  void release(void* block, std::size_t bytes) noexcept;

 private:
  struct Free {
    Free* next;
  };
  // A block too large for the lists, in a list of its own.
  struct alignas(std::max_align_t) Large {
    Large *before, *after;
  };

  static constexpr std::size_t granule_bytes = 16, largest_bytes = 512, chunk_bytes = std::size_t{32} << 10;
  static_assert(granule_bytes % alignof(std::max_align_t) == 0);

  static std::size_t list_of(std::size_t bytes) noexcept { return (bytes - 1) / granule_bytes; }
  void* carve(std::size_t bytes) noexcept;
  void link(Large* large) noexcept;
  void unlink(const Large* large) noexcept;

  std::array<Free*, largest_bytes / granule_bytes> free_{};
  std::vector<std::unique_ptr<std::byte[]>> chunks_;
  std::byte* unused_ = nullptr;  // the rest of the newest chunk
  std::size_t unused_bytes_ = 0;
  Large* large_ = nullptr;
};

}  // namespace vw::lua

// A part made of functions: what a test wants to be answered, without a plugin or a script.
#pragma once

#include "parts/part.hpp"

#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace vw::test {

struct Fake {
  std::string kind = VW_KIND_METADATA_SOURCE;
  std::string id = "fake";
  std::string summary = "made for a test";
  Origin origin{Origin::Rank::installed, "fake.so", "fake 1.0.0"};
  // Each is given to the part when it is set. What they throw becomes the part's message.
  std::function<void(const std::string& settings)> open;
  std::function<std::string(const std::string& request)> ask;
  std::function<vw_memory(const vw_candidate&)> memory;
  std::function<vw_perf(const vw_candidate&, const vw_memory&)> perf;
};

namespace detail {

inline const Fake& fake_of(const void* self) { return *static_cast<const Fake*>(self); }

template <class Work>
vw_status guarded(vw_sink error, Work&& work) {
  try {
    work();
    return VW_OK;
  } catch (const std::exception& failure) {
    const std::string text = failure.what();
    error.write(error.to, text.data(), text.size());
    return VW_FAILED;
  }
}

inline void* open(const vw_part* part, const char* json, std::size_t size, vw_sink error) {
  const Fake& fake = fake_of(part->data);
  const auto status = guarded(error, [&] {
    if (fake.open) fake.open(std::string(json, size));
  });
  return status == VW_OK ? const_cast<void*>(part->data) : nullptr;
}

inline void close(void*) {}

inline vw_status ask(void* self, const char* json, std::size_t size, vw_sink reply, vw_sink error) {
  return guarded(error, [&] {
    const std::string answer = fake_of(self).ask(std::string(json, size));
    reply.write(reply.to, answer.data(), answer.size());
  });
}

inline vw_status evaluate(void* self, const vw_batch* batch, vw_sink error) {
  const Fake& fake = fake_of(self);
  return guarded(error, [&] {
    const auto* candidates = static_cast<const vw_candidate*>(batch->candidates);
    const auto* memory = static_cast<const vw_memory*>(batch->memory);
    for (std::uint32_t i = 0; i < batch->count; ++i)
      if (fake.memory)
        static_cast<vw_memory*>(batch->results)[i] = fake.memory(candidates[i]);
      else
        static_cast<vw_perf*>(batch->results)[i] = fake.perf(candidates[i], memory[i]);
  });
}

}  // namespace detail

inline Part make_part(Fake fake) {
  const auto owner = std::make_shared<const Fake>(std::move(fake));
  vw_part part{};
  part.size = sizeof(vw_part);
  part.data = owner.get();
  part.kind = owner->kind.c_str();
  part.id = owner->id.c_str();
  part.summary = owner->summary.c_str();
  part.open = &detail::open;
  part.close = &detail::close;
  if (owner->ask) part.ask = &detail::ask;
  if (owner->memory || owner->perf) part.evaluate = &detail::evaluate;
  return Part(part, owner->origin, owner);
}

}  // namespace vw::test

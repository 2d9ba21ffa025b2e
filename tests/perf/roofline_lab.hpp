// The shipped plugin roofline on models of the catalogue, with the memory model beside it.
#pragma once

#include "memory/vllm_lab.hpp"

namespace vw::test {

inline const Part& roofline() {
  static const Part part = [] {
    std::vector<std::string> notes;
    return native::load_plugin(VW_BINARY_DIR "/plugins/perf/roofline.so", Origin::Rank::installed, notes).front();
  }();
  return part;
}

// A scenario with its two models opened.
class Lab {
 public:
  explicit Lab(const Scenario& scenario)
      : memory_(vllm_memory(), scenario),
        perf_(roofline(), scenario, efficiency_from(shipped().catalog(), roofline())) {}

  vw_memory memory(const vw_candidate& candidate) { return memory_.judge(candidate); }
  vw_perf speed(const vw_candidate& candidate) { return perf_.judge(candidate, memory_.judge(candidate)); }
  Json simulate(const vw_candidate& candidate, const Arrivals& arrivals) {
    return perf_.simulate(candidate, memory_.judge(candidate), arrivals);
  }
  Json benchmark(const vw_candidate& candidate) {
    return perf_.benchmark(candidate, memory_.judge(candidate), static_cast<double>(candidate.prompt_tokens),
                           static_cast<double>(candidate.generated_tokens));
  }
  Json explain(const vw_candidate& candidate) { return perf_.explain(candidate, memory_.judge(candidate)); }

 private:
  MemoryJudge memory_;
  PerfJudge perf_;
};

// 1024 prompt tokens, 256 generated, so many users.
inline vw_candidate load_of(std::uint32_t tensor, std::uint64_t concurrency) {
  vw_candidate candidate = on_gpus(tensor);
  candidate.prompt_tokens = 1024;
  candidate.generated_tokens = 256;
  candidate.concurrency = concurrency;
  candidate.max_sequences = 256;
  candidate.max_batched_tokens = 8192;
  return candidate;
}

}  // namespace vw::test

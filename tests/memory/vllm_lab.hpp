// The shipped plugin vllm-memory on models of the catalogue.
#pragma once

#include "native/loader.hpp"
#include "plan/judge.hpp"
#include "support/shipped.hpp"

#include <string>

namespace vw::test {

constexpr double gib = 1073741824.0;

inline const Part& vllm_memory() {
  static const Part part = [] {
    std::vector<std::string> notes;
    return native::load_plugin(VW_BINARY_DIR "/plugins/memory/vllm.so", Origin::Rank::installed, notes).front();
  }();
  return part;
}

inline Request request_for(const std::string& model, const std::string& gpu, std::int64_t gpus = 1) {
  Request request;
  request.model = model;
  request.gpu = gpu;
  request.gpus = gpus;
  return request;
}

inline Scenario scenario_of(const Request& request) {
  return gather(test::shipped().catalog(), test::shipped().defaults(), request);
}

// One card, 8192 tokens, one sequence, limits left to the release.
inline vw_candidate plain_candidate() {
  vw_candidate candidate{};
  candidate.gpus = candidate.nodes = candidate.tensor_parallel = candidate.pipeline_parallel = candidate.data_parallel =
      candidate.expert_parallel = 1;
  candidate.context_tokens = 8192;
  candidate.concurrency = 1;
  candidate.utilization = 0.92;
  return candidate;
}

inline vw_candidate on_gpus(std::uint32_t tensor, std::uint32_t pipeline = 1) {
  vw_candidate candidate = plain_candidate();
  candidate.gpus = tensor * pipeline;
  candidate.tensor_parallel = tensor;
  candidate.pipeline_parallel = pipeline;
  return candidate;
}

}  // namespace vw::test

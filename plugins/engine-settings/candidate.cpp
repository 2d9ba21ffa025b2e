#include "candidate.hpp"

#include <nlohmann/json.hpp>

namespace vw::settings {
namespace {

template <class Number>
void read(const nlohmann::json& json, const char* key, Number& field) {
  const auto member = json.find(key);
  if (member != json.end() && member->is_number()) field = member->get<Number>();
}

}  // namespace

vw_candidate read_candidate(const nlohmann::json& json) {
  vw_candidate candidate{};
  read(json, "gpu", candidate.gpu);
  read(json, "format", candidate.format);
  read(json, "kv_format", candidate.kv_format);
  read(json, "release", candidate.release);
  read(json, "gpus", candidate.gpus);
  read(json, "nodes", candidate.nodes);
  read(json, "tensor_parallel", candidate.tensor_parallel);
  read(json, "pipeline_parallel", candidate.pipeline_parallel);
  read(json, "data_parallel", candidate.data_parallel);
  read(json, "expert_parallel", candidate.expert_parallel);
  read(json, "block_tokens", candidate.block_tokens);
  read(json, "flags", candidate.flags);
  read(json, "context_tokens", candidate.context_tokens);
  read(json, "concurrency", candidate.concurrency);
  read(json, "prompt_tokens", candidate.prompt_tokens);
  read(json, "generated_tokens", candidate.generated_tokens);
  read(json, "max_sequences", candidate.max_sequences);
  read(json, "max_batched_tokens", candidate.max_batched_tokens);
  read(json, "utilization", candidate.utilization);
  return candidate;
}

}  // namespace vw::settings

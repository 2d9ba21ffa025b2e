// watch: what a plan says of the server that was started from it.
#pragma once

#include "base/json_reader.hpp"

#include <optional>
#include <string>

namespace vw {

// A best estimate and how far it may be off; low and high are the best where the plan has no interval.
struct Expected {
  double low = 0, best = 0, high = 0;
};

// Empty: the plan does not say.
struct PlannedServer {
  std::string model, kv_cache_dtype;
  std::optional<double> context_tokens, sequences, concurrency, gpu_memory_utilization, block_tokens;
  std::optional<Expected> kv_cache_tokens;  // of one engine, whole blocks
  std::optional<Expected> used_gib;         // of the fullest card, once the server is up
  std::optional<Expected> first_token_ms, token_ms, request_ms, generated_tokens_per_s, requests_per_s;
};

// From a plan (vllm-wizard/plan/1). Throws vw::Error where it is none.
PlannedServer read_planned_server(const Json& plan, const std::string& where);

}  // namespace vw

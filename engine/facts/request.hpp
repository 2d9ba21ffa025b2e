// facts: what the user asked for, from options and from a profile. Absent means default.
#pragma once

#include "base/json_reader.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vw {

// One of several models that share the cards of a node. Absent: as the request says for all.
struct SharedModel {
  std::string model, name, quantization, kv_cache_dtype;
  std::optional<std::int64_t> max_model_len, concurrency, prompt_tokens, generated_tokens, tensor_parallel;
  std::optional<double> share;  // of each of its cards
};

struct Request {
  // model
  std::string model, revision, dtype = "auto", quantization = "none", kv_cache_dtype = "auto", tokenizer;
  bool trust_remote_code = false;
  std::optional<std::int64_t> max_model_len;  // empty: auto
  std::optional<double> params_b;
  // hardware
  std::string gpu = "auto", interconnect;  // interconnect: pcie, nvlink, unknown, or empty
  std::optional<std::int64_t> gpus;
  std::int64_t nodes = 1;
  std::optional<double> vram_gib;
  std::optional<std::int64_t> tensor_parallel, pipeline_parallel, data_parallel;
  bool enable_expert_parallel = false;
  bool cards_are_idle = false;  // what is in use on cards that are found does not count
  // workload
  std::int64_t prompt_tokens = 512, generated_tokens = 256, concurrency = 1;
  std::optional<double> target_latency_ms;
  bool streaming = false;
  std::string batching_mode = "balanced";  // throughput, latency, balanced
  // engine
  std::string vllm_version;
  bool enforce_eager = false;
  std::optional<std::int64_t> max_num_seqs, max_num_batched_tokens, block_size;
  bool solve_max_num_seqs = false;  // --max-num-seqs auto: as many as fit
  Json serving = Json::object();    // see serving.hpp
  // policy
  std::optional<double> gpu_memory_utilization, overhead_gib, fragmentation_factor, headroom_gib;
  std::optional<double> spec_acceptance, prefix_cache_hit;  // shares of drafted tokens, of prompt tokens
  // parts
  std::string memory_model, perf_model, detector, source, family;
  bool offline = false;
  // outputs
  std::vector<std::string> emit, vllm_args;
  // in place of `model`
  std::vector<SharedModel> models;
};

// Reads a profile (version 1): unknown keys are errors with did-you-mean, null means default. Values of a profile are
// checked like options. Throws vw::Error naming file and path.
Request read_profile(const Json& profile, const std::string& where);

// The profile that plans the same again.
Json to_profile(const Request& request);

// Throws vw::Error where lengths that somebody gave are more than a context holds; `of`: whose context it is. The usual
// lengths of nobody in particular may be.
void expect_room(const Request& request, std::int64_t context_tokens, const std::string& of);

// Checks ranges and words that do not depend on any table. Throws vw::Error naming the option.
void check_request(const Request& request);

}  // namespace vw

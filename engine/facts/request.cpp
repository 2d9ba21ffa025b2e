#include "facts/request.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "facts/serving.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>

namespace vw {
namespace {

constexpr std::int64_t most_tokens = std::int64_t{1} << 40;
constexpr std::int64_t most_sequences = 1000000;
constexpr std::int64_t most_gpus = 100000;

std::optional<double> number_of(const JsonReader& json, const char* key, double least, double most) {
  if (!json.has(key)) return std::nullopt;
  return json.at(key).number(least, most);
}

std::optional<std::int64_t> integer_of(const JsonReader& json, const char* key, std::int64_t least, std::int64_t most) {
  if (!json.has(key)) return std::nullopt;
  return json.at(key).integer(least, most);
}

std::optional<std::int64_t> tokens_of(const JsonReader& json, const char* key) {
  if (!json.has(key)) return std::nullopt;
  const JsonReader value = json.at(key);
  if (value.value().is_number()) return value.integer(1, most_tokens);
  const std::string text = value.string();
  if (text == "auto") return std::nullopt;
  const auto tokens = parse_count(text);
  if (!tokens) value.fail("is " + quote(text) + ", expected a number of tokens like 8192 or 8k, or 'auto'");
  return tokens;
}

bool is_auto(const JsonReader& json, const char* key) { return json.has(key) && json.at(key).value() == "auto"; }

void read_model(const JsonReader& json, Request& request) {
  json.expect_only({"id", "revision", "dtype", "quantization", "kv_cache_dtype", "max_model_len", "params_b",
                    "tokenizer", "trust_remote_code"});
  request.model = json.string_or("id", "");
  request.revision = json.string_or("revision", "");
  request.dtype = json.string_or("dtype", request.dtype);
  request.quantization = json.string_or("quantization", request.quantization);
  request.kv_cache_dtype = json.string_or("kv_cache_dtype", request.kv_cache_dtype);
  request.tokenizer = json.string_or("tokenizer", "");
  request.trust_remote_code = json.boolean_or("trust_remote_code", false);
  request.max_model_len = tokens_of(json, "max_model_len");
  request.params_b = number_of(json, "params_b", 1e-6, 1e6);
}

void read_hardware(const JsonReader& json, Request& request) {
  json.expect_only({"gpu_name", "gpus", "nodes", "vram_gb", "interconnect", "tp_size", "pp_size", "dp_size",
                    "enable_expert_parallel"});
  request.gpu = json.string_or("gpu_name", request.gpu);
  request.gpus = integer_of(json, "gpus", 1, most_gpus);
  request.nodes = json.integer_or("nodes", 1, 1, most_gpus);
  request.vram_gib = number_of(json, "vram_gb", 0.01, 1e6);
  request.interconnect = json.string_or("interconnect", "");
  request.tensor_parallel = integer_of(json, "tp_size", 1, most_gpus);
  request.pipeline_parallel = integer_of(json, "pp_size", 1, most_gpus);
  request.data_parallel = integer_of(json, "dp_size", 1, most_gpus);
  request.enable_expert_parallel = json.boolean_or("enable_expert_parallel", false);
}

void read_workload(const JsonReader& json, Request& request) {
  json.expect_only({"prompt_tokens", "gen_tokens", "concurrency", "streaming", "mode", "target_latency_ms",
                    "spec_acceptance", "prefix_cache_hit"});
  request.prompt_tokens = json.integer_or("prompt_tokens", request.prompt_tokens, 1, most_tokens);
  request.generated_tokens = json.integer_or("gen_tokens", request.generated_tokens, 1, most_tokens);
  request.concurrency = json.integer_or("concurrency", request.concurrency, 1, most_sequences);
  request.streaming = json.boolean_or("streaming", false);
  request.batching_mode = json.string_or("mode", request.batching_mode);
  request.target_latency_ms = number_of(json, "target_latency_ms", 1e-6, 1e12);
  request.spec_acceptance = number_of(json, "spec_acceptance", 0, 1);
  request.prefix_cache_hit = number_of(json, "prefix_cache_hit", 0, 1);
}

void read_policy(const JsonReader& json, Request& request) {
  json.expect_only({"gpu_memory_utilization", "overhead_gb", "fragmentation_factor", "headroom_gb", "max_num_seqs",
                    "max_num_batched_tokens", "enforce_eager", "block_size", "vllm_version"});
  request.gpu_memory_utilization = number_of(json, "gpu_memory_utilization", 1e-6, 1.0);
  request.overhead_gib = number_of(json, "overhead_gb", 0, 1e6);
  request.fragmentation_factor = number_of(json, "fragmentation_factor", 1.0, 2.0);
  request.headroom_gib = number_of(json, "headroom_gb", 0, 1e6);
  request.solve_max_num_seqs = is_auto(json, "max_num_seqs");
  if (!request.solve_max_num_seqs) request.max_num_seqs = integer_of(json, "max_num_seqs", 1, most_sequences);
  request.max_num_batched_tokens = integer_of(json, "max_num_batched_tokens", 1, most_tokens);
  request.enforce_eager = json.boolean_or("enforce_eager", false);
  request.block_size = integer_of(json, "block_size", 1, 65536);
  request.vllm_version = json.string_or("vllm_version", "");
}

void read_parts(const JsonReader& json, Request& request) {
  json.expect_only({"memory_model", "perf_model", "detector", "source", "family", "offline"});
  request.memory_model = json.string_or("memory_model", "");
  request.perf_model = json.string_or("perf_model", "");
  request.detector = json.string_or("detector", "");
  request.source = json.string_or("source", "");
  request.family = json.string_or("family", "");
  request.offline = json.boolean_or("offline", false);
}

void read_outputs(const JsonReader& json, Request& request) {
  json.expect_only({"emit", "vllm_args"});
  const auto list = [&](const char* key) {
    if (!json.has(key)) return std::vector<std::string>{};
    const JsonReader value = json.at(key);
    // The reference program writes "emit" as one comma-separated string, too.
    return value.value().is_string() ? split(value.string(), ',') : value.strings();
  };
  request.emit = list("emit");
  request.vllm_args = list("vllm_args");
}

SharedModel read_shared_model(const JsonReader& json) {
  json.expect_only({"id", "name", "quantization", "kv_cache_dtype", "max_model_len", "concurrency", "prompt_tokens",
                    "gen_tokens", "tp_size", "gpu_memory_utilization"});
  SharedModel model;
  model.model = json.at("id").string();
  model.name = json.string_or("name", "");
  model.quantization = json.string_or("quantization", "");
  model.kv_cache_dtype = json.string_or("kv_cache_dtype", "");
  model.max_model_len = tokens_of(json, "max_model_len");
  model.concurrency = integer_of(json, "concurrency", 1, most_sequences);
  model.prompt_tokens = integer_of(json, "prompt_tokens", 1, most_tokens);
  model.generated_tokens = integer_of(json, "gen_tokens", 1, most_tokens);
  model.tensor_parallel = integer_of(json, "tp_size", 1, most_gpus);
  model.share = number_of(json, "gpu_memory_utilization", 1e-6, 1.0);
  return model;
}

Json to_json(const SharedModel& model) {
  return {{"id", model.model},
          {"name", or_null(model.name)},
          {"quantization", or_null(model.quantization)},
          {"kv_cache_dtype", or_null(model.kv_cache_dtype)},
          {"max_model_len", or_null(model.max_model_len)},
          {"concurrency", or_null(model.concurrency)},
          {"prompt_tokens", or_null(model.prompt_tokens)},
          {"gen_tokens", or_null(model.generated_tokens)},
          {"tp_size", or_null(model.tensor_parallel)},
          {"gpu_memory_utilization", or_null(model.share)}};
}

void expect_word(const char* option, const std::string& word, const std::vector<std::string>& allowed) {
  if (std::find(allowed.begin(), allowed.end(), word) != allowed.end()) return;
  const std::string near = did_you_mean(word, allowed);
  throw Error(option, quote(word) + " is not known, expected " + join_or(allowed) + (near.empty() ? "" : "; " + near));
}

void expect_range(const char* option, const std::optional<double>& value, double least, double most,
                  const char* unit = "") {
  if (!value) return;
  if (std::isfinite(*value) && *value >= least && *value <= most) return;
  throw Error(option, fmt::format("is {}, expected {} to {}{}", *value, show_number(least), show_number(most), unit));
}

// What options put into `serving`, by its path there.
constexpr std::array typed_options = std::to_array<std::pair<std::string_view, const char*>>({
    {"/cpu_offload_gib", "--cpu-offload-gb"},
    {"/kv_cache_memory_bytes", "--kv-cache-memory-bytes"},
    {"/language_model_only", "--language-model-only"},
    {"/limit_mm_per_prompt", "--limit-mm-per-prompt"},
    {"/lora/rank", "--max-lora-rank"},
    {"/lora/slots", "--max-loras"},
    {"/speculative/method", "--spec-method"},
    {"/speculative/model", "--spec-model"},
    {"/speculative/tokens", "--spec-tokens"},
});

// Profiles are checked where they are read: what is wrong here was typed, and is told by what was typed.
void check_typed_serving(const Json& serving) {
  try {
    check_serving(JsonReader(serving, ""));
  } catch (const Error& wrong) {
    for (const auto& [path, option] : typed_options)
      if (wrong.where().starts_with(path)) {
        const std::string within = wrong.where().substr(path.size());
        throw Error(within.empty() ? option : option + (": " + within), wrong.message(), wrong.hint());
      }
    throw wrong.within("serving");
  }
}

}  // namespace

Request read_profile(const Json& profile, const std::string& where) {
  const JsonReader json(profile, where);
  if (json.is_null())
    json.fail("is empty, expected a profile: model, hardware, workload, policy, serving, outputs, parts");
  json.expect_only(
      {"profile_version", "model", "models", "hardware", "workload", "policy", "serving", "outputs", "parts"});
  if (json.has("profile_version") && json.at("profile_version").value() != 1)
    json.at("profile_version").fail("is " + to_text(json.at("profile_version").value()) + ", expected 1");
  Request request;
  const auto section = [&](const char* key, auto&& read) {
    if (json.has(key)) read(json.at(key), request);
  };
  section("model", read_model);
  section("models", [](const JsonReader& models, Request& into) {
    for (const JsonReader& model : models.items()) into.models.push_back(read_shared_model(model));
  });
  section("hardware", read_hardware);
  section("workload", read_workload);
  section("policy", read_policy);
  section("serving", [](const JsonReader& serving, Request& into) {
    check_serving(serving);
    into.serving = serving.value();
  });
  section("parts", read_parts);
  section("outputs", read_outputs);
  return request;
}

Json to_profile(const Request& request) {
  Json profile = {{"profile_version", 1}};
  profile["model"] = {{"id", request.model},
                      {"revision", or_null(request.revision)},
                      {"dtype", request.dtype},
                      {"quantization", request.quantization},
                      {"kv_cache_dtype", request.kv_cache_dtype},
                      {"max_model_len", or_null(request.max_model_len)},
                      {"params_b", or_null(request.params_b)},
                      {"tokenizer", or_null(request.tokenizer)},
                      {"trust_remote_code", request.trust_remote_code}};
  for (const SharedModel& model : request.models) profile["models"].push_back(to_json(model));
  profile["hardware"] = {{"gpu_name", request.gpu},
                         {"gpus", or_null(request.gpus)},
                         {"nodes", request.nodes},
                         {"vram_gb", or_null(request.vram_gib)},
                         {"interconnect", or_null(request.interconnect)},
                         {"tp_size", or_null(request.tensor_parallel)},
                         {"pp_size", or_null(request.pipeline_parallel)},
                         {"dp_size", or_null(request.data_parallel)},
                         {"enable_expert_parallel", request.enable_expert_parallel}};
  profile["workload"] = {{"prompt_tokens", request.prompt_tokens},
                         {"gen_tokens", request.generated_tokens},
                         {"concurrency", request.concurrency},
                         {"streaming", request.streaming},
                         {"mode", request.batching_mode},
                         {"target_latency_ms", or_null(request.target_latency_ms)},
                         {"spec_acceptance", or_null(request.spec_acceptance)},
                         {"prefix_cache_hit", or_null(request.prefix_cache_hit)}};
  profile["policy"] = {{"gpu_memory_utilization", or_null(request.gpu_memory_utilization)},
                       {"overhead_gb", or_null(request.overhead_gib)},
                       {"fragmentation_factor", or_null(request.fragmentation_factor)},
                       {"headroom_gb", or_null(request.headroom_gib)},
                       {"max_num_seqs", request.solve_max_num_seqs ? Json("auto") : or_null(request.max_num_seqs)},
                       {"max_num_batched_tokens", or_null(request.max_num_batched_tokens)},
                       {"enforce_eager", request.enforce_eager},
                       {"block_size", or_null(request.block_size)},
                       {"vllm_version", or_null(request.vllm_version)}};
  if (!request.serving.empty()) profile["serving"] = request.serving;
  profile["parts"] = {{"memory_model", or_null(request.memory_model)},
                      {"perf_model", or_null(request.perf_model)},
                      {"detector", or_null(request.detector)},
                      {"source", or_null(request.source)},
                      {"family", or_null(request.family)},
                      {"offline", request.offline}};
  profile["outputs"] = {{"emit", request.emit}, {"vllm_args", request.vllm_args}};
  return profile;
}

void expect_room(const Request& request, std::int64_t context_tokens, const std::string& of) {
  const Request usual;
  const bool is_given =
      request.prompt_tokens != usual.prompt_tokens || request.generated_tokens != usual.generated_tokens;
  if (!is_given || context_tokens <= 0 || request.prompt_tokens + request.generated_tokens <= context_tokens) return;
  throw Error("--prompt-tokens", fmt::format("{} and {} generated are more than {} {}, expected a request that its "
                                             "context holds",
                                             request.prompt_tokens, request.generated_tokens, of, context_tokens));
}

void check_request(const Request& request) {
  check_typed_serving(request.serving);
  if (request.model.empty())
    throw Error("--model", "is missing, expected a Hugging Face id, a folder or a file",
                "vllm-wizard plan -m meta-llama/Llama-3.1-8B-Instruct --gpu \"RTX 4090\"");
  expect_word("--batching-mode", request.batching_mode, {"throughput", "latency", "balanced"});
  if (!request.interconnect.empty()) expect_word("--interconnect", request.interconnect, {"pcie", "nvlink", "unknown"});
  expect_word("--dtype", request.dtype,
              {"auto", "fp16", "bf16", "fp32", "float16", "half", "bfloat16", "float32", "float"});
  if (request.gpu_memory_utilization && !(*request.gpu_memory_utilization > 0 && *request.gpu_memory_utilization <= 1))
    throw Error("--gpu-memory-utilization",
                fmt::format("is {}, expected more than 0 and at most 1", *request.gpu_memory_utilization));
  // vllm/config/scheduler.py: a step must hold a token of every sequence
  if (request.max_num_seqs && request.max_num_batched_tokens && *request.max_num_batched_tokens < *request.max_num_seqs)
    throw Error("--max-num-batched-tokens",
                fmt::format("is {}, which vLLM refuses with --max-num-seqs {}, expected at least as many tokens",
                            *request.max_num_batched_tokens, *request.max_num_seqs));
  if (request.max_model_len) expect_room(request, *request.max_model_len, "--max-model-len");
  expect_range("--fragmentation-factor", request.fragmentation_factor, 1.0, 2.0);
  expect_range("--overhead-gb", request.overhead_gib, 0, 1e6, " GiB");
  expect_range("--headroom-gb", request.headroom_gib, 0, 1e6, " GiB");
  expect_range("--vram-gb", request.vram_gib, 0.01, 1e6, " GiB");
  expect_range("--params-b", request.params_b, 1e-6, 1e6);
  expect_range("--target-latency-ms", request.target_latency_ms, 1e-6, 1e12, " ms");
  expect_range("--spec-acceptance", request.spec_acceptance, 0, 1);
  expect_range("--prefix-cache-hit", request.prefix_cache_hit, 0, 1);
}

}  // namespace vw

#include "cli/request_options.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "base/yaml.hpp"

namespace vw::cli {
namespace {

constexpr std::int64_t most_gpus = 100000;
constexpr std::int64_t most_sequences = 1000000;

Request from_profile(const std::string& path, const Files& files) {
  const std::string text = read_file(files, path, "--profile");
  return read_profile(path.ends_with(".json") ? parse_json(text, path) : parse_yaml(text, path), path);
}

template <class T>
void take(std::optional<T>& into, const std::optional<T>& given) {
  if (given) into = given;
}
template <class T>
void take(T& into, const std::optional<T>& given) {
  if (given) into = *given;
}

void take_model(const Arguments& arguments, Request& request) {
  request.model = arguments.text("model", request.model);
  request.revision = arguments.text("revision", request.revision);
  request.dtype = arguments.text("dtype", request.dtype);
  request.quantization = arguments.text("quantization", request.quantization);
  request.kv_cache_dtype = arguments.text("kv-cache-dtype", request.kv_cache_dtype);
  request.tokenizer = arguments.text("tokenizer", request.tokenizer);
  request.trust_remote_code |= arguments.has("trust-remote-code");
  take(request.params_b, arguments.number("params-b"));
  if (!arguments.has("max-model-len")) return;
  request.max_model_len.reset();
  if (arguments.text("max-model-len") != "auto") request.max_model_len = arguments.tokens("max-model-len");
}

void take_hardware(const Arguments& arguments, Request& request) {
  request.gpu = arguments.text("gpu", request.gpu);
  request.interconnect = arguments.text("interconnect", request.interconnect);
  take(request.gpus, arguments.integer("gpus", 1, most_gpus));
  take(request.nodes, arguments.integer("nodes", 1, most_gpus));
  take(request.vram_gib, arguments.number("vram-gb"));
  take(request.tensor_parallel, arguments.integer("tensor-parallel-size", 1, most_gpus));
  take(request.pipeline_parallel, arguments.integer("pipeline-parallel-size", 1, most_gpus));
  take(request.data_parallel, arguments.integer("data-parallel-size", 1, most_gpus));
  request.enable_expert_parallel |= arguments.has("enable-expert-parallel");
}

void take_workload(const Arguments& arguments, Request& request) {
  take(request.prompt_tokens, arguments.tokens("prompt-tokens"));
  take(request.generated_tokens, arguments.tokens("gen-tokens"));
  take(request.concurrency, arguments.integer("concurrency", 1, most_sequences));
  take(request.target_latency_ms, arguments.number("target-latency-ms"));
  take(request.prefix_cache_hit, arguments.number("prefix-cache-hit"));
  take(request.spec_acceptance, arguments.number("spec-acceptance"));
  request.streaming |= arguments.has("streaming");
  request.batching_mode = arguments.text("batching-mode", request.batching_mode);
}

void take_sequences(const Arguments& arguments, Request& request) {
  if (!arguments.has("max-num-seqs")) return;
  request.max_num_seqs.reset();
  request.solve_max_num_seqs = arguments.text("max-num-seqs") == "auto";
  if (!request.solve_max_num_seqs) request.max_num_seqs = arguments.integer("max-num-seqs", 1, most_sequences);
}

void take_engine(const Arguments& arguments, Request& request) {
  request.vllm_version = arguments.text("vllm-version", request.vllm_version);
  take_sequences(arguments, request);
  take(request.max_num_batched_tokens, arguments.tokens("max-num-batched-tokens"));
  take(request.block_size, arguments.integer("block-size", 1, 65536));
  request.enforce_eager |= arguments.has("enforce-eager");
  take(request.gpu_memory_utilization, arguments.number("gpu-memory-utilization"));
  take(request.overhead_gib, arguments.number("overhead-gb"));
  take(request.fragmentation_factor, arguments.number("fragmentation-factor"));
  take(request.headroom_gib, arguments.number("headroom-gb"));
}

// Straight into the object that memory models read; check_request looks at it.
void take_serving(const Arguments& arguments, Request& request) {
  Json& serving = request.serving;
  if (const auto bytes = arguments.bytes("kv-cache-memory-bytes")) serving["kv_cache_memory_bytes"] = *bytes;
  if (const auto gib = arguments.number("cpu-offload-gb")) serving["cpu_offload_gib"] = *gib;
  if (const auto slots = arguments.integer("max-loras", 1, most_sequences)) serving["lora"]["slots"] = *slots;
  if (const auto rank = arguments.integer("max-lora-rank", 1, 4096)) {
    serving["lora"]["rank"] = *rank;
    if (!serving["lora"].contains("slots")) serving["lora"]["slots"] = 1;  // vLLM's own default
  }
  if (arguments.has("spec-method")) serving["speculative"]["method"] = arguments.text("spec-method");
  if (arguments.has("spec-model")) serving["speculative"]["model"] = arguments.text("spec-model");
  if (const auto tokens = arguments.integer("spec-tokens", 1, 1000)) serving["speculative"]["tokens"] = *tokens;
  if (arguments.has("limit-mm-per-prompt"))
    serving["limit_mm_per_prompt"] = parse_json(arguments.text("limit-mm-per-prompt"), "--limit-mm-per-prompt");
  if (arguments.has("language-model-only")) serving["language_model_only"] = true;
}

void take_parts(const Arguments& arguments, Request& request) {
  request.memory_model = arguments.text("memory-model", request.memory_model);
  request.perf_model = arguments.text("perf-model", request.perf_model);
  request.detector = arguments.text("detector", request.detector);
  request.source = arguments.text("source", request.source);
  request.family = arguments.text("family", request.family);
  request.offline |= arguments.has("offline");
  if (arguments.has("emit")) request.emit = split(arguments.text("emit"), ',');
}

}  // namespace

Request with_options(const Arguments& arguments, Request request) {
  take_model(arguments, request);
  take_hardware(arguments, request);
  take_workload(arguments, request);
  take_engine(arguments, request);
  take_serving(arguments, request);
  take_parts(arguments, request);
  return request;
}

Request to_request_of_models(const Arguments& arguments, const Files& files) {
  const bool has_profile = arguments.has("profile");
  return with_options(arguments, has_profile ? from_profile(arguments.text("profile"), files) : Request());
}

Request to_request(const Arguments& arguments, const Files& files) {
  Request request = to_request_of_models(arguments, files);
  if (request.models.empty()) return request;
  throw Error(arguments.text("profile"), "lists models that share cards, expected a profile of one model",
              "vllm-wizard pack -p " + shell_quoted(arguments.text("profile")) + " plans them");
}

}  // namespace vw::cli

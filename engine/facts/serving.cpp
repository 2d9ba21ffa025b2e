#include "facts/serving.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace vw {
namespace {

constexpr std::int64_t most_count = 1000000;

void expect_word(const JsonReader& serving, const char* key, const std::vector<std::string>& allowed) {
  if (!serving.has(key)) return;
  const std::string word = serving.at(key).string();
  if (std::find(allowed.begin(), allowed.end(), word) != allowed.end()) return;
  const std::string near = did_you_mean(word, allowed);
  serving.at(key).fail("is " + quote(word) + ", expected " + join_or(allowed) + (near.empty() ? "" : "; " + near));
}

void check_lora(const JsonReader& lora) {
  lora.expect_only({"slots", "rank"});
  lora.at("slots").integer(1, most_count);
  lora.integer_or("rank", 16, 1, 4096);
}

void check_speculative(const JsonReader& speculative) {
  speculative.expect_only({"method", "tokens", "model"});
  const std::vector<std::string> methods = {"mtp", "eagle", "eagle3", "draft", "ngram", "suffix"};
  if (!speculative.has("method")) speculative.find("method").fail("is missing, expected " + join_or(methods));
  expect_word(speculative, "method", methods);
  const std::string method = speculative.at("method").string();
  if (!speculative.has("tokens"))
    speculative.find("tokens").fail("is missing, expected how many tokens are drafted per step, 1 to 1000");
  speculative.at("tokens").integer(1, 1000);
  const bool needs_model = method == "draft" || method.starts_with("eagle");
  if (needs_model && !speculative.has("model"))
    speculative.find("model").fail("is missing, expected the draft model that " + quote(method) + " needs");
}

void check_limits(const JsonReader& limits) {
  limits.expect_only({"image", "video", "audio"});
  for (const char* modality : {"image", "video", "audio"}) limits.integer_or(modality, 0, 0, most_count);
}

}  // namespace

void check_serving(const JsonReader& serving) {
  serving.expect_only({"lora", "speculative", "limit_mm_per_prompt", "language_model_only", "skip_mm_profiling",
                       "mm_encoder_tp_mode", "cpu_offload_gib", "kv_cache_memory_bytes",
                       "disable_hybrid_kv_cache_manager", "async_scheduling", "enable_prefix_caching",
                       "max_cudagraph_capture_size", "performance_mode", "pipeline_layers", "stage_total_gib",
                       "offline_class", "runner", "pooling"});
  if (serving.has("lora")) check_lora(serving.at("lora"));
  if (serving.has("speculative")) check_speculative(serving.at("speculative"));
  if (serving.has("limit_mm_per_prompt")) check_limits(serving.at("limit_mm_per_prompt"));
  for (const char* flag : {"language_model_only", "skip_mm_profiling", "disable_hybrid_kv_cache_manager",
                           "async_scheduling", "enable_prefix_caching", "offline_class", "pooling"})
    serving.boolean_or(flag, false);
  serving.number_or("cpu_offload_gib", 0, 0, 1e6);
  serving.integer_or("kv_cache_memory_bytes", 0, 0, std::int64_t{1} << 50);
  serving.integer_or("max_cudagraph_capture_size", 0, 0, most_count);
  expect_word(serving, "mm_encoder_tp_mode", {"weights", "data"});
  expect_word(serving, "performance_mode", {"balanced", "throughput", "interactivity"});
  expect_word(serving, "runner", {"v1", "v2"});
  if (serving.has("pipeline_layers"))
    for (const JsonReader& layers : serving.at("pipeline_layers").items()) layers.integer(1, 100000);
  if (serving.has("stage_total_gib"))
    for (const JsonReader& total : serving.at("stage_total_gib").items()) total.number(0.01, 1e6);
}

}  // namespace vw

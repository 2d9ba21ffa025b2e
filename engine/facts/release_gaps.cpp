// What a release lacks of what was asked for.
#include "base/text.hpp"
#include "facts/refusals.hpp"

#include <fmt/format.h>

namespace vw {
namespace {

// Whether the release has no hybrid KV cache manager that could be switched off.
bool lacks_hybrid_groups(const Release& release) {
  return !release.json.value(Json::json_pointer("/memory/hybrid_groups"), true);
}

// Options of the server beyond the numbers of a plan, by the flag that artifacts give. What only repeats the release's
// default is left out, and so is what artifacts say through the environment; before there was --runner vLLM told
// pooling models by their architecture.
std::vector<std::string> serving_flags(const JsonReader& serving, const Release& release) {
  std::vector<std::string> flags;
  const auto add_if = [&](bool is_given, const char* flag) {
    if (is_given) flags.emplace_back(flag);
  };
  const bool is_async = release.json.value(Json::json_pointer("/defaults/async_scheduling"), false);
  const bool async_wanted = serving.boolean_or("async_scheduling", is_async);
  add_if(serving.has("cpu_offload_gib"), "--cpu-offload-gb");
  add_if(serving.has("kv_cache_memory_bytes"), "--kv-cache-memory-bytes");
  add_if(serving.boolean_or("enable_prefix_caching", false), "--enable-prefix-caching");
  add_if(!serving.boolean_or("enable_prefix_caching", true), "--no-enable-prefix-caching");
  add_if(serving.boolean_or("disable_hybrid_kv_cache_manager", false) && !lacks_hybrid_groups(release),
         "--disable-hybrid-kv-cache-manager");
  add_if(async_wanted && !is_async, "--async-scheduling");
  add_if(!async_wanted && is_async, "--no-async-scheduling");
  add_if(serving.has("max_cudagraph_capture_size"), "--max-cudagraph-capture-size");
  add_if(serving.string_or("performance_mode", "balanced") != "balanced", "--performance-mode");
  add_if(serving.has("lora"), "--enable-lora");
  add_if(serving.has("speculative"), "--speculative-config");
  add_if(serving.has("limit_mm_per_prompt"), "--limit-mm-per-prompt");
  add_if(serving.string_or("mm_encoder_tp_mode", "weights") != "weights", "--mm-encoder-tp-mode");
  add_if(serving.boolean_or("skip_mm_profiling", false), "--skip-mm-profiling");
  add_if(serving.boolean_or("language_model_only", false), "--language-model-only");
  return flags;
}

std::vector<std::string> engine_flags(const Request& request) {
  std::vector<std::string> flags;
  const auto add_if = [&](bool is_given, const char* flag) {
    if (is_given) flags.emplace_back(flag);
  };
  add_if(!request.revision.empty(), "--revision");
  add_if(!request.tokenizer.empty(), "--tokenizer");
  add_if(request.trust_remote_code, "--trust-remote-code");
  add_if(request.tensor_parallel.value_or(1) > 1, "--tensor-parallel-size");
  add_if(request.pipeline_parallel.value_or(1) > 1, "--pipeline-parallel-size");
  add_if(request.data_parallel.value_or(1) > 1, "--data-parallel-size");
  add_if(request.enable_expert_parallel, "--enable-expert-parallel");
  add_if(request.block_size.has_value(), "--block-size");
  add_if(request.enforce_eager, "--enforce-eager");
  return flags;
}

void expect_flags(Scenario& scenario, const std::vector<std::string>& flags) {
  for (const std::string& flag : flags)
    if (!scenario.release.knows_flag(flag))
      scenario.obstacles.push_back({flag, "is not known to vLLM " + scenario.release.version, "", false});
}

void expect_listed(Scenario& scenario, const std::string& flag, std::int64_t value) {
  if (scenario.release.takes(flag, std::to_string(value))) return;
  scenario.obstacles.push_back({fmt::format("{} {}", flag, value),
                                fmt::format("is refused by vLLM {}, expected {}", scenario.release.version,
                                            fmt::join(scenario.release.flag_values.at(flag), ", ")),
                                "", false});
}

// The release's name for a speculative method of ours, empty where it has none.
std::string method_name(const Release& release, const std::string& method, const std::string& architecture) {
  const std::string flag = "--spec-method";
  const std::string name = method == "draft" ? "draft_model" : method;
  if (release.takes(flag, name)) return method;
  const auto older = release.mtp_methods.find(architecture);
  if (method != "mtp" || older == release.mtp_methods.end() || !release.takes(flag, older->second)) return "";
  return older->second;
}

void expect_method(Scenario& scenario) {
  const JsonReader serving(scenario.request.serving, "serving");
  if (!serving.has("speculative")) return;
  const std::string method = serving.at("speculative").at("method").string();
  const std::string name = method_name(scenario.release, method, scenario.model.architecture);
  if (name.empty())
    scenario.obstacles.push_back(
        {"--spec-method " + method, "is not known to vLLM " + scenario.release.version, "", false});
  else
    scenario.request.serving["speculative"]["method"] = name;
}

void expect_architecture(Scenario& scenario) {
  const std::string &name = scenario.model.architecture, &version = scenario.release.version;
  const auto known = scenario.release.architectures.find(name);
  if (known == scenario.release.architectures.end()) return;
  const auto is_before = [](const std::string& left, const std::string& right) {
    return !right.empty() && compare_versions(left, right).value_or(0) < 0;
  };
  const auto& [since, before, refused] = known->second;
  std::string when;
  if (is_before(version, since)) when = "added in " + since;
  if (!before.empty() && !is_before(version, before)) when = "removed in " + before;
  if (when.empty()) return;
  scenario.obstacles.push_back(
      {name, fmt::format("is not known to vLLM {}: {}, as far as is known here", version, when), "", false});
}

}  // namespace

void find_release_gaps(Scenario& scenario) {
  const Request& request = scenario.request;
  const JsonReader serving(request.serving, "serving");
  expect_flags(scenario, engine_flags(request));
  expect_flags(scenario, serving_flags(serving, scenario.release));
  if (request.block_size) expect_listed(scenario, "--block-size", *request.block_size);
  if (serving.has("lora"))
    expect_listed(scenario, "--max-lora-rank", serving.at("lora").integer_or("rank", 16, 1, 4096));
  expect_method(scenario);
  expect_architecture(scenario);
}

}  // namespace vw

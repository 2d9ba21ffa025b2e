// plan: the stable JSON of a plan. Additions only.
#include "base/units.hpp"
#include "parts/rows.hpp"
#include "plan/plan.hpp"

#include <cmath>

namespace vw {
namespace {

Json positive_or_null(double value) { return value > 0 ? Json(value) : Json(nullptr); }
// Counts are whole numbers in JSON, too.
Json whole(double value) { return static_cast<std::int64_t>(std::llround(value)); }
Json whole_or_null(double value) { return value > 0 ? whole(value) : Json(nullptr); }
Json answer(std::uint32_t value) { return value == VW_UNKNOWN ? Json(nullptr) : Json(value == VW_YES); }

// vllm/config/model.py: the words of --dtype.
const char* vllm_dtype(const std::string& dtype) {
  return dtype == "fp16" ? "float16" : dtype == "fp32" ? "float32" : "bfloat16";
}

// From the interval where there is one: low when it fits even at its low end.
const char* risk_of(const vw_memory& memory, bool fits, double headroom_gib) {
  if (has_interval(memory)) {
    if (!fits || memory.survives == VW_NO) return "high";
    return fits_at_low_end(memory) ? "low" : "medium";
  }
  constexpr double safe_gib = 2.0;  // of the reference program: low from 2 GiB, medium down to 0
  return headroom_gib >= safe_gib ? "low" : headroom_gib >= 0 ? "medium" : "high";
}

Json model_json(const Scenario& scenario) {
  const Model& model = scenario.model;
  return {{"id", model.id},
          {"source", model.source},
          {"location", or_null(model.location)},
          {"revision", or_null(model.revision)},
          {"family", model.family},
          {"params", whole(model.params)},
          {"params_b", model.params / 1e9},
          {"active_params", whole(model.active_params)},
          {"active_params_b", model.active_params / 1e9},
          {"params_basis", model.params_basis},
          {"weights_bytes", whole(scenario.weights_bytes)},
          {"quantization", model.is_quantized() ? or_null(model.declared_format) : Json(nullptr)},
          {"dtype", scenario.dtype},
          {"model_dtype", model.model_dtype},
          {"layers", model.layers},
          {"hidden_size", model.hidden_size},
          {"attention_heads", model.attention_heads},
          {"kv_heads", model.kv_heads},
          {"head_dim", model.head_dim},
          {"vocab_size", model.vocab_size},
          {"max_context_tokens", model.max_context_tokens},
          {"notes", model.notes}};
}

Json hardware_json(const Scenario& scenario) {
  const Hardware& hardware = scenario.hardware;
  const Gpu& gpu = hardware.gpu;
  return {{"gpu", gpu.name},
          {"gpu_name", gpu.name},
          {"gpu_id", gpu.id},
          {"vendor", or_null(gpu.vendor)},
          {"architecture", or_null(gpu.architecture)},
          {"gpus", hardware.gpus_per_node},
          {"nodes", hardware.nodes},
          {"total_gpus", hardware.total_gpus()},
          {"vram_mib", hardware.memory_mib},
          {"vram_gib", hardware.memory_mib / 1024},
          {"vram_visible_gib", positive_or_null(hardware.totals.visible.mib / 1024)},
          {"vram_cuda_gib", positive_or_null(hardware.totals.cuda.mib / 1024)},
          {"vram_cuda_grade", or_null(hardware.totals.cuda.grade)},
          {"vram_used_mib", hardware.memory_used_mib},
          {"unified_memory", gpu.unified_memory},
          {"mig_profile", gpu.slice ? Json(gpu.slice->profile) : Json(nullptr)},
          {"compute_capability", or_null(gpu.compute_capability)},
          {"gfx", or_null(gpu.gfx)},
          {"interconnect", hardware.link},
          {"link", or_null(gpu.link_type)},
          {"memory_bandwidth_gb_s", or_null(gpu.memory_bandwidth_gb_s)},
          {"detected", hardware.is_detected}};
}

// What was judged: the same keys for the request and for the configuration, so that they can be compared.
Json judged_json(const Scenario& scenario, const vw_candidate& candidate, const std::string& dtype) {
  return {{"context_tokens", candidate.context_tokens},
          {"weights_format", scenario.weights[candidate.format].format.id},
          {"kv_cache_format", scenario.kv_formats[candidate.kv_format].id},
          {"dtype", dtype},
          {"gpu_memory_utilization", candidate.utilization}};
}

Json obstacles_json(const Scenario& scenario) {
  Json list = Json::array();
  for (const Obstacle& obstacle : scenario.obstacles)
    list.push_back({{"what", obstacle.what}, {"why", obstacle.why}, {"instead", or_null(obstacle.mend)}});
  return list;
}

Json limits_json(const Limits& limits) {
  Json fewest = nullptr;
  if (limits.fewest_gpus)
    fewest = {{"gpus", limits.fewest_gpus->total()},
              {"tensor_parallel_size", limits.fewest_gpus->tensor},
              {"pipeline_parallel_size", limits.fewest_gpus->pipeline}};
  return {{"max_concurrency_at_context", whole(limits.concurrency)},
          {"max_context_at_concurrency", limits.context_tokens},
          {"min_gpu_memory_utilization", limits.utilization ? Json(*limits.utilization) : Json(nullptr)},
          {"fewest_gpus", fewest}};
}

// The first thing that cannot run decides.
const char* reason_of(const Obstacle& obstacle) {
  return name_of(reasons(), obstacle.is_of_card ? VW_REASON_FORMAT_NEEDS_NEWER_GPU : VW_REASON_OTHER);
}

Json feasibility_json(const vw_candidate& candidate, const vw_memory& memory, bool fits) {
  const auto gib = [&](double bytes) { return to_gib(over_group(candidate, memory, bytes)); };
  const double headroom_gib = gib(memory.headroom_bytes);
  return {{"fits", fits},
          {"oom_risk", risk_of(memory, fits, headroom_gib)},
          {"vram_total_gb", gib(memory.total_bytes > 0 ? memory.total_bytes : memory.capacity_bytes)},
          {"vram_target_alloc_gb", gib(memory.capacity_bytes)},
          {"weights_gb", gib(memory.weights_bytes)},
          {"kv_cache_gb", gib(memory.kv_required_bytes)},
          {"overhead_gb", gib(memory.overhead_bytes)},
          {"headroom_gb", std::max(headroom_gib, 0.0)},
          {"shortfall_gb", std::max(-headroom_gib, 0.0)},
          {"starts", answer(memory.starts)},
          {"survives", memory.starts == VW_NO ? Json(false) : answer(memory.survives)},
          {"tight", has_interval(memory) ? Json(is_tight(memory)) : Json(nullptr)},
          {"reason", memory.reason == VW_REASON_NONE ? Json(nullptr) : Json(name_of(reasons(), memory.reason))}};
}

// How sure the memory model is of each component: its own word, by the name of the component.
Json grade_of(const Plan& plan, const char* component) {
  for (const Json& term : plan.explained.value("terms", Json::array()))
    if (term.value("component", "") == component) return term.value("grade", Json(nullptr));
  return nullptr;
}

// GiB of the fullest GPU.
Json intervals_json(const Plan& plan) {
  const vw_memory& memory = plan.memory;
  if (!has_interval(memory)) return nullptr;
  Json intervals = Json::object();
  const auto add = [&](const char* name, double low, double best, double high) {
    intervals[name] = {
        {"low", to_gib(low)}, {"best", to_gib(best)}, {"high", to_gib(high)}, {"grade", grade_of(plan, name)}};
  };
  add("weights", memory.weights_low_bytes, memory.weights_bytes, memory.weights_high_bytes);
  add("activation", memory.activation_low_bytes, memory.activation_bytes, memory.activation_high_bytes);
  add("non_torch", memory.non_torch_low_bytes, memory.non_torch_bytes, memory.non_torch_high_bytes);
  add("cuda_graph", memory.cuda_graph_low_bytes, memory.cuda_graph_bytes, memory.cuda_graph_high_bytes);
  add("kv_cache_available", memory.kv_available_low_bytes, memory.kv_available_bytes, memory.kv_available_high_bytes);
  return intervals;
}

Json memory_json(const Scenario& scenario, const Plan& plan, const std::string& model) {
  const vw_memory& memory = plan.memory;
  Json json = {{"model", model},
               {"per_gpu", nullptr},
               {"intervals", intervals_json(plan)},
               {"kv_bytes_per_token", whole_or_null(memory.kv_per_token_bytes)},
               {"block_size", whole_or_null(memory.block_tokens)},
               {"kv_cache_blocks", whole_or_null(memory.kv_blocks)},
               {"kv_cache_tokens", whole_or_null(memory.kv_tokens)},
               {"max_concurrency", positive_or_null(memory.max_concurrency)}};
  if (const Correction* correction = scenario.correction())
    json["correction"] = {{"id", correction->id}, {"sources", correction->sources}};
  const bool is_per_gpu = memory.scope_gpus <= 1 && memory.activation_bytes + memory.non_torch_bytes > 0;
  if (is_per_gpu)
    json["per_gpu"] = {{"total_gib", to_gib(memory.total_bytes)},
                       {"budget_gib", to_gib(memory.capacity_bytes)},
                       {"weights_gib", to_gib(memory.weights_bytes)},
                       {"activation_gib", to_gib(memory.activation_bytes)},
                       {"non_torch_gib", to_gib(memory.non_torch_bytes)},
                       {"cuda_graph_gib", to_gib(memory.cuda_graph_bytes)},
                       {"kv_cache_available_gib", to_gib(memory.kv_available_bytes)},
                       {"kv_cache_required_gib", to_gib(memory.kv_required_bytes)}};
  return json;
}

Json config_json(const Scenario& scenario, const Plan& plan) {
  const Request& request = scenario.request;
  const Recommendation& best = plan.recommended;
  const vw_candidate& candidate = best.candidate;
  const bool stays = best.weights.checkpoint.empty();
  const Json model = stays ? scenario.model.id : best.weights.checkpoint;
  const bool is_missing = best.weights.is_missing;
  return {{"model", is_missing ? Json(nullptr) : model},
          {"missing_checkpoint", is_missing ? Json(best.weights.format.id) : Json(nullptr)},
          {"tensor_parallel_size", candidate.tensor_parallel},
          {"pipeline_parallel_size", candidate.pipeline_parallel},
          {"data_parallel_size", candidate.data_parallel},
          {"enable_expert_parallel", request.enable_expert_parallel},
          {"dtype", short_dtype(request.dtype) == "auto" ? "auto" : vllm_dtype(best.dtype)},
          {"gpu_memory_utilization", candidate.utilization},
          {"max_model_len", candidate.context_tokens},
          {"kv_cache_dtype", best.kv_cache_dtype},
          {"quantization", best.weights.format.is_plain() ? Json(nullptr) : Json(best.weights.format.id)},
          {"quantization_flag", or_null(best.weights.flag)},
          {"max_num_seqs", candidate.max_sequences},
          {"max_num_batched_tokens", candidate.max_batched_tokens},
          {"enforce_eager", request.enforce_eager},
          {"trust_remote_code", request.trust_remote_code},
          {"block_size", or_null(request.block_size)},
          {"revision", stays ? or_null(request.revision) : Json(nullptr)},
          {"tokenizer", or_null(request.tokenizer)},
          {"prompt_tokens", request.prompt_tokens},
          {"gen_tokens", request.generated_tokens},
          {"concurrency", request.concurrency},
          {"nodes", scenario.hardware.nodes},
          {"gpus_per_node", scenario.hardware.gpus_per_node},
          {"serving", request.serving},
          {"vllm_args", request.vllm_args},
          {"explanations", best.reasons}};
}

Json range(double best, double low, double high) {
  if (best <= 0) return nullptr;
  return low > 0 || high > 0 ? Json::array({low, high}) : Json::array({best, best});
}

// Why a decode step takes its time; null where the heuristic does not say.
Json shares_json(const vw_perf& perf) {
  const double sum =
      perf.weights_share + perf.kv_share + perf.compute_share + perf.all_reduce_share + perf.overhead_share;
  if (sum <= 0) return nullptr;
  return {{"weights", perf.weights_share},
          {"kv_cache", perf.kv_share},
          {"compute", perf.compute_share},
          {"all_reduce", perf.all_reduce_share},
          {"overhead", perf.overhead_share}};
}

// A whole request: its first token, then the others.
Json latency_json(const vw_perf& perf, double generated_tokens) {
  const double rest = generated_tokens - 1;
  if (perf.ttft_ms <= 0 || perf.tpot_ms <= 0) return {{"latency_ms", nullptr}, {"latency_ms_range", nullptr}};
  return {{"latency_ms", perf.ttft_ms + rest * perf.tpot_ms},
          {"latency_ms_range", range(perf.ttft_ms + rest * perf.tpot_ms, perf.ttft_low_ms + rest * perf.tpot_low_ms,
                                     perf.ttft_high_ms + rest * perf.tpot_high_ms)}};
}

Json limit_json(const Plan& plan) {
  const double limit_ms = plan.perf_explained.value("physical_limit_ms", 0.0);
  if (limit_ms <= 0 || plan.perf.tpot_ms <= 0)
    return {{"physical_limit_tpot_ms", nullptr}, {"physical_limit_share", nullptr}};
  return {{"physical_limit_tpot_ms", limit_ms}, {"physical_limit_share", limit_ms / plan.perf.tpot_ms}};
}

Json performance_json(const Scenario& scenario, const Plan& plan, const std::string& model) {
  const vw_perf& perf = plan.perf;
  const vw_candidate& runs = plan.recommended.candidate;
  const double gpus = static_cast<double>(runs.tensor_parallel) * runs.pipeline_parallel * runs.data_parallel;
  Json json = {{"model", model},
               {"decode_toks_per_s", positive_or_null(perf.decode_tokens_per_s)},
               {"prefill_toks_per_s", positive_or_null(perf.prefill_tokens_per_s)},
               {"decode_toks_per_s_range",
                range(perf.decode_tokens_per_s, perf.decode_low_tokens_per_s, perf.decode_high_tokens_per_s)},
               {"prefill_toks_per_s_range",
                range(perf.prefill_tokens_per_s, perf.prefill_low_tokens_per_s, perf.prefill_high_tokens_per_s)},
               {"ttft_ms_range", range(perf.ttft_ms, perf.ttft_low_ms, perf.ttft_high_ms)},
               {"tpot_ms_range", range(perf.tpot_ms, perf.tpot_low_ms, perf.tpot_high_ms)},
               {"ttft_ms", positive_or_null(perf.ttft_ms)},
               {"tpot_ms", positive_or_null(perf.tpot_ms)},
               {"output_tokens_per_s", positive_or_null(perf.output_tokens_per_s)},
               {"output_tokens_per_s_range",
                range(perf.output_tokens_per_s, perf.output_low_tokens_per_s, perf.output_high_tokens_per_s)},
               {"output_tokens_per_s_per_gpu", positive_or_null(perf.output_tokens_per_s / gpus)},
               {"requests_per_s", positive_or_null(perf.requests_per_s)},
               {"requests_per_s_range", range(perf.requests_per_s, perf.requests_low_per_s, perf.requests_high_per_s)},
               {"step_shares", shares_json(perf)},
               {"bottleneck",
                perf.bottleneck == VW_BOUND_UNKNOWN ? Json(nullptr) : Json(name_of(bottlenecks(), perf.bottleneck))},
               {"assumptions", plan.perf_explained.value("assumptions", Json::array())}};
  json.update(latency_json(perf, static_cast<double>(scenario.request.generated_tokens)));
  json.update(limit_json(plan));
  return json;
}

Json advice_json(const std::vector<Advice>& advice) {
  Json list = Json::array();
  for (const Advice& item : advice)
    list.push_back({{"change", item.change},
                    {"effect", item.effect},
                    {"fits", item.fits},
                    {"headroom_gb", item.headroom_gib},
                    {"group_gpus", item.group_gpus},
                    {"context_tokens", item.context_tokens > 0 ? Json(item.context_tokens) : Json(nullptr)},
                    {"max_concurrency", positive_or_null(item.max_concurrency)}});
  return list;
}

Json terms_of(const Plan& plan) {
  Json terms = plan.explained.value("terms", Json::array());
  for (const Json& term : plan.perf_explained.value("terms", Json::array())) terms.push_back(term);
  return terms;
}

}  // namespace

Json to_json(const Scenario& scenario, const Plan& plan, const std::string& memory_model,
             const std::string& perf_model) {
  Json json = {{"schema", "vllm-wizard/plan/1"}};
  json["model"] = model_json(scenario);
  json["hardware"] = hardware_json(scenario);
  json["feasibility"] = feasibility_json(plan.candidate, plan.memory, plan.fits());
  json["feasibility"].update(judged_json(scenario, plan.candidate, scenario.dtype));
  json["feasibility"]["obstacles"] = obstacles_json(scenario);
  if (!plan.is_supported) json["feasibility"]["reason"] = reason_of(scenario.obstacles.front());
  json["feasibility"].update(limits_json(plan.limits));
  json["feasibility"]["warnings"] = plan.explained.at("warnings");
  json["recommended"] = feasibility_json(plan.recommended.candidate, plan.recommended.memory, plan.recommended.fits());
  if (!plan.recommended.is_supported) json["recommended"]["reason"] = reason_of(scenario.obstacles.front());
  json["recommended"].update(judged_json(scenario, plan.recommended.candidate, plan.recommended.dtype));
  json["memory"] = memory_json(scenario, plan, memory_model);
  json["config"] = config_json(scenario, plan);
  json["performance"] = performance_json(scenario, plan, perf_model);
  json["advice"] = advice_json(plan.advice);
  json["terms"] = terms_of(plan);
  json["warnings"] = plan.warnings;
  json["vllm_version"] = scenario.release.version;
  json["release"] = scenario.release.table;
  return json;
}

}  // namespace vw

#include "audit/validation.hpp"

#include "audit/served_validation.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "base/units.hpp"

#include <algorithm>
#include <cmath>

namespace vw {
namespace {

// Zeros mean "same as best" on the border of plugins.
Prediction in_gib_per_gpu(double best, double low, double high, double scope) {
  if (low == 0 && high == 0) low = high = best;
  return {to_gib(best) / scope, to_gib(low) / scope, to_gib(high) / scope};
}

// What the log prints where weights and overhead exceed the budget is negative; results of models are not.
Prediction kv_available(const vw_memory& memory, double scope) {
  const auto left = [&](double kv, double weights, double overhead) {
    return kv > 0 ? kv : std::min(0.0, memory.capacity_bytes - weights - overhead);
  };
  const auto or_best = [](double bound, double other, double best) { return bound == 0 && other == 0 ? best : bound; };
  const auto& m = memory;
  const double best = left(m.kv_available_bytes, m.weights_bytes, m.overhead_bytes);
  const double weights_high = or_best(m.weights_high_bytes, m.weights_low_bytes, m.weights_bytes);
  const double weights_low = or_best(m.weights_low_bytes, m.weights_high_bytes, m.weights_bytes);
  const double overhead_high = or_best(m.overhead_high_bytes, m.overhead_low_bytes, m.overhead_bytes);
  const double overhead_low = or_best(m.overhead_low_bytes, m.overhead_high_bytes, m.overhead_bytes);
  const bool has_interval = m.kv_available_low_bytes != 0 || m.kv_available_high_bytes != 0 || best < 0;
  if (!has_interval) return in_gib_per_gpu(best, best, best, scope);
  const double low = std::min(best, left(m.kv_available_low_bytes, weights_high, overhead_high));
  const double high = std::max(best, left(m.kv_available_high_bytes, weights_low, overhead_low));
  return {to_gib(best) / scope, to_gib(low) / scope, to_gib(high) / scope};
}

// `best`, with the interval of the KV cache in proportion; `per_byte` where nothing is left to scale.
Prediction scaled(double best, const Prediction& kv, double per_gib) {
  if (best <= 0 || kv.best <= 0) return {best, best, std::max(best, std::max(0.0, kv.high) * per_gib)};
  return {best, best * std::max(0.0, kv.low) / kv.best, best * std::max(0.0, kv.high) / kv.best};
}

// Moved by `by`, its ends `half_width` further out; they never pass the best.
Prediction moved(const Prediction& range, double by, double half_width) {
  return {range.best + by, std::min(range.best, range.low - half_width) + by,
          std::max(range.best, range.high + half_width) + by};
}

// Verdicts of the two ends: the cache holds one sequence of the context.
Prediction starts(const vw_memory& memory, const Prediction& kv, double scope, bool is_moved) {
  bool does = memory.starts == VW_UNKNOWN ? fits(memory) : memory.starts == VW_YES;
  const double needed_gib = to_gib(memory.kv_sequence_bytes) / scope;
  const bool has_interval = kv.low != kv.best || kv.high != kv.best;
  const bool is_about_memory = does || is_short_of_memory(memory);
  if (is_moved && is_about_memory) does = kv.best >= needed_gib && kv.best > 0;
  const double best = does ? 1 : 0;
  if (!has_interval || !is_about_memory) return {best, best, best};
  const double low = kv.low >= needed_gib && kv.low > 0 ? 1 : 0, high = kv.high >= needed_gib && kv.high > 0 ? 1 : 0;
  return {best, std::min(best, low), std::max(best, high)};
}

double memory_mib_of(const GpuTable& table, const std::string& name) {
  try {
    return table.find(name).gpu.memory_mib.value_or(0);
  } catch (const Error&) {
    return 0;
  }
}

// "2x H100 80GB (SXM)" -> "H100 80GB".
std::string card_name(const std::string& words) {
  std::string name = trimmed(words.substr(0, words.find('(')));
  const std::size_t after = name.find_first_not_of("0123456789");
  const bool is_counted = after != 0 && after != std::string::npos && name.substr(after, 2) == "x ";
  return is_counted ? trimmed(name.substr(after + 2)) : name;
}

// Of several cards ("A + B") the smallest one that is known.
std::string card_of(const Catalog& catalog, const std::string& words) {
  if (words.find('+') == std::string::npos) return card_name(words);
  const GpuTable table(catalog);
  std::string smallest = words;
  double least_mib = 0;
  for (const std::string& piece : split(words, '+')) {
    const std::string name = card_name(piece);
    const double mib = memory_mib_of(table, name);
    if (mib <= 0 || (least_mib > 0 && mib >= least_mib)) continue;
    smallest = name;
    least_mib = mib;
  }
  return smallest;
}

// What CUDA reports of each card in "A + B", GiB; empty unless every one is known.
Json totals_of(const Catalog& catalog, const std::string& words) {
  const GpuTable table(catalog);
  const TotalRules rules(catalog);
  Json totals = Json::array();
  for (const std::string& piece : split(words, '+')) {
    try {
      const double mib = rules.of(table.find(card_name(piece)).gpu).cuda.mib;
      if (mib <= 0) return Json::array();
      totals.push_back(mib / 1024);
    } catch (const Error&) {
      return Json::array();
    }
  }
  return totals;
}

// One card a stage, as they are named: each has its own total.
void tell_stages(const Catalog& catalog, Request& request) {
  const Json totals = totals_of(catalog, request.gpu);
  const bool is_one_each = static_cast<std::int64_t>(totals.size()) == request.pipeline_parallel.value_or(1);
  if (totals.size() > 1 && is_one_each && !request.serving.contains("stage_total_gib"))
    request.serving["stage_total_gib"] = totals;
}

// What the model tells beside terms and warnings; GiB of one GPU.
Uncertainty uncertainty_of(const Json& explained, const std::string& label) {
  Uncertainty uncertainty;
  if (!explained.contains("uncertainty")) return uncertainty;
  const JsonReader told(explained.at("uncertainty"), label + ": uncertainty");
  uncertainty.kv_class = told.string_or("kv_cache_class", "");
  uncertainty.weights_class = told.string_or("weights_class", "");
  uncertainty.kv_margin_gib = to_gib(told.number_or("kv_cache_margin_bytes", 0, 0, 1e15));
  uncertainty.weights_margin_percent = 100 * told.number_or("weights_margin", 0, 0, 1);
  if (told.has("fitted_bytes"))
    for (const auto& [name, bytes] : told.at("fitted_bytes").value().items())
      uncertainty.fitted_gib[name] = to_gib(bytes.get<double>());
  return uncertainty;
}

Request request_of(const Bench& bench, const ObservedRow& row) {
  Request request = row.request;
  request.model = place_of_model(bench.files, bench.models_folder, request.model);
  if (request.gpu.find('+') != std::string::npos) tell_stages(bench.catalog, request);
  request.gpu = card_of(bench.catalog, request.gpu);
  request.concurrency = 1;
  if (!request.gpu_memory_utilization)
    request.gpu_memory_utilization = find_release(bench.catalog, request.vllm_version).gpu_memory_utilization;
  if (row.stored_as.empty()) return request;
  ModelQuestion question{request.model, request.revision, request.source, request.family, {},
                         request.dtype, request.offline};
  if (!load_model(bench.catalog, bench.defaults.sources, question).is_quantized()) request.quantization = row.stored_as;
  return request;
}

}  // namespace

std::map<std::string, Prediction> predictions_of(const Judgement& judgement, const Adjustment& adjustment) {
  const vw_memory& memory = judgement.memory;
  const double scope = std::max(1u, memory.scope_gpus);
  const Prediction as_told = kv_available(memory, scope);
  const Prediction kv = moved(as_told, adjustment.kv_gib, adjustment.kv_half_width_gib);
  const double share = as_told.best > 0 ? std::max(0.0, kv.best) / as_told.best : 1;
  const double context = static_cast<double>(judgement.candidate.context_tokens);
  const double sequence_gib = to_gib(memory.kv_sequence_bytes) / scope;
  const double per_gib = sequence_gib > 0 ? 1 / sequence_gib : 0;
  double tokens = memory.kv_tokens;
  if (tokens == 0 && memory.kv_per_token_bytes > 0)
    tokens = std::floor(memory.kv_available_bytes / memory.kv_per_token_bytes);
  const Prediction weights =
      in_gib_per_gpu(memory.weights_bytes, memory.weights_low_bytes, memory.weights_high_bytes, scope);
  return {{metric::weights, moved(weights, 0, adjustment.weights_half_width_percent / 100 * weights.best)},
          {metric::kv_available, kv},
          {metric::kv_tokens, scaled(tokens * share, kv, per_gib * context)},
          {metric::concurrency, scaled(memory.max_concurrency * share, kv, per_gib)},
          {metric::context, scaled(memory.max_context_tokens * share, kv, per_gib * context)},
          {metric::starts, starts(memory, kv, scope, adjustment.kv_gib != 0)}};
}

void add_scores(const ObservedRow& row, const std::map<std::string, Prediction>& predicted,
                std::vector<Score>& scores) {
  for (const std::string& id : all_metrics())
    if (const auto observed = row.observed.find(id); observed != row.observed.end())
      scores.push_back({row.id, row.source, id, predicted.at(id), observed->second});
}

Judgement judge_startup(const Bench& bench, const ObservedRow& row) {
  Scenario scenario = gather(bench.catalog, bench.defaults, request_of(bench, row));
  scenario.corrections.clear();  // the memory model itself, not what somebody's log taught it
  MemoryJudge judge(bench.memory_model, scenario);
  Judgement judgement;
  judgement.candidate =
      requested_candidate(scenario, choose_parallel(scenario), *scenario.request.gpu_memory_utilization);
  judgement.candidate.context_tokens =
      static_cast<std::uint64_t>(scenario.request.max_model_len.value_or(scenario.model.max_context_tokens));
  judgement.memory = judge.judge(judgement.candidate);
  if (judgement.memory.verdict == VW_UNSUPPORTED)
    throw Error(bench.memory_model.label(), "does not support what this row asks for");
  judgement.uncertainty = uncertainty_of(judge.explain(judgement.candidate), bench.memory_model.label());
  return judgement;
}

Skipped skipped_for(const std::string& id, const Error& missing) {
  return {id, missing.what(), missing.where() == "--model"};
}

std::size_t unknown_models(const std::vector<Skipped>& skipped) {
  return static_cast<std::size_t>(
      std::count_if(skipped.begin(), skipped.end(), [](const Skipped& one) { return one.is_unknown_model; }));
}

Validation validate(const std::vector<ObservedRow>& rows, const StartupJudge& judge) {
  Validation validation;
  for (const ObservedRow& row : rows) {
    if (!row.skip.empty()) {
      validation.skipped.push_back({row.id, row.skip, false});
      continue;
    }
    try {
      validation.judged.push_back({&row, judge(row)});
      add_scores(row, predictions_of(validation.judged.back().judgement), validation.scores);
    } catch (const Error& missing) {
      if (missing.kind() == Error::Kind::internal) throw;
      validation.skipped.push_back(skipped_for(row.id, missing));
    }
  }
  return validation;
}

}  // namespace vw

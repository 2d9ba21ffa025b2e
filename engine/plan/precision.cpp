#include "plan/precision.hpp"

#include "base/text.hpp"
#include "base/units.hpp"
#include "plan/objective.hpp"

#include <fmt/format.h>

#include <cmath>
#include <optional>
#include <vector>

namespace vw {
namespace {

vw_candidate with_formats(vw_candidate candidate, std::uint32_t weights, std::uint32_t kv) {
  candidate.format = weights;
  candidate.kv_format = kv;
  return candidate;
}

class Precision {
 public:
  Precision(const Scenario& scenario, MemoryJudge& memory, PerfJudge& perf)
      : scenario_(scenario), request_(scenario.request), memory_(memory), perf_(perf) {}

  std::optional<Timed> judged(const vw_candidate& candidate) {
    const vw_memory memory = memory_.judge(candidate);
    return fits(memory) ? timed(request_, candidate, memory, perf_) : std::nullopt;
  }

  std::optional<Timed> first_in_time_or_quickest(const vw_candidate& base) {
    std::optional<Timed> quickest;
    for (const vw_candidate& way : ways_beside(base)) {
      const auto tried = judged(with_best_limits(scenario_, way, memory_, perf_).candidate);
      if (!tried) continue;
      if (is_in_time(request_, tried->perf)) return tried;
      if (!quickest || request_ms(request_, tried->perf) < request_ms(request_, quickest->perf)) quickest = tried;
    }
    return quickest;
  }

  // With fewer bits for the weights.
  std::optional<Timed> best_weights_beside(const vw_candidate& base) {
    std::optional<Timed> best;
    for (std::uint32_t i = base.format + 1; i < scenario_.weights.size(); ++i) {
      const auto tried = judged(with_formats(base, i, base.kv_format));
      if (tried && (!best || is_better(request_, tried->perf, best->perf))) best = tried;
    }
    return best;
  }

 private:
  std::vector<vw_candidate> ways_beside(const vw_candidate& base) const {
    const std::uint32_t smallest_kv = scenario_.smaller_kv().value_or(base.kv_format);
    std::vector<vw_candidate> ways;
    for (std::uint32_t weights = base.format; weights < scenario_.weights.size(); ++weights)
      for (std::uint32_t kv = base.kv_format; kv <= smallest_kv; ++kv)
        if (weights != base.format || kv != base.kv_format) ways.push_back(with_formats(base, weights, kv));
    return ways;
  }

  const Scenario& scenario_;
  const Request& request_;
  MemoryJudge& memory_;
  PerfJudge& perf_;
};

// "; fp8 would give 2,313 tokens/s, 1.31 s a request instead of 1,420 and 2.20".
std::string beside(const Request& request, const std::string& what, const vw_perf& other, const vw_perf& taken) {
  const std::string numbers = speed_in_words(request, other);
  if (numbers == speed_in_words(request, taken)) return fmt::format("; {} would give the same {}", what, numbers);
  constexpr double ms_per_s = 1000;
  return fmt::format("; {} would give {} instead of {} and {:.2f}", what, numbers,
                     show_count(std::llround(taken.output_tokens_per_s)), request_ms(request, taken) / ms_per_s);
}

// What was stored in more bits before, and is not needed to fit.
void take(const Scenario& scenario, const Timed& missed, const Timed& taken, Recommendation& result) {
  const Request& request = scenario.request;
  const std::string reason =
      fmt::format("{} instead of {}, which misses --target-latency-ms {:g}", speed_in_words(request, taken.perf),
                  speed_in_words(request, missed.perf), *request.target_latency_ms);
  std::vector<std::string> what;
  if (taken.candidate.format != missed.candidate.format) {
    result.weights = scenario.weights[taken.candidate.format];
    result.reasons["quantization"] = in_words(result.weights) + ": " + reason;
    what.push_back("the weights as " + result.weights.format.id);
  }
  if (taken.candidate.kv_format != missed.candidate.kv_format) {
    result.kv_cache_dtype = scenario.kv_formats[taken.candidate.kv_format].kv->vllm_name;
    result.reasons["kv_cache_dtype"] = reason;
    what.push_back("the KV cache in " + result.kv_cache_dtype);
  }
  result.candidate = taken.candidate;
  result.warnings.push_back(fmt::format(
      "the configuration stores {} to keep --target-latency-ms: some accuracy is lost", join(what, " and ")));
}

}  // namespace

std::string in_words(const WeightChoice& weights) {
  return weights.format.id +
         (weights.checkpoint.empty() ? " made at load time" : " from the checkpoint " + weights.checkpoint);
}

bool give_up_precision(const Scenario& scenario, MemoryJudge& memory, PerfJudge& perf, Recommendation& result) {
  if (!scenario.request.target_latency_ms) return false;
  Precision precision(scenario, memory, perf);
  const auto missed = precision.judged(result.candidate);
  if (!missed || is_in_time(scenario.request, missed->perf)) return false;
  const auto taken = precision.first_in_time_or_quickest(result.candidate);
  if (!taken) return false;
  if (is_in_time(scenario.request, taken->perf)) {
    take(scenario, *missed, *taken, result);
    return true;
  }
  if (request_ms(scenario.request, taken->perf) < request_ms(scenario.request, missed->perf))
    result.warnings.push_back(
        fmt::format("nothing that was tried keeps --target-latency-ms {:g}; nearest with {} and KV cache {}: {}",
                    *scenario.request.target_latency_ms, in_words(scenario.weights[taken->candidate.format]),
                    scenario.kv_formats[taken->candidate.kv_format].id, speed_in_words(scenario.request, taken->perf)));
  return false;
}

void name_other_weights(const Scenario& scenario, MemoryJudge& memory, PerfJudge& perf, Recommendation& result) {
  Precision precision(scenario, memory, perf);
  const auto taken = precision.judged(result.candidate);
  const auto other = taken ? precision.best_weights_beside(result.candidate) : std::nullopt;
  if (!other) return;
  const std::string what = in_words(scenario.weights[other->candidate.format]);
  result.reasons["quantization"] += beside(scenario.request, what, other->perf, taken->perf);
}

void name_other_kv_cache(const Scenario& scenario, MemoryJudge& memory, PerfJudge& perf, Recommendation& result) {
  const auto smaller = scenario.smaller_kv();
  if (!smaller) return;
  Precision precision(scenario, memory, perf);
  const vw_candidate& candidate = result.candidate;
  const std::uint32_t kv = candidate.kv_format == *smaller ? scenario.running_kv : *smaller;
  const auto taken = precision.judged(candidate);
  const auto other = taken ? precision.judged(with_formats(candidate, candidate.format, kv)) : std::nullopt;
  if (other)
    result.reasons["kv_cache_dtype"] += beside(scenario.request, scenario.kv_formats[kv].id, other->perf, taken->perf);
}

}  // namespace vw

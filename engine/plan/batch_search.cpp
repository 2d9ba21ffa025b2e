#include "plan/batch_search.hpp"

#include "base/units.hpp"
#include "plan/objective.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

namespace vw {
namespace {

std::int64_t tokens_of(const Timed& timed) { return limits_of(timed.candidate).batched_tokens; }

// Halves down to the least that is searched; doubles up to the most on this card, or to all tokens in flight.
std::vector<BatchLimits> neighbours_of(const Scenario& scenario, const vw_candidate& by_rule) {
  const auto [sequences, tokens] = limits_of(by_rule);
  const std::int64_t least = std::max(scenario.rules.least_searched_tokens, sequences);
  const Load load = load_of(scenario.request, by_rule);
  const std::int64_t in_flight = (load.prompt_tokens + load.generated_tokens) * load.concurrency;
  const std::int64_t most = batch_rule_of(scenario).most_tokens;
  std::vector<BatchLimits> limits;
  for (std::int64_t fewer = tokens / 2; fewer >= least; fewer /= 2) limits.push_back({sequences, fewer});
  for (std::int64_t more = tokens; more < in_flight && 2 * more <= most; more *= 2)
    limits.push_back({sequences, 2 * more});
  return limits;
}

class LimitSearch {
 public:
  LimitSearch(const Scenario& scenario, MemoryJudge& memory, PerfJudge& perf)
      : scenario_(scenario), request_(scenario.request), memory_(memory), perf_(perf) {}

  Started run(const vw_candidate& by_rule, const StartWith& start_with) {
    Started started{by_rule, {limits_of(by_rule).batched_tokens, ""}};
    if (request_.max_num_batched_tokens || request_.solve_max_num_seqs) return started;
    const std::optional<Timed> rule = judged(by_rule);
    if (!rule) return started;
    const std::vector<Timed> others = tried_beside(by_rule);
    const auto taken = others.empty() ? std::nullopt : take(*rule, others.front(), start_with);
    started.batch.found = taken ? found(*rule, *taken, others) : kept(*rule, others);
    if (taken) started.candidate = taken->candidate;
    return started;
  }

 private:
  // Empty: it does not fit with a margin, or is worth nothing that anybody knows.
  std::optional<Timed> judged(const vw_candidate& candidate) {
    const vw_memory memory = memory_.judge(candidate);
    if (!fits_at_low_end(memory)) return std::nullopt;
    if (memory.survives == VW_NO && !request_.gpu_memory_utilization) return std::nullopt;
    return timed(request_, candidate, memory, perf_);
  }

  // The best first.
  std::vector<Timed> tried_beside(const vw_candidate& by_rule) {
    std::vector<Timed> others;
    for (const BatchLimits& limits : neighbours_of(scenario_, by_rule))
      if (const auto tried = judged(with_limits(by_rule, limits))) others.push_back(*tried);
    std::stable_sort(others.begin(), others.end(), [this](const Timed& left, const Timed& right) {
      return is_better(request_, left.perf, right.perf);
    });
    return others;
  }

  double gain(const Timed& rule, const Timed& other) const {
    return worth(request_, other.perf) / worth(request_, rule.perf) - 1;
  }

  bool is_gain(const Timed& rule, const Timed& other) const {
    const bool is_rule_in_time = is_in_time(request_, rule.perf), is_other = is_in_time(request_, other.perf);
    return is_rule_in_time == is_other ? gain(rule, other) >= scenario_.rules.least_gain : is_other;
  }

  // Whether it still is one when started so: another share of the card may be taken for it.
  std::optional<Timed> take(const Timed& rule, const Timed& best, const StartWith& start_with) {
    if (!is_gain(rule, best)) return std::nullopt;
    const auto started = judged(start_with(limits_of(best.candidate)));
    const bool holds = started && started->candidate.context_tokens >= rule.candidate.context_tokens;
    return holds && is_gain(rule, *started) ? started : std::nullopt;
  }

  std::string kept(const Timed& rule, const std::vector<Timed>& others) const {
    const std::string numbers = speed_in_words(request_, rule.perf);
    if (others.empty()) return ": " + numbers;
    const std::string next = speed_in_words(request_, others.front().perf);
    if (next == numbers) return fmt::format(": {}; {}: the same", numbers, show_count(tokens_of(others.front())));
    const bool is_more = is_better(request_, others.front().perf, rule.perf);
    return fmt::format(": {}; next best {}: {}{}", numbers, show_count(tokens_of(others.front())), next,
                       is_more ? fmt::format(", not {:g} % more", scenario_.rules.least_gain * 100) : "");
  }

  std::string found(const Timed& rule, const Timed& taken, const std::vector<Timed>& others) const {
    const bool is_for_time = !is_in_time(request_, rule.perf) && is_in_time(request_, taken.perf);
    const std::string why =
        is_for_time ? fmt::format("keeps --target-latency-ms {:g}", *request_.target_latency_ms)
                    : fmt::format("is worth {:.1f} % more ({} mode)", gain(rule, taken) * 100, request_.batching_mode);
    std::string text =
        fmt::format(": {}, with {}; {} {}: {}", show_count(tokens_of(rule)), speed_in_words(request_, rule.perf),
                    show_count(tokens_of(taken)), why, speed_in_words(request_, taken.perf));
    if (others.size() > 1 && is_better(request_, others[1].perf, rule.perf))
      text +=
          fmt::format("; next best {}: {}", show_count(tokens_of(others[1])), speed_in_words(request_, others[1].perf));
    return text;
  }

  const Scenario& scenario_;
  const Request& request_;
  MemoryJudge& memory_;
  PerfJudge& perf_;
};

}  // namespace

Started search_limits(const Scenario& scenario, const vw_candidate& by_rule, const StartWith& start_with,
                      MemoryJudge& memory, PerfJudge& perf) {
  return LimitSearch(scenario, memory, perf).run(by_rule, start_with);
}

Started with_best_limits(const Scenario& scenario, const vw_candidate& candidate, MemoryJudge& memory,
                         PerfJudge& perf) {
  const StartWith start_with = [&](const BatchLimits& limits) { return with_limits(candidate, limits); };
  return search_limits(scenario, start_with(choose_batch_limits(scenario, candidate, memory)), start_with, memory,
                       perf);
}

}  // namespace vw

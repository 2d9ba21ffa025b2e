#include "plan/objective.hpp"

#include "base/units.hpp"
#include "plan/utilization.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace vw {
namespace {

struct Tried {
  Parallel way;
  vw_perf perf{};
};

bool is_open(const Scenario& scenario) {
  const Request& request = scenario.request;
  const Hardware& hardware = scenario.hardware;
  return !request.tensor_parallel && !request.pipeline_parallel && !request.data_parallel && hardware.nodes == 1 &&
         hardware.gpus_per_node > 1 && !hardware.gpu.slice;
}

std::vector<Parallel> ways_of(const Scenario& scenario) {
  const std::int64_t gpus = scenario.hardware.gpus_per_node;
  std::vector<Parallel> ways;
  for (std::int64_t tensor = 1; tensor <= gpus; tensor *= 2)
    if (can_split_heads(scenario.model, tensor)) ways.push_back({tensor, 1, gpus / tensor, ""});
  return ways;
}

std::optional<Tried> try_way(const Scenario& scenario, const Parallel& way, MemoryJudge& memory, PerfJudge& perf) {
  const double usual = choose_utilization(scenario, memory.policy());
  const vw_candidate requested = requested_candidate(scenario, way, usual);
  const vw_candidate candidate = started_candidate(scenario, requested, memory, perf).candidate;
  const vw_memory judged = memory.judge(candidate);
  const auto found = fits(judged) ? timed(scenario.request, candidate, judged, perf) : std::nullopt;
  return found ? std::optional(Tried{way, found->perf}) : std::nullopt;
}

std::string reason_of(const Request& request, const Tried& best, const Tried* second) {
  const std::string mode = request.batching_mode == "throughput" ? "most tokens/s"
                           : request.batching_mode == "latency"  ? "shortest request"
                                                                 : "tokens/s times speed of a request";
  std::string reason = fmt::format("{} ({} mode): {}", mode, request.batching_mode, speed_in_words(request, best.perf));
  if (second != nullptr)
    reason += fmt::format("; next best tensor {} x data {}: {}", second->way.tensor, second->way.data,
                          speed_in_words(request, second->perf));
  return reason;
}

}  // namespace

double request_ms(const Request& request, const vw_perf& perf) {
  return perf.ttft_ms + perf.tpot_ms * static_cast<double>(request.generated_tokens - 1);
}

double worth(const Request& request, const vw_perf& perf) {
  const double time_ms = request_ms(request, perf);
  if (perf.output_tokens_per_s <= 0 || time_ms <= 0) return 0;
  if (request.batching_mode == "throughput") return perf.output_tokens_per_s;
  return request.batching_mode == "latency" ? 1 / time_ms : std::sqrt(perf.output_tokens_per_s / time_ms);
}

bool is_in_time(const Request& request, const vw_perf& perf) {
  return !request.target_latency_ms || request_ms(request, perf) <= *request.target_latency_ms;
}

bool is_better(const Request& request, const vw_perf& perf, const vw_perf& other) {
  const bool is_first_in_time = is_in_time(request, perf);
  if (is_first_in_time != is_in_time(request, other)) return is_first_in_time;
  return worth(request, perf) > worth(request, other);
}

std::string speed_in_words(const Request& request, const vw_perf& perf) {
  constexpr double ms_per_s = 1000;
  return fmt::format("{} tokens/s, {:.2f} s a request", show_count(std::llround(perf.output_tokens_per_s)),
                     request_ms(request, perf) / ms_per_s);
}

std::optional<Timed> timed(const Request& request, const vw_candidate& candidate, const vw_memory& memory,
                           PerfJudge& perf) {
  const Timed found{candidate, perf.judge(candidate, memory)};
  return worth(request, found.perf) > 0 ? std::optional(found) : std::nullopt;
}

std::optional<Parallel> best_parallel(const Scenario& scenario, MemoryJudge& memory, PerfJudge& perf) {
  if (!is_open(scenario)) return std::nullopt;
  std::vector<Tried> tried;
  for (const Parallel& way : ways_of(scenario))
    if (const auto one = try_way(scenario, way, memory, perf)) tried.push_back(*one);
  if (tried.empty()) return std::nullopt;
  // Of equal ones the one with fewer copies of the weights.
  std::stable_sort(tried.begin(), tried.end(), [&](const Tried& left, const Tried& right) {
    if (is_better(scenario.request, left.perf, right.perf)) return true;
    return !is_better(scenario.request, right.perf, left.perf) && left.way.data < right.way.data;
  });
  Parallel best = tried.front().way;
  best.reason = reason_of(scenario.request, tried.front(), tried.size() > 1 ? &tried[1] : nullptr);
  return best;
}

}  // namespace vw

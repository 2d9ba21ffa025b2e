// The answer to "simulate": one lane replayed, and what all of them do together.
#include "engine-settings/json_fields.hpp"
#include "explain.hpp"
#include "simulation.hpp"

#include <algorithm>

namespace roofline {

using namespace vw::settings;
namespace {

constexpr double ms = 1e3;
constexpr double least_requests = 500, requests_of_client = 10;  // enough for a 99th percentile; as benchmarks send

Json milliseconds(const Percentiles& seconds) {
  return {{"mean", seconds.mean * ms}, {"p50", seconds.p50 * ms}, {"p90", seconds.p90 * ms}, {"p99", seconds.p99 * ms}};
}

// The stages of a pipeline take turns, so that each turn is a server of its own with its share.
Load lane_of(Load load, double turns) {
  load.concurrency = std::max(1.0, load.concurrency / turns);
  load.most_sequences = std::max(1.0, load.most_sequences / turns);
  load.memory_sequences /= turns;
  return load;
}

Arrivals arrivals_of(const Json& request, const Load& lane, double lanes) {
  Arrivals arrivals;
  arrivals.seed = static_cast<std::uint64_t>(number(request, "seed"));
  arrivals.rate_per_s = number(request, "request_rate_per_s") / lanes;
  arrivals.burst_requests = std::max(1.0, number(request, "burst_requests", 1) / lanes);
  const bool is_loop = arrivals.rate_per_s <= 0;
  arrivals.requests = std::max(least_requests, is_loop ? requests_of_client * std::round(lane.concurrency) : 0);
  return arrivals;
}

}  // namespace

Json simulate(const Estimator& estimator, const Json& request) {
  const Question question = read_question(request);
  const Prepared& prepared = estimator.prepare(question.candidate);
  if (!prepared.obstacle.empty()) throw std::runtime_error(prepared.obstacle);
  const Load load = estimator.load_of(question.candidate, question.memory, question.lengths);
  const Load lane = lane_of(load, prepared.layout.pipeline);
  const double lanes = load.replicas * prepared.layout.pipeline;
  const Arrivals arrivals = arrivals_of(request, lane, lanes);
  const Replay result = replay(*prepared.server, lane, arrivals);
  Json json = {{"seed", arrivals.seed},
               {"requests", result.requests},
               {"ttft_ms", milliseconds(result.ttft_s)},
               {"tpot_ms", milliseconds(result.tpot_s)},
               {"latency_ms", milliseconds(result.latency_s)},
               {"requests_per_s", result.requests_per_s * lanes},
               {"output_tokens_per_s", result.output_tokens_per_s * lanes},
               {"evictions", result.evictions}};
  if (arrivals.rate_per_s > 0) json["request_rate_per_s"] = number(request, "request_rate_per_s");
  if (arrivals.rate_per_s <= 0) json["first_burst_ttft_ms"] = result.burst_ttft_s * ms;
  return json;
}

}  // namespace roofline

// The scheduler replayed request by request, with the step times of the closed form: what single requests see, of
// bursts and of any rate of arrivals. The same seed gives the same numbers.
#pragma once

#include "serving.hpp"

#include <cstdint>
#include <vector>

namespace roofline {

// How requests come to one lane: a replica, or one turn of its pipeline.
struct Arrivals {
  double requests = 0;        // in all
  double rate_per_s = 0;      // 0: a closed loop, each answer is followed by the next request
  double burst_requests = 1;  // that come at the same moment
  std::uint64_t seed = 0;
};

struct Percentiles {
  double mean = 0, p50 = 0, p90 = 0, p99 = 0;
};
Percentiles percentiles_of(std::vector<double> values);

struct Replay {
  Percentiles ttft_s, tpot_s, latency_s;
  double burst_ttft_s = 0;  // mean of the requests that a closed loop begins with; the percentiles leave them out
  double requests = 0;      // in the percentiles
  double requests_per_s = 0, output_tokens_per_s = 0;
  double evictions = 0;  // of requests that lost their KV cache to others and were computed again
};

// `load` is what one lane is asked to do.
Replay replay(const Server& server, const Load& load, const Arrivals& arrivals);

}  // namespace roofline

// pack: what one model asks of its cards, in shares of a card. Pure, as plan is.
#pragma once

#include "plan/judge.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace vw {

// Millionths of a card, so that sums are exact.
using Share = std::int64_t;
inline constexpr Share whole_card = 1000000;
// Shares are given to vLLM in thousandths.
inline constexpr Share share_step = 1000;

inline double ratio_of(Share share) { return static_cast<double>(share) / static_cast<double>(whole_card); }

// What one server is to serve at a time.
struct Served {
  std::int64_t context_tokens = 0, concurrency = 1;
};

// A model that shares cards with others.
struct Tenant {
  std::string name;   // of its service, unique in the set
  Scenario scenario;  // on cards of its own: as many as its tensor parallel size, which the request gives
  MemoryJudge memory;
  // As asked for; empty: as much as there is room for. Where both are empty one sequence grows as long as it can.
  std::optional<std::int64_t> context_tokens, concurrency;
  std::optional<double> share;  // as given, 0 to 1

  bool has_open_context() const { return !context_tokens; }
  const WeightChoice& weights() const { return scenario.weights[scenario.running_weights]; }
  bool has_open_load() const { return context_tokens && !concurrency; }
};

// The server as a candidate; its share is the caller's. Steps hold as many tokens as the release takes by itself: what
// a longer step needs, a neighbour could use.
vw_candidate candidate_of(const Tenant& tenant, const Served& served);

// What is asked for; of what is open the least: the tokens of one request, one sequence.
Served least_served(const Tenant& tenant);

// The most that a share holds: of what is open; by the best estimate where `fitting` says so.
Served most_served(Tenant& tenant, double share, bool at_low_end);

struct Demand {
  bool is_supported = true;    // false: card or release cannot run it
  std::optional<Share> least;  // that holds what is asked for by the best estimate; empty: no card alone does
  std::optional<Share> safe;   // that holds it at the low end of the estimate, too
  Share most = 0;              // with which it starts and survives on a card of its own
  Share outside = 0;           // beside its share: CUDA context, graphs and buffers that no budget counts
  Share of_more = 0;           // KV cache of one more round of what is asked for; 0: nothing is open
  Share enough = 0;            // more than this it has no use for
  double missing_bytes = 0;    // on a card of its own; 0: it fits there
  double total_bytes = 0;      // of a card, that shares are of
};
Demand demand_of(Tenant& tenant);

// What is free of a card before the first server starts, less the last digit.
inline constexpr Share rounding = 1;
Share free_of(const Hardware& hardware, double total_bytes);

}  // namespace vw

// search: the least hardware that meets a target, replicas included.
#pragma once

#include "search/rank.hpp"
#include "search/sweep.hpp"

#include <array>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace vw {

// Servers that a load is spread over at most.
inline constexpr std::int64_t most_replicas = 1024;

// Users at the same time, or requests per second; and what each user is to see.
struct Target {
  std::int64_t concurrency = 0;  // 0: the rate counts
  double requests_per_s = 0;
  std::optional<double> max_ttft_ms, max_tpot_ms, max_usd_per_hour;  // the last: of all replicas
  std::string limits_at = "mean";                                    // of latencies: mean, or one of `percentiles`

  bool is_of_mean() const { return limits_at == "mean"; }
};
// Of the requests of one server, as a replay of the scheduler says them.
inline constexpr std::array percentiles = {"p50", "p90", "p99"};

// Values of the concurrency axis that are worth a look: what each of 1, 2, 3, ... replicas would have to serve.
std::vector<std::int64_t> concurrencies_for(const Target& target);

// As many equal servers as the target needs.
struct Fleet {
  Ranked row;  // of one replica
  std::int64_t replicas = 0;
  Json simulated = nullptr;  // one replica replayed, as the heuristic's own JSON; null: it was not

  double gpus() const { return row.figures.gpus * static_cast<double>(replicas); }
  std::optional<double> usd_per_hour() const;
  // Of generated tokens, at the load of the target.
  std::optional<double> usd_per_million_tokens(const Target& target) const;
};

// A limit of the target and what a fleet has there.
struct Measured {
  std::string option;  // "--max-tpot-ms"
  double value = 0, limit = 0;
  std::string at;  // of a latency: mean or a percentile

  double ratio() const { return value / limit; }
};
// Those that the target limits and the fleet says: means, or the percentile of the target where it was replayed.
std::vector<Measured> measured(const Target& target, const Fleet& fleet);
// The one that is nearest to its limit, or the farthest above.
std::optional<Measured> tightest(const Target& target, const Fleet& fleet);

// Whether it says all that is limited, and keeps it.
bool meets(const Target& target, const Fleet& fleet);

// Servers that differ in nothing but the users of each: fewest servers first.
using Way = std::vector<Fleet>;

// Ways that meet the target in the mean, by the standing of their fewest servers: what is replayed for a percentile.
struct Shortlist {
  static constexpr std::size_t most = 32;
  using Standing = std::tuple<double, double, double, std::uint64_t>;

  Standing (*standing)(const Fleet& fleet);
  std::vector<Way> ways = {};
  std::size_t tried = 0;  // of them
  bool is_cut = false;    // there are more that could be better than the answer

  void add(const Way& way);
};
struct Shortlists {
  Shortlist by_cost, by_gpus, by_latency;  // the first: of known price
  Shortlists();
};

// What a search for the least hardware found. Adding in the order of the blocks makes it independent of the workers.
class Sizing {
 public:
  Sizing(const Target& target, std::size_t concurrencies) : target_(target), concurrencies_(concurrencies) {}

  void look_at(const JudgedBlock& block);
  void add(Sizing&& later);
  void finish();  // after the last block
  void miss(const Fleet& fleet);
  bool has_answer() const { return cheapest || fewest_gpus || fastest; }

  std::optional<Fleet> cheapest, fewest_gpus, fastest;
  std::optional<Fleet> nearest;               // fits in memory and misses a limit by the least
  std::optional<Ranked> least_short;          // does not fit in memory, and lacks least
  std::uint64_t solutions = 0, unpriced = 0;  // ways that meet the target, and those without a known price
  bool has_fitting = false;                   // whether anything fits in memory,
  bool says_speed = false;                    // and any such row says what the target asks of it
  Shortlists shortlists;                      // where the limits are of a percentile: the answers come of them,
  std::size_t replayed = 0;                   // after so many replays

 private:
  // Rows that differ in nothing but their concurrency. The one that needs fewest replicas stands for all, but another
  // may keep a percentile.
  struct Group {
    std::uint64_t number = 0;
    Way fleets;
  };
  void look_at(Ranked row);
  void put(std::uint64_t group, Fleet fleet);
  void close(Group group);
  void lack(const Ranked& row);
  std::optional<std::int64_t> replicas_of(const Ranked& row) const;

  Target target_;
  std::size_t concurrencies_;
  std::vector<Group> groups_;  // by number
};

Digest gather_into(Sizing& sizing, const Target& target, std::size_t concurrencies);

}  // namespace vw

// search: the least hardware that meets a target, replicas included.
#pragma once

#include "search/rank.hpp"
#include "search/sweep.hpp"

#include <optional>
#include <string>
#include <vector>

namespace vw {

// Users at the same time, or requests per second; and what each user is to see.
struct Target {
  std::int64_t concurrency = 0;  // 0: the rate counts
  double requests_per_s = 0;
  std::optional<double> max_ttft_ms, max_tpot_ms, max_usd_per_hour;  // the last: of all replicas
};

// Values of the concurrency axis that are worth a look: what each of 1, 2, 3, ... replicas would have to serve.
std::vector<std::int64_t> concurrencies_for(const Target& target);

// As many equal servers as the target needs.
struct Fleet {
  Ranked row;  // of one replica
  std::int64_t replicas = 0;

  double gpus() const { return row.figures.gpus * static_cast<double>(replicas); }
  std::optional<double> usd_per_hour() const;
  // Of generated tokens, at the load of the target.
  std::optional<double> usd_per_million_tokens(const Target& target) const;
};

// A limit of the target and what a fleet has there.
struct Measured {
  std::string option;  // "--max-tpot-ms"
  double value = 0, limit = 0;

  double ratio() const { return value / limit; }
};
// Those that the target limits and the fleet says.
std::vector<Measured> measured(const Target& target, const Fleet& fleet);
// The one that is nearest to its limit, or the farthest above.
std::optional<Measured> tightest(const Target& target, const Fleet& fleet);

// What a search for the least hardware found. Adding in the order of the blocks makes it independent of the workers.
class Sizing {
 public:
  Sizing(const Target& target, std::size_t concurrencies) : target_(target), concurrencies_(concurrencies) {}

  void look_at(const JudgedBlock& block);
  void add(Sizing&& later);
  void finish();  // after the last block

  std::optional<Fleet> cheapest, fewest_gpus, fastest;
  std::optional<Fleet> nearest;               // fits in memory and misses a limit by the least
  std::optional<Ranked> least_short;          // does not fit in memory, and lacks least
  std::uint64_t solutions = 0, unpriced = 0;  // ways that meet the target, and those without a known price
  bool has_fitting = false;                   // whether anything fits in memory,
  bool says_speed = false;                    // and any such row says what the target asks of it

 private:
  // Rows that differ in nothing but their concurrency: the one that needs fewest replicas stands for all.
  struct Group {
    std::uint64_t number = 0;
    Fleet fleet;
  };
  void look_at(Ranked row);
  void put(Group group);
  void close(const Fleet& fleet);
  void miss(const Fleet& fleet);
  void lack(const Ranked& row);
  std::optional<std::int64_t> replicas_of(const Ranked& row) const;

  Target target_;
  std::size_t concurrencies_;
  std::vector<Group> groups_;  // by number
};

Digest gather_into(Sizing& sizing, const Target& target, std::size_t concurrencies);

}  // namespace vw

#include "search/replay.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

namespace vw {
namespace {

// What reports and limits read of a replay.
void check(const Json& simulated, const std::string& where) {
  constexpr double most_ms = 1e12;
  const JsonReader reader(simulated, where);
  for (const char* metric : {"ttft_ms", "tpot_ms"})
    for (const char* percentile : percentiles) reader.at(metric).at(percentile).number(0, most_ms);
}

}  // namespace

Replays::Replays(OpenJudges open, const Target& target, std::int64_t seed, ShowReplays show)
    : open_(std::move(open)), target_(target), seed_(seed), show_(std::move(show)) {}

Judges& Replays::judges_of(const Fleet& fleet) {
  if (lane_ != fleet.row.row.lane) {
    judges_.reset();
    lane_ = fleet.row.row.lane;
    judges_.emplace(open_(lane_->scenario));
  }
  return *judges_;
}

// One server of the fleet with its share of what comes.
Json Replays::replayed(const Fleet& fleet) {
  Judges& judges = judges_of(fleet);
  Arrivals arrivals;
  arrivals.seed = seed_;
  if (target_.concurrency == 0) arrivals.rate_per_s = target_.requests_per_s / static_cast<double>(fleet.replicas);
  const vw_candidate& running = fleet.row.row.running;
  const vw_memory memory = judges.memory.judge(running);
  Json simulated;
  try {
    simulated = judges.perf.simulate(running, memory, arrivals);
  } catch (const Error&) {
    return nullptr;
  }
  check(simulated, judges.perf.part().label() + ": simulate");
  return simulated;
}

const Json& Replays::of(const Fleet& fleet) {
  const auto known = found_.find(fleet.row.row.index);
  if (known != found_.end()) return known->second;
  if (show_) show_(found_.size(), false);
  return found_.emplace(fleet.row.row.index, replayed(fleet)).first->second;
}

std::optional<Fleet> Replays::meeting(Sizing& sizing, const Way& way, std::int64_t replicas) {
  for (Fleet fleet : way) {
    if (fleet.replicas != replicas) continue;
    fleet.simulated = of(fleet);
    if (fleet.simulated.is_null())
      throw Error("--limits-at", fmt::format("is {}, but {} cannot replay the scheduler, expected mean",
                                             target_.limits_at, judges_of(fleet).perf.part().label()));
    if (meets(target_, fleet)) return fleet;
    sizing.miss(fleet);
  }
  return std::nullopt;
}

// More servers with fewer users each wait less: by bisection, where the fewest do not suffice and the most do.
std::optional<Fleet> Replays::fewest_that_meet(Sizing& sizing, const Way& way) {
  std::vector<std::int64_t> replicas;
  for (const Fleet& fleet : way)
    if (replicas.empty() || replicas.back() != fleet.replicas) replicas.push_back(fleet.replicas);
  std::size_t too_few = 0, enough = replicas.size() - 1;
  if (auto fewest = meeting(sizing, way, replicas.front()); fewest || enough == 0) return fewest;
  std::optional<Fleet> found = meeting(sizing, way, replicas.back());
  while (found && enough - too_few > 1) {
    const std::size_t middle = too_few + (enough - too_few) / 2;
    if (auto fewer = meeting(sizing, way, replicas[middle])) {
      found = std::move(fewer);
      enough = middle;
    } else {
      too_few = middle;
    }
  }
  return found;
}

std::optional<Fleet> Replays::best_of(Sizing& sizing, Shortlist& list, Stop stop) {
  const std::size_t last = found_.size() + most;
  std::optional<Fleet> best;
  for (Way way : list.ways) {
    if (best) std::erase_if(way, [&](const Fleet& fleet) { return list.standing(fleet) >= list.standing(*best); });
    const bool is_proven = best && (stop == Stop::at_first || way.empty());
    if (is_proven || found_.size() >= last) {
      list.is_cut = !is_proven;
      return best;
    }
    ++list.tried;
    if (auto better = fewest_that_meet(sizing, way)) best = std::move(better);
  }
  return best;
}

void Replays::settle(Sizing& sizing) {
  if (target_.is_of_mean()) {
    for (std::optional<Fleet>* answer : {&sizing.cheapest, &sizing.fewest_gpus, &sizing.fastest})
      if (*answer) (*answer)->simulated = of(**answer);
  } else if (sizing.solutions > 0) {
    sizing.nearest.reset();  // what misses in the mean is farther off than what is replayed
    sizing.cheapest = best_of(sizing, sizing.shortlists.by_cost, Stop::when_proven);
    sizing.fewest_gpus = best_of(sizing, sizing.shortlists.by_gpus, Stop::when_proven);
    sizing.fastest = best_of(sizing, sizing.shortlists.by_latency, Stop::at_first);
    sizing.replayed = found_.size();
  }
  if (show_) show_(found_.size(), true);
}

}  // namespace vw

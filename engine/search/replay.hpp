// search: ways that meet a target in the mean are replayed, request by request, for the percentiles of their latencies.
#pragma once

#include "search/sizing.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>

namespace vw {

using ShowReplays = std::function<void(std::size_t replayed, bool is_over)>;  // may be null

// One after the other, in the order of the shortlists: the number of workers changes nothing.
class Replays {
 public:
  static constexpr std::size_t most = 64;  // for each answer, from when on no further way is begun: some seconds

  Replays(OpenJudges open, const Target& target, std::int64_t seed, ShowReplays show);

  // Where the limits are of the mean, the answers get their percentiles, if the heuristic can replay. Else the first of
  // each shortlist that keeps the limits becomes the answer; where none does, the nearest miss is kept. Throws
  // vw::Error naming --limits-at where the heuristic cannot replay.
  void settle(Sizing& sizing);

 private:
  enum class Stop { when_proven, at_first };
  std::optional<Fleet> best_of(Sizing& sizing, Shortlist& list, Stop stop);
  std::optional<Fleet> fewest_that_meet(Sizing& sizing, const Way& way);
  std::optional<Fleet> meeting(Sizing& sizing, const Way& way, std::int64_t replicas);
  const Json& of(const Fleet& fleet);
  Json replayed(const Fleet& fleet);
  Judges& judges_of(const Fleet& fleet);

  OpenJudges open_;
  Target target_;
  std::int64_t seed_;
  ShowReplays show_;
  std::map<std::uint64_t, Json> found_;  // by the index of the row; null: the heuristic cannot
  std::shared_ptr<const Lane> lane_;     // that the judges are open for
  std::optional<Judges> judges_;
};

}  // namespace vw

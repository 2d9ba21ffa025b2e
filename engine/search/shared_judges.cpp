#include "search/shared_judges.hpp"

namespace vw {
namespace {

// Lanes come release by release for every card; more releases than these are opened anew for each card.
constexpr std::size_t most_opened = 64;

}  // namespace

bool SharedJudges::is_alike(std::size_t lane, std::size_t other) const {
  const LaneKey &left = space_.lanes()[lane], &right = space_.lanes()[other];
  if (!open_.for_many_cards) return lane == other;
  return left.release == right.release && left.hardware.link == right.hardware.link &&
         left.hardware.memory_used_mib == right.hardware.memory_used_mib;
}

SharedJudges::Opened SharedJudges::of(std::size_t lane, const Scenario& scenario) {
  const LaneKey& own = space_.lanes()[lane];
  std::uint32_t gpu = 0;
  for (std::size_t other = 0; other < lane; ++other) gpu += is_alike(lane, other) ? 1 : 0;
  const Key key{own.release, scenario.dtype, own.hardware.link, own.hardware.memory_used_mib,
                open_.for_many_cards ? 0 : lane};
  auto known = opened_.find(key);
  if (known == opened_.end()) {
    if (opened_.size() >= most_opened) opened_.clear();
    Scenario shared = scenario;
    for (std::size_t other = 0; other < space_.lanes().size(); ++other)
      if (is_alike(lane, other)) shared.cards.push_back(space_.lanes()[other].hardware);
    known = opened_.emplace(key, open_(shared)).first;
  }
  return {known->second, gpu};
}

}  // namespace vw

#include "search/shared_judges.hpp"

namespace vw {
namespace {

// Lanes come release by release for every card; more releases than these are opened anew for each card.
constexpr std::size_t most_opened = 64;

}  // namespace

SharedJudges::Group SharedJudges::group_of(std::size_t lane) const {
  const LaneKey& key = space_.lanes()[lane];
  return {key.release, key.hardware.link, key.hardware.memory_used_mib, open_.for_many_cards ? 0 : lane};
}

SharedJudges::Opened SharedJudges::of(std::size_t lane, const Scenario& scenario) {
  const Group group = group_of(lane);
  std::uint32_t gpu = 0;
  for (std::size_t other = 0; other < lane; ++other) gpu += group_of(other) == group ? 1 : 0;
  const std::pair key{group, scenario.dtype};
  auto known = opened_.find(key);
  if (known == opened_.end()) {
    if (!open_.for_many_cards || opened_.size() >= most_opened) opened_.clear();
    Scenario shared = scenario;
    for (std::size_t other = 0; other < space_.lanes().size(); ++other)
      if (group_of(other) == group) shared.cards.push_back(space_.lanes()[other].hardware);
    known = opened_.emplace(key, open_(shared)).first;
  }
  return {known->second, gpu};
}

}  // namespace vw

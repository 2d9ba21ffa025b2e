// search: hot parts that are opened once for all cards they are the same for.
#pragma once

#include "plan/judge.hpp"
#include "search/space.hpp"

#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <utility>

namespace vw {

// Opens both hot parts for a scenario and all its cards. [any thread]
struct OpenJudges : std::function<Judges(const Scenario& scenario)> {
  using std::function<Judges(const Scenario& scenario)>::function;
  // Whether the parts look at vw_candidate::gpu: a script may know the first card only.
  bool for_many_cards = true;
};

// Opening parts costs as much as judging thousands of rows: what only differs in the card is opened once. A worker owns
// one.
class SharedJudges {
 public:
  SharedJudges(const Space& space, OpenJudges open) : space_(space), open_(std::move(open)) {}

  struct Opened {
    Judges& judges;
    std::uint32_t gpu;  // index of the lane's card: vw_candidate::gpu
  };
  // Valid until the next call. `scenario`: of this lane.
  Opened of(std::size_t lane, const Scenario& scenario);

 private:
  // Release, link, memory used; and the lane where parts are opened for each.
  using Group = std::tuple<std::string, std::string, double, std::size_t>;
  Group group_of(std::size_t lane) const;

  const Space& space_;
  OpenJudges open_;
  std::map<std::pair<Group, std::string>, Judges> opened_;  // of a group, by dtype
};

}  // namespace vw

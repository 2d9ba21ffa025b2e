#include "pack/placement.hpp"

#include "base/error.hpp"
#include "support/catch.hpp"
#include "support/message_of.hpp"
#include "support/random_request.hpp"

#include <algorithm>
#include <set>

using namespace vw;
using test::Random;

namespace {

bool is_whole(const std::vector<Box>& boxes, const Placement& placement, std::size_t cards, const Room& room) {
  std::vector<Room> taken(cards);
  for (std::size_t at = 0; at < boxes.size(); ++at) {
    const std::set<std::size_t> own(placement[at].begin(), placement[at].end());
    if (own.size() != boxes[at].cards) return false;
    for (const std::size_t card : own) {
      taken[card].shares += boxes[at].share;
      taken[card].all += boxes[at].share + boxes[at].outside;
    }
  }
  return std::all_of(taken.begin(), taken.end(),
                     [&](const Room& one) { return one.shares <= room.shares && one.all <= room.all; });
}

// Of boxes of one card each: every way, one after the other.
bool has_way(const std::vector<Box>& boxes, std::size_t cards, const Room& room) {
  std::size_t ways = 1;
  for (std::size_t at = 0; at < boxes.size(); ++at) ways *= cards;
  for (std::size_t way = 0; way < ways; ++way) {
    Placement placement;
    for (std::size_t at = 0, rest = way; at < boxes.size(); ++at, rest /= cards) placement.push_back({rest % cards});
    if (is_whole(boxes, placement, cards, room)) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("a placement is found exactly when there is one", "[pack]") {
  Random random;
  int found = 0;
  for (int round = 0; round < 400; ++round) {
    std::vector<Box> boxes;
    const std::int64_t count = random.whole(1, 6);
    for (std::int64_t at = 0; at < count; ++at)
      boxes.push_back({random.whole(1, 60), random.whole(0, 10), 1, std::to_string(at)});
    const auto cards = static_cast<std::size_t>(random.whole(1, 3));
    const Room room{90, 100};
    const auto placement = place(boxes, cards, room);
    CHECK(placement.has_value() == has_way(boxes, cards, room));
    if (!placement) continue;
    CHECK(is_whole(boxes, *placement, cards, room));
    ++found;
  }
  CHECK(found > 100);
  CHECK(found < 400);
}

TEST_CASE("servers stand apart where they can, and on as many cards as they need", "[pack]") {
  const Room room{90, 100};
  CHECK(*place({{10, 1, 1, "a"}, {10, 1, 1, "b"}}, 2, room) == Placement{{0}, {1}});
  CHECK(*place({{40, 1, 2, "a"}, {45, 1, 1, "b"}, {45, 1, 1, "c"}}, 2, room) == Placement{{0, 1}, {0}, {1}});
  CHECK_FALSE(place({{40, 1, 3, "a"}}, 2, room));
}

TEST_CASE("the largest comes first, then the name decides", "[pack]") {
  CHECK(largest_first({{10, 0, 1, "b"}, {30, 0, 1, "c"}, {10, 0, 1, "a"}}) == std::vector<std::size_t>{1, 2, 0});
}

TEST_CASE("more ways than can be looked at are refused", "[pack]") {
  std::vector<Box> boxes;
  for (int at = 0; at < 21; ++at) boxes.push_back({340 + 6 * at, 0, 1, std::to_string(at)});  // two of them on a card
  const std::string said = test::message_of([&] { place(boxes, 10, {1000, 1000}); });
  CHECK(said == "pack: has more than 200000 ways to place 21 models on 10 cards, expected fewer of either");
}

#include "pack/placement.hpp"

#include "base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <tuple>

namespace vw {
namespace {

constexpr std::size_t most_tries = 200000;

class Search {
 public:
  Search(const std::vector<Box>& boxes, std::size_t cards, const Room& room)
      : boxes_(boxes), order_(largest_first(boxes)), taken_(cards), room_(room), placement_(boxes.size()) {}

  bool run(std::size_t depth = 0) {
    if (depth == order_.size()) return true;
    const std::vector<std::size_t> emptiest = emptiest_first();
    std::vector<std::size_t> chosen;
    return choose(depth, emptiest, 0, chosen);
  }
  Placement&& placement() && { return std::move(placement_); }

 private:
  // Adds cards to `chosen` from those at `from` on until the box has all of its own, then goes on with the next box.
  bool choose(std::size_t depth, const std::vector<std::size_t>& cards, std::size_t from,
              std::vector<std::size_t>& chosen) {
    const std::size_t at = order_[depth];
    const Box& box = boxes_[at];
    if (chosen.size() == box.cards) return put(depth, chosen);
    for (std::size_t i = from; i < cards.size(); ++i) {
      const bool is_same = i > from && taken_[cards[i]] == taken_[cards[i - 1]];  // and that one did not do
      if (is_same || !has_room(cards[i], box)) continue;
      chosen.push_back(cards[i]);
      if (choose(depth, cards, i + 1, chosen)) return true;
      chosen.pop_back();
    }
    return false;
  }

  bool put(std::size_t depth, const std::vector<std::size_t>& cards) {
    if (++tries_ > most_tries)
      throw Error("pack", fmt::format("has more than {} ways to place {} models on {} cards, expected fewer of either",
                                      most_tries, boxes_.size(), taken_.size()));
    const Box& box = boxes_[order_[depth]];
    change(cards, box.share, box.outside);
    if (run(depth + 1)) {
      placement_[order_[depth]] = cards;
      std::sort(placement_[order_[depth]].begin(), placement_[order_[depth]].end());
      return true;
    }
    change(cards, -box.share, -box.outside);
    return false;
  }

  void change(const std::vector<std::size_t>& cards, Share share, Share outside) {
    for (const std::size_t card : cards) {
      taken_[card].first += share;
      taken_[card].second += share + outside;
    }
  }

  bool has_room(std::size_t card, const Box& box) const {
    return taken_[card].first + box.share <= room_.shares && taken_[card].second + box.share + box.outside <= room_.all;
  }

  std::vector<std::size_t> emptiest_first() const {
    std::vector<std::size_t> cards(taken_.size());
    std::iota(cards.begin(), cards.end(), std::size_t{0});
    std::stable_sort(cards.begin(), cards.end(), [&](std::size_t a, std::size_t b) {
      return std::tuple(taken_[a].second, taken_[a].first) < std::tuple(taken_[b].second, taken_[b].first);
    });
    return cards;
  }

  const std::vector<Box>& boxes_;
  std::vector<std::size_t> order_;
  std::vector<std::pair<Share, Share>> taken_;  // of each card: shares, all
  Room room_;
  Placement placement_;
  std::size_t tries_ = 0;
};

// Together more than all cards have: no way has to be tried.
bool is_too_much(const std::vector<Box>& boxes, std::size_t cards, const Room& room) {
  Room sum;
  for (const Box& box : boxes) {
    const auto copies = static_cast<Share>(box.cards);
    sum.shares += box.share * copies;
    sum.all += (box.share + box.outside) * copies;
  }
  const auto count = static_cast<Share>(cards);
  return sum.shares > room.shares * count || sum.all > room.all * count;
}

}  // namespace

std::vector<std::size_t> largest_first(const std::vector<Box>& boxes) {
  std::vector<std::size_t> order(boxes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto rank = [&](std::size_t at) {
    const Box& box = boxes[at];
    return std::tuple(-static_cast<Share>(box.cards), -box.share, -box.outside, box.name);
  };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return rank(a) < rank(b); });
  return order;
}

std::optional<Placement> place(const std::vector<Box>& boxes, std::size_t cards, const Room& room) {
  if (is_too_much(boxes, cards, room)) return std::nullopt;
  Search search(boxes, cards, room);
  if (!search.run()) return std::nullopt;
  return std::move(search).placement();
}

}  // namespace vw

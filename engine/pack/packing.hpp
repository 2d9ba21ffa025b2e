// pack: several models on the cards of one node: the share of each, and what is left.
#pragma once

#include "base/units.hpp"
#include "pack/placement.hpp"

#include <span>
#include <vector>

namespace vw {

// The cards, which are equal.
struct Node {
  std::size_t cards = 1;
  double most_utilization = 1;  // that all shares of a card may add up to
};

// Where a model stands and what it can do there.
struct Seat {
  std::vector<std::size_t> cards;
  Share share = 0, outside = 0, before = 0;  // before: taken of its cards when it starts, by servers of the set
  Served served;
  vw_candidate candidate{};
  vw_memory memory{};               // on a card without the others: the share sees to them
  std::int64_t most_sequences = 0;  // of its context that find room in the share
};

struct Card {
  Share shares = 0, outside = 0;
};

struct Packing {
  enum class Fit { no, tightly, yes };

  Fit fit = Fit::no;
  std::vector<Demand> demands;  // of each tenant
  std::vector<Seat> seats;      // of each tenant; empty: it does not fit
  std::vector<Card> cards;
  std::vector<std::size_t> launch_order;  // of tenants
  Share free = 0;                         // of a card before the first starts
  Share most_shares = 0;                  // that all of a card may add up to
  Share missing = 0;                      // of each card, where every model alone would fit
  double total_bytes = 0;                 // of a card

  Share held() const { return whole_card - free - rounding; }  // of a card, by others
  bool fits() const { return fit != Fit::no; }
  double gib_of(Share share) const { return to_gib(ratio_of(share) * total_bytes); }
  Share headroom(std::size_t card) const { return free - cards[card].shares - cards[card].outside; }
};

// Shares, places, contexts and sequences. Each model gets what it asks for first, then the margin of its estimate, then
// rounds: every round is the KV cache of as much again as it asks for, of the same number for every model with
// something open. That number is the largest that some placement has room for: another model never makes it larger, so
// it never makes the share of one that is there larger, and the order of the tenants changes nothing. Throws vw::Error
// where the ways to place them are too many.
Packing pack(std::span<Tenant> tenants, const Node& node);

// --gpu-memory-utilization of a seat. Up to vLLM 0.9 all that is used of the card counts against it, so that the
// servers that started before and `used`, the share that others hold, are in it; later it is the share alone.
double utilization_flag(const Release& release, const Seat& seat, Share used);

}  // namespace vw

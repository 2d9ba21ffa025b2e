#include "pack/packing.hpp"

#include "plan/solve.hpp"

#include <algorithm>
#include <cmath>

namespace vw {
namespace {

// Levels up to this go from what is asked for to its margin, those above count rounds in so many steps each.
constexpr std::int64_t steps = 1024;
constexpr std::int64_t most_level = std::int64_t{1} << 40;

Share whole_steps(double share) { return static_cast<Share>(share / static_cast<double>(share_step)) * share_step; }

Share share_at(const Demand& demand, std::int64_t level) {
  const Share least = *demand.least, safe = *demand.safe;
  if (level < steps) return least + whole_steps(static_cast<double>(safe - least) * static_cast<double>(level) / steps);
  const double rounds = static_cast<double>(level - steps) / steps;
  const double more = std::min(rounds * static_cast<double>(demand.of_more), static_cast<double>(whole_card));
  return std::max(safe, std::min(demand.enough, safe + whole_steps(more)));
}

std::vector<Box> boxes_at(std::span<const Tenant> tenants, const std::vector<Demand>& demands, std::int64_t level) {
  std::vector<Box> boxes;
  for (std::size_t i = 0; i < tenants.size(); ++i) {
    const Demand& demand = demands[i];
    const auto cards = static_cast<std::size_t>(tenants[i].scenario.request.tensor_parallel.value_or(1));
    const Share share =
        tenants[i].share ? std::llround(*tenants[i].share * static_cast<double>(whole_card)) : share_at(demand, level);
    boxes.push_back({share, demand.outside, cards, tenants[i].name});
  }
  return boxes;
}

bool is_given_enough(const Tenant& tenant, const Demand& demand) {
  return !tenant.share || (*tenant.share >= ratio_of(*demand.least) && *tenant.share <= ratio_of(demand.most));
}

bool fits_alone(const Tenant& tenant, const Demand& demand, const Node& node) {
  const auto cards = static_cast<std::size_t>(tenant.scenario.request.tensor_parallel.value_or(1));
  return demand.is_supported && demand.least && is_given_enough(tenant, demand) && cards <= node.cards;
}

Room room_of(const Packing& packing) { return {packing.most_shares, packing.free}; }

// How much larger every card would have to be.
Share missing_of(const std::vector<Box>& boxes, const Node& node, const Room& room) {
  Share all = 0;
  for (const Box& box : boxes) all += box.share + box.outside;
  const auto is_too_small = [&](Share more) {
    return !place(boxes, node.cards, {room.shares + more, room.all + more});
  };
  return largest_that(all, is_too_small) + 1;
}

void seat(Tenant& tenant, const Box& box, std::vector<std::size_t> cards, bool at_low_end, Seat& into) {
  into.cards = std::move(cards);
  into.share = box.share;
  into.outside = box.outside;
  const double ratio = ratio_of(box.share);
  into.served = most_served(tenant, ratio, at_low_end);
  into.candidate = candidate_of(tenant, into.served);
  into.candidate.utilization = ratio;
  into.memory = tenant.memory.judge(into.candidate);
  into.most_sequences = static_cast<std::int64_t>(std::floor(into.memory.max_concurrency));
}

void take_cards(Packing& packing, const Node& node) {
  packing.cards.assign(node.cards, {});
  for (const std::size_t at : packing.launch_order) {
    Seat& seat = packing.seats[at];
    for (const std::size_t card : seat.cards) {
      seat.before = std::max(seat.before, packing.cards[card].shares + packing.cards[card].outside);
      packing.cards[card].shares += seat.share;
      packing.cards[card].outside += seat.outside;
    }
  }
}

Packing::Fit fit_of(const std::vector<Seat>& seats) {
  const auto all = [&](Fitting fitting) {
    return std::all_of(seats.begin(), seats.end(), [&](const Seat& seat) { return fitting(seat.memory); });
  };
  return all(fits_at_low_end) ? Packing::Fit::yes : all(fits) ? Packing::Fit::tightly : Packing::Fit::no;
}

// The highest level that some placement has room for.
std::int64_t highest_level(std::span<const Tenant> tenants, const std::vector<Demand>& demands, const Node& node,
                           const Room& room) {
  return largest_that(most_level, [&](std::int64_t level) {
    return place(boxes_at(tenants, demands, level), node.cards, room).has_value();
  });
}

void put_limits(const Node& node, std::span<const Tenant> tenants, Packing& packing) {
  packing.total_bytes = packing.demands.front().total_bytes;
  packing.free = whole_card;
  for (std::size_t i = 0; i < tenants.size(); ++i)
    packing.free = std::min(packing.free, free_of(tenants[i].scenario.hardware, packing.demands[i].total_bytes));
  packing.most_shares = static_cast<Share>(std::floor(node.most_utilization * static_cast<double>(whole_card) + 0.5));
}

}  // namespace

Packing pack(std::span<Tenant> tenants, const Node& node) {
  Packing packing;
  for (Tenant& tenant : tenants) packing.demands.push_back(demand_of(tenant));
  if (tenants.empty()) return packing;
  put_limits(node, tenants, packing);
  for (std::size_t i = 0; i < tenants.size(); ++i)
    if (!fits_alone(tenants[i], packing.demands[i], node)) return packing;
  const std::vector<Box> least = boxes_at(tenants, packing.demands, 0);
  if (!place(least, node.cards, room_of(packing))) {
    packing.missing = missing_of(least, node, room_of(packing));
    return packing;
  }
  const std::int64_t level = highest_level(tenants, packing.demands, node, room_of(packing));
  const std::vector<Box> boxes = boxes_at(tenants, packing.demands, level);
  const Placement placement = *place(boxes, node.cards, room_of(packing));
  packing.seats.resize(tenants.size());
  for (std::size_t i = 0; i < tenants.size(); ++i)
    seat(tenants[i], boxes[i], placement[i], level >= steps, packing.seats[i]);
  packing.launch_order = largest_first(boxes);
  take_cards(packing, node);
  packing.fit = fit_of(packing.seats);
  return packing;
}

double utilization_flag(const Release& release, const Seat& seat, Share used) {
  if (!release.counts_others()) return ratio_of(seat.share);
  const Share all = used + seat.before + seat.share;
  return ratio_of((all + share_step - 1) / share_step * share_step);
}

}  // namespace vw

#include "search/space.hpp"

#include "base/error.hpp"

#include <algorithm>

namespace vw {
namespace {

constexpr double most_combinations = 9007199254740992.0;  // 2^53

double combinations_of(const Axes& axes, const LaneKey& lane) {
  double product = static_cast<double>(lane.layouts.size());
  for (const std::size_t size :
       {axes.quantizations.size(), axes.kv_cache_dtypes.size(), axes.contexts.size(), axes.max_num_seqs.size(),
        axes.prompts.size(), axes.generated.size(), axes.concurrencies.size()})
    product *= static_cast<double>(size);
  return product;
}

// Takes the last digit of a number in a mixed base.
std::size_t take_digit(std::uint64_t& number, std::size_t base) {
  const auto digit = static_cast<std::size_t>(number % base);
  number /= base;
  return digit;
}

}  // namespace

Space::Space(Axes axes, std::vector<LaneKey> lanes)
    : axes_(std::move(axes)), lanes_(std::move(lanes)), first_of_lane_{0}, first_block_of_lane_{0} {
  double total = 0;
  for (const LaneKey& lane : lanes_) {
    total += combinations_of(axes_, lane);
    if (total > most_combinations) throw Error("search", "has more than 2^53 combinations, expected fewer values");
    const auto count = static_cast<std::uint64_t>(combinations_of(axes_, lane));
    first_of_lane_.push_back(first_of_lane_.back() + count);
    first_block_of_lane_.push_back(first_block_of_lane_.back() + (count + most_in_block - 1) / most_in_block);
  }
}

Block Space::block(std::uint64_t number) const {
  const auto after = std::upper_bound(first_block_of_lane_.begin(), first_block_of_lane_.end(), number);
  const auto lane = static_cast<std::size_t>(after - first_block_of_lane_.begin()) - 1;
  const std::uint64_t first = first_of_lane_[lane] + (number - first_block_of_lane_[lane]) * most_in_block;
  const std::uint64_t left = first_of_lane_[lane + 1] - first;
  return {lane, first, static_cast<std::size_t>(std::min<std::uint64_t>(left, most_in_block))};
}

Place Space::place(std::size_t lane, std::uint64_t index) const {
  std::uint64_t rest = index - first_of_lane_[lane];
  const auto value = [&](const std::vector<std::int64_t>& axis) { return axis[take_digit(rest, axis.size())]; };
  Place place;
  place.lane = lane;
  place.concurrency = value(axes_.concurrencies);
  place.generated_tokens = value(axes_.generated);
  place.prompt_tokens = value(axes_.prompts);
  place.max_num_seqs = value(axes_.max_num_seqs);
  place.context = value(axes_.contexts);
  place.kv = take_digit(rest, axes_.kv_cache_dtypes.size());
  place.weights = take_digit(rest, axes_.quantizations.size());
  place.layout = lanes_[lane].layouts[static_cast<std::size_t>(rest)];
  return place;
}

}  // namespace vw

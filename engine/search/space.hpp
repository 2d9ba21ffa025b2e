// search: every combination has a number, so that any block of them can be made again from its first one.
#pragma once

#include "search/axes.hpp"
#include "search/prices.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vw {

// Rows that one pair of opened parts can judge: of one accelerator and one release.
struct LaneKey {
  Hardware hardware;
  std::string release;
  std::vector<Layout> layouts;
  std::optional<Price> price;
};

// One combination.
struct Place {
  std::size_t lane = 0, weights = 0, kv = 0;  // positions in the lists of lanes and axes
  Layout layout;
  std::int64_t context = 0, max_num_seqs = 0, prompt_tokens = 0, generated_tokens = 0, concurrency = 0;
};

// Consecutive combinations of one lane.
struct Block {
  std::size_t lane = 0;
  std::uint64_t first = 0;
  std::size_t count = 0;
};

class Space {
 public:
  static constexpr std::size_t most_in_block = 4096;  // rows of a block stay in the cache

  // Throws vw::Error when there are more than 2^53 combinations.
  Space(Axes axes, std::vector<LaneKey> lanes);

  const Axes& axes() const noexcept { return axes_; }
  const std::vector<LaneKey>& lanes() const noexcept { return lanes_; }
  std::uint64_t size() const noexcept { return first_of_lane_.back(); }
  std::uint64_t blocks() const noexcept { return first_block_of_lane_.back(); }
  Block block(std::uint64_t number) const;
  // The combination of an index of this lane. The last axis, the concurrency, varies fastest.
  Place place(std::size_t lane, std::uint64_t index) const;

 private:
  Axes axes_;
  std::vector<LaneKey> lanes_;
  std::vector<std::uint64_t> first_of_lane_, first_block_of_lane_;  // one more than lanes
};

}  // namespace vw

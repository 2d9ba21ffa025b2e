// pack: which servers stand on which of some equal cards.
#pragma once

#include "pack/demand.hpp"

#include <optional>
#include <string>
#include <vector>

namespace vw {

// What a server takes of each of its cards.
struct Box {
  Share share = 0, outside = 0;
  std::size_t cards = 1;
  std::string name;  // of equal boxes the lower name is placed first
};

// What all servers together may take of a card: their shares, and all that they take.
struct Room {
  Share shares = 0, all = 0;
};

// The cards of each box; empty: there is no way. Every way is looked at, emptier cards first, so that an answer is
// never missed and servers stand apart where they can. Throws vw::Error where the ways are too many to be looked at.
using Placement = std::vector<std::vector<std::size_t>>;
std::optional<Placement> place(const std::vector<Box>& boxes, std::size_t cards, const Room& room);

// Positions of the boxes, largest first: the order of placing and of launching.
std::vector<std::size_t> largest_first(const std::vector<Box>& boxes);

}  // namespace vw

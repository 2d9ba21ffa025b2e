#include "watch/history.hpp"

#include <utility>

namespace vw {
namespace {

constexpr std::size_t most_points = 2048;
constexpr std::size_t most_looks = 4096;

// Every second one.
void thin_out(std::vector<Point>& points) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < points.size(); i += 2) points[kept++] = points[i];
  points.resize(kept);
}

}  // namespace

void History::add_memory(const Look& look) {
  for (const CardUse& card : look.cards) {
    if (!card.used_mib) continue;
    auto& points = memory_mib_[card.index];
    if (points.size() >= most_points) thin_out(points);
    points.push_back({look.at_s, *card.used_mib});
  }
}

void History::add(Look look) {
  ++looks_;
  add_memory(look);
  latest_ = std::move(look);
  if (!latest_.has_server()) {
    ++unanswered_;
    return;
  }
  window_.push_back(latest_);
  while (window_.size() > 2 && (window_.front().at_s < latest_.at_s - window_s_ || window_.size() > most_looks))
    window_.erase(window_.begin());
}

}  // namespace vw

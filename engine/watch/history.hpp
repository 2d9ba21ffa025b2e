// watch: what was seen so far: looks of the window, and the memory of the cards since the beginning.
#pragma once

#include "watch/sample.hpp"
#include "watch/trend.hpp"

#include <map>
#include <vector>

namespace vw {

class History {
 public:
  explicit History(double window_s) : window_s_(window_s) {}

  // Looks come in the order of their times.
  void add(Look look);

  const Look& latest() const { return latest_; }
  // Those that saw the server, not older than the window, but at least the last two.
  const std::vector<Look>& window() const noexcept { return window_; }
  std::size_t looks() const noexcept { return looks_; }
  std::size_t unanswered() const noexcept { return unanswered_; }
  // MiB in use by index of the card. Thinned out as it becomes long.
  const std::map<std::int64_t, std::vector<Point>>& memory_mib() const noexcept { return memory_mib_; }

 private:
  void add_memory(const Look& look);

  double window_s_;
  Look latest_;
  std::vector<Look> window_;
  std::size_t looks_ = 0, unanswered_ = 0;
  std::map<std::int64_t, std::vector<Point>> memory_mib_;
};

}  // namespace vw

// search: what a sweep keeps: the best rows, the front, and points for a picture. Its size does not grow with the
// number of candidates.
#pragma once

#include "search/pareto.hpp"
#include "search/scatter.hpp"
#include "search/sweep.hpp"

namespace vw {

struct Wanted {
  Filters filters;
  const SortKey* sort = nullptr;
  std::size_t top = 50;
  const Tradeoff* tradeoff = nullptr;
  bool has_picture = false;
};

class Findings {
 public:
  explicit Findings(const Wanted& wanted);

  void look_at(const JudgedBlock& block);
  void add(Findings&& later);

  std::uint64_t accepted() const noexcept { return accepted_; }
  std::uint64_t accepted_fitting() const noexcept { return accepted_fitting_; }
  const Front& front() const noexcept { return front_; }
  const Points& points() const noexcept { return points_; }
  std::vector<Ranked> best() && { return std::move(best_).sorted(); }

 private:
  const Wanted* wanted_;
  BestRows best_;
  Front front_;
  Points points_;
  std::uint64_t accepted_ = 0, accepted_fitting_ = 0;
};

// A digest that gathers into `findings`.
Digest gather_into(Findings& findings, const Wanted& wanted);

}  // namespace vw

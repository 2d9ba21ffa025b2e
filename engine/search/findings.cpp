#include "search/findings.hpp"

#include <memory>

namespace vw {

Findings::Findings(const Wanted& wanted)
    : wanted_(&wanted), best_(wanted.top), front_(*wanted.tradeoff), points_(*wanted.tradeoff) {}

void Findings::look_at(const JudgedBlock& block) {
  for (std::size_t i = 0; i < block.rows(); ++i) {
    const bool fits = block.fits(i);
    const Figures figures = figures_of(block.view(i));
    if (!wanted_->filters.accept(fits, figures)) continue;
    ++accepted_;
    accepted_fitting_ += fits ? 1 : 0;
    const double key = rank_of(figures, *wanted_->sort);
    const bool is_best = best_.takes(fits, key, block.index(i)), is_front = fits && front_.takes(figures);
    if (fits && wanted_->has_picture) points_.add(figures, block.view(i).lane);
    if (!is_best && !is_front) continue;
    Ranked row{block.row(i), figures, key};
    if (is_front) front_.add(row);
    if (is_best) best_.add(std::move(row));
  }
}

void Findings::add(Findings&& later) {
  accepted_ += later.accepted_;
  accepted_fitting_ += later.accepted_fitting_;
  best_.add(std::move(later.best_));
  front_.add(std::move(later.front_));
  points_.add(std::move(later.points_));
}

Digest gather_into(Findings& findings, const Wanted& wanted) {
  return [&findings, &wanted](const JudgedBlock& block) -> Merge {
    const auto found = std::make_shared<Findings>(wanted);
    found->look_at(block);
    return [&findings, found] { findings.add(std::move(*found)); };
  };
}

}  // namespace vw

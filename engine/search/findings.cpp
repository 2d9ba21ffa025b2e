#include "search/findings.hpp"

#include <memory>

namespace vw {

Findings::Findings(const Wanted& wanted)
    : wanted_(&wanted), best_(wanted.top), front_(*wanted.tradeoff), points_(*wanted.tradeoff) {}

void Findings::look_at(const JudgedBlock& block) {
  for (std::size_t i = 0; i < block.rows(); ++i) {
    if (wanted_->filters.fits && !block.fits(i)) continue;
    Ranked row = rank(block.row(i), *wanted_->sort);
    if (!wanted_->filters.accept(row.row, row.figures)) continue;
    ++accepted_;
    if (row.row.fits) {
      ++accepted_fitting_;
      front_.add(row);
      if (wanted_->has_picture) points_.add(row);
    }
    best_.add(std::move(row));
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

// How far a prediction may be off: independent spreads of the terms, and a calibrated margin by what drives the
// uncertainty. Only for ends of intervals; the best estimate never depends on it.
#pragma once

#include "load.hpp"

#include <initializer_list>
#include <string>

namespace vllm_memory {

struct Uncertainty {
  std::string kv_class;       // unified, amd, state, vision, mixture, several, dense: the hardest that holds
  std::string weights_class;  // plain, declared, assumed
  double kv_margin_bytes = 0, weights_margin = 0, total_spread = 0;  // the last two as shares
};

Uncertainty uncertainty_of(const StageQuestion& question);

// Terms whose errors have nothing to do with each other: their widths add up in squares.
Interval independent_sum(std::initializer_list<Interval> terms);

// What is left of `from` when `taken` is gone, with `margin` on both sides.
Interval left_of(double from, const Interval& taken, double margin);

}  // namespace vllm_memory

// audit: predictions of a start-up as they would be if its source had never been seen. What a memory model says it set
// from logs is set anew from the other sources: the fitted terms, and the calibrated margins of its intervals.
#pragma once

#include "audit/validation.hpp"

namespace vw {

// Terms in GiB of one GPU, and margins: GiB of KV cache by class, percent of the weights by class.
struct Calibration {
  std::map<std::string, double> terms_gib, kv_margins_gib, weights_margins_percent;
};

struct LeftOut {
  std::vector<Score> scores;  // of the rows that `judged` scored, in the same order
  Calibration all;            // from all sources: what the model's tables should hold
};

// `judged`: every scored row with what the model said of it. A model that tells no uncertainty is left as it is.
LeftOut leave_one_out(const std::vector<Judged>& judged);

}  // namespace vw

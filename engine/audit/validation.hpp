// audit: predictions held against what was logged.
#pragma once

#include "audit/observed_row.hpp"
#include "base/files.hpp"
#include "plan/plan.hpp"

#include <functional>

namespace vw {

struct Prediction {
  double best = 0, low = 0, high = 0;  // low <= best <= high
};

struct Score {
  std::string id, source, metric;
  Prediction predicted;
  double observed = 0;

  bool is_inside() const { return predicted.low <= observed && observed <= predicted.high; }
};

struct Skipped {
  std::string id, why;
};

struct Validation {
  std::vector<Score> scores;  // in the order of the rows, then of all_metrics()
  std::vector<Skipped> skipped;
};

// What a memory model says of a start-up.
struct Judgement {
  vw_candidate candidate{};
  vw_memory memory{};
};
using StartupJudge = std::function<Judgement(const ObservedRow& row)>;  // throws vw::Error: the row is skipped

// Judges every row that is to be scored. What the judge throws becomes the reason of a skipped row.
Validation validate(const std::vector<ObservedRow>& rows, const StartupJudge& judge);

// The metrics that a result tells, GiB of one GPU, each with its interval: low = high = best where the model gives
// none. Tokens, concurrency and context scale with the interval of the KV cache.
std::map<std::string, Prediction> predictions_of(const Judgement& judgement);

// What a row is judged with.
struct Bench {
  const Catalog& catalog;
  const Defaults& defaults;
  const Part& memory_model;
  const Files& files;
  std::string models_folder;  // with ORG--NAME/config.json for models that no source knows; may be empty
};

// Exactly what the row asked for, nothing recommended: the release's default where it says nothing. Throws vw::Error
// when facts are missing or the model does not support it.
Judgement judge_startup(const Bench& bench, const ObservedRow& row);

}  // namespace vw

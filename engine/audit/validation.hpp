// audit: predictions held against what was logged.
#pragma once

#include "audit/observed_row.hpp"
#include "base/error.hpp"
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

  // Logs print GiB with two decimals.
  bool is_inside() const {
    const double rounding = metric == metric::weights || metric == metric::kv_available ? 0.005 + 1e-9 : 0;
    return predicted.low - rounding <= observed && observed <= predicted.high + rounding;
  }
};

struct Skipped {
  std::string id, why;
  bool is_unknown_model = false;  // no source knows it
};

// A row that could not be judged, for what its judge threw.
Skipped skipped_for(const std::string& id, const Error& missing);

// How many of them wait for the config of their model.
std::size_t unknown_models(const std::vector<Skipped>& skipped);

// What a memory model tells of its own limits; empty when it tells nothing.
struct Uncertainty {
  std::string kv_class, weights_class;                   // what drives the uncertainty of this start
  double kv_margin_gib = 0, weights_margin_percent = 0;  // calibrated parts of its intervals, on either side
  std::map<std::string, double> fitted_gib;              // terms inside the budget that were set from logs, of one GPU
};

// What a memory model says of a start-up.
struct Judgement {
  vw_candidate candidate{};
  vw_memory memory{};
  Uncertainty uncertainty;
};

struct Judged {
  const ObservedRow* row = nullptr;
  Judgement judgement;
};

struct Validation {
  std::vector<Score> scores;  // in the order of the rows, then of all_metrics()
  std::vector<Skipped> skipped;
  std::vector<Judged> judged;  // the scored rows; they are the caller's
};

using StartupJudge = std::function<Judgement(const ObservedRow& row)>;  // throws vw::Error: the row is skipped

// Judges every row that is to be scored. What the judge throws becomes the reason of a skipped row.
Validation validate(const std::vector<ObservedRow>& rows, const StartupJudge& judge);

// A prediction made anew: KV cache moved, and ends of intervals moved out (or in).
struct Adjustment {
  double kv_gib = 0, kv_half_width_gib = 0, weights_half_width_percent = 0;
};

// The metrics that a result tells, GiB of one GPU, each with its interval: low = high = best where the model gives
// none. Tokens, concurrency and context scale with the interval of the KV cache.
std::map<std::string, Prediction> predictions_of(const Judgement& judgement, const Adjustment& adjustment = {});

// One score for each metric that was logged, in the order of all_metrics().
void add_scores(const ObservedRow& row, const std::map<std::string, Prediction>& predicted, std::vector<Score>& scores);

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

#include "audit/left_out.hpp"

#include "audit/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace vw {
namespace {

constexpr double aimed_share = 0.9;  // of the sources that the intervals are to hold

using Terms = std::map<std::string, double>;

// One row with all that is needed to judge it anew.
struct Case {
  const Judged* judged = nullptr;
  Uncertainty uncertainty;
  std::map<std::string, Prediction> predicted;
  std::optional<double> kv_off_gib;  // logged minus predicted, from bytes or else from tokens
};

std::optional<double> kv_off(const Judged& judged, const std::map<std::string, Prediction>& predicted) {
  const auto& observed = judged.row->observed;
  const double best = predicted.at(metric::kv_available).best;
  if (const auto bytes = observed.find(metric::kv_available); bytes != observed.end()) return bytes->second - best;
  const auto tokens = observed.find(metric::kv_tokens);
  const double predicted_tokens = predicted.at(metric::kv_tokens).best;
  if (tokens == observed.end() || predicted_tokens <= 0 || best <= 0) return std::nullopt;
  return best * (tokens->second / predicted_tokens - 1);
}

double sum(const Terms& terms, const Terms& of) {
  double total = 0;
  for (const auto& [name, unused] : of)
    if (const auto known = terms.find(name); known != terms.end()) total += known->second;
  return total;
}

using Sources = std::set<std::string>;

// Each term is the median of what its rows leave when the others are taken off; a few rounds settle it. A term that no
// row shows is 0: nobody would know of it.
Terms fit(const std::vector<Case>& cases, const Sources& without) {
  Terms terms;
  for (const Case& one : cases)
    for (const auto& [name, gib] : one.uncertainty.fitted_gib) terms[name] = 0;
  constexpr int rounds = 20;
  for (int round = 0; round < rounds; ++round)
    for (auto& [name, value] : terms) {
      std::vector<Weighted> left;
      for (const Case& one : cases) {
        const Terms& used = one.uncertainty.fitted_gib;
        const std::string& source = one.judged->row->source;
        if (!one.kv_off_gib || used.count(name) == 0 || without.count(source) != 0) continue;
        const double seen = sum(used, used) - *one.kv_off_gib;
        left.push_back({seen - (sum(terms, used) - value), source});
      }
      constexpr double middle = 0.5;
      value = std::max(0.0, weighted_quantile(std::move(left), middle).value_or(0));
    }
  return terms;
}

double shift_gib(const Case& one, const Terms& terms) {
  const Terms& used = one.uncertainty.fitted_gib;
  return sum(used, used) - sum(terms, used);
}

// What of a margin's rows count: a source, the class it belongs to, and by how much the log exceeds the spreads.
struct Excess {
  std::string source, group;
  double value = 0;
};

// The smallest margin that holds nine of ten sources, one more counted than there are because the next one is new:
// with less than nine the largest.
double margin_of(const std::vector<Excess>& rows) {
  std::vector<Weighted> values;
  Sources sources;
  for (const Excess& row : rows) {
    values.push_back({row.value, row.source});
    sources.insert(row.source);
  }
  const double count = static_cast<double>(sources.size());
  const double share = std::min(1.0, aimed_share * (count + 1) / std::max(1.0, count));
  return std::max(0.0, weighted_quantile(std::move(values), share).value_or(0));
}

// A group of which less than three sources are known takes the margin of all.
double margin_of_group(const std::vector<Excess>& rows, const std::string& group) {
  constexpr std::size_t enough = 3;
  std::vector<Excess> own;
  Sources sources;
  for (const Excess& row : rows) {
    if (row.group != group) continue;
    own.push_back(row);
    sources.insert(row.source);
  }
  return margin_of(sources.size() >= enough ? own : rows);
}

double beyond(const Prediction& range, double margin, double logged) {
  return std::max(range.low + margin - logged, logged - (range.high - margin));
}

class Calibrator {
 public:
  explicit Calibrator(const std::vector<Case>& cases) : cases_(cases) {}

  // Every row is predicted without its own source, so that the margin holds for one that was never seen.
  std::vector<Excess> kv_excesses(const std::string& without) const {
    std::map<std::string, Terms> fitted;
    std::vector<Excess> rows;
    for (const Case& one : cases_) {
      const std::string& source = one.judged->row->source;
      if (!one.kv_off_gib || source == without) continue;
      if (fitted.count(source) == 0) fitted[source] = fit(cases_, {source, without});
      const Prediction& kv = one.predicted.at(metric::kv_available);
      const double logged = kv.best + *one.kv_off_gib - shift_gib(one, fitted[source]);
      rows.push_back({source, one.uncertainty.kv_class, beyond(kv, one.uncertainty.kv_margin_gib, logged)});
    }
    return rows;
  }

  std::vector<Excess> weights_excesses(const std::string& without) const {
    std::vector<Excess> rows;
    for (const Case& one : cases_) {
      const auto logged = one.judged->row->observed.find(metric::weights);
      const std::string& source = one.judged->row->source;
      if (logged == one.judged->row->observed.end() || source == without) continue;
      const Prediction& weights = one.predicted.at(metric::weights);
      const double margin = one.uncertainty.weights_margin_percent * weights.best / 100;
      rows.push_back({source, one.uncertainty.weights_class,
                      100 * beyond(weights, margin, logged->second) / std::max(weights.best, 1e-9)});
    }
    return rows;
  }

 private:
  const std::vector<Case>& cases_;
};

Calibration calibrate(const std::vector<Case>& cases) {
  const Calibrator calibrator(cases);
  const auto kv = calibrator.kv_excesses(""), weights = calibrator.weights_excesses("");
  Calibration all;
  all.terms_gib = fit(cases, {});
  for (const Case& one : cases) {
    all.kv_margins_gib[one.uncertainty.kv_class] = margin_of_group(kv, one.uncertainty.kv_class);
    all.weights_margins_percent[one.uncertainty.weights_class] =
        margin_of_group(weights, one.uncertainty.weights_class);
  }
  return all;
}

// The rows of one source as they would be predicted if it had never been seen.
void predict_source(const std::vector<Case>& cases, const std::string& source,
                    std::map<std::string, std::map<std::string, Prediction>>& predicted) {
  const Terms terms = fit(cases, {source});
  const Calibrator calibrator(cases);
  const auto kv = calibrator.kv_excesses(source), weights = calibrator.weights_excesses(source);
  for (const Case& one : cases) {
    if (one.judged->row->source != source) continue;
    const Uncertainty& told = one.uncertainty;
    Adjustment adjustment;
    adjustment.kv_gib = shift_gib(one, terms);
    adjustment.kv_half_width_gib = margin_of_group(kv, told.kv_class) - told.kv_margin_gib;
    adjustment.weights_half_width_percent = margin_of_group(weights, told.weights_class) - told.weights_margin_percent;
    predicted[one.judged->row->id] = predictions_of(one.judged->judgement, adjustment);
  }
}

}  // namespace

LeftOut leave_one_out(const std::vector<Judged>& judged) {
  std::vector<Case> cases;
  Sources sources;
  for (const Judged& one : judged) {
    sources.insert(one.row->source);
    Case made{&one, one.judgement.uncertainty, predictions_of(one.judgement), {}};
    made.kv_off_gib = kv_off(one, made.predicted);
    cases.push_back(std::move(made));
  }
  std::map<std::string, std::map<std::string, Prediction>> predicted;
  for (const std::string& source : sources) predict_source(cases, source, predicted);
  LeftOut left_out;
  left_out.all = calibrate(cases);
  for (const Judged& one : judged) add_scores(*one.row, predicted.at(one.row->id), left_out.scores);
  return left_out;
}

}  // namespace vw

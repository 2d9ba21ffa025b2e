#include "audit/statistics.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>

namespace vw {
namespace {

std::map<std::string, double> weights_of(const std::vector<Weighted>& values) {
  std::map<std::string, double> rows;
  for (const Weighted& value : values) ++rows[value.source];
  for (auto& [source, count] : rows) count = 1 / count;
  return rows;
}

using Measure = std::function<double(const Score&)>;

double error_percent(const Score& score) {
  const double off = std::abs(score.predicted.best - score.observed);
  return score.observed != 0 ? 100 * off / std::abs(score.observed) : off == 0 ? 0 : 100;
}
double error(const Score& score) { return std::abs(score.predicted.best - score.observed); }
double width(const Score& score) { return score.predicted.high - score.predicted.low; }
double is_inside(const Score& score) { return score.is_inside() ? 1 : 0; }
double is_right(const Score& score) { return score.predicted.best == score.observed ? 1 : 0; }

class Summary {
 public:
  explicit Summary(std::span<const Score> scores) : scores_(scores) {}

  void add_quantile(const char* metric, const std::string& id, const std::string& label, const char* unit, double share,
                    const Measure& measure) {
    const auto values = measured(metric, measure);
    add(id, label, unit, values, weighted_quantile(values, share), false);
  }
  void add_share(const char* metric, const std::string& id, const std::string& label, const Measure& measure) {
    const auto values = measured(metric, measure);
    const auto share = weighted_share(values);
    add(id, label, "%", values, share ? std::optional(*share * 100) : std::nullopt, true);
  }
  std::vector<Statistic> take() { return std::move(statistics_); }

 private:
  std::vector<Weighted> measured(const char* metric, const Measure& measure) const {
    std::vector<Weighted> values;
    for (const Score& score : scores_)
      if (score.metric == metric) values.push_back({measure(score), score.source});
    return values;
  }
  void add(const std::string& id, const std::string& label, const char* unit, const std::vector<Weighted>& values,
           std::optional<double> value, bool more_is_better) {
    statistics_.push_back({id, label, unit, value, values.size(), weights_of(values).size(), more_is_better});
  }

  std::span<const Score> scores_;
  std::vector<Statistic> statistics_;
};

}  // namespace

std::optional<double> weighted_quantile(std::vector<Weighted> values, double share) {
  if (values.empty()) return std::nullopt;
  const auto weights = weights_of(values);
  std::stable_sort(values.begin(), values.end(), [](const auto& a, const auto& b) { return a.value < b.value; });
  constexpr double rounding = 1e-9;
  const double wanted = share * static_cast<double>(weights.size()) - rounding;
  double sum = 0;
  for (const Weighted& value : values) {
    sum += weights.at(value.source);
    if (sum >= wanted) return value.value;
  }
  return values.back().value;
}

std::optional<double> weighted_share(const std::vector<Weighted>& values) {
  if (values.empty()) return std::nullopt;
  const auto weights = weights_of(values);
  double sum = 0;
  for (const Weighted& value : values)
    if (value.value != 0) sum += weights.at(value.source);
  return sum / static_cast<double>(weights.size());
}

std::vector<Statistic> statistics_of(std::span<const Score> scores) {
  constexpr double median = 0.5, most = 0.9;
  Summary summary(scores);
  const auto errors = [&](const char* metric, const std::string& id, const std::string& label, const char* unit,
                          const std::string& unit_id, const Measure& measure) {
    summary.add_quantile(metric, id + "_error_median_" + unit_id, label + ", median error", unit, median, measure);
    summary.add_quantile(metric, id + "_error_p90_" + unit_id, label + ", 90th percentile", unit, most, measure);
  };
  errors(metric::weights, "weights", "model weights", "%", "percent", error_percent);
  errors(metric::kv_available, "kv_cache", "KV cache", "GiB", "gib", error);
  errors(metric::kv_tokens, "kv_tokens", "KV cache tokens", "%", "percent", error_percent);
  errors(metric::concurrency, "concurrency", "max concurrency", "%", "percent", error_percent);
  errors(metric::context, "context", "largest context", "%", "percent", error_percent);
  summary.add_share(metric::weights, "weights_inside_percent", "weights inside the interval", is_inside);
  summary.add_share(metric::kv_available, "kv_cache_inside_percent", "KV cache inside the interval", is_inside);
  summary.add_share(metric::kv_tokens, "kv_tokens_inside_percent", "tokens inside the interval", is_inside);
  summary.add_share(metric::concurrency, "concurrency_inside_percent", "concurrency inside the interval", is_inside);
  summary.add_quantile(metric::kv_available, "kv_cache_width_median_gib", "width of the KV interval, median", "GiB",
                       median, width);
  summary.add_share(metric::starts, "verdicts_right_percent", "verdicts right", is_right);
  summary.add_share(metric::starts, "verdicts_inside_percent", "verdicts right or within the interval", is_inside);
  return summary.take();
}

std::vector<Worse> worse_than(const JsonReader& baseline, const std::vector<Statistic>& statistics, const char* part) {
  baseline.expect_only({"tolerance_ratio", "statistics", "left_out", "memory_model", "note"});
  if (!baseline.has(part)) return {};
  const double tolerance = baseline.at("tolerance_ratio").number(0, 1);
  constexpr double rounding = 0.005;
  const JsonReader values = baseline.at(part);
  std::vector<std::string> ids;
  for (const Statistic& statistic : statistics) ids.push_back(statistic.id);
  values.expect_only(ids);
  std::vector<Worse> worse;
  for (const Statistic& statistic : statistics) {
    if (!values.has(statistic.id)) continue;
    const double value = values.at(statistic.id).number(0, 1e12);
    const double slack = std::abs(value) * tolerance + rounding;
    const double allowed = statistic.more_is_better ? value - slack : value + slack;
    const bool holds =
        statistic.value && (statistic.more_is_better ? *statistic.value >= allowed : *statistic.value <= allowed);
    if (!holds) worse.push_back({statistic, allowed});
  }
  return worse;
}

}  // namespace vw

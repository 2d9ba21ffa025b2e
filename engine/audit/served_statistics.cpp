#include "audit/served_statistics.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace vw {
namespace {

double quantile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const double at = share * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, values.size() - 1);
  return values[below] + (at - static_cast<double>(below)) * (values[above] - values[below]);
}

ServedErrors errors_of(const std::vector<const Score*>& scores) {
  ServedErrors errors;
  std::vector<double> off, ratios;
  for (const Score* score : scores) {
    ratios.push_back(score->predicted.best / score->observed);
    off.push_back(100 * std::abs(ratios.back() - 1));
  }
  errors.rows = scores.size();
  errors.median_percent = quantile(off, 0.5);
  errors.p90_percent = quantile(off, 0.9);
  errors.bias = quantile(ratios, 0.5);
  return errors;
}

std::vector<double> ranks_of(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> ranks(values.size());
  for (std::size_t first = 0; first < order.size();) {
    std::size_t last = first;
    while (last + 1 < order.size() && values[order[last + 1]] == values[order[first]]) ++last;
    for (std::size_t at = first; at <= last; ++at) ranks[order[at]] = static_cast<double>(first + last) / 2;
    first = last + 1;
  }
  return ranks;
}

// Spearman's, as the correlation of ranks.
double rank_correlation(const std::vector<double>& predicted, const std::vector<double>& observed) {
  const std::vector<double> a = ranks_of(predicted), b = ranks_of(observed);
  const double mean = static_cast<double>(a.size() - 1) / 2;
  double together = 0, of_a = 0, of_b = 0;
  for (std::size_t at = 0; at < a.size(); ++at) {
    together += (a[at] - mean) * (b[at] - mean);
    of_a += (a[at] - mean) * (a[at] - mean);
    of_b += (b[at] - mean) * (b[at] - mean);
  }
  return of_a > 0 && of_b > 0 ? together / std::sqrt(of_a * of_b) : 1;
}

std::vector<double> correlations(const ServedValidation& validation) {
  constexpr std::size_t least_points = 4;
  std::map<std::string, std::pair<std::vector<double>, std::vector<double>>> workloads;
  for (const Score& score : validation.scores) {
    if (score.metric != metric::tpot) continue;
    auto& [predicted, observed] = workloads[validation.rows.at(score.id)->workload_key()];
    predicted.push_back(score.predicted.best);
    observed.push_back(score.observed);
  }
  std::vector<double> found;
  for (const auto& [key, points] : workloads)
    if (points.first.size() >= least_points) found.push_back(rank_correlation(points.first, points.second));
  return found;
}

std::vector<const Score*> of_metric(const ServedValidation& validation, const std::string& metric) {
  std::vector<const Score*> scores;
  for (const Score& score : validation.scores)
    if (score.metric == metric) scores.push_back(&score);
  return scores;
}

double inside_percent(const std::vector<const Score*>& scores) {
  const auto inside =
      std::count_if(scores.begin(), scores.end(), [](const Score* score) { return score->is_inside(); });
  return scores.empty() ? 0 : 100.0 * static_cast<double>(inside) / static_cast<double>(scores.size());
}

void add_metric(const ServedValidation& validation, const char* metric, const char* name,
                std::vector<Statistic>& statistics) {
  const auto scores = of_metric(validation, metric);
  const ServedErrors errors = errors_of(scores);
  const std::string id = std::string(metric).substr(0, 4), label = name;
  const auto value = [&](double number) { return scores.empty() ? std::nullopt : std::optional(number); };
  statistics.push_back({id + "_error_median_percent", label + ", median error", "%", value(errors.median_percent),
                        errors.rows, 0, false});
  statistics.push_back(
      {id + "_error_p90_percent", label + ", 90th percentile", "%", value(errors.p90_percent), errors.rows, 0, false});
  statistics.push_back({id + "_inside_percent", label + ", inside the interval", "%", value(inside_percent(scores)),
                        errors.rows, 0, true});
}

}  // namespace

std::vector<ServedGroup> served_groups(const ServedValidation& validation) {
  std::vector<std::string> names;
  std::map<std::string, std::map<std::string, std::vector<const Score*>>> found;
  for (const Score& score : validation.scores) {
    const ServedRow& row = *validation.rows.at(score.id);
    const std::string formats =
        row.experts.empty() || row.experts == row.linears ? row.linears : row.linears + " + " + row.experts;
    const std::string name = row.request.model + ", " + row.request.gpu + ", " + formats;
    if (found.count(name) == 0) names.push_back(name);
    found[name][score.metric].push_back(&score);
  }
  std::vector<ServedGroup> groups;
  for (const std::string& name : names) {
    ServedGroup group{name, {}};
    for (const auto& [metric, scores] : found[name]) group.by_metric[metric] = errors_of(scores);
    groups.push_back(std::move(group));
  }
  return groups;
}

std::vector<Statistic> served_statistics(const ServedValidation& validation) {
  std::vector<Statistic> statistics;
  add_metric(validation, metric::tpot, "time per output token", statistics);
  add_metric(validation, metric::ttft, "time to first token", statistics);
  const std::vector<double> ranked = correlations(validation);
  const auto value = [&](double number) { return ranked.empty() ? std::nullopt : std::optional(number); };
  statistics.push_back({"rank_correlation_median", "rank correlation, median", "", value(quantile(ranked, 0.5)),
                        ranked.size(), 0, true});
  statistics.push_back(
      {"rank_correlation_worst", "rank correlation, worst", "", value(quantile(ranked, 0)), ranked.size(), 0, true});
  return statistics;
}

}  // namespace vw

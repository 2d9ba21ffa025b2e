#include "cli/served_report.hpp"

#include "base/text.hpp"
#include "cli/validation_report.hpp"

#include <fmt/format.h>

namespace vw::cli {
namespace {

std::string errors_text(const ServedGroup& group, const char* metric) {
  const auto found = group.by_metric.find(metric);
  if (found == group.by_metric.end()) return fmt::format("{:>21}", "-");
  const ServedErrors& errors = found->second;
  return fmt::format("{:>7.1f}{:>7.1f}{:>7.2f}", errors.median_percent, errors.p90_percent, errors.bias);
}

std::size_t rows_of(const ServedGroup& group) {
  std::size_t rows = 0;
  for (const auto& [metric, errors] : group.by_metric) rows = std::max(rows, errors.rows);
  return rows;
}

std::string groups_text(const std::vector<ServedGroup>& groups) {
  std::string text = "absolute error in %, median and 90th percentile; bias: predicted / measured\n\n";
  text += fmt::format("{:<30}{:>6}{:>21}{:>21}\n", "", "rows", "per output token", "first token");
  text += fmt::format("{:<36}{:>7}{:>7}{:>7}{:>7}{:>7}{:>7}\n", "", "median", "p90", "bias", "median", "p90", "bias");
  for (const ServedGroup& group : groups)
    text += fmt::format("{}\n{:<30}{:>6}{}{}\n", group.name, "", rows_of(group), errors_text(group, metric::tpot),
                        errors_text(group, metric::ttft));
  return text;
}

// Reasons repeat: each once, with its number of rows.
std::string skipped_text(const std::vector<Skipped>& skipped) {
  std::map<std::string, std::size_t> reasons;
  for (const Skipped& one : skipped) ++reasons[one.why.substr(0, one.why.find('\n'))];
  std::string text = reasons.empty() ? "" : fmt::format("\nskipped, not counted: {}\n", skipped.size());
  for (const auto& [why, rows] : reasons) text += fmt::format("  {:>4}  {}\n", rows, why.substr(0, 72));
  return text;
}

std::string statistics_text(const ServedValidated& validated) {
  std::string text = fmt::format("\n{:<40}{:>12}{:>8}\n", "every row weighs the same", validated.heuristic, "rows");
  for (const Statistic& statistic : validated.statistics)
    text += fmt::format("{:<40}{:>12}{:>8}\n", statistic.label,
                        statistic.value ? trimmed(fmt::format("{:.2f} {}", *statistic.value, statistic.unit)) : "-",
                        statistic.rows);
  return text;
}

Json errors_json(const ServedErrors& errors) {
  return {{"rows", errors.rows},
          {"error_median_percent", errors.median_percent},
          {"error_p90_percent", errors.p90_percent},
          {"bias", errors.bias}};
}

}  // namespace

std::string served_report(const ServedValidated& validated) {
  return groups_text(served_groups(validated.validation)) + skipped_text(validated.validation.skipped) +
         unknown_models_text(validated.validation.skipped) + statistics_text(validated);
}

Json served_json(const ServedValidated& validated) {
  Json groups = Json::object();
  for (const ServedGroup& group : served_groups(validated.validation))
    for (const auto& [metric, errors] : group.by_metric) groups[group.name][metric] = errors_json(errors);
  return {{"rows", scores_json(validated.validation.scores)},
          {"skipped", skipped_json(validated.validation.skipped)},
          {"summary",
           {{"perf_model", validated.heuristic},
            {"memory_model", validated.memory_model},
            {"servers", validated.validation.rows.size()},
            {"groups", groups},
            {"statistics", statistics_json(validated.statistics)}}}};
}

}  // namespace vw::cli

#include "cli/validation_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace vw::cli {
namespace {

constexpr std::size_t width = 80;
constexpr std::size_t id_width = 26;

// "868080" -> "868.1k", so that two of them fit beside each other.
std::string short_count(double count) {
  if (count >= 1e6) return fmt::format("{:.3f}M", count / 1e6);
  if (count >= 1e4) return fmt::format("{:.1f}k", count / 1e3);
  return fmt::format("{:.0f}", count);
}

std::string number(const std::string& metric, double value) {
  if (metric == metric::starts) return value != 0 ? "yes" : "no";
  if (metric == metric::kv_tokens || metric == metric::context) return short_count(value);
  return fmt::format("{:.2f}", value);
}

// "5.79/5.80", with a star where the log lies outside of the interval; "-" where nothing was logged.
std::string pair_of(const Score* score) {
  if (score == nullptr) return "-";
  if (score->metric == metric::starts && score->predicted.best == score->observed)
    return number(score->metric, score->observed);
  return number(score->metric, score->predicted.best) + "/" + number(score->metric, score->observed) +
         (score->is_inside() ? "" : "*");
}

// Cells never touch: one that is too long pushes the next ones on.
std::string row_of(const std::vector<std::string>& cells) {
  static const std::size_t starts_at[] = {0, id_width, 39, 53, 69, 76};
  std::string line;
  for (std::size_t at = 0; at < cells.size(); ++at) {
    if (at > 0) line.resize(std::max(line.size() + 1, starts_at[at]), ' ');
    line += cells[at];
  }
  return line + "\n";
}

std::string cut(const std::string& text, std::size_t most) {
  return text.size() <= most ? text : text.substr(0, most - 2) + "..";
}

// The scores of one start-up by metric.
using Found = std::map<std::string, const Score*>;

const Score* find(const Found& found, const char* metric) {
  const auto score = found.find(metric);
  return score == found.end() ? nullptr : score->second;
}

// How far concurrency is off; its numbers follow from those beside it.
std::string deviation(const Score* score) {
  if (score == nullptr || score->observed == 0) return "";
  constexpr double most = 999;
  const double percent = 100 * (score->predicted.best / score->observed - 1);
  return percent > most ? fmt::format(">{:.0f}%", most) : fmt::format("{:+.1f}%", percent);
}

std::string line_of(const std::string& id, const Found& found) {
  std::string text = row_of({cut(id, id_width - 1), pair_of(find(found, metric::weights)),
                             pair_of(find(found, metric::kv_available)), pair_of(find(found, metric::kv_tokens)),
                             deviation(find(found, metric::concurrency)), pair_of(find(found, metric::starts))});
  if (const Score* context = find(found, metric::context); context != nullptr)
    text += "  largest context " + pair_of(context) + "\n";
  return text;
}

std::string rows_text(const std::vector<Score>& scores) {
  std::string text = "predicted/logged of one GPU; * the log lies outside of the interval\n\n";
  text += row_of({"start-up", "weights GiB", "KV cache GiB", "KV tokens", "conc.", "up"});
  for (std::size_t at = 0; at < scores.size();) {
    Found found;
    const std::string& id = scores[at].id;
    for (; at < scores.size() && scores[at].id == id; ++at) found[scores[at].metric] = &scores[at];
    text += line_of(id, found);
  }
  return text;
}

std::string skipped_text(const std::vector<Skipped>& skipped) {
  if (skipped.empty()) return "";
  std::string text = fmt::format("\nskipped, not counted: {}\n", skipped.size());
  for (const Skipped& one : skipped)
    text += fmt::format("  {:<{}} {}\n", cut(one.id, id_width), id_width, cut(one.why, width - id_width - 3));
  return text;
}

std::string value_text(const Statistic& statistic) {
  if (!statistic.value) return "-";
  return fmt::format("{:.{}f} {}", *statistic.value, std::abs(*statistic.value) < 10 ? 2 : 1, statistic.unit);
}

// Rows and sources go when there is no room for them.
std::string statistics_text(const Validated& validated, const Beside& beside) {
  std::vector<const Validated*> columns = {&validated};
  for (const Validated* one : {beside.left_out, beside.compared})
    if (one != nullptr) columns.push_back(one);
  constexpr std::size_t most_columns = 2;
  const bool has_counts = columns.size() <= most_columns;
  std::string text = fmt::format("\n{:<40}", "every source weighs the same");
  for (const Validated* one : columns) text += fmt::format("{:>13}", cut(one->memory_model, 12));
  text += has_counts ? fmt::format("{:>6}{:>6}\n", "rows", "src") : "\n";
  for (std::size_t at = 0; at < validated.statistics.size(); ++at) {
    const Statistic& statistic = validated.statistics[at];
    text += fmt::format("{:<40}", statistic.label);
    for (const Validated* one : columns) text += fmt::format("{:>13}", value_text(one->statistics[at]));
    text += has_counts ? fmt::format("{:>6}{:>6}\n", statistic.rows, statistic.sources) : "\n";
  }
  return text;
}

std::string values_text(const std::map<std::string, double>& values, const char* unit) {
  std::string text;
  for (const auto& [name, value] : values) text += fmt::format("  {:<46}{:>8.3f} {}\n", name, value, unit);
  return text;
}

std::string calibration_text(const Calibration* calibration) {
  if (calibration == nullptr) return "";
  return "\nset from these start-ups: fitted terms, median\n" + values_text(calibration->terms_gib, "GiB") +
         "margins of the KV cache\n" + values_text(calibration->kv_margins_gib, "GiB") + "margins of the weights\n" +
         values_text(calibration->weights_margins_percent, "%");
}

// Lines end without blanks, wherever a cell was empty.
std::string without_trailing_blanks(const std::string& text) {
  std::string kept;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::size_t last = text.find_last_not_of(' ', end - (end > begin ? 1 : 0));
    if (last != std::string::npos && last >= begin && end > begin) kept += text.substr(begin, last + 1 - begin);
    kept += '\n';
    begin = end + 1;
  }
  return kept;
}

}  // namespace

Json scores_json(const std::vector<Score>& scores) {
  Json rows = Json::array();
  for (const Score& score : scores)
    rows.push_back({{"id", score.id},
                    {"source", score.source},
                    {"metric", score.metric},
                    {"predicted", score.predicted.best},
                    {"low", score.predicted.low},
                    {"high", score.predicted.high},
                    {"observed", score.observed}});
  return rows;
}

Json statistics_json(const std::vector<Statistic>& statistics) {
  Json json = Json::object();
  for (const Statistic& statistic : statistics)
    json[statistic.id] = statistic.value ? Json(*statistic.value) : Json(nullptr);
  return json;
}

Json skipped_json(const std::vector<Skipped>& skipped) {
  Json rows = Json::array();
  for (const Skipped& one : skipped) rows.push_back({{"id", one.id}, {"why", one.why}});
  return rows;
}

std::string unknown_models_text(const std::vector<Skipped>& skipped) {
  const std::size_t rows = unknown_models(skipped);
  if (rows == 0) return "";
  return fmt::format("\n{} not judged because {} unknown;\n--models DIR gives the config.json of each\n",
                     rows == 1 ? "1 row" : fmt::format("{} rows", rows),
                     rows == 1 ? "its model is" : "their models are");
}

std::string validation_report(const Validated& validated, const Beside& beside) {
  return without_trailing_blanks(rows_text(validated.validation.scores) + skipped_text(validated.validation.skipped) +
                                 unknown_models_text(validated.validation.skipped) +
                                 statistics_text(validated, beside) + calibration_text(beside.calibration));
}

Json validation_json(const Validated& validated, const Beside& beside) {
  std::set<std::string> ids, sources;
  for (const Score& score : validated.validation.scores) {
    ids.insert(score.id);
    sources.insert(score.source);
  }
  Json summary = {{"memory_model", validated.memory_model},
                  {"startups", ids.size()},
                  {"sources", sources.size()},
                  {"statistics", statistics_json(validated.statistics)}};
  if (beside.left_out != nullptr)
    summary["left_out"] = {{"statistics", statistics_json(beside.left_out->statistics)},
                           {"fitted_terms_gib", beside.calibration->terms_gib},
                           {"kv_cache_margins_gib", beside.calibration->kv_margins_gib},
                           {"weights_margins_percent", beside.calibration->weights_margins_percent},
                           {"rows", scores_json(beside.left_out->validation.scores)}};
  if (beside.compared != nullptr)
    summary["compared"] = {{"memory_model", beside.compared->memory_model},
                           {"statistics", statistics_json(beside.compared->statistics)}};
  return {{"rows", scores_json(validated.validation.scores)},
          {"skipped", skipped_json(validated.validation.skipped)},
          {"summary", summary}};
}

}  // namespace vw::cli

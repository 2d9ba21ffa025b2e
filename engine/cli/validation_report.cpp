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

std::string statistics_text(const Validated& validated, const Validated* compared) {
  std::string text = fmt::format("\n{:<40}{:>14}", "every source weighs the same", cut(validated.memory_model, 13));
  text += compared == nullptr ? "" : fmt::format("{:>14}", cut(compared->memory_model, 13));
  text += fmt::format("{:>6}{:>6}\n", "rows", "src");
  for (std::size_t at = 0; at < validated.statistics.size(); ++at) {
    const Statistic& statistic = validated.statistics[at];
    text += fmt::format("{:<40}{:>14}", statistic.label, value_text(statistic));
    if (compared != nullptr) text += fmt::format("{:>14}", value_text(compared->statistics[at]));
    text += fmt::format("{:>6}{:>6}\n", statistic.rows, statistic.sources);
  }
  return text;
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

Json statistics_json(const std::vector<Statistic>& statistics) {
  Json json = Json::object();
  for (const Statistic& statistic : statistics)
    json[statistic.id] = statistic.value ? Json(*statistic.value) : Json(nullptr);
  return json;
}

}  // namespace

std::string validation_report(const Validated& validated, const Validated* compared) {
  return without_trailing_blanks(rows_text(validated.validation.scores) + skipped_text(validated.validation.skipped) +
                                 statistics_text(validated, compared));
}

Json validation_json(const Validated& validated, const Validated* compared) {
  Json rows = Json::array(), skipped = Json::array();
  std::set<std::string> ids, sources;
  for (const Score& score : validated.validation.scores) {
    ids.insert(score.id);
    sources.insert(score.source);
    rows.push_back({{"id", score.id},
                    {"source", score.source},
                    {"metric", score.metric},
                    {"predicted", score.predicted.best},
                    {"low", score.predicted.low},
                    {"high", score.predicted.high},
                    {"observed", score.observed}});
  }
  for (const Skipped& one : validated.validation.skipped) skipped.push_back({{"id", one.id}, {"why", one.why}});
  Json summary = {{"memory_model", validated.memory_model},
                  {"startups", ids.size()},
                  {"sources", sources.size()},
                  {"statistics", statistics_json(validated.statistics)}};
  if (compared != nullptr)
    summary["compared"] = {{"memory_model", compared->memory_model},
                           {"statistics", statistics_json(compared->statistics)}};
  return {{"rows", rows}, {"skipped", skipped}, {"summary", summary}};
}

}  // namespace vw::cli

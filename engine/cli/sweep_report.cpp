#include "cli/sweep_report.hpp"

#include "base/text.hpp"
#include "base/units.hpp"
#include "cli/terminal.hpp"
#include "search/columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace vw::cli {
namespace {

// Reasons say more in brackets, which JSON and CSV keep.
std::string first_words(const std::string& text) { return text.substr(0, text.find(" (")); }

std::string shown(const Json& value, int decimals) {
  if (value.is_null()) return "-";
  if (value.is_string()) return first_words(value.get<std::string>());
  if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
  if (value.is_number_float()) return fmt::format("{:.{}f}", value.get<double>(), decimals);
  return show_count(value.get<std::int64_t>());
}

std::string count(std::uint64_t number) { return show_count(static_cast<std::int64_t>(number)); }

// What is the same in all rows is said once, above them.
struct Shared {
  std::vector<const Column*> varying;
  std::vector<std::string> same;
};

bool is_worth_saying(const std::string& value) { return value != "-" && value != "no"; }

Shared split_columns(const std::vector<Ranked>& rows) {
  static const std::set<std::string> always = {"gpu", "gpus", "tensor_parallel_size"};
  Shared shared;
  for (const Column& column : columns()) {
    if (*column.heading == 0) continue;
    std::set<std::string> values;
    for (const Ranked& row : rows) values.insert(shown(column.value(row), column.decimals));
    const bool is_empty = values.size() == 1 && !is_worth_saying(*values.begin());
    if (values.size() > 1 || always.contains(column.name) || (!column.is_setting && !is_empty))
      shared.varying.push_back(&column);
    else if (!is_empty)
      shared.same.push_back(fmt::format("{} {}", column.heading, *values.begin()));
  }
  return shared;
}

// Lines of at most 80 columns.
std::string wrapped(const std::vector<std::string>& pieces) {
  constexpr std::size_t widest = 78;
  std::string text, line = "for all:";
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const std::string piece = " " + pieces[i] + (i + 1 < pieces.size() ? "," : "");
    if (line.size() + piece.size() > widest) {
      text += line + "\n";
      line = " ";
    }
    line += piece;
  }
  return text + line + "\n";
}

std::string summary(const Swept& swept) {
  const Progressed& counts = swept.counts;
  std::string text =
      fmt::format("{}: {} of {} candidates fit", swept.model, count(counts.fitting), count(counts.candidates));
  if (swept.accepted_fitting != counts.fitting) text += fmt::format(", {} as asked for", count(swept.accepted_fitting));
  text += "\n";
  if (counts.left_out > 0)
    text += fmt::format("{} left out: requests longer than their context\n", count(counts.left_out));
  return text;
}

std::string table_of(const Swept& swept, const std::vector<const Column*>& varying) {
  std::vector<std::vector<std::string>> cells(1, {" "});
  for (const Column* column : varying) cells.front().emplace_back(column->heading);
  for (const Ranked& row : swept.best) {
    cells.push_back({swept.is_on_front(row) ? "*" : " "});
    for (const Column* column : varying) cells.back().push_back(shown(column->value(row), column->decimals));
  }
  return table(cells);
}

std::string footer(const Swept& swept) {
  const auto marked = static_cast<std::size_t>(
      std::count_if(swept.best.begin(), swept.best.end(), [&](const Ranked& row) { return swept.is_on_front(row); }));
  if (swept.front.empty()) return "";
  const Tradeoff& tradeoff = *swept.wanted.tradeoff;
  return fmt::format("* no candidate is better in both {} and {} ({} of {} such rows are above)\n", tradeoff.x_title,
                     tradeoff.y_title, marked, swept.front.size());
}

}  // namespace

bool Swept::is_on_front(const Ranked& row) const {
  return std::any_of(front.begin(), front.end(),
                     [&](const Ranked& member) { return member.row.index == row.row.index; });
}

std::string sweep_table(const Swept& swept) {
  std::string text = summary(swept);
  if (swept.best.empty()) return text + "nothing is left by the filters\n";
  const Shared shared = split_columns(swept.best);
  if (!shared.same.empty()) text += wrapped(shared.same);
  const bool says_it = std::isfinite(swept.best.front().key);  // rows that do not say it come last
  text += says_it ? fmt::format("\nthe best {} by {}\n", swept.best.size(), swept.wanted.sort->title)
                  : fmt::format("\n{} in the order of the axes: none says {}\n", swept.best.size(),
                                swept.wanted.sort->title);
  return text + table_of(swept, shared.varying) + footer(swept);
}

Json sweep_row_json(const Swept& swept, const Ranked& row) {
  Json json = to_json(row);
  json["pareto"] = swept.is_on_front(row);
  return json;
}

Json sweep_json(const Swept& swept) {
  Json rows = Json::array(), front = Json::array();
  for (const Ranked& row : swept.best) rows.push_back(sweep_row_json(swept, row));
  for (const Ranked& row : swept.front) front.push_back(sweep_row_json(swept, row));
  return {{"schema", "vllm-wizard/sweep/1"},
          {"model", swept.model},
          {"candidates", swept.counts.candidates},
          {"left_out", swept.counts.left_out},
          {"fitting", swept.counts.fitting},
          {"accepted", swept.accepted},
          {"sort", swept.wanted.sort->name},
          {"pareto", {{"id", swept.wanted.tradeoff->name}, {"rows", std::move(front)}}},
          {"rows", std::move(rows)}};
}

std::string sweep_csv(const Swept& swept) {
  std::string text = csv_header() + ",pareto\n";
  for (const Ranked& row : swept.best) text += csv_row(row) + (swept.is_on_front(row) ? ",true\n" : ",false\n");
  return text;
}

}  // namespace vw::cli

#include "base/error.hpp"
#include "base/files.hpp"
#include "cli/commands.hpp"
#include "cli/served_report.hpp"
#include "cli/terminal.hpp"
#include "cli/validation_report.hpp"
#include "cli/workspace.hpp"

#include <fmt/format.h>

#include <optional>

namespace vw::cli {
namespace {

// Both models are held against the same rows; what only one of them supports counts for that one.
Validated validate_with(const Workspace& workspace, const Arguments& arguments, const std::string& memory_model,
                        const std::vector<ObservedRow>& rows) {
  const auto part = workspace.catalog().part(VW_KIND_MEMORY_MODEL, memory_model);
  const Bench bench{workspace.catalog(), workspace.defaults(), *part, workspace.files(), arguments.text("models")};
  Validated validated{
      memory_model, validate(rows, [&](const ObservedRow& row) { return judge_startup(bench, row); }), {}};
  validated.statistics = statistics_of(validated.validation.scores);
  return validated;
}

std::string read_text(const Workspace& workspace, const Arguments& arguments) {
  const std::string path = arguments.positional(0);
  if (path.empty())
    throw Error("validate", "a file is missing, expected start-ups that were logged, or servers that were measured",
                "vllm-wizard validate tests/validation/startups.json");
  if (const std::string models = arguments.text("models"); !models.empty() && !workspace.files().is_folder(models))
    throw Error("--models", "there is no folder '" + models + "', expected one with ORG--NAME/config.json");
  return read_file(workspace.files(), path, path);
}

// Where the models of the rows are looked for.
template <class Row>
std::vector<Row> with_sources(std::vector<Row> rows, const Arguments& arguments) {
  for (Row& row : rows) {
    row.request.source = arguments.text("source");
    row.request.family = arguments.text("family");
    row.request.offline = arguments.has("offline");
  }
  return rows;
}

std::optional<Json> read_baseline(const Workspace& workspace, const Arguments& arguments) {
  const std::string path = arguments.text("baseline");
  if (path.empty()) return std::nullopt;
  return parse_json(read_file(workspace.files(), path, "--baseline"), path);
}

// What is worse than the baseline allows, told on standard error.
bool is_held(const JsonReader& baseline, const std::vector<Statistic>& statistics, const char* part) {
  const auto worse = worse_than(baseline, statistics, part);
  for (const Worse& one : worse)
    fmt::print(
        stderr, "vllm-wizard: {}{} is {}, the baseline allows {:.3f} {}\n", one.statistic.id,
        part == std::string("left_out") ? ", left out," : "",
        one.statistic.value ? fmt::format("{:.3f} {}", *one.statistic.value, one.statistic.unit) : "not measured",
        one.allowed, one.statistic.unit);
  return worse.empty();
}

// Every source predicted with what the others fit.
struct Anew {
  Calibration calibration;
  Validated validated;
};

Anew predict_anew(const Validated& validated) {
  LeftOut left_out = leave_one_out(validated.validation.judged);
  const auto statistics = statistics_of(left_out.scores);
  return {std::move(left_out.all), {"left out", {std::move(left_out.scores), {}, {}}, statistics}};
}

// The default only as long as it knows how a benchmark runs.
constexpr const char* serving_heuristic = "roofline";

int validate_servers(const Workspace& workspace, const Arguments& arguments, const std::string& text) {
  for (const char* option : {"compare", "leave-one-out"})
    if (arguments.has(option)) throw Error(std::string("--") + option, "is of start-ups, but this file holds servers");
  const auto rows = with_sources(read_served_rows(text, arguments.positional(0)), arguments);
  const std::optional<Json> baseline = read_baseline(workspace, arguments);
  const std::string memory_model = arguments.text("memory-model", workspace.defaults().memory_model);
  const std::string heuristic = arguments.text("perf-model", serving_heuristic);
  const auto memory = workspace.catalog().part(VW_KIND_MEMORY_MODEL, memory_model);
  const auto perf = workspace.catalog().part(VW_KIND_PERF_HEURISTIC, heuristic);
  const ServedBench bench{workspace.catalog(), workspace.defaults(),    *memory, *perf,
                          workspace.files(),   arguments.text("models")};
  ServedValidated validated{heuristic, memory_model, validate_served(bench, rows), {}};
  validated.statistics = served_statistics(validated.validation);
  workspace.warn_of_refusals(arguments);
  print_result(arguments, arguments.has("json") ? to_pretty_text(served_json(validated)) : served_report(validated));
  if (!baseline) return exit_ok;
  const JsonReader held(*baseline, arguments.text("baseline"));
  return is_held(held, validated.statistics, "statistics") ? exit_ok : exit_no;
}

int validate_file(const Workspace& workspace, const Arguments& arguments) {
  const std::string text = read_text(workspace, arguments);
  if (holds_served_rows(text)) return validate_servers(workspace, arguments, text);
  const auto rows = with_sources(read_observed_rows(text, arguments.positional(0)), arguments);
  const std::optional<Json> baseline = read_baseline(workspace, arguments);
  const std::string memory_model = arguments.text("memory-model", workspace.defaults().memory_model);
  const Validated validated = validate_with(workspace, arguments, memory_model, rows);
  std::optional<Validated> compared;
  std::optional<Anew> anew;
  Beside beside;
  if (arguments.has("compare")) compared = validate_with(workspace, arguments, arguments.text("compare"), rows);
  if (compared) beside.compared = &*compared;
  if (arguments.has("leave-one-out") || (baseline && baseline->contains("left_out"))) anew = predict_anew(validated);
  if (arguments.has("leave-one-out")) beside = {&anew->validated, &anew->calibration, beside.compared};
  workspace.warn_of_refusals(arguments);
  print_result(arguments, arguments.has("json") ? to_pretty_text(validation_json(validated, beside))
                                                : validation_report(validated, beside));
  if (!baseline) return exit_ok;
  const JsonReader held(*baseline, arguments.text("baseline"));
  const bool is_as_good = is_held(held, validated.statistics, "statistics");
  return (!anew || is_held(held, anew->validated.statistics, "left_out")) && is_as_good ? exit_ok : exit_no;
}

}  // namespace

int run_validate(const Arguments& arguments) { return with_workspace(arguments, validate_file); }

}  // namespace vw::cli

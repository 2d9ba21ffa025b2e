#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/log_report.hpp"
#include "cli/request_options.hpp"
#include "cli/terminal.hpp"

#include <fmt/format.h>

#include <filesystem>

namespace vw::cli {
namespace {

// The last start that got furthest.
const LoggedStart& start_to_learn_from(const LogFacts& facts) {
  const LoggedStart* best = &facts.starts.front();
  for (const LoggedStart& start : facts.starts)
    if (start.phase >= best->phase) best = &start;
  return *best;
}

std::string path_for(const Arguments& arguments, const Correction& correction) {
  if (arguments.has("output")) return arguments.text("output");
  const std::string folder = user_folder();
  if (folder.empty())
    throw Error("calibrate", "there is no home to write the correction into, expected HOME or XDG_CONFIG_HOME",
                "--output FILE says where");
  return folder + "/scripts/corrections/" + correction.id + ".lua";
}

// The file's name is the id.
Correction named(const Arguments& arguments, const ReadLog& log, Correction correction) {
  const std::string name = std::filesystem::path(log.name).filename().string();
  correction.sources = {"log " + printable(name)};
  if (!arguments.has("output")) return correction;
  const std::filesystem::path path = arguments.text("output");
  const std::string id = path.stem().string();
  if (path.extension() != ".lua" || !is_id(id))
    throw Error("--output", "is " + quote(path.string()) + ", expected a file like corrections/" + correction.id +
                                ".lua, whose name is an id");
  correction.id = id;
  return correction;
}

std::string written_text(const std::string& path, Written written) {
  switch (written) {
    case Written::created:
      return "wrote " + path + "\n";
    case Written::replaced:
      return "replaced " + path + "\n";
    case Written::unchanged:
      return path + " has it already\n";
    case Written::kept:
      break;
  }
  throw Error(path, "exists and differs, expected a new file; nothing was written", "--force replaces it");
}

int print_calibration(const Workspace& workspace, const Arguments& arguments, const Calibrated& calibrated,
                      const std::optional<Correction>& correction) {
  const std::string script = correction ? to_script(*correction) : "";
  std::string text = calibration_text(calibrated), path;
  const bool is_written = correction && !arguments.has("dry-run");
  if (is_written) {
    path = path_for(arguments, *correction);
    text += written_text(path, write_atomically(path, script, arguments.has("force")));
  } else if (correction) {
    text += script;
  } else {
    text += "nothing was logged that a correction could be made of\n";
  }
  Json json = calibration_json(calibrated);
  json["correction"] = correction ? to_json(*correction) : Json(nullptr);
  json["file"] = is_written ? Json(path) : Json(nullptr);
  workspace.warn_of_refusals(arguments);
  fmt::print("{}", arguments.has("json") ? to_pretty_text(json) : for_terminal(text));
  return correction ? exit_ok : exit_no;
}

int calibrate_log(const Workspace& workspace, const Arguments& arguments) {
  const LogBook book(workspace.catalog());
  const ReadLog log = read_log(book, arguments, "calibrate");
  const LoggedStart& start = start_to_learn_from(log.facts);
  const LoggedTerms terms = logged_terms(start);
  if (!terms.has_components() && !terms.kv_tokens) {
    fmt::print("{}", for_terminal(wrapped(
                         "Nothing to learn: " + log.name + " logs no size of weights, activation or KV cache.\n", 0)));
    return exit_no;
  }
  const LoggedRequest logged = request_of(workspace.catalog(), start, arguments.text("vllm-version"));
  const LogBench bench = bench_for(workspace, arguments);
  const LoggedCase judged = judge_case(bench.bench, logged, with_options(arguments, logged.request));
  MemoryJudge reads(*bench.memory_model, judged.scenario);
  if (!reads.policy().reads_corrections)
    throw Error("--memory-model", quote(bench.memory_model->id()) + " reads no corrections, expected one that does",
                "the memory model 'vllm' does");
  const Comparison comparison = compare(judged, terms);
  std::optional<Correction> correction =
      correction_of(judged, comparison, bench.memory_model->id(), workspace.defaults().repeatability);
  if (correction) correction = named(arguments, log, *correction);
  std::vector<std::string> notes = logged.notes;
  if (!arguments.has("gpu") && !logged.card_note.empty()) notes.push_back(logged.card_note);
  const Calibrated calibrated{log, judged, comparison, notes, bench.memory_model->id()};
  return print_calibration(workspace, arguments, calibrated, correction);
}

}  // namespace

int run_calibrate(const Arguments& arguments) { return with_workspace(arguments, calibrate_log); }

}  // namespace vw::cli

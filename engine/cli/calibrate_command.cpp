#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/log_report.hpp"
#include "cli/request_options.hpp"
#include "cli/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
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
  return own_folder("calibrate", "--output FILE says where") + "/scripts/corrections/" + correction.id + ".lua";
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

// What is learned of the wrong card would spoil plans of a right one.
void expect_known_card(const Arguments& arguments, const LoggedRequest& logged) {
  constexpr std::size_t most_named = 8;
  if (arguments.has("gpu") || logged.cards.size() < 2) return;
  std::vector<std::string> named = logged.cards;
  named.resize(std::min(named.size(), most_named));
  throw Error("--gpu",
              fmt::format("is not given, and the log names no card: its memory is that of {}{}", join_or(named),
                          named.size() < logged.cards.size() ? " and others" : ""),
              "vllm-wizard calibrate LOG --gpu " + named.front());
}

void expect_own_log(const LoggedCase& judged, const LoggedTerms& terms) {
  const Hardware& hardware = judged.scenario.hardware;
  const double cuda_mib = hardware.totals.cuda.mib, card_gib = (cuda_mib > 0 ? cuda_mib : hardware.memory_mib) / 1024;
  const std::string card = fmt::format("{} with {:.2f} GiB", hardware.gpu.id, card_gib);
  if (terms.total && !is_total_of(card_gib, terms.total->value))
    throw Error("--gpu", fmt::format("is {}, but the log has {:.2f} GiB (line {}), expected the card of this log", card,
                                     terms.total->value, terms.total->line));
  for (const auto* term : {&terms.weights, &terms.activation, &terms.non_torch, &terms.kv_available})
    if (*term && (*term)->value > card_gib)
      throw Error("--gpu", fmt::format("is {}, but line {} has {:.2f} GiB of one GPU, expected the card of this log",
                                       card, (*term)->line, (*term)->value));
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
  print_text(arguments.has("json") ? to_pretty_text(json) : for_terminal(text));
  return correction ? exit_ok : exit_no;
}

int calibrate_log(const Workspace& workspace, const Arguments& arguments) {
  const LogBook book(workspace.catalog());
  const ReadLog log = read_log(book, arguments, "calibrate");
  const LoggedStart& start = start_to_learn_from(log.facts);
  const LoggedTerms terms = logged_terms(start);
  if (!terms.has_components() && !terms.kv_tokens) {
    print_text(for_terminal(
        wrapped("Nothing to learn: " + log.name + " logs no size of weights, activation or KV cache.\n", 0)));
    return exit_no;
  }
  const LoggedRequest logged = request_of(workspace.catalog(), start, arguments.text("vllm-version"));
  expect_known_card(arguments, logged);
  const LogBench bench = bench_for(workspace, arguments);
  const LoggedCase judged = judge_case(bench.bench, logged, with_options(arguments, logged.request));
  expect_own_log(judged, terms);
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

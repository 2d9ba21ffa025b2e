// cli: what `diagnose` and `calibrate` print, as text and as JSON.
#pragma once

#include "cli/log_input.hpp"
#include "logs/diagnosis.hpp"

#include <optional>
#include <string>
#include <vector>

namespace vw::cli {

// A mend with the command that starts the server so.
struct MendedCommand {
  const Mend* mend = nullptr;
  std::string command;  // lines of a shell
};

struct Diagnosed {
  Diagnosed(const ReadLog& of, const LogBook& with, const LoggedStart& the) : log(of), book(with), start(the) {}

  const ReadLog& log;
  const LogBook& book;
  const LoggedStart& start;
  std::size_t start_number = 1;  // of log.facts.starts
  RootCause cause;
  LoggedTerms terms;
  std::string version;  // as logged
  std::optional<LoggedCase> judged;
  std::optional<Diagnosis> diagnosis;
  std::string plan_missing;  // why there is no plan
  std::vector<MendedCommand> mends;
  std::vector<std::string> notes;
  std::string memory_model;
  bool is_set_right = false;  // by what was logged
};
// The server that a log is of: model, cards and release; context, share and limits.
std::string server_words(const LoggedCase& judged);
std::string limit_words(const LoggedCase& judged);
std::string diagnosis_text(const Diagnosed& diagnosed);
Json diagnosis_json(const Diagnosed& diagnosed);

struct Calibrated {
  const ReadLog& log;
  const LoggedCase& judged;
  const Comparison& comparison;
  std::vector<std::string> notes;
  std::string memory_model;
};
std::string calibration_text(const Calibrated& calibrated);
Json calibration_json(const Calibrated& calibrated);

}  // namespace vw::cli

#include "base/text.hpp"
#include "base/units.hpp"
#include "cli/log_report.hpp"
#include "cli/terminal.hpp"

#include <fmt/format.h>

#include <cmath>

namespace vw::cli {
namespace {

std::string shown(const ComparedTerm& term, double value) {
  if (term.unit == "tokens") return show_count(static_cast<std::int64_t>(value));
  return fmt::format("{:.2f}", value);
}

std::string row_of(const ComparedTerm& term) {
  std::string row = fmt::format("{:<18} {:>10} {:>19}", term.name, shown(term, term.predicted),
                                shown(term, term.low) + " to " + shown(term, term.high));
  if (!term.logged) return row + fmt::format(" {:>10}\n", "-");
  row += fmt::format(" {:>10}", shown(term, term.logged->value));
  const double off = term.logged->value - term.predicted;
  if (term.is_within_rounding()) return row + fmt::format(" {:>11} {:>6}\n", "as printed", term.logged->line);
  const std::string share = term.predicted > 0 ? fmt::format("{:+.1f} %", 100 * off / term.predicted) : "new";
  return row + fmt::format(" {:>11} {:>6}\n", share, term.logged->line);
}

std::string identity_words(const std::string& identity) {
  if (identity == "e3") return "the numbers add up as releases from 0.26 on count: requested - consumed - activation";
  if (identity == "e2") return "the numbers add up with CUDA graphs inside of the budget";
  if (identity == "e1") return "the numbers add up with CUDA graphs beside the budget";
  return "";
}

}  // namespace

std::string calibration_text(const Calibrated& calibrated) {
  std::string text = wrapped(server_words(calibrated.judged) + ", " + limit_words(calibrated.judged), 0) + "\n";
  text += fmt::format("\n{:<19}{:>10}{:>20}{:>11}{:>12}{:>7}\n", "GiB of one GPU", "predicted", "low to high", "logged",
                      "off by", "line");
  for (const ComparedTerm& term : calibrated.comparison.terms) text += row_of(term);
  const LoggedTerms& logged = calibrated.comparison.logged;
  text += "\n";
  if (const std::string words = identity_words(logged.identity); !words.empty()) text += wrapped(words, 0) + "\n";
  for (const std::string& contradiction : logged.contradictions)
    text += "CONTRADICTION: " + wrapped(contradiction, 15) + "\n";
  for (const auto* notes : {&logged.notes, &calibrated.notes})
    for (const std::string& note : *notes) text += "note: " + wrapped(note, 6) + "\n";
  return text;
}

Json calibration_json(const Calibrated& calibrated) {
  const Scenario& scenario = calibrated.judged.scenario;
  Json terms = Json::array();
  for (const ComparedTerm& term : calibrated.comparison.terms)
    terms.push_back({{"id", term.id},
                     {"unit", term.unit},
                     {"predicted", term.predicted},
                     {"low", term.low},
                     {"high", term.high},
                     {"logged", term.logged ? Json(term.logged->value) : Json(nullptr)},
                     {"line", term.logged ? Json(term.logged->line) : Json(nullptr)}});
  const LoggedTerms& logged = calibrated.comparison.logged;
  return {{"schema", "vllm-wizard/calibrate/1"},
          {"log", {{"name", calibrated.log.name}, {"lines", calibrated.log.facts.lines}}},
          {"model", scenario.request.model},
          {"gpu", scenario.hardware.gpu.id},
          {"vllm_version", scenario.release.version},
          {"memory_model", calibrated.memory_model},
          {"terms", terms},
          {"identity", logged.identity.empty() ? Json(nullptr) : Json(logged.identity)},
          {"contradictions", logged.contradictions},
          {"notes", logged.notes}};
}

}  // namespace vw::cli

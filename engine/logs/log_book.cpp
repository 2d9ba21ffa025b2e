#include "logs/log_book.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace vw {
namespace {

struct PhaseName {
  Phase phase;
  const char *id, *words;
};
constexpr std::array phase_names{PhaseName{Phase::start, "start", "before the model was loaded"},
                                 PhaseName{Phase::load, "load", "while the model was loaded"},
                                 PhaseName{Phase::profile, "profile", "in the profile run"},
                                 PhaseName{Phase::kv_cache, "kv-cache", "while the KV cache was made"},
                                 PhaseName{Phase::graph_capture, "graph-capture", "while CUDA graphs were captured"},
                                 PhaseName{Phase::warm_up, "warm-up", "in the warm-up after CUDA graphs"},
                                 PhaseName{Phase::serving, "serving", "while it served"}};

Phase phase_of(const JsonReader& id) {
  for (const PhaseName& known : phase_names)
    if (id.string() == known.id) return known.phase;
  id.fail("is " + quote(id.string()) + ", expected a phase like 'load'");
}

bool is_one_of(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void expect_known(const Pattern& pattern, const JsonReader& where) {
  std::vector<std::string> known = noted_numbers();
  known.insert(known.end(), noted_words().begin(), noted_words().end());
  for (const std::string& name : pattern.names()) {
    if (is_one_of(known, name)) continue;
    const std::string near = did_you_mean(name, known);
    where.fail("notes the unknown value " + quote(name) + ", " +
               (near.empty() ? "expected one of " + join(known, ", ") : near));
  }
}

FailureClass read_failure(const JsonReader& json) {
  FailureClass failure;
  failure.id = json.at("id").string();
  failure.says = json.at("says").string();
  failure.term = json.at("term").string();
  if (json.has("phases"))
    for (const JsonReader& phase : json.at("phases").items()) failure.phases.push_back(phase_of(phase));
  const auto texts = [&](const char* key) {
    return json.has(key) ? json.at(key).strings() : std::vector<std::string>{};
  };
  failure.over = texts("over");
  failure.mends = texts("mends");
  failure.advice = texts("advice");
  failure.is_consequence = json.boolean_or("consequence", false);
  return failure;
}

}  // namespace

const char* name_of(Phase phase) { return phase_names.at(static_cast<std::size_t>(phase)).words; }
const char* id_of(Phase phase) { return phase_names.at(static_cast<std::size_t>(phase)).id; }

bool FailureClass::is_in(Phase phase) const {
  return phases.empty() || std::find(phases.begin(), phases.end(), phase) != phases.end();
}

LogBook::LogBook(const Catalog& catalog) {
  for (const std::string& id : catalog.ids(table_kind::log))
    if (catalog.has(table_kind::log, id))
      add_table(JsonReader(*catalog.table(table_kind::log, id), "log " + quote(id)));
  std::vector<const Pattern*> patterns;
  for (const LogPattern& one : patterns_) patterns.push_back(&one.pattern);
  index_ = std::make_unique<PatternIndex>(patterns);
}

void LogBook::add_table(const JsonReader& table) {
  if (table.has("lines"))
    for (const JsonReader& line : table.at("lines").items()) add_pattern(line, LogPattern::Kind::line, 0);
  if (table.has("failures"))
    for (const JsonReader& json : table.at("failures").items()) {
      failures_.push_back(read_failure(json));
      for (const JsonReader& line : json.at("patterns").items())
        add_pattern(line, LogPattern::Kind::failure, failures_.size() - 1);
    }
  if (table.has("ignored"))
    for (const JsonReader& text : table.at("ignored").items())
      patterns_.push_back({Pattern(text.string(), text.where()), LogPattern::Kind::ignored, 0, std::nullopt, ""});
}

void LogBook::add_pattern(const JsonReader& line, LogPattern::Kind kind, std::size_t failure) {
  LogPattern pattern{Pattern(line.at("pattern").string(), line.where() + ": " + line.path()), kind, failure,
                     std::nullopt, line.string_or("file", "")};
  expect_known(pattern.pattern, line.at("pattern"));
  if (line.has("phase")) pattern.phase = phase_of(line.at("phase"));
  patterns_.push_back(std::move(pattern));
}

const std::vector<std::string>& noted_numbers() {
  static const std::vector<std::string> names = {
      // components, GiB of one GPU
      "weights_gib", "activation_gib", "non_torch_gib", "non_kv_gib", "consumed_gib", "graph_estimate_gib", "graph_gib",
      "kv_available_gib", "kv_in_use_gib", "kv_in_use_bytes", "kv_needed_gib",
      // the card
      "total_gib", "free_at_start_gib", "free_after_gib", "requested_gib", "utilization", "capability",
      // counts
      "kv_tokens", "kv_blocks", "concurrency", "context_tokens", "longest_context_tokens", "block_tokens",
      "max_sequences", "batched_tokens", "state_blocks", "heads", "tensor_parallel", "gpus",
      // an allocation that failed
      "tried_gib", "left_gib"};
  return names;
}

const std::vector<std::string>& noted_words() {
  static const std::vector<std::string> names = {"version", "platform", "model",  "gpu",    "runner",      "arguments",
                                                 "config",  "era",      "device", "method", "architecture"};
  return names;
}

}  // namespace vw

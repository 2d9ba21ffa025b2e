// logs: what can be read in a log, as the tables of scripts/logs tell it.
#pragma once

#include "logs/pattern.hpp"
#include "parts/catalog.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace vw {

// Where a server is while it starts, in this order.
enum class Phase { start, load, profile, kv_cache, graph_capture, warm_up, serving };
const char* name_of(Phase phase);  // "while CUDA graphs were captured"
const char* id_of(Phase phase);    // "graph-capture", as tables have it

// A way to fail.
struct FailureClass {
  std::string id, says, term;
  std::vector<Phase> phases;      // empty: anywhere
  std::vector<std::string> over;  // ids of those that it explains better, though they were printed before
  bool is_consequence = false;    // told only where nothing else is
  std::vector<std::string> mends, advice;

  bool is_in(Phase phase) const;
};

// One pattern of the tables.
struct LogPattern {
  enum class Kind { line, failure, ignored };
  Pattern pattern;
  Kind kind = Kind::line;
  std::size_t failure = 0;     // an index of LogBook::failures()
  std::optional<Phase> phase;  // where the server is once it printed this; of a failure: where it was
  std::string file;            // of vLLM
};

class LogBook {
 public:
  // Reads every table of kind "log". Throws vw::Error for a pattern that cannot be one, and an unknown name in one.
  explicit LogBook(const Catalog& catalog);
  LogBook(const LogBook&) = delete;
  LogBook& operator=(const LogBook&) = delete;

  const std::vector<LogPattern>& patterns() const noexcept { return patterns_; }
  const std::vector<FailureClass>& failures() const noexcept { return failures_; }
  const PatternIndex& index() const noexcept { return *index_; }

 private:
  void add_table(const JsonReader& table);
  void add_pattern(const JsonReader& line, LogPattern::Kind kind, std::size_t failure);

  std::vector<LogPattern> patterns_;
  std::vector<FailureClass> failures_;
  std::unique_ptr<PatternIndex> index_;
};

// Names that patterns may note, of numbers and of words. GiB are those of one GPU.
const std::vector<std::string>& noted_numbers();
const std::vector<std::string>& noted_words();

}  // namespace vw

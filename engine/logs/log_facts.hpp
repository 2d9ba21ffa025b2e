// logs: what a log tells, line by line, and what of it belongs to which start of the server.
#pragma once

#include "logs/log_book.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace vw {

struct NotedNumber {
  double value = 0;
  std::size_t line = 0;
  std::string rank;  // "Worker_TP0", "EngineCore", empty: the log does not say
};
struct NotedWord {
  std::string word;
  std::size_t line = 0;
};

struct SeenFailure {
  std::size_t index = 0;                           // of LogBook::failures()
  std::size_t line = 0, last_line = 0, times = 1;  // the first, the last, how many
  std::string rank, text;                          // the line, printable and cut
  Phase phase = Phase::start;
  std::map<std::string, double> numbers;  // that its line tells
};

// From one "vLLM API server version" to the next.
struct LoggedStart {
  std::size_t first_line = 1, recognised = 0;
  std::map<std::string, std::vector<NotedNumber>> numbers;
  std::map<std::string, NotedWord> words;  // the first of each
  std::vector<SeenFailure> failures;       // in the order of the log, each once, consequences too
  Phase phase = Phase::start;              // the last one

  bool has(const std::string& name) const { return numbers.contains(name); }
  // Over the ranks: what the fullest one logged. Empty: not logged.
  const NotedNumber* first(const std::string& name) const;
  const NotedNumber* last(const std::string& name) const;
  const NotedNumber* largest(const std::string& name) const;
  const NotedNumber* smallest(const std::string& name) const;
  std::string word(const std::string& name) const;
};

struct LogFacts {
  std::vector<LoggedStart> starts;  // at least one
  std::size_t lines = 0, bytes = 0;
  bool has_nul = false;  // no text

  std::size_t recognised() const;
};

// Takes a log in chunks of any size; keeps what is noted and the line that is not yet whole. A line beyond
// most_line_bytes is looked at up to there. [one thread at a time]
class LogReader {
 public:
  explicit LogReader(const LogBook& book) : book_(book) { facts_.starts.emplace_back(); }

  void feed(std::string_view chunk);
  LogFacts finish();

  static constexpr std::size_t most_line_bytes = std::size_t{256} * 1024;

 private:
  void read_line(std::string_view line);
  void take(const LogPattern& pattern, const Told& told, std::string_view line);
  void see_failure(const LogPattern& pattern, const Told& told, std::string_view line);
  bool begins_start(const LogPattern& pattern, const Told& told) const;
  LoggedStart& start() { return facts_.starts.back(); }

  const LogBook& book_;
  LogFacts facts_;
  std::string open_;          // the line that is not yet whole
  bool is_overlong_ = false;  // the rest of it is not looked at
};

}  // namespace vw

#include "logs/log_facts.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <cstring>

namespace vw {
namespace {

constexpr std::size_t most_notes = 4096, most_failures = 256, most_shown_bytes = 600;

// Colours of a terminal: ESC [ ... letter.
std::string without_colours(std::string_view line) {
  std::string plain;
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (line[at] != '\x1b') {
      plain += line[at];
      continue;
    }
    if (at + 1 >= line.size() || line[at + 1] != '[') continue;
    at += 2;
    while (at < line.size() && (line[at] < '@' || line[at] > '~')) ++at;
  }
  return plain;
}

// "(Worker_TP0 pid=71)" and "(VllmWorker rank=0 pid=71)" say who wrote a line: what stands before the process.
std::string rank_of(std::string_view line) {
  for (const std::string_view who : {"(Worker", "(VllmWorker", "(EngineCore", "(RayWorker", "(APIServer"}) {
    const std::size_t begin = line.find(who);
    if (begin == std::string_view::npos) continue;
    const std::size_t end = std::min(line.find(" pid=", begin), line.find(')', begin));
    if (end == std::string_view::npos || end - begin > 60) continue;
    return printable(line.substr(begin + 1, end - begin - 1));
  }
  return "";
}

// The message without who wrote it and when: from the end of "[file.py:123]" or of "(EngineCore pid=71)" on.
std::string_view message_of(std::string_view line) {
  constexpr std::size_t longest_prefix = 200, longest_number = 12;
  const std::size_t place = line.find(".py:");
  const std::size_t end = line.find("] ", place);
  const bool has_place = place < longest_prefix && end != std::string_view::npos && end - place <= longest_number;
  if (has_place) return line.substr(end + 2);
  const std::size_t who = line.find(" pid="), closing = line.find(") ", who);
  const bool has_who = who < longest_prefix && closing != std::string_view::npos && closing - who < longest_prefix;
  return has_who ? line.substr(closing + 2) : line;
}

bool is_less(const NotedNumber& left, const NotedNumber& right) { return left.value < right.value; }

}  // namespace

const NotedNumber* LoggedStart::first(const std::string& name) const {
  const auto found = numbers.find(name);
  return found == numbers.end() ? nullptr : &found->second.front();
}

const NotedNumber* LoggedStart::last(const std::string& name) const {
  const auto found = numbers.find(name);
  return found == numbers.end() ? nullptr : &found->second.back();
}

const NotedNumber* LoggedStart::largest(const std::string& name) const {
  const auto found = numbers.find(name);
  return found == numbers.end() ? nullptr : &*std::max_element(found->second.begin(), found->second.end(), is_less);
}

const NotedNumber* LoggedStart::smallest(const std::string& name) const {
  const auto found = numbers.find(name);
  return found == numbers.end() ? nullptr : &*std::min_element(found->second.begin(), found->second.end(), is_less);
}

std::string LoggedStart::word(const std::string& name) const {
  const auto found = words.find(name);
  return found == words.end() ? "" : found->second.word;
}

std::size_t LogFacts::recognised() const {
  std::size_t count = 0;
  for (const LoggedStart& start : starts) count += start.recognised;
  return count;
}

void LogReader::feed(std::string_view chunk) {
  facts_.bytes += chunk.size();
  facts_.has_nul |= std::memchr(chunk.data(), 0, chunk.size()) != nullptr;
  while (!chunk.empty()) {
    const std::size_t end = chunk.find('\n');
    const std::string_view piece = chunk.substr(0, end);
    const bool is_whole = end != std::string_view::npos;
    if (is_whole && open_.empty() && !is_overlong_ && piece.size() <= most_line_bytes) {
      read_line(piece);
    } else {
      if (!is_overlong_) open_.append(piece.substr(0, most_line_bytes - open_.size()));
      is_overlong_ = open_.size() >= most_line_bytes;
      if (is_whole) {
        read_line(open_);
        open_.clear();
        is_overlong_ = false;
      }
    }
    if (!is_whole) return;
    chunk.remove_prefix(end + 1);
  }
}

LogFacts LogReader::finish() {
  if (!open_.empty()) read_line(open_);
  open_.clear();
  return std::move(facts_);
}

void LogReader::read_line(std::string_view line) {
  ++facts_.lines;
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  const bool is_coloured = line.find('\x1b') != std::string_view::npos;
  const std::string plain = is_coloured ? without_colours(line) : "";
  if (is_coloured) line = plain;
  std::vector<std::pair<const LogPattern*, Told>> found;
  bool is_ignored = false;
  book_.index().scan(line, [&](std::uint32_t index, std::size_t from) {
    const LogPattern& pattern = book_.patterns()[index];
    Told told;
    if (!pattern.pattern.match(line, from, told)) return;
    is_ignored |= pattern.kind == LogPattern::Kind::ignored;
    found.emplace_back(&pattern, std::move(told));
  });
  if (is_ignored || found.empty()) return;
  if (std::any_of(found.begin(), found.end(), [&](const auto& one) { return begins_start(*one.first, one.second); }))
    facts_.starts.emplace_back().first_line = facts_.lines;
  ++start().recognised;
  for (const auto& [pattern, told] : found) take(*pattern, told, line);
}

// A server that is started again prints its version again; its helpers do so, too, before anything happened.
bool LogReader::begins_start(const LogPattern& pattern, const Told& told) const {
  if (pattern.kind != LogPattern::Kind::line || pattern.phase != Phase::start || told.words.empty()) return false;
  const LoggedStart& now = facts_.starts.back();
  return now.words.contains("version") && (!now.failures.empty() || now.phase > Phase::load);
}

void LogReader::take(const LogPattern& pattern, const Told& told, std::string_view line) {
  LoggedStart& now = start();
  const std::string rank = rank_of(line);
  for (const auto& [name, value] : told.numbers) {
    auto& notes = now.numbers[name];
    if (notes.size() < most_notes) notes.push_back({value, facts_.lines, rank});
  }
  for (const auto& [name, word] : told.words) now.words.try_emplace(name, NotedWord{word, facts_.lines});
  if (pattern.kind == LogPattern::Kind::failure)
    see_failure(pattern, told, line);
  else if (pattern.phase)
    now.phase = *pattern.phase;
}

void LogReader::see_failure(const LogPattern& pattern, const Told& told, std::string_view line) {
  LoggedStart& now = start();
  if (!book_.failures()[pattern.failure].is_in(now.phase)) return;
  for (SeenFailure& seen : now.failures)
    if (seen.index == pattern.failure) {
      if (seen.last_line != facts_.lines) ++seen.times;
      seen.last_line = facts_.lines;
      for (const auto& [name, value] : told.numbers) seen.numbers.try_emplace(name, value);
      return;
    }
  if (now.failures.size() >= most_failures) return;
  SeenFailure seen;
  seen.index = pattern.failure;
  seen.line = seen.last_line = facts_.lines;
  seen.rank = rank_of(line);
  seen.text = printable(message_of(line), most_shown_bytes);
  seen.phase = pattern.phase.value_or(now.phase);
  for (const auto& [name, value] : told.numbers) seen.numbers.try_emplace(name, value);
  now.failures.push_back(std::move(seen));
}

}  // namespace vw

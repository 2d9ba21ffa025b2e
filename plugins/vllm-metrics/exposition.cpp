#include "exposition.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <set>

namespace vw::metrics {

namespace {

constexpr std::size_t most_samples = 200000;
constexpr std::size_t most_labels = 64;

bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// "NaN", "+Inf", "1e-05": as Go's ParseFloat reads the plain ones.
std::optional<double> number_of(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.starts_with('+') || end != text.data() + text.size()) return std::nullopt;
  if (error == std::errc::result_out_of_range)
    return text.starts_with('-') ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
  return error == std::errc() ? std::optional(value) : std::nullopt;
}

// One line that is neither empty nor a comment.
class Line {
 public:
  Line(std::string_view text, std::size_t number) : text_(text), number_(number) {}

  Sample sample() {
    Sample sample;
    sample.name = name("a metric's name", true);
    skip_blanks();
    if (take('{')) sample.labels = labels();
    skip_blanks();
    const auto word = text_.substr(at_, text_.find_first_of(" \t", at_) - std::min(at_, text_.size()));
    const auto value = number_of(word);
    if (!value) fail("no number", "a value");
    sample.value = *value;
    return sample;
  }

 private:
  [[noreturn]] void fail(const std::string& what, const std::string& expected) const {
    throw Malformed("line " + std::to_string(number_) + ": " + what + ", expected " + expected);
  }

  void skip_blanks() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }

  bool take(char wanted) {
    if (at_ >= text_.size() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }

  std::string name(const std::string& what, bool may_have_colons) {
    const std::size_t start = at_;
    const auto belongs = [&](char c) {
      return is_letter(c) || (c == ':' && may_have_colons) || (is_digit(c) && at_ > start);
    };
    while (at_ < text_.size() && belongs(text_[at_])) ++at_;
    if (at_ == start) fail("not in the format of Prometheus", what);
    return std::string(text_.substr(start, at_ - start));
  }

  std::map<std::string, std::string> labels() {
    std::map<std::string, std::string> found;
    for (skip_blanks(); !take('}'); skip_blanks()) {
      const auto label = name("a label's name", false);
      skip_blanks();
      if (!take('=')) fail("a label without a value", "'='");
      skip_blanks();
      if (!found.emplace(label, quoted()).second) fail("a label twice", "each once");
      if (found.size() > most_labels) fail("too many labels", "up to " + std::to_string(most_labels));
      skip_blanks();
      if (!take(',') && (at_ >= text_.size() || text_[at_] != '}')) fail("labels without an end", "',' or '}'");
    }
    return found;
  }

  std::string quoted() {
    if (!take('"')) fail("a label's value without quotes", "'\"'");
    std::string value;
    while (!take('"')) {
      if (at_ >= text_.size()) fail("a label's value without an end", "'\"'");
      const bool is_escaped = take('\\') && at_ < text_.size();
      const char c = text_[at_++];
      value += is_escaped && c == 'n' ? '\n' : c;
    }
    return value;
  }

  std::string_view text_;
  std::size_t number_, at_ = 0;
};

std::string_view trimmed(std::string_view line) {
  while (!line.empty() && (is_blank(line.back()) || line.back() == '\r')) line.remove_suffix(1);
  while (!line.empty() && is_blank(line.front())) line.remove_prefix(1);
  return line;
}

}  // namespace

std::vector<Sample> parse_exposition(std::string_view page) {
  std::vector<Sample> samples;
  std::set<std::pair<std::string, std::map<std::string, std::string>>> seen;
  std::size_t number = 0;
  while (!page.empty()) {
    ++number;
    const auto at = "line " + std::to_string(number) + ": ";
    const std::size_t end = page.find('\n');
    if (end == std::string_view::npos) throw Malformed(at + "the page ends in the middle of it, expected a whole page");
    const auto line = trimmed(page.substr(0, end));
    page.remove_prefix(end + 1);
    if (line.empty() || line.starts_with('#')) continue;
    Sample sample = Line(line, number).sample();
    if (!seen.emplace(sample.name, sample.labels).second)
      throw Malformed(at + sample.name + " with the same labels again, expected each series once");
    if (samples.size() == most_samples)
      throw Malformed(at + "more than " + std::to_string(most_samples) + " samples, expected a page of vLLM's");
    samples.push_back(std::move(sample));
  }
  return samples;
}

}  // namespace vw::metrics

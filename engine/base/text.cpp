#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <tuple>

namespace vw {
namespace {

char folded(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool is_lower_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
bool is_space(char c) { return std::string_view(" \t\n\r\f\v").find(c) != std::string_view::npos; }

// One character: its code point and length, or length 0 when the bytes at the front are malformed.
struct Character {
  char32_t code = 0;
  std::size_t length = 0;
};

// By the table of well-formed sequences in the Unicode standard (3.9): no overlong forms, no surrogates.
Character first_character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return {};
  char32_t code = lead & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {};
    code = (code << 6) | (byte(i) & 0x3Fu);
  }
  const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  if (overlong || (code >= 0xD800 && code <= 0xDFFF) || code > 0x10FFFF) return {};
  return {code, length};
}

// Control characters, the marks that turn the direction of writing (they would let input rewrite a line of the
// terminal), line separators and what is no character at all.
bool is_control(char32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x2028 || code == 0x2029 ||
         (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069) || code == 0xFEFF ||
         (code & 0xFFFE) == 0xFFFE;
}

struct Near {
  std::size_t distance;
  std::string name;
  bool operator<(const Near& other) const { return std::tie(distance, name) < std::tie(other.distance, other.name); }
};

// How far a name is from the word; empty when it is not near.
std::optional<Near> nearness(const std::string& word, const std::string& name) {
  const std::size_t threshold = std::max<std::size_t>(1, word.size() / 3);
  const std::size_t distance = edit_distance(word, name);
  // A word that would have to change in every letter resembles nothing.
  if (distance <= threshold && distance < word.size()) return Near{distance, name};
  if (lower(name).starts_with(word)) return Near{threshold + distance, name};
  return std::nullopt;
}

}  // namespace

std::string quote(std::string_view text) { return "'" + printable(text) + "'"; }

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), folded);
  return result;
}

std::string trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return std::string(text);
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> pieces;
  for (;;) {
    const auto end = text.find(separator);
    pieces.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return pieces;
    text.remove_prefix(end + 1);
  }
}

std::string join(const std::vector<std::string>& pieces, std::string_view separator) {
  return fmt::format("{}", fmt::join(pieces, separator));
}

std::string join_or(const std::vector<std::string>& pieces) {
  if (pieces.size() < 2) return join(pieces, "");
  const std::vector<std::string> front(pieces.begin(), pieces.end() - 1);
  return join(front, ", ") + " or " + pieces.back();
}

std::size_t edit_distance(std::string_view left, std::string_view right) {
  const std::string a = lower(left);
  const std::string b = lower(right);
  std::vector<std::size_t> before_last, last(b.size() + 1), row(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + change});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    before_last = last;
    last = row;
  }
  return last.back();
}

std::vector<std::string> nearest(std::string_view word, const std::vector<std::string>& names, std::size_t most) {
  if (word.empty()) return {};
  const std::string folded_word = lower(word);
  std::vector<Near> found;
  for (const auto& name : names)
    if (auto near = nearness(folded_word, name)) found.push_back(std::move(*near));
  std::sort(found.begin(), found.end());
  std::vector<std::string> result;
  for (auto& near : found) {
    if (result.size() == most) break;
    if (result.empty() || result.back() != near.name) result.push_back(std::move(near.name));
  }
  return result;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& names) {
  std::vector<std::string> near = nearest(word, names, 2);
  if (near.empty()) return {};
  // A second name is worth reading only when it is about as near as the first.
  if (near.size() == 2 && edit_distance(word, near[1]) > edit_distance(word, near[0]) + 1) near.pop_back();
  for (auto& name : near) name = quote(name);
  return "did you mean " + join_or(near) + "?";
}

std::string shell_quoted(std::string_view word) {
  const auto is_plain = [](char c) {
    return is_lower_or_digit(folded(c)) || std::string_view("_@%+=:,./-").find(c) != std::string_view::npos;
  };
  if (!word.empty() && std::all_of(word.begin(), word.end(), is_plain)) return std::string(word);
  return "'" + join(split(word, '\''), R"('\'')") + "'";
}

bool is_id(std::string_view id) {
  bool after_piece = false;
  for (const char c : id) {
    const bool in_piece = is_lower_or_digit(c);
    if (!in_piece && (!after_piece || (c != '-' && c != '.' && c != '_'))) return false;
    after_piece = in_piece;
  }
  return after_piece;
}

std::string line_and_column(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const std::string_view line = before.substr(before.rfind('\n') + 1);
  const auto columns = std::count_if(line.begin(), line.end(), [](char c) { return (c & '\xC0') != '\x80'; });
  return fmt::format("line {} column {}", lines + 1, columns + 1);
}

std::size_t utf8_prefix_bytes(std::string_view text) {
  std::size_t bytes = 0;
  while (bytes < text.size()) {
    const std::size_t length = first_character(text.substr(bytes)).length;
    if (length == 0) break;
    bytes += length;
  }
  return bytes;
}

bool is_utf8(std::string_view text) { return utf8_prefix_bytes(text) == text.size(); }

std::string printable(std::string_view text, std::size_t most_bytes) {
  constexpr std::string_view dots = "...";
  const bool is_cut = text.size() > most_bytes;
  const std::size_t room = is_cut ? most_bytes - std::min(most_bytes, dots.size()) : most_bytes;
  std::string result;
  while (!text.empty()) {
    const Character character = first_character(text);
    const std::size_t length = std::max<std::size_t>(1, character.length);
    if (result.size() + length > room) break;
    const bool is_bad = character.length == 0 || is_control(character.code);
    result += is_bad ? std::string_view("?") : text.substr(0, length);
    text.remove_prefix(length);
  }
  return is_cut ? result.append(dots.substr(0, most_bytes)) : result;
}

}  // namespace vw

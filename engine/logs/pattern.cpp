#include "logs/pattern.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace vw {
namespace {

constexpr std::string_view kinds = "fnbws";
constexpr std::size_t most_digits = 40;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// A plain number at the front of `text`, which is shortened by it.
std::optional<double> take_number(std::string_view& text, bool has_commas) {
  std::string digits;
  std::size_t at = 0;
  for (; at < text.size() && digits.size() < most_digits; ++at) {
    const char c = text[at];
    const bool is_sign = at == 0 && c == '-';
    const bool is_inside = c == '.' && at + 1 < text.size() && is_digit(text[at + 1]);
    const bool is_comma = has_commas && c == ',' && at > 0 && at + 1 < text.size() && is_digit(text[at + 1]);
    if (is_comma) continue;
    if (!is_digit(c) && !is_sign && !is_inside) break;
    digits += c;
  }
  double value = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (read.ec != std::errc{} || read.ptr != digits.data() + digits.size()) return std::nullopt;
  text.remove_prefix(at);
  return value;
}

// What one of the unit is in GiB. torch writes GB and MB for powers of two, too, in older releases.
std::optional<double> take_unit(std::string_view& text) {
  constexpr std::pair<std::string_view, double> units[] = {
      {"GiB", 1}, {"MiB", 1 / 1024.0}, {"KiB", 1 / 1048576.0}, {"bytes", 1 / bytes_per_gib},
      {"GB", 1},  {"MB", 1 / 1024.0}};
  std::string_view rest = text;
  if (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
  for (const auto& [unit, gib] : units) {
    if (!rest.starts_with(unit)) continue;
    text = rest.substr(unit.size());
    return gib;
  }
  return std::nullopt;
}

}  // namespace

Pattern::Pattern(const std::string& text, const std::string& where) : text_(text) {
  std::string_view rest = text;
  std::size_t opening = rest.find('{');
  anchor_ = rest.substr(0, opening);
  if (anchor_.size() < least_text)
    throw Error(where, fmt::format("pattern {} begins with less than {} bytes of text, by which it is looked for",
                                   quote(text), least_text));
  while (opening != std::string_view::npos) {
    const std::size_t closing = rest.find('}', opening);
    if (closing == std::string_view::npos)
      throw Error(where, "pattern " + quote(text) + " has no '}' behind its last '{'");
    add_value(rest.substr(opening + 1, closing - opening - 1), where);
    rest.remove_prefix(closing + 1);
    opening = rest.find('{');
    pieces_.back().text = rest.substr(0, opening);
  }
}

void Pattern::add_value(std::string_view inside, const std::string& where) {
  const std::size_t colon = inside.find(':');
  const std::string_view kind = inside.substr(0, colon);
  if (kind.size() != 1 || kinds.find(kind.front()) == std::string_view::npos)
    throw Error(where, "pattern " + quote(text_) + " has the value " + quote(inside) +
                           ", expected one of {f}, {n}, {b}, {w}, {s}, perhaps with a name: {f:weights_gib}");
  pieces_.push_back({kind.front(), colon == std::string_view::npos ? "" : std::string(inside.substr(colon + 1)), ""});
}

std::vector<std::string> Pattern::names() const {
  std::vector<std::string> names;
  for (const Piece& piece : pieces_)
    if (!piece.name.empty()) names.push_back(piece.name);
  return names;
}

bool Pattern::match(std::string_view line, std::size_t from, Told& told) const {
  Told found;
  std::string_view rest = line.substr(from + anchor_.size());
  for (const Piece& piece : pieces_) {
    if (piece.kind == 'w' || piece.kind == 's') {
      const std::size_t end = piece.kind == 'w' && piece.text.empty() ? rest.find(' ')
                              : piece.text.empty()                    ? std::string_view::npos
                                                                      : rest.find(piece.text);
      if (!piece.text.empty() && end == std::string_view::npos) return false;
      const std::string_view word = rest.substr(0, end);
      if (piece.kind == 'w' && (word.empty() || word.find(' ') != std::string_view::npos)) return false;
      if (!piece.name.empty()) found.words.emplace_back(piece.name, word);
      rest.remove_prefix(word.size());
    } else {
      std::optional<double> value = take_number(rest, piece.kind == 'n');
      if (value && piece.kind == 'b') {
        const std::optional<double> gib = take_unit(rest);
        value = gib ? std::optional(*value * *gib) : std::nullopt;
      }
      if (!value) return false;
      if (!piece.name.empty()) found.numbers.emplace_back(piece.name, *value);
    }
    if (!rest.starts_with(piece.text)) return false;
    rest.remove_prefix(piece.text.size());
  }
  told.numbers.insert(told.numbers.end(), found.numbers.begin(), found.numbers.end());
  told.words.insert(told.words.end(), found.words.begin(), found.words.end());
  return true;
}

PatternIndex::PatternIndex(const std::vector<const Pattern*>& patterns) {
  for (const Pattern* pattern : patterns) anchors_.push_back(pattern->anchor());
  if (anchors_.empty()) return;
  window_ = anchors_.front().size();
  for (const std::string& anchor : anchors_) window_ = std::min(window_, anchor.size());
  shifts_.assign(blocks, window_ - block_bytes + 1);
  by_block_.resize(blocks);
  for (std::uint32_t index = 0; index < anchors_.size(); ++index)
    for (std::size_t end = block_bytes; end <= window_; ++end) {
      const std::size_t block = block_at(anchors_[index].data() + end - block_bytes);
      shifts_[block] = std::min(shifts_[block], window_ - end);
      if (end == window_) by_block_[block].push_back(index);
    }
}

}  // namespace vw

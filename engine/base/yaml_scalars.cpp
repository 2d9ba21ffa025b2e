#include "base/yaml_scalars.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace vw {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

template <std::size_t size>
bool is_any_of(std::string_view word, const std::array<std::string_view, size>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool take_digits(std::string_view& text) {
  const auto end = std::min(
      text.size(), static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin()));
  text.remove_prefix(end);
  return end > 0;
}

bool take(std::string_view& text, std::string_view letters) {
  if (text.empty() || letters.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
bool is_real(std::string_view text) {
  take(text, "+-");
  const bool has_whole = take_digits(text);
  const bool has_point = take(text, ".");
  const bool has_fraction = has_point && take_digits(text);
  if (!has_whole && !has_fraction) return false;
  if (!take(text, "eE")) return text.empty();
  take(text, "+-");
  return take_digits(text) && text.empty();
}

bool is_infinite_or_nan(std::string_view text) {
  static constexpr std::array<std::string_view, 3> nans{".nan", ".NaN", ".NAN"};
  static constexpr std::array<std::string_view, 3> infinities{".inf", ".Inf", ".INF"};
  if (is_any_of(text, nans)) return true;
  take(text, "+-");
  return is_any_of(text, infinities);
}

template <class Number>
std::optional<Number> read(std::string_view digits, int base) {
  Number value{};
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, value, base);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

std::optional<Json> read_real(std::string_view text) {
  if (text.front() == '+') text.remove_prefix(1);
  if (const auto value = read<std::uint64_t>(text, 10)) return Json(*value);
  if (const auto value = read<std::int64_t>(text, 10)) return Json(*value);
  double value = 0;
  const char* end = text.data() + text.size();
  if (std::from_chars(text.data(), end, value).ec != std::errc{}) return std::nullopt;
  return Json(value);
}

}  // namespace

std::optional<Json> read_plain_scalar(std::string_view word) {
  static constexpr std::array<std::string_view, 5> nulls{"", "~", "null", "Null", "NULL"};
  static constexpr std::array<std::string_view, 3> trues{"true", "True", "TRUE"};
  static constexpr std::array<std::string_view, 3> falses{"false", "False", "FALSE"};
  if (is_any_of(word, nulls)) return Json(nullptr);
  if (is_any_of(word, trues)) return Json(true);
  if (is_any_of(word, falses)) return Json(false);
  if (is_infinite_or_nan(word)) return std::nullopt;
  if (is_real(word)) return read_real(word);
  for (const auto& [prefix, base] : {std::pair<std::string_view, int>{"0x", 16}, {"0o", 8}})
    if (word.starts_with(prefix))
      if (const auto value = read<std::uint64_t>(word.substr(2), base)) return Json(*value);
  return Json(std::string(word));
}

bool is_plain_text(std::string_view text) {
  static constexpr std::array<std::string_view, 11> taken{"y",   "n",   "yes",  "no",    "on",  "off",
                                                          "nan", "inf", "true", "false", "null"};
  // Text that begins with a letter is no number, date or marker; an option such as --model is none, either.
  std::string_view start = text;
  if (start.starts_with("--")) start.remove_prefix(2);
  if (start.empty() || !(is_letter(start.front()) || start.front() == '_' || start.front() == '/')) return false;
  if (text.back() == ' ' || text.back() == ':' || text.find(": ") != std::string_view::npos) return false;
  const auto is_harmless = [](char c) {
    return is_letter(c) || is_digit(c) || std::string_view(" _-./+=@:,()").find(c) != std::string_view::npos;
  };
  return std::all_of(text.begin(), text.end(), is_harmless) && !is_any_of(lower(text), taken);
}

}  // namespace vw

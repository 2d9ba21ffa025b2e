#include "base/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace vw {
namespace {

constexpr std::int64_t most_tokens = std::int64_t{1} << 40;

bool is_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Empty when it is not a number of at most most_tokens.
std::optional<std::int64_t> whole(std::string_view digits) {
  std::int64_t value = 0;
  if (!is_digits(digits)) return std::nullopt;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || value > most_tokens) return std::nullopt;
  return value;
}

struct Suffix {
  char letter;
  std::int64_t factor;
  bool is_decimal;
};

constexpr std::array<Suffix, 8> suffixes{{{'k', 1'000, true},
                                          {'m', 1'000'000, true},
                                          {'g', 1'000'000'000, true},
                                          {'t', 1'000'000'000'000, true},
                                          {'K', std::int64_t{1} << 10, false},
                                          {'M', std::int64_t{1} << 20, false},
                                          {'G', std::int64_t{1} << 30, false},
                                          {'T', std::int64_t{1} << 40, false}}};

// Digits after the point, times the factor; empty when a remainder is left.
std::optional<std::int64_t> fraction(std::string_view digits, std::int64_t factor) {
  std::int64_t sum = 0;
  for (const char digit : digits) {
    if (digit == '0' && factor % 10 != 0) continue;
    if (factor % 10 != 0) return std::nullopt;
    factor /= 10;
    sum += (digit - '0') * factor;
  }
  return sum;
}

std::optional<std::int64_t> with_suffix(std::string_view number, const Suffix& suffix) {
  const auto point = number.find('.');
  const auto front = whole(number.substr(0, point));
  if (!front || *front > most_tokens / suffix.factor) return std::nullopt;
  if (point == std::string_view::npos) return *front * suffix.factor;
  const std::string_view digits = number.substr(point + 1);
  // vLLM refuses "1.5K": a decimal fraction of a binary unit.
  if (!suffix.is_decimal || !is_digits(digits)) return std::nullopt;
  const auto rest = fraction(digits, suffix.factor);
  if (!rest) return std::nullopt;
  return *front * suffix.factor + *rest;
}

}  // namespace

std::optional<std::int64_t> parse_count(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const auto suffix = std::find_if(suffixes.begin(), suffixes.end(),
                                   [&](const Suffix& candidate) { return candidate.letter == text.back(); });
  const auto tokens = suffix == suffixes.end() ? whole(text) : with_suffix(text.substr(0, text.size() - 1), *suffix);
  if (!tokens || *tokens < 1 || *tokens > most_tokens) return std::nullopt;
  return tokens;
}

std::string show_bytes(double bytes) {
  constexpr double bytes_per_kib = 1024.0;
  // The unit above is taken as soon as two decimals would round up to it.
  const auto reaches = [&](double unit) { return std::round(std::abs(bytes) / unit * 100.0 * 1024.0) >= 102400.0; };
  if (reaches(bytes_per_gib)) return fmt::format("{:.2f} GiB", to_gib(bytes));
  if (reaches(bytes_per_mib)) return fmt::format("{:.2f} MiB", bytes / bytes_per_mib);
  if (reaches(bytes_per_kib)) return fmt::format("{:.2f} KiB", bytes / bytes_per_kib);
  return fmt::format("{:.0f} B", bytes);
}

std::string show_count(std::int64_t count) {
  std::string digits = fmt::format("{}", count);
  const std::size_t first = count < 0 ? 1 : 0;
  for (std::size_t at = digits.size(); at > first + 3;) digits.insert(at -= 3, 1, ',');
  return digits;
}

std::string show_number(double value) {
  const double size = std::abs(value);
  if (!(size >= 1e-12 && size <= 1e18)) return fmt::format("{}", value);
  std::string digits = fmt::format("{}", value);
  if (digits.find('e') == std::string::npos) return digits;
  digits = fmt::format("{:.12f}", value);
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.back() == '.') digits.pop_back();
  return digits;
}

}  // namespace vw

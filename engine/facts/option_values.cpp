#include "facts/option_values.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/units.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace vw {
namespace {

template <class T>
bool is_read(const std::string& word, T& value) {
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  return error == std::errc() && end == word.data() + word.size();
}

std::int64_t count(const std::string& option, const std::string& word, const char* expected) {
  const auto value = parse_count(word);
  if (!value) throw Error(option, "is " + quote(word) + ", expected " + expected);
  return *value;
}

}  // namespace

std::int64_t whole_number(const std::string& option, const std::string& word, std::int64_t least, std::int64_t most) {
  std::int64_t value = 0;
  if (!is_read(word, value) || value < least || value > most)
    throw Error(option, fmt::format("is {}, expected a whole number from {} to {}", quote(word), least, most));
  return value;
}

double finite_number(const std::string& option, const std::string& word) {
  double value = 0;
  if (!is_read(word, value)) throw Error(option, "is " + quote(word) + ", expected a number like 0.5 or 24");
  if (!std::isfinite(value)) throw Error(option, "is " + quote(word) + ", expected a finite number");
  return value;
}

std::int64_t token_count(const std::string& option, const std::string& word) {
  return count(option, word, "a number of tokens like 8192 or 8k");
}

std::int64_t byte_count(const std::string& option, const std::string& word) {
  return count(option, word, "a number of bytes like 8589934592 or 8G");
}

}  // namespace vw

#include "base/json_reader.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace vw {
namespace {

std::string kind_of(const Json& value) {
  switch (value.type()) {
    case Json::value_t::null:
      return "null";
    case Json::value_t::object:
      return "an object";
    case Json::value_t::array:
      return "a list";
    case Json::value_t::boolean:
      return value.get<bool>() ? "true" : "false";
    case Json::value_t::string:
      return "the text " + quote(value.get_ref<const std::string&>());
    case Json::value_t::number_float:  // JSON has no words for inf and nan
      return fmt::format("{}", value.get<double>());
    default:
      return to_text(value);
  }
}

std::string range_text(const std::string& noun, const std::string& least, const std::string& most) {
  if (least.empty() && most.empty()) return noun;
  if (most.empty()) return fmt::format("{} of at least {}", noun, least);
  if (least.empty()) return fmt::format("{} of at most {}", noun, most);
  return fmt::format("{} from {} to {}", noun, least, most);
}

std::string whole_range(std::int64_t least, std::int64_t most) {
  using Limits = std::numeric_limits<std::int64_t>;
  return range_text("a whole number", least == Limits::min() ? "" : fmt::format("{}", least),
                    most == Limits::max() ? "" : fmt::format("{}", most));
}

std::string real_range(double least, double most) {
  const auto limit = [](double value) {
    const bool is_open = !std::isfinite(value) || std::abs(value) == std::numeric_limits<double>::max();
    return is_open ? std::string() : show_number(value);
  };
  return range_text("a number", limit(least), limit(most));
}

// A whole number that fits; 3.0 counts.
bool is_whole(const Json& value) {
  if (value.is_number_unsigned()) return value.get<std::uint64_t>() <= std::uint64_t{INT64_MAX};
  if (value.is_number_integer()) return true;
  if (!value.is_number_float()) return false;
  constexpr double limit = 9223372036854775808.0;  // 2^63
  const double number = value.get<double>();
  return number >= -limit && number < limit && std::trunc(number) == number;
}

// A step of a JSON pointer (RFC 6901).
std::string step(std::string_view key) {
  std::string result = "/";
  for (const char c : printable(key)) {
    if (c == '~') {
      result += "~0";
    } else if (c == '/') {
      result += "~1";
    } else {
      result += c;
    }
  }
  return result;
}

std::string expected_keys(std::vector<std::string> keys) {
  constexpr std::size_t most_keys_named = 12;
  if (keys.empty()) return "expected an empty object";
  if (keys.size() > most_keys_named) return "expected a known one";
  for (auto& key : keys) key = quote(key);
  return "expected " + join_or(keys);
}

const Json& null_value() {
  static const Json null;
  return null;
}

}  // namespace

std::string to_text(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }

std::string to_pretty_text(const Json& value) {
  return value.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

JsonReader::JsonReader(const Json& value, std::string where, std::string path)
    : value_(&value), where_(std::move(where)), path_(std::move(path)) {}

void JsonReader::fail(const std::string& message, const std::string& hint) const {
  if (path_.empty()) throw Error(where_, message, hint);
  throw Error(where_.empty() ? path_ : where_ + ": " + path_, message, hint);
}

void JsonReader::fail_type(const std::string& expected) const {
  fail(fmt::format("is {}, expected {}", kind_of(*value_), expected));
}

JsonReader JsonReader::find(std::string_view key) const {
  std::string path = path_ + step(key);
  if (value_->is_null()) return {null_value(), where_, std::move(path)};
  if (!value_->is_object()) fail_type("an object");
  const auto& object = value_->get_ref<const Json::object_t&>();
  const auto found = object.find(key);
  return {found == object.end() ? null_value() : found->second, where_, std::move(path)};
}

bool JsonReader::has(std::string_view key) const { return !find(key).is_null(); }

JsonReader JsonReader::at(std::string_view key) const {
  if (!value_->is_object()) fail_type("an object");
  JsonReader member = find(key);
  if (member.value_ == &null_value()) member.fail("is missing");
  return member;
}

std::vector<JsonReader> JsonReader::items() const {
  if (!value_->is_array()) fail_type("a list");
  std::vector<JsonReader> result;
  result.reserve(value_->size());
  for (const Json& item : *value_) result.emplace_back(item, where_, fmt::format("{}/{}", path_, result.size()));
  return result;
}

std::vector<std::pair<std::string, JsonReader>> JsonReader::members() const {
  if (!value_->is_object()) fail_type("an object");
  std::vector<std::pair<std::string, JsonReader>> result;
  result.reserve(value_->size());
  for (const auto& [key, member] : value_->get_ref<const Json::object_t&>())
    result.emplace_back(key, JsonReader(member, where_, path_ + step(key)));
  return result;
}

std::vector<std::string> JsonReader::strings() const {
  std::vector<std::string> result;
  for (const JsonReader& item : items()) result.push_back(item.string());
  return result;
}

std::string JsonReader::string() const {
  if (!value_->is_string()) fail_type("text");
  return value_->get<std::string>();
}

bool JsonReader::boolean() const {
  if (!value_->is_boolean()) fail_type("true or false");
  return value_->get<bool>();
}

std::int64_t JsonReader::integer(std::int64_t least, std::int64_t most) const {
  if (!is_whole(*value_)) fail_type(whole_range(least, most));
  const auto number = value_->get<std::int64_t>();
  if (number < least || number > most) fail_type(whole_range(least, most));
  return number;
}

double JsonReader::number(double least, double most) const {
  if (!value_->is_number()) fail_type(real_range(least, most));
  const auto number = value_->get<double>();
  if (!std::isfinite(number) || number < least || number > most) fail_type(real_range(least, most));
  return number;
}

std::string JsonReader::string_or(std::string_view key, std::string otherwise) const {
  const JsonReader member = find(key);
  return member.is_null() ? std::move(otherwise) : member.string();
}

bool JsonReader::boolean_or(std::string_view key, bool otherwise) const {
  const JsonReader member = find(key);
  return member.is_null() ? otherwise : member.boolean();
}

std::int64_t JsonReader::integer_or(std::string_view key, std::int64_t otherwise, std::int64_t least,
                                    std::int64_t most) const {
  const JsonReader member = find(key);
  return member.is_null() ? otherwise : member.integer(least, most);
}

double JsonReader::number_or(std::string_view key, double otherwise, double least, double most) const {
  const JsonReader member = find(key);
  return member.is_null() ? otherwise : member.number(least, most);
}

void JsonReader::expect_only(const std::vector<std::string>& keys) const {
  if (!value_->is_object()) fail_type("an object");
  for (const auto& [key, member] : value_->get_ref<const Json::object_t&>()) {
    if (std::find(keys.begin(), keys.end(), key) != keys.end()) continue;
    const std::string suggestion = did_you_mean(key, keys);
    fail(fmt::format("unknown key {}, {}", quote(key), suggestion.empty() ? expected_keys(keys) : suggestion));
  }
}

}  // namespace vw

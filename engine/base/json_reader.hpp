// base: JSON that comes from outside. A reader is a value plus its file and path, so that every complaint names both.
#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vw {

// Objects are sorted by key: same input, same bytes.
using Json = nlohmann::json;

// Parses text. Depth over 64, duplicate keys, NaN, trailing bytes and malformed UTF-8 are errors with line and column:
// "config.json: line 3 column 7: ..., expected ...". Throws vw::Error.
Json parse_json(std::string_view text, const std::string& where);

// Writes compact JSON; never fails on bad UTF-8 (replaces it).
std::string to_text(const Json& value);
// The same with two-space indentation and a final newline.
std::string to_pretty_text(const Json& value);

// Null for what is not there.
template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}
inline Json or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

// Reads one value; all accessors throw vw::Error "where: /path: what, expected".
class JsonReader {
 public:
  JsonReader(const Json& value, std::string where, std::string path = "");

  const Json& value() const noexcept { return *value_; }
  const std::string& where() const noexcept { return where_; }
  const std::string& path() const noexcept { return path_; }

  // Members. `has` is false for null, too. `at` throws when the key is missing; `find` gives a reader of null, and may
  // be asked of null itself.
  bool has(std::string_view key) const;
  JsonReader at(std::string_view key) const;
  JsonReader find(std::string_view key) const;
  bool is_null() const noexcept { return value_->is_null(); }
  std::vector<JsonReader> items() const;                            // of an array
  std::vector<std::pair<std::string, JsonReader>> members() const;  // of an object, sorted by key
  std::vector<std::string> strings() const;                         // of an array of strings

  std::string string() const;
  bool boolean() const;
  // Whole numbers; 3.0 counts as 3. Ranges are inclusive and named in the message.
  std::int64_t integer(std::int64_t least, std::int64_t most) const;
  double number(double least, double most) const;

  // The same with a default for missing or null.
  std::string string_or(std::string_view key, std::string otherwise) const;
  bool boolean_or(std::string_view key, bool otherwise) const;
  std::int64_t integer_or(std::string_view key, std::int64_t otherwise, std::int64_t least, std::int64_t most) const;
  double number_or(std::string_view key, double otherwise, double least, double most) const;

  // Throws when the object has a key that is not listed: unknown key 'x', did you mean 'y'?
  void expect_only(const std::vector<std::string>& keys) const;
  // An Error at this place.
  [[noreturn]] void fail(const std::string& message, const std::string& hint = {}) const;

 private:
  [[noreturn]] void fail_type(const std::string& expected) const;

  const Json* value_;
  std::string where_, path_;
};

}  // namespace vw

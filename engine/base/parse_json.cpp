// Parsing in one pass: nlohmann's lexer calls JsonBuilder, and the place of a mistake is worked out only when there
// is one.
#include "base/json_reader.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <iterator>

namespace vw {
namespace {

constexpr std::size_t most_levels = 64;

// What the lexer reads through. All copies share one position, so that the builder sees how far the lexer is.
struct Cursor {
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  const char** at;

  reference operator*() const { return **at; }
  Cursor& operator++() {
    ++*at;
    return *this;
  }
  bool operator==(const Cursor& other) const { return *at == *other.at; }
  bool operator!=(const Cursor& other) const { return *at != *other.at; }
};

struct Mistake {
  std::size_t offset = 0;
  std::string message;
};

bool ends_word(char c) { return std::string_view(" \t\r\n[]{},:\"").find(c) != std::string_view::npos; }

// The quote that opens the string whose closing quote is at `close`.
std::size_t opening_quote(std::string_view text, std::size_t close) {
  for (std::size_t at = close; at-- > 0;) {
    if (text[at] != '"') continue;
    const auto before = text.substr(0, at).find_last_not_of('\\');
    const std::size_t backslashes = at - (before == std::string_view::npos ? 0 : before + 1);
    if (backslashes % 2 == 0) return at;
  }
  return close;
}

struct Token {
  std::size_t offset = 0;
  std::string_view text;
};

// The token that ends before or holds the byte before `end`.
Token token_before(std::string_view text, std::size_t end, bool is_complete) {
  std::size_t last = end - 1;
  if (is_complete && text[last] == '"') {
    const std::size_t open = opening_quote(text, last);
    return {open, text.substr(open, end - open)};
  }
  // A literal such as nul} is found broken one byte later.
  if (!is_complete && ends_word(text[last]) && last > 0 && !ends_word(text[last - 1])) --last;
  if (ends_word(text[last])) return {last, text.substr(last, 1)};
  std::size_t first = last;
  while (first > 0 && !ends_word(text[first - 1])) --first;
  while (last + 1 < text.size() && !ends_word(text[last + 1])) ++last;
  return {first, text.substr(first, last + 1 - first)};
}

std::string_view between(std::string_view text, std::string_view open, std::string_view close) {
  const auto start = text.find(open);
  if (start == std::string_view::npos) return {};
  text.remove_prefix(start + open.size());
  return text.substr(0, text.find(close));
}

// nlohmann says "syntax error while parsing <context> - <detail>; last read: '...'".
std::string expected_in(std::string_view context, std::string_view detail) {
  if (detail.find("; expected end of input") != std::string_view::npos) return "the end of the text";
  if (context == "object key") return "a key in double quotes";
  if (context == "object separator") return "':'";
  if (context == "array") return "',' or ']'";
  if (context == "object") return "',' or '}'";
  return "a value";
}

// A mistake inside of a string or number, in the lexer's words.
Mistake mistake_in_token(std::size_t end, std::string_view detail) {
  if (detail.find("ill-formed UTF-8") != std::string_view::npos)
    return {end - 1, "malformed UTF-8, expected well-formed text"};
  std::string words(between(detail, "", "; last read"));
  if (const auto stop = words.find("; "); stop != std::string::npos) words.replace(stop, 2, ", ");
  return {end - 1, words};
}

Mistake mistake_at(std::string_view text, std::size_t position, const nlohmann::detail::exception& error) {
  constexpr int number_overflow = 406;
  const std::string_view message = error.what();
  const std::string_view context = between(message, "while parsing ", " - ");
  const std::string_view detail = between(message, " - ", "\n");
  const bool is_unexpected = detail.starts_with("unexpected ");
  if (is_unexpected && detail.starts_with("unexpected end of input"))
    return {text.size(), "unexpected end, expected " + expected_in(context, detail)};
  const std::size_t end = std::clamp<std::size_t>(position, 1, text.size());
  if (error.id == number_overflow) {
    const Token number = token_before(text, end, true);
    return {number.offset, quote(printable(number.text, 40)) + " is out of range, expected a finite number"};
  }
  if (!is_unexpected && !detail.starts_with("invalid literal")) return mistake_in_token(position, detail);
  const Token token = token_before(text, end, is_unexpected);
  return {token.offset,
          fmt::format("unexpected {}, expected {}", quote(printable(token.text, 40)), expected_in(context, detail))};
}

class JsonBuilder {
 public:
  JsonBuilder(std::string_view text, const char* const& position) : text_(text), position_(position) {}

  bool null() { return put(nullptr); }
  bool boolean(bool value) { return put(value); }
  bool number_integer(std::int64_t value) { return put(value); }
  bool number_unsigned(std::uint64_t value) { return put(value); }
  bool number_float(double value, const std::string& /*text*/) { return put(value); }
  bool string(std::string& value) { return put(std::move(value)); }
  bool binary(Json::binary_t& /*value*/) { return false; }
  bool start_object(std::size_t /*size*/) { return open(Json::object()); }
  bool start_array(std::size_t /*size*/) { return open(Json::array()); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }

  bool key(std::string& name) {
    auto& object = open_.back()->get_ref<Json::object_t&>();
    const auto [member, is_new] = object.try_emplace(std::move(name));
    member_ = &member->second;
    if (is_new) return true;
    mistake_ = {opening_quote(text_, offset() - 1),
                "duplicate key " + quote(member->first) + ", expected each key once"};
    return false;
  }

  bool parse_error(std::size_t position, const std::string& /*last*/, const nlohmann::detail::exception& error) {
    mistake_ = mistake_at(text_, position, error);
    return false;
  }

  Json& root() { return root_; }
  const Mistake& mistake() const { return mistake_; }

 private:
  std::size_t offset() const { return static_cast<std::size_t>(position_ - text_.data()); }

  template <class Value>
  bool put(Value&& value) {
    place() = std::forward<Value>(value);
    return true;
  }

  // Where the next value goes. Pointers to open values stay good: only the innermost container grows.
  Json& place() {
    if (open_.empty()) return root_;
    if (open_.back()->is_object()) return *member_;
    return open_.back()->get_ref<Json::array_t&>().emplace_back();
  }

  bool open(Json container) {
    if (open_.size() == most_levels) {
      mistake_ = {offset() - 1, fmt::format("nesting is too deep, expected at most {} levels", most_levels)};
      return false;
    }
    Json& opened = place();
    opened = std::move(container);
    open_.push_back(&opened);
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  std::string_view text_;
  const char* const& position_;
  Json root_;
  Json* member_ = nullptr;
  std::vector<Json*> open_;
  Mistake mistake_;
};

[[noreturn]] void fail(std::string_view text, const std::string& where, const Mistake& mistake) {
  throw Error(
      where.empty() ? line_and_column(text, mistake.offset) : where + ": " + line_and_column(text, mistake.offset),
      mistake.message);
}

}  // namespace

Json parse_json(std::string_view text, const std::string& where) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  // The lexer takes a zero byte for the end and would not see what follows.
  if (const auto zero = text.find('\0'); zero != std::string_view::npos)
    fail(text, where, {zero, "unexpected zero byte, expected text"});
  const char* position = text.data();
  const char* end = text.data() + text.size();
  JsonBuilder builder(text, position);
  if (!Json::sax_parse(Cursor{&position}, Cursor{&end}, &builder)) fail(text, where, builder.mistake());
  return std::move(builder.root());
}

}  // namespace vw

#include "model-folder/json_text.hpp"

#include "model-folder/files.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <vector>

namespace vw::checkpoint {

namespace {

constexpr std::size_t most_depth = 64;
constexpr std::size_t most_values = 8'000'000;  // the index of the largest published checkpoint has some 400,000

// A character iterator that tells where the parser is: the parser itself says so for syntax errors only.
struct Cursor {
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  const char* at = nullptr;
  const char** reached = nullptr;

  reference operator*() const { return *at; }
  Cursor& operator++() {
    *reached = ++at;
    return *this;
  }
  bool operator==(const Cursor& other) const { return at == other.at; }
  bool operator!=(const Cursor& other) const { return at != other.at; }
};

std::string line_and_column(std::string_view text, std::size_t offset) {
  const auto before = text.substr(0, offset);
  const auto lines = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
  const auto last_break = before.rfind('\n');
  const auto column = last_break == std::string_view::npos ? offset + 1 : offset - last_break;
  return "line " + std::to_string(lines + 1) + " column " + std::to_string(column);
}

// nlohmann writes "[json.exception...] parse error at ...: syntax error while parsing value - invalid literal; last
// read: '"a": x'; expected ...". Keeps what is wrong and what was expected, drops the echo of the input.
std::string plain_reason(std::string text) {
  if (const auto at = text.find("] "); at != std::string::npos) text.erase(0, at + 2);
  if (const auto at = text.find(" - "); at != std::string::npos) text.erase(0, at + 3);
  const auto echo = text.find("; last read: '");
  const auto expected = text.rfind("; expected ");
  std::string reason = text.substr(0, std::min(echo, expected));
  if (expected != std::string::npos) reason += ", expected " + text.substr(expected + 11);
  return reason;
}

class TreeBuilder : public nlohmann::json_sax<Json> {
 public:
  TreeBuilder(std::string_view text, const std::string& where, const TakeMember* take)
      : text_(text), where_(where), take_(take) {}

  const char** reached() { return &reached_; }
  Json result() { return std::move(root_); }

  bool null() override { return put(nullptr); }
  bool boolean(bool value) override { return put(value); }
  bool number_integer(number_integer_t value) override { return put(value); }
  bool number_unsigned(number_unsigned_t value) override { return put(value); }
  bool number_float(number_float_t value, const string_t& /*digits*/) override { return put(value); }
  bool string(string_t& value) override { return put(std::move(value)); }
  bool binary(binary_t& /*value*/) override { return false; }
  bool start_object(std::size_t /*size*/) override { return enter(Json::object()); }
  bool start_array(std::size_t /*size*/) override { return enter(Json::array()); }
  bool end_object() override { return leave(); }
  bool end_array() override { return leave(); }

  bool key(string_t& name) override {
    if (open_.back()->contains(name)) fail("duplicate key " + shown(name));
    key_ = std::move(name);
    if (open_.size() == 1) member_ = key_;
    return true;
  }

  bool parse_error(std::size_t position, const std::string& /*token*/,
                   const nlohmann::detail::exception& error) override {
    const std::size_t offset = position > 0 ? position - 1 : 0;
    throw Failure(where_, line_and_column(text_, std::min(offset, text_.size())) + ": " + plain_reason(error.what()));
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    const auto offset = reached_ == nullptr ? 0 : static_cast<std::size_t>(reached_ - text_.data()) - 1;
    throw Failure(where_, line_and_column(text_, offset) + ": " + what);
  }

  Json* place(Json value) {
    if (++values_ > most_values) fail("more than " + std::to_string(most_values) + " values");
    if (open_.empty()) {
      if (take_ != nullptr && !value.is_object()) fail("not an object, expected {\"name\": ...}");
      root_ = std::move(value);
      return &root_;
    }
    Json& parent = *open_.back();
    if (parent.is_array()) return &parent.emplace_back(std::move(value));
    return &(parent[key_] = std::move(value));
  }

  bool put(Json value) {
    place(std::move(value));
    hand_over();
    return true;
  }

  bool enter(Json empty) {
    if (open_.size() == most_depth) fail("nested deeper than " + std::to_string(most_depth) + " levels");
    open_.push_back(place(std::move(empty)));
    return true;
  }

  bool leave() {
    open_.pop_back();
    hand_over();
    return true;
  }

  void hand_over() {
    if (take_ == nullptr || open_.size() != 1) return;
    (*take_)(member_, root_.begin().value());
    root_.clear();
    values_ = 0;
  }

  std::string_view text_;
  const std::string& where_;
  const TakeMember* take_;
  const char* reached_ = nullptr;
  Json root_;
  std::vector<Json*> open_;  // the containers around the current value
  std::string key_, member_;
  std::size_t values_ = 0;
};

Json parse(std::string_view text, const std::string& where, const TakeMember* take) {
  if (const auto zero = text.find('\0'); zero != std::string_view::npos)  // the lexer would take it for the end
    throw Failure(where, line_and_column(text, zero) + ": zero byte, expected text");
  TreeBuilder builder(text, where, take);
  Json::sax_parse(Cursor{text.data(), builder.reached()}, Cursor{text.data() + text.size(), nullptr}, &builder);
  return builder.result();
}

// Python's json writes Infinity, -Infinity and NaN, which JSON does not have (transformers' Mamba configs carry
// "time_step_limit": [0.0, Infinity]). They become null; what follows keeps its column where that is possible.
std::string without_special_numbers(std::string_view text) {
  std::string result;
  bool in_string = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '"' && (at == 0 || text[at - 1] != '\\' || !in_string)) in_string = !in_string;
    std::size_t length = 0;
    for (const std::string_view word : {"-Infinity", "Infinity", "NaN"})
      if (!in_string && length == 0 && text.substr(at, word.size()) == word) length = word.size();
    if (length == 0) {
      result += text[at];
      continue;
    }
    result += "null" + std::string(length > 4 ? length - 4 : 0, ' ');
    at += length - 1;
  }
  return result;
}

}  // namespace

Json parse_json(std::string_view text, const std::string& where) {
  const bool is_special = text.find("Infinity") != std::string_view::npos || text.find("NaN") != std::string_view::npos;
  if (!is_special) return parse(text, where, nullptr);
  const std::string plain = without_special_numbers(text);
  return parse(plain, where, nullptr);
}

void parse_members(std::string_view text, const std::string& where, const TakeMember& take) {
  parse(text, where, &take);
}

std::string text_or_empty(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

}  // namespace vw::checkpoint

#include "logs/python_values.hpp"

#include "base/text.hpp"

#include <charconv>
#include <cmath>
#include <optional>

namespace vw {
namespace {

constexpr int most_depth = 32;

struct CutOff {};  // the text ends, or goes on as no value does

class PythonReader {
 public:
  explicit PythonReader(std::string_view text) : rest_(text) {}

  // The fields up to `closing`, or to the end where it is 0; what was read before a cut stays.
  Json fields(char closing, char between, int depth = 0) {
    Json object = Json::object();
    try {
      take_fields(closing, between, depth, object);
    } catch (const CutOff&) {
      is_cut_ = true;
    }
    return object;
  }

  char next() {
    while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\n')) rest_.remove_prefix(1);
    return rest_.empty() ? '\0' : rest_.front();
  }
  void take() { rest_.remove_prefix(1); }

  std::string word() {
    std::size_t end = 0;
    while (end < rest_.size() && (std::isalnum(static_cast<unsigned char>(rest_[end])) != 0 || rest_[end] == '_' ||
                                  rest_[end] == '.' || rest_[end] == '-'))
      ++end;
    const std::string word(rest_.substr(0, end));
    rest_.remove_prefix(end);
    return word;
  }

 private:
  void take_fields(char closing, char between, int depth, Json& object) {
    while (next() != closing) {
      if (next() == '\0') throw CutOff{};
      const std::string key = between == ':' ? text_of(value(depth + 1)) : word();
      if (key.empty() || next() != between) throw CutOff{};
      take();
      object[key] = value(depth + 1);
      if (is_cut_) throw CutOff{};
      if (next() == ',') take();
    }
    if (closing != '\0') take();
  }

  static std::string text_of(const Json& json) { return json.is_string() ? json.get<std::string>() : to_text(json); }

  Json value(int depth) {
    if (depth > most_depth) throw CutOff{};
    const char first = next();
    if (first == '\'' || first == '"') return quoted(first);
    if (first == '{') return braces(depth);
    if (first == '[' || first == '(') return items(first == '[' ? ']' : ')', depth);
    if (first == '<') return angles();
    return plain(depth);
  }

  // A dictionary, or a set where its first value has no colon behind it.
  Json braces(int depth) {
    take();
    const std::string_view before = rest_;
    if (next() != '}') {
      value(depth + 1);
      const bool is_set = next() == ',' || next() == '}';
      rest_ = before;
      if (is_set) return items_to('}', depth);
    }
    return fields('}', ':', depth);
  }

  Json items(char closing, int depth) {
    take();
    return items_to(closing, depth);
  }

  Json items_to(char closing, int depth) {
    Json list = Json::array();
    while (next() != closing) {
      if (next() == '\0') throw CutOff{};
      list.push_back(value(depth + 1));
      if (next() == ',') take();
    }
    take();
    return list;
  }

  std::string quoted(char quote_mark) {
    take();
    std::string text;
    for (; !rest_.empty() && rest_.front() != quote_mark; take()) {
      if (rest_.front() == '\\' && rest_.size() > 1) {
        take();
        text += rest_.front() == 'n' ? '\n' : rest_.front();
      } else {
        text += rest_.front();
      }
    }
    if (rest_.empty()) throw CutOff{};
    take();
    return text;
  }

  // <CompilationMode.VLLM_COMPILE: 3>: its value.
  Json angles() {
    const std::size_t end = rest_.find('>');
    if (end == std::string_view::npos) throw CutOff{};
    const std::string_view inside = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    const std::size_t colon = inside.rfind(": ");
    if (colon == std::string_view::npos) return std::string(inside);
    PythonReader member(inside.substr(colon + 2));
    try {
      return member.value(1);
    } catch (const CutOff&) {
      return std::string(inside);
    }
  }

  Json plain(int depth) {
    const std::string text = word();
    if (text.empty()) throw CutOff{};
    if (!rest_.empty() && rest_.front() == '(') {
      take();
      return call(depth);
    }
    if (text == "None") return nullptr;
    if (text == "True" || text == "False") return text == "True";
    if (const std::optional<Json> number = number_of(text)) return *number;
    return text;
  }

  // Fields of an object; the values of one that names none.
  Json call(int depth) {
    const std::string_view before = rest_;
    const bool names_fields = next() == ')' || (!word().empty() && next() == '=');
    rest_ = before;
    return names_fields ? fields(')', '=', depth) : items_to(')', depth);
  }

  static std::optional<Json> number_of(const std::string& text) {
    std::int64_t whole = 0;
    const char* const end = text.data() + text.size();
    if (const auto read = std::from_chars(text.data(), end, whole); read.ec == std::errc{} && read.ptr == end)
      return whole;
    double number = 0;
    const auto read = std::from_chars(text.data(), end, number);
    if (read.ec != std::errc{} || read.ptr != end || !std::isfinite(number)) return std::nullopt;
    return number;
  }

  std::string_view rest_;
  bool is_cut_ = false;
};

}  // namespace

Json read_python_values(std::string_view text) {
  PythonReader reader(text);
  if (reader.next() == '{') {
    reader.take();
    return reader.fields('}', ':');
  }
  PythonReader named(text);
  const std::string name = named.word();
  if (!name.empty() && named.next() == '(') {
    named.take();
    return named.fields(')', '=');
  }
  return reader.fields('\0', '=');
}

}  // namespace vw

#include "base/yaml.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/yaml_scalars.hpp"

#include <fmt/format.h>
#include <yaml-cpp/emitter.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <sstream>

namespace vw {
namespace {

constexpr std::size_t most_levels = 64;
constexpr std::size_t most_values = 1000000;

// Values in a value, itself included.
std::size_t values_in(const Json& value) {
  std::size_t values = 1;
  if (value.is_structured())
    for (const Json& member : value) values += values_in(member);
  return values;
}

// Members of "<<" that the map does not have itself (YAML 1.1, merge keys).
void merge(Json& map) {
  const Json merged = std::move(map["<<"]);
  map.erase("<<");
  for (const Json& from : merged.is_array() ? merged : Json::array({merged}))
    if (from.is_object())
      for (const auto& [key, value] : from.items())
        if (!map.contains(key)) map[key] = value;
}

class YamlBuilder : public YAML::EventHandler {
 public:
  // `all`: where every document goes; null: there is one, and it is plain.
  YamlBuilder(std::string_view text, const std::string& where, YamlDocuments* all = nullptr)
      : text_(text), where_(where), all_(all) {}

  Json& root() { return root_; }

  [[noreturn]] void fail(std::size_t offset, const std::string& message, const std::string& hint = {}) const {
    const std::string place = line_and_column(text_, offset);
    throw Error(where_.empty() ? place : where_ + ": " + place, message, hint);
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (has_document_ && all_ == nullptr) fail(mark, "a second document begins here, expected one");
    has_document_ = true;
    anchored_.clear();
  }
  void OnDocumentEnd() override {
    if (all_ != nullptr) all_->documents.push_back(std::exchange(root_, Json()));
  }

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    check(mark, "?", anchor);
    if (expects_key()) fail(mark, "the key is null, expected text");
    keep(anchor, place(mark) = nullptr);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (all_ == nullptr) fail(mark, "unexpected alias, expected the value itself");
    const auto known = anchored_.find(anchor);
    if (known == anchored_.end()) fail(mark, "unexpected alias of what is not complete, expected the value itself");
    if (expects_key()) fail(mark, "the key is an alias, expected text");
    count(mark, values_in(known->second));
    place(mark) = known->second;
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    check(mark, tag, anchor);
    if (tag == "!") check_closed(mark);
    Json scalar = tag == "?" ? plain_scalar(mark, value) : Json(value);
    if (!expects_key()) {
      keep(anchor, place(mark) = std::move(scalar));
    } else if (scalar.is_string()) {
      take_key(mark, value);
    } else {
      fail(mark, fmt::format("the key {} is not text, expected it in double quotes", quote(value)));
    }
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    open(mark, tag, anchor, Json::array());
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    open(mark, tag, anchor, Json::object());
  }
  void OnMapEnd() override {
    if (all_ != nullptr && levels_.back().container->contains("<<")) merge(*levels_.back().container);
    close();
  }

 private:
  // An open container; `member` is where the value of the last key goes, null when a key is due.
  struct Level {
    Json* container;
    YAML::anchor_t anchor;
    std::string path;  // kept only where lines are
    Json* member = nullptr;
    std::string key = {};
  };

  void close() {
    keep(levels_.back().anchor, *levels_.back().container);
    levels_.pop_back();
  }

  void keep(YAML::anchor_t anchor, const Json& value) {
    if (anchor != YAML::NullAnchor) anchored_[anchor] = value;
  }

  void count(const YAML::Mark& mark, std::size_t values) {
    values_ += values;
    if (values_ > most_values) fail(mark, fmt::format("there are too many values, expected at most {}", most_values));
  }

  [[noreturn]] void fail(const YAML::Mark& mark, const std::string& message) const {
    fail(static_cast<std::size_t>(std::max(0, mark.pos)), message);
  }

  // Plain scalars arrive with the tag "?", quoted ones with "!", which an author may write, too.
  void check(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) const {
    if (anchor != YAML::NullAnchor && all_ == nullptr) fail(mark, "unexpected anchor, expected the value itself");
    const auto offset = static_cast<std::size_t>(std::max(0, mark.pos));
    const bool is_written = tag == "!" && offset < text_.size() && text_[offset] == '!';
    if (is_written || (tag != "?" && tag != "!"))
      fail(mark, fmt::format("unexpected tag {}, expected the value itself", quote(tag)));
  }

  // yaml-cpp takes the end of the text for a closing quote.
  void check_closed(const YAML::Mark& mark) const {
    const auto open = static_cast<std::size_t>(std::max(0, mark.pos));
    const char quotes = text_.at(open);
    if (quotes != '"' && quotes != '\'') return;
    for (std::size_t at = open + 1; at < text_.size(); ++at) {
      const bool is_doubled = quotes == '\'' && text_.substr(at).starts_with("''");
      if (text_[at] == quotes && !is_doubled) return;
      if (is_doubled || (quotes == '"' && text_[at] == '\\')) ++at;
    }
    fail(mark, "the quote is never closed, expected another one");
  }

  bool expects_key() const {
    return !levels_.empty() && levels_.back().container->is_object() && levels_.back().member == nullptr;
  }

  void take_key(const YAML::Mark& mark, const std::string& name) {
    const auto [member, is_new] = levels_.back().container->get_ref<Json::object_t&>().try_emplace(name);
    if (!is_new) fail(mark, fmt::format("duplicate key {}, expected each key once", quote(name)));
    levels_.back().member = &member->second;
    if (all_ != nullptr) levels_.back().key = name;
  }

  // The path of the value that comes next.
  std::string next_path() const {
    if (levels_.empty()) return "/" + std::to_string(all_->documents.size());
    const Level& level = levels_.back();
    return level.path + "/" + (level.container->is_array() ? std::to_string(level.container->size()) : level.key);
  }

  // Where the next value goes. Pointers to open values stay good: only the innermost container grows.
  Json& place(const YAML::Mark& mark) {
    if (all_ != nullptr) {
      count(mark, 1);
      all_->lines[next_path()] = static_cast<std::size_t>(mark.line) + 1;
    }
    if (levels_.empty()) return root_;
    Level& level = levels_.back();
    if (level.container->is_array()) return level.container->get_ref<Json::array_t&>().emplace_back();
    return *std::exchange(level.member, nullptr);
  }

  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Json container) {
    check(mark, tag, anchor);
    if (expects_key()) fail(mark, "the key is a list or map, expected text");
    if (levels_.size() == most_levels)
      fail(mark, fmt::format("nesting is too deep, expected at most {} levels", most_levels));
    std::string path = all_ != nullptr ? next_path() : std::string();
    Json& opened = place(mark);
    opened = std::move(container);
    levels_.push_back({&opened, anchor, std::move(path)});
  }

  Json plain_scalar(const YAML::Mark& mark, const std::string& value) const {
    auto scalar = read_plain_scalar(value);
    if (!scalar) fail(mark, fmt::format("{} is out of range, expected a finite number", quote(printable(value, 40))));
    return *std::move(scalar);
  }

  std::string_view text_;
  const std::string& where_;
  Json root_;
  std::vector<Level> levels_;
  bool has_document_ = false;
  YamlDocuments* all_;
  std::map<YAML::anchor_t, Json> anchored_;
  std::size_t values_ = 0;
};

// yaml-cpp guesses UTF-16 from zero bytes and takes byte 4 for the end: neither may reach it.
void check_bytes(std::string_view text, const YamlBuilder& builder) {
  const auto bad = std::find_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7F;
  });
  if (bad != text.end())
    builder.fail(static_cast<std::size_t>(bad - text.begin()), "unexpected control character, expected text");
  if (const std::size_t bytes = utf8_prefix_bytes(text); bytes != text.size())
    builder.fail(bytes, "malformed UTF-8, expected well-formed text");
}

std::string hint_for(std::string_view text, std::size_t offset) {
  const std::size_t start = text.substr(0, offset).rfind('\n') + 1;
  const std::string_view line = text.substr(start, text.find('\n', start) - start);
  const std::string_view indentation = line.substr(0, line.find_first_not_of(" \t"));
  return indentation.find('\t') == std::string_view::npos ? "" : "YAML is indented with spaces, not tabs";
}

std::string_view without_mark(std::string_view text) {
  return text.starts_with("\xEF\xBB\xBF") ? text.substr(3) : text;
}

void feed(std::string_view text, YamlBuilder& builder) {
  check_bytes(text, builder);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) continue;
  } catch (const YAML::Exception& error) {
    const auto offset = static_cast<std::size_t>(std::clamp(error.mark.pos, 0, static_cast<int>(text.size())));
    builder.fail(offset, error.msg + ", expected well-formed YAML", hint_for(text, offset));
  }
}

}  // namespace

Json parse_yaml(std::string_view text, const std::string& where) {
  text = without_mark(text);
  YamlBuilder builder(text, where);
  feed(text, builder);
  return std::move(builder.root());
}

YamlDocuments parse_yaml_documents(std::string_view text, const std::string& where) {
  text = without_mark(text);
  YamlDocuments all;
  YamlBuilder builder(text, where, &all);
  feed(text, builder);
  return all;
}

}  // namespace vw

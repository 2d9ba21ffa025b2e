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

class YamlBuilder : public YAML::EventHandler {
 public:
  YamlBuilder(std::string_view text, const std::string& where) : text_(text), where_(where) {}

  Json& root() { return root_; }

  [[noreturn]] void fail(std::size_t offset, const std::string& message, const std::string& hint = {}) const {
    const std::string place = line_and_column(text_, offset);
    throw Error(where_.empty() ? place : where_ + ": " + place, message, hint);
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (has_document_) fail(mark, "a second document begins here, expected one");
    has_document_ = true;
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    check(mark, "?", anchor);
    if (expects_key()) fail(mark, "the key is null, expected text");
    place() = nullptr;
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    fail(mark, "unexpected alias, expected the value itself");
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    check(mark, tag, anchor);
    if (tag == "!") check_closed(mark);
    Json scalar = tag == "?" ? plain_scalar(mark, value) : Json(value);
    if (!expects_key()) {
      place() = std::move(scalar);
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
  void OnSequenceEnd() override { levels_.pop_back(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    open(mark, tag, anchor, Json::object());
  }
  void OnMapEnd() override { levels_.pop_back(); }

 private:
  // An open container; `member` is where the value of the last key goes, null when a key is due.
  struct Level {
    Json* container;
    Json* member = nullptr;
  };

  [[noreturn]] void fail(const YAML::Mark& mark, const std::string& message) const {
    fail(static_cast<std::size_t>(std::max(0, mark.pos)), message);
  }

  // Plain scalars arrive with the tag "?", quoted ones with "!", which an author may write, too.
  void check(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) const {
    if (anchor != YAML::NullAnchor) fail(mark, "unexpected anchor, expected the value itself");
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
  }

  // Where the next value goes. Pointers to open values stay good: only the innermost container grows.
  Json& place() {
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
    Json& opened = place();
    opened = std::move(container);
    levels_.push_back({&opened});
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

}  // namespace

Json parse_yaml(std::string_view text, const std::string& where) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  YamlBuilder builder(text, where);
  check_bytes(text, builder);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) continue;
  } catch (const YAML::Exception& error) {
    const auto offset = static_cast<std::size_t>(std::clamp(error.mark.pos, 0, static_cast<int>(text.size())));
    builder.fail(offset, error.msg + ", expected well-formed YAML", hint_for(text, offset));
  }
  return std::move(builder.root());
}

}  // namespace vw

#include "lua/schema.hpp"

#include "base/text.hpp"
#include "lua/api.hpp"
#include "lua/core.hpp"
#include "lua/json_bridge.hpp"
#include "lua/members.hpp"
#include "parts/part.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace vw::lua {

namespace {

using Type = Rule::Type;

struct Step {
  const Step* parent;
  std::string_view name;  // empty: an index
  lua_Integer index;
};

std::string path_of(const Step* step) {
  if (step == nullptr) return "";
  const std::string parent = path_of(step->parent);
  if (step->name.empty()) return fmt::format("{}[{}]", parent, step->index);
  return parent + (parent.empty() ? "" : ".") + std::string(step->name);
}

// The innermost name of a path: what stands in the text before '='.
std::string name_of(const Step* step) {
  while (step != nullptr && step->name.empty()) step = step->parent;
  return step == nullptr ? "" : std::string(step->name);
}

std::string show_bound(double value) { return std::isnan(value) ? "NaN" : fmt::format("{}", value); }

std::string show_range(const Rule& rule) {
  return fmt::format(" from {} to {}", show_bound(rule.least), show_bound(rule.most));
}

std::vector<std::string> names_of(std::span<const Field> fields) {
  std::vector<std::string> names;
  for (const Field& field : fields) names.emplace_back(field.name);
  return names;
}

std::string with_guess(const std::string& word, const std::vector<std::string>& names) {
  const std::string meant = did_you_mean(word, names);
  return meant.empty() ? meant : "; " + meant;
}

std::string quoted_choices(const Rule& rule) {
  std::vector<std::string> choices;
  for (const char* choice : rule.choices()) choices.push_back(quote(choice));
  return join_or(choices);
}

// Uses only functions of Lua that never raise, so that its C++ values are safe.
class Checker {
 public:
  Checker(lua_State* L, std::string label) : L_(L), label_(std::move(label)) {}

  void check_fields(int index, std::span<const Field> fields, bool is_closed, const Step* step) {
    if (lua_checkstack(L_, 4) == 0) fail(step, "there is no memory");
    if (is_closed) refuse_unknown(index, fields, step);
    for (const Field& field : fields) {
      const Step here{step, field.name, 0};
      if (push_member(L_, index, field.name) != LUA_TNIL)
        check(lua_gettop(L_), field.rule, &here);
      else if (field.is_required)
        fail(step, fmt::format("missing field {}, expected {}", quote(path_of(&here)), describe_rule(field.rule)));
      lua_pop(L_, 1);
    }
  }

  [[noreturn]] void fail(const Step* step, const std::string& what) const {
    throw Misfit{label_ + ": " + what, name_of(step)};
  }

 private:
  void refuse_unknown(int index, std::span<const Field> fields, const Step* step) const {
    lua_pushnil(L_);
    while (lua_next(L_, index) != 0) {
      lua_pop(L_, 1);
      const std::string key = key_text(-1);
      const auto is_it = [&](const Field& field) { return key == field.name; };
      if (lua_type(L_, -1) == LUA_TSTRING && std::any_of(fields.begin(), fields.end(), is_it)) continue;
      const Step here{step, key, 0};
      const std::string guess = with_guess(key, names_of(fields));
      throw Misfit{fmt::format("{}: unknown field {}{}", label_, quote(path_of(&here)), guess), key};
    }
  }

  std::string key_text(int index) const {
    if (lua_isinteger(L_, index) != 0) return fmt::format("[{}]", lua_tointegerx(L_, index, nullptr));
    if (lua_type(L_, index) != LUA_TSTRING) return fmt::format("[{}]", luaL_typename(L_, index));
    return lua_tolstring(L_, index, nullptr);
  }

  void check(int index, const Rule& rule, const Step* step) {
    switch (rule.type) {
      case Type::id:
      case Type::line:
      case Type::text:
      case Type::choice:
        return check_text(index, rule, step);
      case Type::integer:
      case Type::number:
        return check_number(index, rule, step);
      case Type::boolean:
        return expect(lua_isboolean(L_, index), index, rule, step);
      case Type::function:
        return expect(lua_isfunction(L_, index), index, rule, step);
      case Type::list:
        return check_list(index, rule, step);
      case Type::map:
        return check_map(index, rule, step);
      case Type::table:
      case Type::open_table:
        expect(lua_istable(L_, index), index, rule, step);
        return check_fields(index, rule.fields(), rule.type == Type::table, step);
    }
  }

  void expect(bool is_right, int index, const Rule& rule, const Step* step) const {
    if (is_right) return;
    const int type = lua_type(L_, index);
    const std::string found = type == LUA_TSTRING ? "text" : fmt::format("a {}", lua_typename(L_, type));
    fail(step, fmt::format("field {} is {}, expected {}", quote(path_of(step)), found, describe_rule(rule)));
  }

  void refuse(const std::string& value, const Rule& rule, const Step* step, const std::string& guess = "") const {
    fail(step, fmt::format("field {} is {}, expected {}{}", quote(path_of(step)), value, describe_rule(rule), guess));
  }

  void check_text(int index, const Rule& rule, const Step* step) const {
    expect(lua_type(L_, index) == LUA_TSTRING, index, rule, step);
    std::size_t size = 0;
    const char* const bytes = lua_tolstring(L_, index, &size);
    const std::string text(bytes, size);
    if (!is_utf8(text)) refuse("not UTF-8", rule, step);
    if (rule.type == Type::choice) return check_choice(text, rule, step);
    const bool is_id_right = rule.type != Type::id || is_id(text);
    const bool is_line = rule.type != Type::line || (!text.empty() && text.find('\n') == std::string::npos);
    if (!is_id_right || !is_line) refuse(quote(text), rule, step);
  }

  void check_choice(const std::string& text, const Rule& rule, const Step* step) const {
    const std::vector<std::string> choices(rule.choices().begin(), rule.choices().end());
    if (std::find(choices.begin(), choices.end(), text) == choices.end())
      refuse(quote(text), rule, step, with_guess(text, choices));
  }

  void check_number(int index, const Rule& rule, const Step* step) const {
    expect(lua_type(L_, index) == LUA_TNUMBER, index, rule, step);
    const double value = lua_tonumberx(L_, index, nullptr);
    const bool is_whole = rule.type != Type::integer || value == std::floor(value);
    if (!is_whole || !(value >= rule.least && value <= rule.most)) refuse(show_bound(value), rule, step);
  }

  void check_list(int index, const Rule& rule, const Step* step) {
    expect(lua_istable(L_, index), index, rule, step);
    if (lua_checkstack(L_, 4) == 0) fail(step, "there is no memory");
    const auto count = static_cast<lua_Integer>(lua_rawlen(L_, index));
    lua_pushnil(L_);
    while (lua_next(L_, index) != 0) {
      lua_pop(L_, 1);
      const lua_Integer at = lua_isinteger(L_, -1) != 0 ? lua_tointegerx(L_, -1, nullptr) : 0;
      if (at < 1 || at > count) refuse(fmt::format("a table with the key {}", key_text(-1)), rule, step);
    }
    for (lua_Integer i = 1; i <= count; ++i) {
      const Step here{step, {}, i};
      lua_rawgeti(L_, index, i);
      check(lua_gettop(L_), *rule.item, &here);
      lua_pop(L_, 1);
    }
    mark_list(L_, index);
  }

  void check_map(int index, const Rule& rule, const Step* step) {
    expect(lua_istable(L_, index), index, rule, step);
    if (lua_checkstack(L_, 4) == 0) fail(step, "there is no memory");
    lua_pushnil(L_);
    while (lua_next(L_, index) != 0) {
      const std::string key = key_text(-2);
      const Step here{step, key, 0};
      if (lua_type(L_, -2) != LUA_TSTRING) refuse(fmt::format("a table with the key {}", key), rule, step);
      check(lua_gettop(L_), *rule.item, &here);
      lua_pop(L_, 1);
    }
  }

  lua_State* L_;
  std::string label_;
};

// "quantization 'awq'", or "quantization" while there is no id to name.
std::string label_of(lua_State* L, int index, const Schema& schema) {
  const std::string kind = short_kind(schema.kind);
  if (schema.id_field == nullptr) return kind;
  const std::string id = text_member(L, index, schema.id_field);
  return id.empty() ? kind : fmt::format("{} {}", kind, quote(id));
}

void check_api(const Checker& checker, lua_State* L, int index) {
  const double written_for = number_member(L, index, "api", api_version);
  if (written_for == api_version) return;
  const Step here{nullptr, "api", 0};
  checker.fail(&here, fmt::format("written for script API {}; this vllm-wizard speaks {}", written_for, api_version));
}

}  // namespace

std::string describe_rule(const Rule& rule) {
  switch (rule.type) {
    case Type::id:
      return "a kebab-case id";
    case Type::line:
      return "text of one line";
    case Type::text:
      return "text";
    case Type::integer:
      return "a whole number" + show_range(rule);
    case Type::number:
      return "a number" + show_range(rule);
    case Type::boolean:
      return "true or false";
    case Type::function:
      return fmt::format("a function {}", rule.signature);
    case Type::list:
      return "a list of " + describe_items(*rule.item);
    case Type::map:
      return "a table from names to " + describe_items(*rule.item);
    case Type::choice:
      return quoted_choices(rule);
    case Type::table:
    case Type::open_table:
      break;
  }
  return "a table";
}

std::string describe_items(const Rule& rule) {
  switch (rule.type) {
    case Type::id:
      return "kebab-case ids";
    case Type::line:
      return "texts of one line";
    case Type::text:
      return "texts";
    case Type::integer:
      return "whole numbers" + show_range(rule);
    case Type::number:
      return "numbers" + show_range(rule);
    case Type::list:
      return "lists of " + describe_items(*rule.item);
    case Type::table:
    case Type::open_table:
      return "tables";
    default:
      return describe_rule(rule);
  }
}

void check_declaration(lua_State* L, int index, const Schema& schema) {
  const int height = lua_gettop(L);
  Checker checker(L, label_of(L, index, schema));
  try {
    check_api(checker, L, index);
    checker.check_fields(index, schema.fields, true, nullptr);
  } catch (...) {
    lua_settop(L, height);
    throw;
  }
}

}  // namespace vw::lua

#include "lua/json_bridge.hpp"

#include "base/error.hpp"
#include "lua/core.hpp"

#include <fmt/format.h>

#include <cmath>

namespace vw::lua {

namespace {

const char mark_key = 0;  // registry: the metatable of lists

// A table that holds itself twice, 64 levels deep, is larger than any memory.
constexpr std::size_t most_units = std::size_t{64} << 20;
constexpr std::size_t units_per_value = 16;

void push_value(lua_State* L, const Json& value, int depth);

void push_list(lua_State* L, const Json& list, int depth) {
  lua_createtable(L, static_cast<int>(list.size()), 0);
  mark_list(L, -1);
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i].is_null())
      lua_pushlightuserdata(L, nullptr);
    else
      push_value(L, list[i], depth + 1);
    lua_rawseti(L, -2, static_cast<lua_Integer>(i) + 1);
  }
}

void push_object(lua_State* L, const Json& object, int depth) {
  lua_createtable(L, 0, static_cast<int>(object.size()));
  for (auto member = object.cbegin(); member != object.cend(); ++member) {
    if (member->is_null()) continue;
    lua_pushlstring(L, member.key().data(), member.key().size());
    push_value(L, *member, depth + 1);
    lua_rawset(L, -3);
  }
}

void push_unsigned(lua_State* L, std::uint64_t value) {
  if (value <= static_cast<std::uint64_t>(LUA_MAXINTEGER))
    lua_pushinteger(L, static_cast<lua_Integer>(value));
  else
    lua_pushnumber(L, static_cast<lua_Number>(value));
}

void push_value(lua_State* L, const Json& value, int depth) {
  if (depth > most_depth) luaL_error(L, "JSON of more than %d levels", most_depth);
  luaL_checkstack(L, 4, "JSON is too deep");
  switch (value.type()) {
    case Json::value_t::object:
      return push_object(L, value, depth);
    case Json::value_t::array:
      return push_list(L, value, depth);
    case Json::value_t::boolean:
      return lua_pushboolean(L, *value.get_ptr<const bool*>() ? 1 : 0);
    case Json::value_t::number_integer:
      return lua_pushinteger(L, *value.get_ptr<const std::int64_t*>());
    case Json::value_t::number_unsigned:
      return push_unsigned(L, *value.get_ptr<const std::uint64_t*>());
    case Json::value_t::number_float:
      return lua_pushnumber(L, *value.get_ptr<const double*>());
    case Json::value_t::string: {
      const std::string& text = *value.get_ptr<const std::string*>();
      lua_pushlstring(L, text.data(), text.size());
      return;
    }
    default:
      return lua_pushnil(L);
  }
}

// Where a value lies, as a chain of steps on the C++ stack: text is made only for a complaint.
struct Step {
  const Step* parent;
  const char* name;  // nullptr: an index
  std::size_t size;
  lua_Integer index;
};

std::string path_of(const Step* step, const std::string& name) {
  if (step == nullptr) return name;
  const std::string parent = path_of(step->parent, name);
  if (step->name == nullptr) return fmt::format("{}[{}]", parent, step->index);
  return parent + (parent.empty() ? "" : ".") + std::string(step->name, step->size);
}

class Reader {
 public:
  Reader(lua_State* L, const std::string& name) : L_(L), name_(name) {}

  Json value(int index, const Step* step, int depth) {
    spend(units_per_value, step);
    switch (lua_type(L_, index)) {
      case LUA_TNIL:
        return nullptr;
      case LUA_TBOOLEAN:
        return lua_toboolean(L_, index) != 0;
      case LUA_TNUMBER:
        return number(index, step);
      case LUA_TSTRING:
        return text(index, step);
      case LUA_TTABLE:
        return table(lua_absindex(L_, index), step, depth);
      case LUA_TLIGHTUSERDATA:
        if (lua_touserdata(L_, index) == nullptr) return nullptr;
        [[fallthrough]];
      default:
        fail(step, fmt::format("a {} cannot become JSON", luaL_typename(L_, index)));
    }
  }

 private:
  [[noreturn]] void fail(const Step* step, const std::string& what) const { throw Error(path_of(step, name_), what); }

  void spend(std::size_t units, const Step* step) {
    units_ += units;
    if (units_ > most_units) fail(step, "too large to become JSON");
  }

  Json number(int index, const Step* step) const {
    if (lua_isinteger(L_, index) != 0) return static_cast<std::int64_t>(lua_tointegerx(L_, index, nullptr));
    const double number = lua_tonumberx(L_, index, nullptr);
    if (!std::isfinite(number)) fail(step, std::isnan(number) ? "NaN is no JSON number" : "infinity is no JSON number");
    return number;
  }

  Json text(int index, const Step* step) {
    std::size_t size = 0;
    const char* const bytes = lua_tolstring(L_, index, &size);
    spend(size, step);
    return std::string(bytes, size);
  }

  Json table(int index, const Step* step, int depth) {
    if (depth >= most_depth) fail(step, fmt::format("more than {} levels", most_depth));
    if (lua_checkstack(L_, 4) == 0) fail(step, "no memory");
    const bool is_list = is_marked_list(L_, index) || lua_rawlen(L_, index) > 0;
    return is_list ? list(index, step, depth) : object(index, step, depth);
  }

  // Counts the members first: a border of the length operator may lie before a hole.
  Json list(int index, const Step* step, int depth) {
    const lua_Integer count = count_members(index, step);
    Json list = Json::array();
    for (lua_Integer i = 1; i <= count; ++i) {
      const Step here{step, nullptr, 0, i};
      if (lua_rawgeti(L_, index, i) == LUA_TNIL) fail(&here, "is missing: a list has no holes");
      list.push_back(value(-1, &here, depth + 1));
      lua_pop(L_, 1);
    }
    return list;
  }

  lua_Integer count_members(int index, const Step* step) const {
    lua_Integer count = 0;
    lua_pushnil(L_);
    while (lua_next(L_, index) != 0) {
      lua_pop(L_, 1);
      if (lua_isinteger(L_, -1) == 0) fail(step, fmt::format("a list with the key {}", key_text()));
      ++count;
    }
    return count;
  }

  Json object(int index, const Step* step, int depth) {
    Json object = Json::object();
    lua_pushnil(L_);
    while (lua_next(L_, index) != 0) {
      Step here{step, nullptr, 0, 0};
      if (lua_type(L_, -2) != LUA_TSTRING) fail_key(step);
      here.name = lua_tolstring(L_, -2, &here.size);
      spend(here.size, &here);
      object[std::string(here.name, here.size)] = value(-1, &here, depth + 1);
      lua_pop(L_, 1);
    }
    return object;
  }

  [[noreturn]] void fail_key(const Step* step) const {
    lua_pop(L_, 1);
    if (lua_isinteger(L_, -1) != 0)
      fail(step, fmt::format("index {} without index 1: a list has no holes", key_text()));
    fail(step, fmt::format("the key {} is no text", key_text()));
  }

  // The key on top of the stack. Numbers are read as numbers: lua_tolstring would change the key under lua_next.
  std::string key_text() const {
    if (lua_isinteger(L_, -1) != 0) return fmt::format("{}", lua_tointegerx(L_, -1, nullptr));
    if (lua_type(L_, -1) == LUA_TNUMBER) return fmt::format("{}", lua_tonumberx(L_, -1, nullptr));
    if (lua_type(L_, -1) != LUA_TSTRING) return fmt::format("({})", luaL_typename(L_, -1));
    std::size_t size = 0;
    const char* const bytes = lua_tolstring(L_, -1, &size);
    return "'" + std::string(bytes, size) + "'";
  }

  lua_State* L_;
  const std::string& name_;
  std::size_t units_ = 0;
};

}  // namespace

void push_json(lua_State* L, const Json& value) { push_value(L, value, 0); }

Json read_json(lua_State* L, int index, const std::string& name) {
  const int height = lua_gettop(L);
  const int place = lua_absindex(L, index);
  try {
    return Reader(L, name).value(place, nullptr, 0);
  } catch (...) {
    lua_settop(L, height);
    throw;
  }
}

void mark_list(lua_State* L, int index) noexcept {
  const int place = lua_absindex(L, index);
  if (lua_getmetatable(L, place) != 0) {
    lua_pop(L, 1);
    return;
  }
  lua_rawgetp(L, LUA_REGISTRYINDEX, &mark_key);
  lua_setmetatable(L, place);
}

bool is_marked_list(lua_State* L, int index) noexcept {
  if (lua_getmetatable(L, index) == 0) return false;
  lua_rawgetp(L, LUA_REGISTRYINDEX, &mark_key);
  const bool is_mark = lua_rawequal(L, -1, -2) != 0;
  lua_pop(L, 2);
  return is_mark;
}

void create_list_mark(lua_State* L) {
  lua_createtable(L, 0, 1);
  lua_pushliteral(L, "vw.list");
  lua_setfield(L, -2, "__metatable");
  lua_rawsetp(L, LUA_REGISTRYINDEX, &mark_key);
}

}  // namespace vw::lua

#include "lua/json_bridge.hpp"

#include "support/catch.hpp"
#include "support/lua_scripts.hpp"

#include <random>

using namespace vw;
using test::failure_of;
using test::run_lua;

namespace {

class Bridge {
 public:
  Json round_trip(const Json& value) {
    const lua::StackGuard guard(state_);
    push(value);
    return lua::read_json(state_.raw(), -1, "value");
  }
  void push(const Json& value) {
    const Json* const at = &value;
    state_.protect(10.0, 0, [at](lua_State* L) {
      lua::push_json(L, *at);
      return 1;
    });
  }

 private:
  lua::State state_{"test.lua", {}, {}};
};

// Values as they come: nested, empty, with odd strings and extreme numbers.
class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  Json value(int depth) {
    switch (pick(depth > 0 ? 7 : 5)) {
      case 0:
        return pick(2) == 0;
      case 1:
        return static_cast<std::int64_t>(random_());
      case 2:
        return std::uniform_real_distribution<double>(-1e9, 1e9)(random_);
      case 3:
        return text();
      case 4:
        return extremes_[pick(extremes_.size())];
      case 5:
        return list(depth);
      default:
        return object(depth);
    }
  }

 private:
  std::size_t pick(std::size_t below) { return random_() % below; }
  std::string text() {
    std::string text;
    for (std::size_t i = pick(6); i > 0; --i) text += pieces_[pick(pieces_.size())];
    return text;
  }
  Json list(int depth) {
    Json list = Json::array();
    for (std::size_t i = pick(5); i > 0; --i) list.push_back(pick(6) == 0 ? Json() : value(depth - 1));
    return list;
  }
  Json object(int depth) {
    Json object = Json::object();
    for (std::size_t i = pick(5); i > 0; --i) object[text()] = value(depth - 1);
    return object;
  }

  std::mt19937_64 random_;
  const std::vector<Json> extremes_{0,   -0.0, INT64_MAX, INT64_MIN,     1e308,         5e-324,
                                    3.0, "",   "1",       Json::array(), Json::object()};
  const std::vector<std::string> pieces_{"a", "1", " ", "\"", "\n", std::string(1, '\0'), "\u00e4", "\U0001F600"};
};

}  // namespace

TEST_CASE("any JSON comes back from Lua as it went in", "[lua]") {
  Bridge bridge;
  for (unsigned seed = 0; seed < 500; ++seed) {
    const Json value = Generator(seed).value(5);
    INFO("seed " << seed << ": " << to_text(value));
    const Json back = bridge.round_trip(value);
    CHECK(back == value);
    CHECK(to_text(back) == to_text(value));
  }
}

TEST_CASE("integers stay integers and numbers stay numbers", "[lua]") {
  Bridge bridge;
  CHECK(bridge.round_trip(3).is_number_integer());
  CHECK(bridge.round_trip(3.0).is_number_float());
  CHECK(bridge.round_trip(Json(std::uint64_t{1} << 63)).get<double>() == 9223372036854775808.0);
  CHECK(run_lua("return { 7 // 2, 7 / 2, 2 ^ 2, 1 << 40 }").dump() == "[3,3.5,4.0,1099511627776]");
}

TEST_CASE("empty lists and empty objects are told apart", "[lua]") {
  Bridge bridge;
  CHECK(bridge.round_trip(Json::parse(R"({"a":[],"b":{}})")).dump() == R"({"a":[],"b":{}})");
  CHECK(run_lua("return { a = vw.list {}, b = {}, c = vw.list() }").dump() == R"({"a":[],"b":{},"c":[]})");
}

TEST_CASE("null is nil as a member and vw.null in a list", "[lua]") {
  Bridge bridge;
  CHECK(bridge.round_trip(Json::parse(R"({"a":null,"b":[null,1,null]})")).dump() == R"({"b":[null,1,null]})");
  CHECK(bridge.round_trip(nullptr).is_null());
  CHECK(run_lua("return { 1, vw.null, 3 }").dump() == "[1,null,3]");
  CHECK(run_lua("return { a = vw.null }").dump() == R"({"a":null})");
}

TEST_CASE("what is no JSON is refused with its path", "[lua]") {
  CHECK(failure_of("return { a = { 0 / 0 } }") == "result.a[1]: NaN is no JSON number");
  CHECK(failure_of("return { 1 / 0 }") == "result[1]: infinity is no JSON number");
  CHECK(failure_of("return { a = { b = print } }") == "result.a.b: a function cannot become JSON");
  CHECK(failure_of("return print") == "result: a function cannot become JSON");
}

TEST_CASE("lists with holes or names are refused with their path", "[lua]") {
  CHECK(failure_of("return { a = { 1, nil, 3 } }") == "result.a[2]: is missing: a list has no holes");
  CHECK(failure_of("return { a = { [2] = 1 } }") == "result.a: index 2 without index 1: a list has no holes");
  CHECK(failure_of("return { a = { 1, 2, x = 3 } }") == "result.a: a list with the key 'x'");
  CHECK(failure_of("return { [1.5] = 1 }") == "result: the key 1.5 is no text");
  CHECK(failure_of("return { [true] = 1 }") == "result: the key (boolean) is no text");
  CHECK(failure_of("return { 1, [true] = 1 }") == "result: a list with the key (boolean)");
  CHECK(failure_of("local l = vw.list {} l.x = 1 return l") == "result: a list with the key 'x'");
}

TEST_CASE("depth is limited both ways", "[lua]") {
  const std::string nest = "local t = 1 for i = 1, %d do t = { t } end return t";
  const auto nested = [](int levels) {
    Json value = 1;
    for (int i = 0; i < levels; ++i) value = Json::array({value});
    return value;
  };
  CHECK(run_lua("local t = 1 for i = 1, 64 do t = { t } end return t") == nested(64));
  CHECK_THAT(failure_of("local t = 1 for i = 1, 65 do t = { t } end return t"),
             ContainsSubstring("more than 64 levels"));
  CHECK_THAT(failure_of("local t = {} t.t = t return t"), ContainsSubstring("more than 64 levels"));
  Bridge bridge;
  CHECK(bridge.round_trip(nested(64)) == nested(64));
  CHECK(test::message_of([&] { bridge.push(nested(65)); }) == "test.lua: JSON of more than 64 levels");
}

TEST_CASE("a table that holds itself twice at every level is too large", "[lua]") {
  CHECK_THAT(failure_of("local t = 1 for i = 1, 60 do t = { t, t } end return t"),
             ContainsSubstring("too large to become JSON"));
  CHECK_THAT(failure_of("local s, t = ('x'):rep(2 ^ 20), {} for i = 1, 200 do t[i] = s end return t"),
             ContainsSubstring("result[64]: too large to become JSON"));
}

TEST_CASE("JSON larger than the memory of a state is an error", "[lua]") {
  lua::State state("test.lua", {}, {std::size_t{1} << 20, 1.0, 5e-6});
  const Json value = std::vector<std::string>(100, std::string(100000, 'x'));
  const Json* const at = &value;
  CHECK(test::message_of([&] {
          state.protect(1.0, 0, [at](lua_State* L) {
            lua::push_json(L, *at);
            return 1;
          });
        }) == "test.lua: needs more than 1 MiB of memory");
}

TEST_CASE("objects come out sorted whatever the order of pairs", "[lua]") {
  const std::string text =
      "local t = {} for i = 1, 40 do t['key' .. i * 7 % 41] = { x = i, y = vw.list { i } } end return t";
  const std::string first = run_lua(text).dump();
  for (int i = 0; i < 20; ++i) CHECK(run_lua(text).dump() == first);
}

#include "support/catch.hpp"

#include "base/error.hpp"
#include "base/json_reader.hpp"

using vw::Json;
using vw::parse_json;

namespace {

std::string refusal(std::string_view text) {
  try {
    parse_json(text, "config.json");
  } catch (const vw::Error& error) {
    return error.what();
  }
  return "accepted";
}

std::string nested(std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); }

}  // namespace

TEST_CASE("JSON of every type is read", "[base]") {
  const Json value =
      parse_json(R"( {"a":[1,-2,2.5,1e3,true,false,null,"\u00e4\n",{},[]],"b":{"c":18446744073709551615}} )", "x");
  CHECK(value == Json{{"a", {1, -2, 2.5, 1000.0, true, false, nullptr, "\xC3\xA4\n", Json::object(), Json::array()}},
                      {"b", {{"c", 18446744073709551615u}}}});
  CHECK(parse_json("3", "x") == 3);
  CHECK(parse_json("\xEF\xBB\xBF[1]", "x") == Json{1});
  CHECK(parse_json("[1e-400]", "x") == Json{0.0});
}

TEST_CASE("a syntax mistake in JSON is told with its place and what was expected", "[base]") {
  CHECK(refusal("{\n  \"a\": 1,\n  \"bcd\":}") == "config.json: line 3 column 9: unexpected '}', expected a value");
  CHECK(refusal("") == "config.json: line 1 column 1: unexpected end, expected a value");
  CHECK(refusal("[1,") == "config.json: line 1 column 4: unexpected end, expected a value");
  CHECK(refusal("[1") == "config.json: line 1 column 3: unexpected end, expected ',' or ']'");
  CHECK(refusal("{\"a\":1") == "config.json: line 1 column 7: unexpected end, expected ',' or '}'");
  CHECK(refusal("{\"a\":1,}") == "config.json: line 1 column 8: unexpected '}', expected a key in double quotes");
  CHECK(refusal("{a:1}") == "config.json: line 1 column 2: unexpected 'a', expected a key in double quotes");
  CHECK(refusal("{\"a\" 1}") == "config.json: line 1 column 6: unexpected '1', expected ':'");
  CHECK(refusal("{\"a\":1 \"b\\\"c\":2}") ==
        "config.json: line 1 column 8: unexpected '\"b\\\"c\"', expected ',' or '}'");
  CHECK(refusal("[1 true]") == "config.json: line 1 column 4: unexpected 'true', expected ',' or ']'");
  CHECK(refusal("{} x") == "config.json: line 1 column 4: unexpected 'x', expected the end of the text");
  CHECK(refusal("{}\n[]") == "config.json: line 2 column 1: unexpected '[', expected the end of the text");
}

TEST_CASE("words that are no JSON are named whole", "[base]") {
  CHECK(refusal("[nul]") == "config.json: line 1 column 2: unexpected 'nul', expected a value");
  CHECK(refusal("[\n  NaN]") == "config.json: line 2 column 3: unexpected 'NaN', expected a value");
  CHECK(refusal("[-Infinity]") == "config.json: line 1 column 3: invalid number, expected digit after '-'");
  CHECK(refusal("{\"a\": 1} // why") == "config.json: line 1 column 10: unexpected '//', expected the end of the text");
  CHECK(refusal("[trueish]") == "config.json: line 1 column 2: unexpected 'trueish', expected ',' or ']'");
  CHECK(refusal("['a']") == "config.json: line 1 column 2: unexpected ''a'', expected a value");
}

TEST_CASE("broken strings and numbers in JSON are told where they break", "[base]") {
  CHECK(refusal("[\"\xC3\xA4\", \"a\xFF\"]") ==
        "config.json: line 1 column 9: malformed UTF-8, expected well-formed text");
  CHECK(refusal("[\"ab") == "config.json: line 1 column 5: invalid string: missing closing quote");
  CHECK(
      refusal("[\"a\nb\"]") ==
      "config.json: line 1 column 4: invalid string: control character U+000A (LF) must be escaped to \\u000A or \\n");
  CHECK(refusal("[\"\\ud800\"]") ==
        "config.json: line 1 column 9: invalid string: surrogate U+D800..U+DBFF must be followed by U+DC00..U+DFFF");
  CHECK(refusal("[1.]") == "config.json: line 1 column 4: invalid number, expected digit after '.'");
  CHECK(refusal("[0, 1e999]") == "config.json: line 1 column 5: '1e999' is out of range, expected a finite number");
  CHECK(refusal(std::string_view("{}\0{}", 5)) == "config.json: line 1 column 3: unexpected zero byte, expected text");
}

TEST_CASE("duplicate keys in JSON are refused at the second one", "[base]") {
  CHECK(refusal("{\"a\": 1,\n \"a\": 2}") == "config.json: line 2 column 2: duplicate key 'a', expected each key once");
  CHECK(refusal(R"({"a\"b": 1, "a\"b": 2})") ==
        R"(config.json: line 1 column 13: duplicate key 'a"b', expected each key once)");
  CHECK(refusal(R"({"\\": 1, "\\": 2})") ==
        R"(config.json: line 1 column 11: duplicate key '\', expected each key once)");
  CHECK(refusal(R"({"a": {"a": 1}, "b": {"a": 1}})") == "accepted");
}

TEST_CASE("JSON may nest 64 levels and no more, however deep it goes", "[base]") {
  const std::string message = "config.json: line 1 column 65: nesting is too deep, expected at most 64 levels";
  CHECK(refusal(nested(64)) == "accepted");
  CHECK(refusal(nested(65)) == message);
  CHECK(refusal(std::string(3'000'000, '[')) == message);
}

TEST_CASE("cutting or damaging JSON at any byte ends in an error or a value, never in a crash", "[base]") {
  const std::string text = "{\"a\": [1.5e3, \"\xC3\xA4\\u0041\", null], \"b\": {\"c\": false}}";
  for (std::size_t at = 0; at < text.size(); ++at) {
    CHECK(refusal(text.substr(0, at)).starts_with("config.json: line 1 column "));
    for (const char byte : {'\0', '"', '\\', '}', '\xFF', '\n', '-'}) {
      std::string damaged = text;
      damaged[at] = byte;
      CHECK_FALSE(refusal(damaged).empty());
    }
  }
}

TEST_CASE("JSON is written compact or indented, with keys sorted and bad bytes replaced", "[base]") {
  const Json value{{"b", {1, 2}}, {"a", "\xFF"}};
  CHECK(vw::to_text(value) == "{\"a\":\"\xEF\xBF\xBD\",\"b\":[1,2]}");
  CHECK(vw::to_pretty_text(Json{{"b", {1}}, {"a", 0.9}}) == "{\n  \"a\": 0.9,\n  \"b\": [\n    1\n  ]\n}\n");
}

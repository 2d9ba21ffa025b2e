#include "base/yaml.hpp"

#include "support/catch.hpp"

#include "base/error.hpp"
#include "support/message_of.hpp"

using vw::Error;
using vw::Json;
using vw::parse_yaml;
using vw::parse_yaml_documents;
using vw::to_text;
using vw::YamlDocuments;
namespace test = vw::test;

namespace {

std::string refusal(std::string_view text) {
  try {
    parse_yaml(text, "profile.yaml");
  } catch (const vw::Error& error) {
    return vw::describe(error);
  }
  return "accepted";
}

}  // namespace

TEST_CASE("YAML of every shape is read into JSON", "[base]") {
  const Json value = parse_yaml(
      "# a profile\n---\nmodel: org/name\nargs: [--port, 8000, 0.9]\nflow: {a: 1, b: null}\nlist:\n- x\n- - y\n- k: v\n"
      "text: |\n  two\n  lines\nempty:\n",
      "x");
  CHECK(value == Json{{"model", "org/name"},
                      {"args", {"--port", 8000, 0.9}},
                      {"flow", {{"a", 1}, {"b", nullptr}}},
                      {"list", {"x", Json::array({"y"}), {{"k", "v"}}}},
                      {"text", "two\nlines\n"},
                      {"empty", nullptr}});
  CHECK(parse_yaml("", "x") == nullptr);
  CHECK(parse_yaml("\xEF\xBB\xBF"
                   "a: 1\r\nb: 2\r\n",
                   "x") == Json{{"a", 1}, {"b", 2}});
}

TEST_CASE("plain words follow the YAML 1.2 core schema", "[base]") {
  const auto read = [](const std::string& word) { return parse_yaml("- " + word, "x")[0]; };
  for (const char* word : {"null", "Null", "NULL", "~", ""}) CHECK(read(word) == nullptr);
  for (const char* word : {"true", "True", "TRUE"}) CHECK(read(word) == true);
  for (const char* word : {"false", "False", "FALSE"}) CHECK(read(word) == false);
  CHECK(read("8192") == 8192);
  CHECK(read("+7") == 7);
  CHECK(read("-7") == -7);
  CHECK(read("010") == 10);
  CHECK(read("0x1F") == 31);
  CHECK(read("0o17") == 15);
  CHECK(read("0.10") == 0.1);
  CHECK(read(".5") == 0.5);
  CHECK(read("5.") == 5.0);
  CHECK(read("1e5") == 1e5);
  CHECK(read("-1.5E-3") == -0.0015);
  CHECK(read("18446744073709551615") == 18446744073709551615u);
  CHECK(read("18446744073709551616") == 18446744073709551616.0);
  for (const char* word :
       {"yes", "no", "on", "y", "tRUE", "12:30", "2024-01-01", "1_000", "0b1", "0x", "1.2.3", "e5", "."})
    CHECK(read(word) == word);
  CHECK(read("\"8192\"") == "8192");
  CHECK(read("'null'") == "null");
  CHECK(read("\"\"") == "");
}

TEST_CASE("numbers that JSON cannot hold are refused in YAML", "[base]") {
  CHECK(refusal("a: .inf") == "profile.yaml: line 1 column 4: '.inf' is out of range, expected a finite number");
  CHECK(refusal("a: -.Inf") == "profile.yaml: line 1 column 4: '-.Inf' is out of range, expected a finite number");
  CHECK(refusal("a: .nan") == "profile.yaml: line 1 column 4: '.nan' is out of range, expected a finite number");
  CHECK(refusal("a: 1e999") == "profile.yaml: line 1 column 4: '1e999' is out of range, expected a finite number");
}

TEST_CASE("YAML that says more than a value is refused with its place", "[base]") {
  CHECK(refusal("a: 1\nb: 2\na: 3\n") == "profile.yaml: line 3 column 1: duplicate key 'a', expected each key once");
  CHECK(refusal("a: &x 1\nb: *x\n") == "profile.yaml: line 1 column 4: unexpected anchor, expected the value itself");
  CHECK(refusal("a: &x\n  b: 1\n") == "profile.yaml: line 1 column 4: unexpected anchor, expected the value itself");
  CHECK(refusal("a: *x\n") ==
        "profile.yaml: line 1 column 4: the referenced anchor is not defined, expected well-formed YAML");
  CHECK(refusal("a: !!str 1\n") ==
        "profile.yaml: line 1 column 4: unexpected tag 'tag:yaml.org,2002:str', expected the value itself");
  CHECK(refusal("\xC3\xA4: ! x\n") == "profile.yaml: line 1 column 4: unexpected tag '!', expected the value itself");
  CHECK(refusal("a: !x [1]\n") == "profile.yaml: line 1 column 4: unexpected tag '!x', expected the value itself");
  CHECK(refusal("a: 1\n---\nb: 2\n") == "profile.yaml: line 2 column 1: a second document begins here, expected one");
}

TEST_CASE("keys of YAML are text", "[base]") {
  CHECK(refusal("8: 1\n") == "profile.yaml: line 1 column 1: the key '8' is not text, expected it in double quotes");
  CHECK(refusal("true: 1\n") ==
        "profile.yaml: line 1 column 1: the key 'true' is not text, expected it in double quotes");
  CHECK(refusal("~: 1\n") == "profile.yaml: line 1 column 1: the key is null, expected text");
  CHECK(refusal("? [a]\n: 1\n") == "profile.yaml: line 1 column 3: the key is a list or map, expected text");
  CHECK(parse_yaml("\"8\": 1", "x") == Json{{"8", 1}});
}

TEST_CASE("YAML that cannot be read is told with its place", "[base]") {
  CHECK(refusal("a: [x, y\n") ==
        "profile.yaml: line 2 column 1: end of sequence flow not found, expected well-formed YAML");
  CHECK(refusal("a: b: c\n") == "profile.yaml: line 1 column 5: illegal map value, expected well-formed YAML");
  for (const char* text : {"a: \"x\n", "a: 'x\n", "a: \"x\\\"", "a: 'x''", "a: \"", "a: '"}) {
    CAPTURE(text);
    CHECK(refusal(text).starts_with("profile.yaml: line "));
  }
  CHECK(refusal("a: 'x''\n") == "profile.yaml: line 1 column 4: the quote is never closed, expected another one");
  CHECK(refusal("a:\n\t- 1\n").ends_with("\nhint: YAML is indented with spaces, not tabs"));
  CHECK(refusal(std::string_view("a\0b", 3)) ==
        "profile.yaml: line 1 column 2: unexpected control character, expected text");
  CHECK(refusal("a: \x04\nb") == "profile.yaml: line 1 column 4: unexpected control character, expected text");
  CHECK(refusal("a: \xC3\xA4\xFF") == "profile.yaml: line 1 column 5: malformed UTF-8, expected well-formed text");
}

TEST_CASE("YAML may nest 64 levels and no more, however deep it goes", "[base]") {
  const auto nested = [](std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); };
  const std::string message = "profile.yaml: line 1 column 65: nesting is too deep, expected at most 64 levels";
  CHECK(refusal(nested(64)) == "accepted");
  CHECK(refusal(nested(65)) == message);
  CHECK(refusal(std::string(100'000, '[')).starts_with("profile.yaml: line 1 column 1: "));
  std::string dashes;
  for (int i = 0; i < 65; ++i) dashes += "- ";
  CHECK(refusal(dashes + "1") == "profile.yaml: line 1 column 129: nesting is too deep, expected at most 64 levels");
}

TEST_CASE("cutting or damaging YAML at any byte ends in an error or a value, never in a crash", "[base]") {
  const std::string text = "a: [1, \"\xC3\xA4\\u0041\", {b: c}]\nd:\n  - e: |\n     f\n  - 'g'\n? h\n: i\n";
  for (std::size_t at = 0; at < text.size(); ++at) {
    CHECK_FALSE(refusal(text.substr(0, at)).empty());
    for (const char byte : {'"', '\'', '}', '&', '*', '!', '%', '\t', '|', ':', '\n', '-', '\xFF'}) {
      std::string damaged = text;
      damaged[at] = byte;
      CHECK_FALSE(refusal(damaged).empty());
    }
  }
}

TEST_CASE("files of other tools may hold documents, anchors and merge keys", "[base]") {
  const YamlDocuments all = parse_yaml_documents(
      "base: &base\n  a: 1\n  b: [x, y]\none:\n  <<: *base\n  a: 2\ntwo: *base\n---\nsecond: true\n", "f.yaml");
  REQUIRE(all.documents.size() == 2);
  CHECK(to_text(all.documents[0]["one"]) == R"({"a":2,"b":["x","y"]})");
  CHECK(to_text(all.documents[0]["two"]) == R"({"a":1,"b":["x","y"]})");
  CHECK(to_text(all.documents[1]) == R"({"second":true})");
  CHECK(all.lines.at("/0/base/b/1") == 3);
  CHECK(all.lines.at("/0/one/a") == 6);
  CHECK(all.lines.at("/1/second") == 9);
  CHECK(all.lines.count("/0/one/b") == 0);
}

TEST_CASE("several anchors merge in their order, and only what is an object", "[base]") {
  const auto read = [](const std::string& text) {
    return to_text(parse_yaml_documents(text, "f").documents.at(0)["c"]);
  };
  CHECK(read("a: &a {x: 1}\nb: &b {x: 2, y: 3}\nc: {<<: [*a, *b], z: 4}\n") == R"({"x":1,"y":3,"z":4})");
  CHECK(read("a: &a 5\nc: {<<: *a, z: 4}\n") == R"({"z":4})");
}

TEST_CASE("aliases that grow without end are refused", "[base]") {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int level = 1; level < 10; ++level) {
    const std::string below = "*a" + std::to_string(level - 1);
    bomb += "a" + std::to_string(level) + ": &a" + std::to_string(level) + " [" + below;
    for (int copy = 1; copy < 10; ++copy) bomb += ", " + below;
    bomb += "]\n";
  }
  CHECK(test::message_of([&] {
          parse_yaml_documents(bomb, "f.yaml");
        }).find("there are too many values, expected at most 1000000") != std::string::npos);
  CHECK_THROWS_AS(parse_yaml_documents("a: &a [*a]", "f"), Error);
  CHECK_THROWS_AS(parse_yaml("a: &a 1", "f"), Error);
  CHECK_THROWS_AS(parse_yaml("a: 1\n---\nb: 2", "f"), Error);
}

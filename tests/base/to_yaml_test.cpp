#include "support/catch.hpp"

#include "base/error.hpp"
#include "base/yaml.hpp"

#include <cstring>
#include <limits>

using vw::Json;
using vw::to_yaml;

namespace {

// Small and the same everywhere: values of every type, with a taste for what is hard to quote.
class Generator {
 public:
  explicit Generator(std::uint64_t seed) : state_(seed) {}

  std::uint64_t below(std::uint64_t most) { return next() % most; }

  Json value(int levels) {
    switch (below(levels > 0 ? 8 : 6)) {
      case 0:
        return nullptr;
      case 1:
        return below(2) == 0;
      case 2:
        return static_cast<std::int64_t>(next()) >> below(64);
      case 3:
        return real();
      case 6:
        return list(levels);
      case 7:
        return object(levels);
      default:
        return text();
    }
  }

 private:
  // splitmix64
  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }

  Json real() {
    if (below(2) == 0) return static_cast<double>(below(100'000)) / 100.0;
    const std::uint64_t bits = next();
    double number = 0;
    std::memcpy(&number, &bits, sizeof number);
    return std::isfinite(number) && (number == 0 || std::abs(number) > 1e-300) ? number : 4.0;
  }

  std::string text() {
    static const std::vector<std::string> pieces{"a",
                                                 "model",
                                                 "true",
                                                 "No",
                                                 "null",
                                                 "~",
                                                 "0",
                                                 "17",
                                                 "0.10",
                                                 "1e5",
                                                 "0x1F",
                                                 "1:30",
                                                 "-",
                                                 ".",
                                                 ".inf",
                                                 ":",
                                                 ": ",
                                                 " #",
                                                 "#",
                                                 " ",
                                                 "\n",
                                                 "\t",
                                                 "\"",
                                                 "'",
                                                 "\\",
                                                 "{",
                                                 "}",
                                                 "[",
                                                 "]",
                                                 ",",
                                                 "&",
                                                 "*",
                                                 "!",
                                                 "|",
                                                 ">",
                                                 "%",
                                                 "@",
                                                 "`",
                                                 "?",
                                                 "---",
                                                 "...",
                                                 "=",
                                                 "<<",
                                                 "/",
                                                 "\x01",
                                                 "\x7F",
                                                 "\r",
                                                 "\b",
                                                 "\xC3\xA4",
                                                 "\xE2\x82\xAC",
                                                 "\xF0\x9F\x98\x80",
                                                 "\xC2\x85",
                                                 "\xE2\x80\xA8",
                                                 "\xEF\xBB\xBF",
                                                 "2024-01-01",
                                                 "yes",
                                                 "--model",
                                                 "_",
                                                 "long long long text "};
    std::string result;
    for (std::uint64_t count = below(below(10) == 0 ? 60 : 4); count > 0; --count)
      result += pieces[below(pieces.size())];
    return result;
  }

  Json list(int levels) {
    Json result = Json::array();
    for (std::uint64_t count = below(4); count > 0; --count) result.push_back(value(levels - 1));
    return result;
  }

  Json object(int levels) {
    Json result = Json::object();
    for (std::uint64_t count = below(4); count > 0; --count) result[text()] = value(levels - 1);
    return result;
  }

  std::uint64_t state_;
};

}  // namespace

TEST_CASE("YAML is written in blocks of two spaces with sorted keys", "[base]") {
  const Json value{{"model", "meta-llama/Llama-3.1-8B"},
                   {"image", "vllm/vllm-openai:v0.9.0"},
                   {"args", {"--port", 8000, 0.9, 4.0, -3}},
                   {"env", {{{"name", "HF_TOKEN"}, {"value", nullptr}}}},
                   {"empty", {{"list", Json::array()}, {"map", Json::object()}}},
                   {"on", true}};
  CHECK(to_yaml(value) ==
        "args:\n  - --port\n  - 8000\n  - 0.9\n  - 4.0\n  - -3\n"
        "empty:\n  list:\n    []\n  map:\n    {}\n"
        "env:\n  - name: HF_TOKEN\n    value: null\n"
        "image: vllm/vllm-openai:v0.9.0\nmodel: meta-llama/Llama-3.1-8B\n\"on\": true\n");
}

TEST_CASE("ordered values keep the order of their keys in YAML", "[base]") {
  nlohmann::ordered_json value;
  value["services"] = {{"vllm", {{"image", "x"}, {"command", {"a"}}}}};
  value["name"] = "x";
  CHECK(to_yaml(value) == "services:\n  vllm:\n    image: x\n    command:\n      - a\nname: x\n");
}

TEST_CASE("text that any YAML reader could take for something else is quoted", "[base]") {
  for (const char* text :
       {"true",      "True", "FALSE", "no",   "No",   "yes",        "on",   "OFF",  "y",   "N",     "null",  "~",
        "",          "8192", "-1",    "+1",   "0.10", "1e5",        "0x1F", "0o17", "017", "0b1",   "1_000", "12:30",
        "190:20:30", ".inf", "-.Inf", ".nan", "nan",  "2024-01-01", "1.",   ".5",   " a",  "a ",    "a: b",  "a:",
        "a #b",      "#a",   "-",     "- a",  "---",  "--",         "--5",  "?",    "&a",  "*a",    "!a",    "%a",
        "@a",        "`a",   "|",     ">",    "{a}",  "[a]",        ",a",   "<<",   "=",   "\"a\"", "it's",  "a\tb"}) {
    CAPTURE(text);
    CHECK(to_yaml(Json(text)).starts_with('"'));
    CHECK(vw::parse_yaml(to_yaml(Json(text)), "x") == text);
  }
  CHECK(to_yaml(Json("two\nlines")) == "\"two\\nlines\"\n");
  CHECK(to_yaml(Json("\xC3\xA4")) == "\"\xC3\xA4\"\n");
  CHECK(to_yaml(Json("\x7F\xE2\x80\xA8")) == "\"\\x7f\\u2028\"\n");
}

TEST_CASE("text that is plain in every YAML stays unquoted", "[base]") {
  for (const char* text : {"auto", "bfloat16", "org/name", "/models/x", "--tensor-parallel-size", "a b", "a:b",
                           "v0.21.0", "fp8_e4m3", "None", "nvidia.com/gpu", "key=value"})
    CHECK(to_yaml(Json(text)) == std::string(text) + "\n");
}

TEST_CASE("numbers in YAML come back as the same numbers and are numbers to older readers, too", "[base]") {
  CHECK(to_yaml(Json(0.9)) == "0.9\n");
  CHECK(to_yaml(Json(4.0)) == "4.0\n");
  CHECK(to_yaml(Json(1e300)) == "1.0e+300\n");
  CHECK(to_yaml(Json(-1.5e-7)) == "-1.5e-07\n");
  CHECK(to_yaml(Json(18446744073709551615u)) == "18446744073709551615\n");
  CHECK(vw::parse_yaml(to_yaml(Json(0.1 + 0.2)), "x") == 0.1 + 0.2);
  CHECK(vw::parse_yaml(to_yaml(Json(std::numeric_limits<double>::max())), "x") == std::numeric_limits<double>::max());
}

TEST_CASE("numbers that are not finite are not written as YAML", "[base]") {
  CHECK_THROWS_WITH(to_yaml(Json(std::numeric_limits<double>::infinity())),
                    "YAML: cannot write inf, expected a finite number");
  CHECK_THROWS_WITH(to_yaml(Json{{"a", std::numeric_limits<double>::quiet_NaN()}}),
                    "YAML: cannot write nan, expected a finite number");
}

TEST_CASE("bytes that are no text are not written as YAML", "[base]") {
  CHECK_THROWS_WITH(to_yaml(Json{{"path", "/models/\xFF"}}), "YAML: cannot write '/models/?', expected UTF-8");
  CHECK_THROWS_WITH(to_yaml(Json{{"\xFF", 1}}), "YAML: cannot write '?', expected UTF-8");
}

TEST_CASE("what is too deep to be read is not written as YAML", "[base]") {
  Json value = 1;
  for (int i = 0; i < 64; ++i) value = Json::array({value});
  CHECK(vw::parse_yaml(to_yaml(value), "x") == value);
  CHECK_THROWS_WITH(to_yaml(Json::array({value})), "YAML: nesting is too deep, expected at most 64 levels");
}

TEST_CASE("long keys in YAML are read back", "[base]") {
  const Json value{{std::string(3000, 'k'), {{std::string(2000, '\n'), Json::array({1, Json::object()})}}}};
  CHECK(vw::parse_yaml(to_yaml(value), "x") == value);
}

TEST_CASE("every value survives being written as YAML and read back", "[base]") {
  Generator generator(20240607);
  for (int i = 0; i < 5000; ++i) {
    const Json value = generator.value(5);
    const std::string text = to_yaml(value);
    CAPTURE(vw::to_text(value), text);
    REQUIRE(vw::parse_yaml(text, "x") == value);
    REQUIRE(to_yaml(nlohmann::ordered_json(value)) == text);
  }
}

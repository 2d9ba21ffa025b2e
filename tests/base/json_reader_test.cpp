#include "base/json_reader.hpp"

#include "support/catch.hpp"

#include "base/error.hpp"

#include <functional>
#include <limits>

using vw::Json;
using vw::JsonReader;

namespace {

std::string refusal(const std::function<void()>& read) {
  try {
    read();
  } catch (const vw::Error& error) {
    return error.what();
  }
  return "accepted";
}

constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("members and items are read with their path", "[base]") {
  const Json value =
      vw::parse_json(R"({"gpus": [{"name": "A", "links/x": true}, {"name": "B"}], "none": null})", "gpus.json");
  const JsonReader reader(value, "gpus.json");
  const auto gpus = reader.at("gpus").items();
  REQUIRE(gpus.size() == 2);
  CHECK(gpus[1].path() == "/gpus/1");
  CHECK(gpus[1].where() == "gpus.json");
  CHECK(gpus[0].at("name").string() == "A");
  CHECK(gpus[0].at("links/x").path() == "/gpus/0/links~1x");
  CHECK(gpus[0].at("links/x").boolean());
  CHECK(reader.members().at(1).first == "none");
  CHECK(reader.members().at(1).second.path() == "/none");
  CHECK(reader.has("gpus"));
  CHECK_FALSE(reader.has("none"));
  CHECK_FALSE(reader.has("nothing"));
  CHECK(reader.at("none").is_null());
  CHECK(reader.find("nothing").find("deeper").is_null());
}

TEST_CASE("a wrong value is told with its file, path and what was expected", "[base]") {
  const Json value =
      vw::parse_json(R"({"gpus": [{"memory_mib": -5, "ratio": 1.5, "name": 7, "tags": ["a", 1], "on": "yes"}]})", "x");
  const JsonReader root(value, "gpus.json");
  const JsonReader gpu = root.at("gpus").items()[0];
  CHECK(refusal([&] { gpu.at("memory_mib").integer(1, 1048576); }) ==
        "gpus.json: /gpus/0/memory_mib: is -5, expected a whole number from 1 to 1048576");
  CHECK(refusal([&] { gpu.at("ratio").integer(1, INT64_MAX); }) ==
        "gpus.json: /gpus/0/ratio: is 1.5, expected a whole number of at least 1");
  CHECK(refusal([&] { gpu.at("ratio").number(0, 1); }) ==
        "gpus.json: /gpus/0/ratio: is 1.5, expected a number from 0 to 1");
  CHECK(refusal([&] { gpu.at("name").string(); }) == "gpus.json: /gpus/0/name: is 7, expected text");
  CHECK(refusal([&] { gpu.at("tags").strings(); }) == "gpus.json: /gpus/0/tags/1: is 1, expected text");
  CHECK(refusal([&] { gpu.at("on").boolean(); }) == "gpus.json: /gpus/0/on: is the text 'yes', expected true or false");
  CHECK(refusal([&] { gpu.at("on").number(-infinity, infinity); }) ==
        "gpus.json: /gpus/0/on: is the text 'yes', expected a number");
  CHECK(refusal([&] { gpu.items(); }) == "gpus.json: /gpus/0: is an object, expected a list");
  CHECK(refusal([&] { root.at("gpus").members(); }) == "gpus.json: /gpus: is a list, expected an object");
  CHECK(refusal([&] { root.at("gpus").has("name"); }) == "gpus.json: /gpus: is a list, expected an object");
  CHECK(refusal([&] { root.items(); }) == "gpus.json: is an object, expected a list");
}

TEST_CASE("a missing key is told where it should be", "[base]") {
  const Json value = vw::parse_json(R"({"gpus": [{}]})", "x");
  const JsonReader root(value, "gpus.json");
  CHECK(refusal([&] { root.at("gpus").items()[0].at("memory_mib"); }) == "gpus.json: /gpus/0/memory_mib: is missing");
  CHECK(refusal([&] { root.find("none").at("x"); }) == "gpus.json: /none: is null, expected an object");
  CHECK(refusal([&] { root.find("none").string(); }) == "gpus.json: /none: is null, expected text");
}

TEST_CASE("whole numbers may be written with a point, and those that do not fit are refused", "[base]") {
  const auto integer = [](Json value) { return JsonReader(value, "x").integer(INT64_MIN, INT64_MAX); };
  CHECK(integer(3.0) == 3);
  CHECK(integer(-9223372036854775808.0) == INT64_MIN);
  CHECK(integer(9223372036854775807u) == INT64_MAX);
  CHECK(refusal([&] { integer(9223372036854775808u); }) == "x: is 9223372036854775808, expected a whole number");
  CHECK(refusal([&] { integer(1e300); }) == "x: is 1e+300, expected a whole number");
  CHECK(refusal([&] { integer(true); }) == "x: is true, expected a whole number");
  CHECK(refusal([&] { integer(infinity); }) == "x: is inf, expected a whole number");
  const Json nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(refusal([&] { JsonReader(nan, "x").number(0, 1); }) == "x: is nan, expected a number from 0 to 1");
  CHECK(refusal([&] { JsonReader(Json(2), "x").number(1e-6, 1); }) == "x: is 2, expected a number from 0.000001 to 1");
  CHECK(refusal([&] { JsonReader(Json(infinity), "x").number(0, infinity); }) ==
        "x: is inf, expected a number of at least 0");
}

TEST_CASE("defaults stand in for missing and null, not for wrong values", "[base]") {
  const Json value = vw::parse_json(R"({"n": null, "i": 2, "d": 0.5, "s": "t", "b": true})", "x");
  const JsonReader reader(value, "x.json");
  CHECK(reader.integer_or("n", 7, 0, 9) == 7);
  CHECK(reader.integer_or("i", 7, 0, 9) == 2);
  CHECK(reader.number_or("none", 0.1, 0, 1) == 0.1);
  CHECK(reader.number_or("d", 0.1, 0, 1) == 0.5);
  CHECK(reader.string_or("n", "u") == "u");
  CHECK(reader.string_or("s", "u") == "t");
  CHECK_FALSE(reader.boolean_or("none", false));
  CHECK(reader.boolean_or("b", false));
  CHECK(refusal([&] { reader.integer_or("i", 7, 3, 9); }) == "x.json: /i: is 2, expected a whole number from 3 to 9");
}

TEST_CASE("unknown keys are refused with the key that was meant", "[base]") {
  const Json value = vw::parse_json(R"({"gpus": [{"memry_mib": 1}, {"colour": 1}]})", "x");
  const JsonReader root(value, "gpus.json");
  const auto gpus = root.at("gpus").items();
  CHECK(refusal([&] {
          gpus[0].expect_only({"memory_mib", "name"});
        }) == "gpus.json: /gpus/0: unknown key 'memry_mib', did you mean 'memory_mib'?");
  CHECK(refusal([&] {
          gpus[1].expect_only({"memory_mib", "name"});
        }) == "gpus.json: /gpus/1: unknown key 'colour', expected 'memory_mib' or 'name'");
  CHECK(refusal([&] { gpus[1].expect_only({}); }) ==
        "gpus.json: /gpus/1: unknown key 'colour', expected an empty object");
  CHECK(refusal([&] { root.expect_only({"gpus"}); }) == "accepted");
  CHECK(refusal([&] { root.at("gpus").expect_only({}); }) == "gpus.json: /gpus: is a list, expected an object");
}

TEST_CASE("long and unprintable text is cut in messages", "[base]") {
  const Json value{{"a\nb", std::string(1000, 'x')}};
  const JsonReader reader(value, "x");
  CHECK(refusal([&] { reader.at("a\nb").boolean(); }) ==
        "x: /a?b: is the text '" + std::string(197, 'x') + "...', expected true or false");
}

#include "logs/pattern.hpp"

#include "support/catch.hpp"
#include "support/message_of.hpp"

#include <string>

using namespace vw;
using test::message_of;

namespace {

Told told(const std::string& pattern, const std::string& line) {
  const Pattern made(pattern, "here");
  Told told;
  const std::size_t from = line.find(made.anchor());
  REQUIRE(from != std::string::npos);
  REQUIRE(made.match(line, from, told));
  return told;
}

bool matches(const std::string& pattern, const std::string& line) {
  const Pattern made(pattern, "here");
  Told told;
  const std::size_t from = line.find(made.anchor());
  return from != std::string::npos && made.match(line, from, told);
}

}  // namespace

TEST_CASE("a pattern notes numbers, numbers with commas, sizes with units and words", "[logs]") {
  CHECK(told("took {f:weights_gib} GiB", "Model took 14.9888 GiB and").numbers.front().second == Approx(14.9888));
  CHECK(told("left {f:a_gib} GiB", "left -1.44 GiB").numbers.front().second == Approx(-1.44));
  CHECK(told("size: {n:tokens} tokens", "size: 1,131,072 tokens").numbers.front().second == 1131072);
  CHECK(told("allocate {b:tried}.", "allocate 512.00 MiB. GPU").numbers.front().second == Approx(0.5));
  CHECK(told("allocate {b:tried}.", "allocate 3 bytes.").numbers.front().second < 1e-8);
  CHECK(told("version {w:v}", "version 0.10.2 of").words.front().second == "0.10.2");
  CHECK(told("from {s:rest}", "from here to there").words.front().second == "here to there");
  CHECK(told("device {s:which}({f:a}/", "device (1.5/").words.front().second == "");
}

TEST_CASE("a line that goes on otherwise tells nothing", "[logs]") {
  CHECK_FALSE(matches("took {f} GiB", "took long GiB"));
  CHECK_FALSE(matches("took {f} GiB", "took 3 GB"));
  CHECK_FALSE(matches("took {f} GiB", "took "));
  CHECK_FALSE(matches("took {f} GiB", "took 1.2.3 GiB"));
  CHECK_FALSE(matches("allocate {b}.", "allocate 3 apples."));
  CHECK_FALSE(matches("named {w} here", "named two words here"));
  CHECK_FALSE(matches("took {f} GiB", "took nan GiB"));
  Told before;
  before.numbers = {{"kept", 1}};
  CHECK_FALSE(Pattern("took {f:a} GiB {f:b}", "here").match("took 3 GiB x", 0, before));
  CHECK(before.numbers.size() == 1);
}

TEST_CASE("a pattern that cannot be one is refused with what it should be", "[logs]") {
  CHECK(message_of([] { Pattern("{f} GiB", "logs/my.lua"); }) ==
        "logs/my.lua: pattern '{f} GiB' begins with less than 4 bytes of text, by which it is looked for");
  CHECK(message_of([] { Pattern("took {f GiB", "logs/my.lua"); }) ==
        "logs/my.lua: pattern 'took {f GiB' has no '}' behind its last '{'");
  CHECK(
      message_of([] { Pattern("took {x} GiB", "logs/my.lua"); }) ==
      "logs/my.lua: pattern 'took {x} GiB' has the value 'x', expected one of {f}, {n}, {b}, {w}, {s}, perhaps with a "
      "name: {f:weights_gib}");
}

TEST_CASE("every anchor of a line is found, wherever it stands", "[logs]") {
  const Pattern first("alpha {f}", "here"), second("alphabet", "here"), third("beta", "here");
  const PatternIndex index({&first, &second, &third});
  std::string seen;
  index.scan("beta alphabet beta alpha 1 xbeta", [&](std::uint32_t at, std::size_t from) {
    seen += std::to_string(at) + "@" + std::to_string(from) + " ";
  });
  CHECK(seen == "2@0 1@5 2@14 0@19 2@28 ");
  index.scan("bet", [&](std::uint32_t, std::size_t) { FAIL("nothing is there"); });
  PatternIndex({}).scan("anything", [&](std::uint32_t, std::size_t) { FAIL("there are no patterns"); });
}

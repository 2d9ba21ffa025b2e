#include "facts/watch_rules.hpp"

#include "support/catch.hpp"
#include "support/entries.hpp"
#include "support/message_of.hpp"
#include "support/shipped.hpp"

using namespace vw;

namespace {

std::string refusal(const Json& defaults) {
  Catalog catalog;
  test::add_table(catalog, table_kind::defaults, "defaults", defaults);
  catalog.seal();
  return test::message_of([&] { read_watch_rules(catalog); });
}

}  // namespace

TEST_CASE("the shipped thresholds of watching are read", "[facts]") {
  const WatchRules rules = read_watch_rules(test::shipped().catalog());
  CHECK(rules.probe == "vllm-metrics");
  CHECK(rules.kv_cache_share == 0.9);
  CHECK(rules.growth_fit > 0.76);  // a single step is no growth
}

TEST_CASE("defaults without thresholds of watching say what is missing", "[facts]") {
  CHECK(refusal(Json::object()) == "scripts/defaults.lua: /watch: is missing");
  CHECK(refusal({{"watch", {{"probe", "x"}, {"kv_cache_share", 2}}}}) ==
        "scripts/defaults.lua: /watch/kv_cache_share: is 2, expected a number from 0 to 1");
}

#include "facts/defaults.hpp"

#include "support/catch.hpp"
#include "support/entries.hpp"
#include "support/message_of.hpp"
#include "support/shipped.hpp"

using namespace vw;
using test::message_of;
using test::shipped;

TEST_CASE("the limit of batched tokens is that of the highest tier the card reaches", "[facts]") {
  const RecommendationRules& rules = shipped().defaults().rules;
  CHECK(rules.batched_tokens_limit(8) == 16384);
  CHECK(rules.batched_tokens_limit(19.9) == 16384);
  CHECK(rules.batched_tokens_limit(20) == 32768);
  CHECK(rules.batched_tokens_limit(39) == 32768);
  CHECK(rules.batched_tokens_limit(40) == 65536);
  CHECK(rules.batched_tokens_limit(1000) == 65536);
}

TEST_CASE("a limit never falls below the least", "[facts]") {
  RecommendationRules rules;
  rules.least_batched_tokens = 8192;
  CHECK(rules.batched_tokens_limit(80) == 8192);
  rules.most_batched_tokens = {{0, 1024}};
  CHECK(rules.batched_tokens_limit(80) == 8192);
}

TEST_CASE("the shipped rules are those of the recommendations", "[facts]") {
  const Defaults& defaults = shipped().defaults();
  CHECK(defaults.rules.consumer_gpu_memory_utilization == 0.88);
  CHECK(defaults.rules.lowest_usual_utilization == 0.5);
  CHECK(defaults.rules.highest_usual_utilization == 0.98);
  CHECK(defaults.rules.kv_pressure_for_fp8 == 0.40);
  CHECK(defaults.rules.extra_sequences ==
        std::map<std::string, std::int64_t>{{"balanced", 2}, {"latency", 0}, {"throughput", 4}});
  CHECK(defaults.rules.batched_tokens_factor ==
        std::map<std::string, double>{{"balanced", 1.25}, {"latency", 1.0}, {"throughput", 1.5}});
  CHECK(defaults.rules.least_batched_tokens == 8192);
  CHECK(defaults.rules.least_searched_tokens == 2048);
  CHECK(defaults.rules.least_gain == 0.02);
  CHECK(defaults.emit == std::vector<std::string>{"command", "profile"});
}

TEST_CASE("the shipped thresholds of watching are read", "[facts]") {
  const WatchRules& rules = shipped().defaults().watch;
  CHECK(rules.probe == "vllm-metrics");
  CHECK(rules.kv_cache_share == 0.9);
  CHECK(rules.growth_fit > 0.76);  // a single step is no growth
}

namespace {

std::string refusal_of(const Json& table) {
  Catalog catalog;
  test::add_table(catalog, table_kind::defaults, "defaults", table);
  catalog.seal();
  return message_of([&] { read_defaults(catalog); });
}

}  // namespace

TEST_CASE("defaults without a rule, or with a wrong one, are refused with the place", "[facts]") {
  const Json table = *shipped().catalog().table(table_kind::defaults, "defaults");
  Json without = table, wrong = table, unwatched = table;
  without["recommend"].erase("kv_pressure_for_fp8");
  wrong["watch"]["kv_cache_share"] = 2;
  unwatched["watch"].erase("probe");
  CHECK(refusal_of(without) == "scripts/defaults.lua: /recommend/kv_pressure_for_fp8: is missing");
  CHECK(refusal_of(wrong) == "scripts/defaults.lua: /watch/kv_cache_share: is 2, expected a number from 0 to 1");
  CHECK(refusal_of(unwatched) == "scripts/defaults.lua: /watch/probe: is missing");
}

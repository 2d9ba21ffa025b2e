#include "plan/judge.hpp"

#include "base/units.hpp"
#include "parts/rows.hpp"
#include "support/catch.hpp"
#include "support/message_of.hpp"
#include "support/plan_lab.hpp"

using namespace vw;
using test::memory_part;
using test::message_of;
using test::sample_scenario;

namespace {

vw_memory judged(double capacity_gib, double weights_gib, double kv_gib, std::optional<double> headroom_gib = {}) {
  const Part part = memory_part([=](const vw_candidate&) {
    vw_memory memory{};
    memory.capacity_bytes = from_gib(capacity_gib);
    memory.weights_bytes = from_gib(weights_gib);
    memory.kv_required_bytes = from_gib(kv_gib);
    return memory;
  });
  Scenario scenario = sample_scenario();
  scenario.request.headroom_gib = headroom_gib;
  return MemoryJudge(part, scenario).judge(vw_candidate{});
}

}  // namespace

TEST_CASE("a part that leaves the verdict open gets the comparison of bytes", "[plan]") {
  CHECK(fits(judged(10, 6, 3)));
  CHECK(judged(10, 6, 3).headroom_bytes == from_gib(1));
  const vw_memory kv = judged(10, 6, 5);
  CHECK(kv.verdict == VW_DOES_NOT_FIT);
  CHECK(kv.reason == VW_REASON_KV_CACHE_EXCEEDS_CAPACITY);
  CHECK(kv.reason_value == from_gib(1));
  const vw_memory weights = judged(10, 12, 1);
  CHECK(weights.reason == VW_REASON_WEIGHTS_EXCEED_CAPACITY);
  CHECK(weights.headroom_bytes == from_gib(-3));
}

TEST_CASE("headroom that is asked for counts, and when only that is missing the reason says so", "[plan]") {
  CHECK(fits(judged(10, 6, 3, 1.0)));
  const vw_memory short_of = judged(10, 6, 3, 2.0);
  CHECK(short_of.verdict == VW_DOES_NOT_FIT);
  CHECK(short_of.reason == VW_REASON_HEADROOM_TOO_SMALL);
  CHECK(short_of.reason_value == from_gib(1));
}

TEST_CASE("a verdict of the part itself stays", "[plan]") {
  const Part part = memory_part([](const vw_candidate&) {
    vw_memory memory{};
    memory.verdict = VW_UNSUPPORTED;
    memory.reason = VW_REASON_HEADS_NOT_DIVISIBLE;
    memory.capacity_bytes = 1e12;
    return memory;
  });
  MemoryJudge judge(part, sample_scenario());
  CHECK(judge.judge(vw_candidate{}).verdict == VW_UNSUPPORTED);
  CHECK_FALSE(fits(judge.judge(vw_candidate{})));
}

TEST_CASE("the part's policy is asked for, and the request's own wins", "[plan]") {
  const Json policy = {{"gpu_memory_utilization", 0.9}, {"headroom_gib", 1.5}, {"fragmentation_factor", 1.15}};
  const Part part = memory_part([](const vw_candidate&) { return vw_memory{}; }, policy);
  Scenario scenario = sample_scenario();
  CHECK(MemoryJudge(part, scenario).policy().gpu_memory_utilization == 0.9);
  CHECK(MemoryJudge(part, scenario).policy().headroom_gib == 1.5);
  CHECK(MemoryJudge(part, scenario).policy().fragmentation_factor == 1.15);
  scenario.request.headroom_gib = 0;
  scenario.request.fragmentation_factor = 1;
  CHECK(MemoryJudge(part, scenario).policy().headroom_gib == 0);
  CHECK(MemoryJudge(part, scenario).policy().fragmentation_factor == 1);
}

TEST_CASE("a part without a policy lets the release decide, a wrong one is named", "[plan]") {
  const Part silent = memory_part([](const vw_candidate&) { return vw_memory{}; });
  CHECK(MemoryJudge(silent, sample_scenario()).policy().gpu_memory_utilization == 0);
  CHECK(MemoryJudge(silent, sample_scenario()).explain(vw_candidate{}) ==
        Json{{"terms", Json::array()}, {"warnings", Json::array()}, {"assumptions", Json::array()}});
  const Part wrong = memory_part([](const vw_candidate&) { return vw_memory{}; }, {{"gpu_memory_utilization", 7}});
  CHECK(message_of([&] { MemoryJudge(wrong, sample_scenario()); }) ==
        "memory-model 'fake': policy: /gpu_memory_utilization: is 7, expected a number from 0 to 1");
}

TEST_CASE("hot parts are opened with the settings of the scenario", "[plan]") {
  Json seen;
  test::Fake fake;
  fake.kind = VW_KIND_MEMORY_MODEL;
  fake.open = [&seen](const std::string& settings) { seen = Json::parse(settings); };
  fake.memory = [](const vw_candidate&) { return vw_memory{}; };
  const Scenario scenario = sample_scenario();
  MemoryJudge judge(test::make_part(fake), scenario);
  CHECK(seen == scenario.settings());
}

TEST_CASE("a checkpoint that was read has an instance of its own", "[plan]") {
  std::vector<double> opened;
  test::Fake fake;
  fake.kind = VW_KIND_MEMORY_MODEL;
  fake.open = [&opened](const std::string& settings) { opened.push_back(Json::parse(settings).at("params")); };
  fake.memory = [](const vw_candidate&) { return vw_memory{}; };
  Scenario scenario = sample_scenario();
  StoredModel own = scenario;
  own.model.params = 12;
  scenario.weights.push_back({test::plain_format("awq", 4), "org/unread-AWQ", ""});
  scenario.weights.push_back({test::plain_format("nvfp4", 4), "org/read-NVFP4", ""});
  scenario.weights.back().own = std::make_shared<const StoredModel>(own);
  MemoryJudge judge(test::make_part(fake), scenario);
  CHECK(opened == std::vector<double>{scenario.model.params, 12});
}

TEST_CASE("a candidate is explained under the names of its fields", "[plan]") {
  vw_candidate candidate{};
  candidate.tensor_parallel = 4;
  candidate.context_tokens = std::uint64_t{1} << 40;
  candidate.utilization = 0.9;
  const Json json = to_json(candidate);
  CHECK(json.size() == candidate_fields().size());
  CHECK(json.at("tensor_parallel") == 4);
  CHECK(json.at("context_tokens") == std::uint64_t{1} << 40);
  CHECK(json.at("utilization") == 0.9);
  CHECK(json.at("kv_format") == 0);
}

#include "support/catch.hpp"
#include "watch/watch_lab.hpp"

using namespace vw;
using test::ids;
using test::look;
using Ids = std::vector<std::string>;

namespace {

PlannedServer planned() {
  PlannedServer plan;
  plan.model = "org/model";
  plan.kv_cache_dtype = "auto";
  plan.context_tokens = 8192;
  plan.sequences = 6;
  plan.gpu_memory_utilization = 0.88;
  plan.kv_cache_tokens = Expected{36000, 41936, 44000};
  plan.used_gib = Expected{20, 20.5, 21};
  plan.first_token_ms = Expected{60, 130, 270};
  plan.token_ms = Expected{14, 21, 32};
  return plan;
}

Look served(double blocks, double utilization, const std::string& dtype) {
  Look made = look(0, {{"running", 1}});
  made.caches = {{blocks, 16, utilization, dtype}};
  return made;
}

Look timed(double at_s, const char* key, double count, double sum_s) {
  Look made = look(at_s, {});
  Histogram& histogram = made.histograms[key]["0"];
  histogram.count = count;
  histogram.sum = sum_s;
  return made;
}

}  // namespace

TEST_CASE("a KV cache above its threshold is full, and the advice counts sequences that leave room", "[watch]") {
  CHECK(ids(test::view({look(0, {{"cache", 0.90}, {"running", 10}})})) == Ids{});
  const View full = test::view({look(0, {{"cache", 0.96}, {"running", 10}})});
  REQUIRE(ids(full) == Ids{"kv-cache-full"});
  CHECK(full.warnings[0].what == "the KV cache is 96 % full, over 90 %: soon requests wait, or are preempted");
  CHECK(full.warnings[0].advice[0] ==
        "start it with --max-num-seqs 9: requests as long as these then leave room, and others wait instead of being "
        "computed twice");
}

TEST_CASE("an fp8 KV cache is not advised where it is one", "[watch]") {
  for (const char* dtype : {"fp8", "fp8_e4m3"}) {
    Look full = served(100, 0.9, dtype);
    full.numbers["cache"] = {{"0", 0.99}};
    const View seen = test::view({full});
    REQUIRE(ids(seen) == Ids{"kv-cache-full"});
    for (const std::string& advice : seen.warnings[0].advice)
      CHECK(advice.find("--kv-cache-dtype") == std::string::npos);
  }
}

TEST_CASE("preemptions of the window are told with what they cost", "[watch]") {
  const auto at = [](double s, double preemptions) {
    Look made = look(s, {{"preemptions", preemptions}, {"cache", 0.5}, {"running", 10}});
    made.caches = {{1000, 16, 0.9, "auto"}};
    return made;
  };
  CHECK(ids(test::view({at(0, 7), at(9, 7)})) == Ids{});
  const View seen = test::view({at(0, 7), at(9, 9)});
  REQUIRE(ids(seen) == Ids{"preemptions"});
  CHECK(
      seen.warnings[0].what ==
      "2 requests were preempted within 9 s: what they had is computed again, about 1,600 tokens by what requests hold "
      "now");
}

TEST_CASE("requests that wait for long are told, a moment's queue is not", "[watch]") {
  const auto at = [](double s, double waiting) {
    return look(s, {{"waiting", waiting}, {"running", 6}, {"cache", 0.4}});
  };
  CHECK(ids(test::view({at(0, 1), at(20, 2)})) == Ids{});
  CHECK(ids(test::view({at(0, 1), at(15, 0), at(30, 1), at(45, 2)})) == Ids{});
  const PlannedServer plan = planned();
  const View seen = test::view({at(0, 1), at(15, 4), at(30, 2)}, &plan);
  REQUIRE(ids(seen) == Ids{"requests-wait"});
  CHECK(seen.warnings[0].what == "requests have been waiting for 30 s, 2 of them now");
  CHECK(seen.warnings[0].advice[0] == "all 6 of --max-num-seqs run and the KV cache is 40 % full: raise it");
}

TEST_CASE("memory that grows steadily is told with the advice to restart, a step and a wobble are not", "[watch]") {
  std::vector<Look> growing, step, wobble;
  for (int i = 0; i < 12; ++i) {
    growing.push_back(test::with_card(look(5 * i, {}), 20000 + 40.0 * i));
    step.push_back(test::with_card(look(5 * i, {}), i < 6 ? 20000 : 20900));
    wobble.push_back(test::with_card(look(5 * i, {}), 20000 + (i % 3) * 300.0));
  }
  CHECK(ids(test::view(step)) == Ids{});
  CHECK(ids(test::view(wobble)) == Ids{});
  const View seen = test::view(growing);
  REQUIRE(ids(seen) == Ids{"memory-grows"});
  CHECK(seen.warnings[0].what ==
        "memory in use on card 0 grows steadily, by 440 MiB in 55 s; vLLM takes its memory at the start");
  CHECK(seen.warnings[0].advice[0] ==
        "restart the server in a quiet hour, and regularly while this goes on: what it holds comes back no other way");
  growing.resize(5);
  CHECK(ids(test::view(growing)) == Ids{});
}

TEST_CASE("a server that has less cache or other settings than planned is told", "[watch]") {
  const PlannedServer plan = planned();
  CHECK(ids(test::view({served(2604, 0.88, "auto")}, &plan)) == Ids{});
  CHECK(ids(test::view({served(2604, 0.88, "bfloat16")}, &plan)) == Ids{});
  CHECK(ids(test::view({served(1800, 0.88, "auto")}, &plan)) == Ids{"kv-cache-small"});
  const View other = test::view({served(2604, 0.8, "fp8")}, &plan);
  REQUIRE(ids(other) == Ids{"other-settings"});
  CHECK(other.warnings[0].what ==
        "the server does not run as planned: --gpu-memory-utilization 0.800 instead of 0.880, --kv-cache-dtype fp8 "
        "instead "
        "of auto");
}

TEST_CASE("a server of another model than planned is told, whatever folder it is served from", "[watch]") {
  PlannedServer plan = planned();
  plan.model = "org/planned";
  const auto told = [&](const std::string& checkpoint) {
    ServerFacts facts;
    facts.checkpoint = checkpoint;
    return make_view(test::history({served(2604, 0.88, "auto")}, 60), facts, &plan, test::watch_rules()).warnings;
  };
  CHECK(told("").empty());
  CHECK(told("/model").empty());
  CHECK(told("Org/Planned").empty());
  REQUIRE(told("org/other").size() == 1);
  CHECK(told("org/other")[0].what == "the server does not run as planned: org/other instead of org/planned");
}

TEST_CASE("memory beyond the plan is told once it is more than the slack", "[watch]") {
  const PlannedServer plan = planned();
  CHECK(ids(test::view({test::with_card(look(0, {}), 21.4 * 1024)}, &plan)) == Ids{});
  CHECK(ids(test::view({test::with_card(look(0, {}), 21.6 * 1024)}, &plan)) == Ids{"memory-beyond-plan"});
}

TEST_CASE("latencies are held against the high end of the plan, from some requests on", "[watch]") {
  const PlannedServer plan = planned();
  const auto seen = [&](double requests, double seconds) {
    return ids(
        test::view({timed(0, "first_token", 100, 10), timed(9, "first_token", 100 + requests, 10 + seconds)}, &plan));
  };
  CHECK(seen(10, 4.0) == Ids{});
  CHECK(seen(10, 4.2) == Ids{"first-token-slow"});
  CHECK(seen(4, 4.2) == Ids{});
}

#include "watch/planned_server.hpp"

#include "support/catch.hpp"
#include "support/message_of.hpp"

using namespace vw;

namespace {

Json plan() {
  return {{"schema", "vllm-wizard/plan/1"},
          {"model", {{"id", "org/model"}}},
          {"config",
           {{"model", "org/served"},
            {"max_model_len", 8192},
            {"max_num_seqs", 6},
            {"concurrency", 4},
            {"kv_cache_dtype", "auto"},
            {"gpu_memory_utilization", 0.88}}},
          {"memory",
           {{"kv_cache_blocks", 1000},
            {"block_size", 16},
            {"per_gpu", {{"budget_gib", 20.0}, {"total_gib", 23.6}}},
            {"intervals",
             {{"kv_cache_available", {{"low", 4}, {"best", 5}, {"high", 6}}},
              {"cuda_graph", {{"low", 0}, {"best", 0.25}, {"high", 0.5}}}}}}},
          {"performance", {{"ttft_ms", 100}, {"ttft_ms_range", {50, 200}}, {"tpot_ms", 20}}}};
}

}  // namespace

TEST_CASE("a plan says what its server is expected to do", "[watch]") {
  const PlannedServer planned = read_planned_server(plan(), "plan.json");
  CHECK(planned.model == "org/served");
  CHECK(planned.sequences == 6);
  CHECK(planned.kv_cache_tokens->best == 16000);
  CHECK(planned.kv_cache_tokens->low == Approx(12800));
  CHECK(planned.kv_cache_tokens->high == Approx(19200));
  CHECK(planned.used_gib->best == 20.25);
  CHECK(planned.used_gib->high == 20.5);
  CHECK(planned.first_token_ms->high == 200);
  CHECK(planned.token_ms->high == 20);
  CHECK_FALSE(planned.requests_per_s);
}

TEST_CASE("a plan of the classic kind has fewer numbers, and that is no error", "[watch]") {
  Json classic = plan();
  classic["memory"] = {{"per_gpu", nullptr}};
  classic["performance"] = nullptr;
  const PlannedServer planned = read_planned_server(classic, "plan.json");
  CHECK_FALSE(planned.kv_cache_tokens);
  CHECK_FALSE(planned.used_gib);
  CHECK_FALSE(planned.first_token_ms);
}

TEST_CASE("what is no plan is refused with what would be one", "[watch]") {
  const auto refused = [](const Json& json) {
    return test::message_of([&] { read_planned_server(json, "plan.json"); });
  };
  CHECK(refused(Json::object()) == "plan.json: is no plan, expected what `vllm-wizard plan --json` prints");
  CHECK(refused({{"schema", "vllm-wizard/plans/1"}}) ==
        "plan.json: is no plan, expected what `vllm-wizard plan --json` prints\nhint: it holds several plans; make one "
        "of "
        "one release");
  Json broken = plan();
  broken["config"]["max_model_len"] = "long";
  CHECK(refused(broken) ==
        "plan.json: /config/max_model_len: is the text 'long', expected a number from 0 to "
        "1000000000000000");
}

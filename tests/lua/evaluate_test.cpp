#include "lua/evaluate.hpp"

#include "support/catch.hpp"
#include "support/lua_scripts.hpp"

using namespace vw;

namespace {

std::shared_ptr<const Part> part_of(const std::string& path, const std::string& text) {
  return std::get<std::shared_ptr<const Part>>(test::declare(path, text).loaded);
}

// A memory model with this body of estimate(s, c), which begins on line 2.
Instance memory_model(const std::string& body, const Json& settings = Json::object()) {
  return part_of("scripts/memory/x.lua",
                 "return vw.memory_model { id = 'x', summary = 's',\nestimate = function(s, c) " + body + " end }")
      ->open(settings);
}

std::vector<vw_memory> evaluate(Instance& instance, const std::vector<vw_candidate>& candidates) {
  std::vector<vw_memory> results(candidates.size());
  instance.evaluate(candidates, results);
  return results;
}

std::string failure(const std::string& body, std::size_t count = 3) {
  Instance instance = memory_model(body);
  return test::message_of([&] { evaluate(instance, std::vector<vw_candidate>(count)); });
}

const std::string place = "memory-model 'x': scripts/memory/x.lua:2: ";

}  // namespace

TEST_CASE("estimate sees every field of a candidate, with indices from 1", "[lua]") {
  Instance instance = memory_model(R"(
    local sum = c.gpu + c.format * 10 + c.kv_format * 100 + c.release * 1000
    return { weights_bytes = sum, kv_tokens = c.context_tokens + c.concurrency + c.prompt_tokens + c.generated_tokens
      + c.max_sequences + c.max_batched_tokens, kv_blocks = c.gpus + c.nodes + c.tensor_parallel + c.pipeline_parallel
      + c.data_parallel + c.expert_parallel + c.block_tokens, capacity_bytes = c.utilization, scope_gpus = c.flags })");
  vw_candidate c{};
  c.gpu = 0, c.format = 1, c.kv_format = 2, c.release = 3;
  c.gpus = 1, c.nodes = 2, c.tensor_parallel = 4, c.pipeline_parallel = 8, c.data_parallel = 16;
  c.expert_parallel = 32, c.block_tokens = 64, c.flags = VW_PREFIX_CACHING;
  c.context_tokens = std::uint64_t{1} << 33, c.concurrency = 1, c.prompt_tokens = 2, c.generated_tokens = 4;
  c.max_sequences = 8, c.max_batched_tokens = 16, c.utilization = 0.5;
  const vw_memory m = evaluate(instance, {c}).front();
  CHECK(m.weights_bytes == 4321);
  CHECK(m.kv_blocks == 127);
  CHECK(m.kv_tokens == 8589934592.0 + 31);
  CHECK(m.capacity_bytes == 0.5);
  CHECK(m.scope_gpus == VW_PREFIX_CACHING);
}

TEST_CASE("verdict, reason and answers are words in Lua", "[lua]") {
  Instance instance = memory_model(R"(
    if c.gpus == 1 then return { verdict = "fits", starts = true, survives = false } end
    if c.gpus == 2 then return { verdict = "does-not-fit", reason = "weights-exceed-capacity", reason_value = 7 } end
    return { verdict = "unsupported", reason = "other" })");
  std::vector<vw_candidate> candidates(3);
  for (std::uint32_t i = 0; i < 3; ++i) candidates[i].gpus = i + 1;
  const auto m = evaluate(instance, candidates);
  CHECK((m[0].verdict == VW_FITS && m[0].starts == VW_YES && m[0].survives == VW_NO));
  CHECK(
      (m[1].verdict == VW_DOES_NOT_FIT && m[1].reason == VW_REASON_WEIGHTS_EXCEED_CAPACITY && m[1].reason_value == 7));
  CHECK((m[1].starts == VW_UNKNOWN && m[2].verdict == VW_UNSUPPORTED && m[2].reason == VW_REASON_OTHER));
}

TEST_CASE("the same candidate table is used again and only what changes is set", "[lua]") {
  Instance instance = memory_model(R"(
    first = first or c
    return { weights_bytes = c.tensor_parallel, kv_tokens = c.context_tokens, kv_blocks = first == c and 1 or 0 })");
  std::vector<vw_candidate> candidates(1000);
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    candidates[i].tensor_parallel = 1u << (i / 3 % 4);
    candidates[i].context_tokens = i / 7;
  }
  const auto results = evaluate(instance, candidates);
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    INFO(i);
    REQUIRE(results[i].weights_bytes == candidates[i].tensor_parallel);
    REQUIRE(results[i].kv_tokens == static_cast<double>(candidates[i].context_tokens));
    REQUIRE(results[i].kv_blocks == 1);
  }
}

TEST_CASE("without prepare the context is the settings", "[lua]") {
  Instance instance = memory_model("return { weights_bytes = s.gpus[c.gpu].memory_mib }",
                                   {{"gpus", {{{"memory_mib", 1}}, {{"memory_mib", 2}}}}});
  std::vector<vw_candidate> candidates(2);
  candidates[1].gpu = 1;
  const auto results = evaluate(instance, candidates);
  CHECK((results[0].weights_bytes == 1 && results[1].weights_bytes == 2));
}

TEST_CASE("a performance heuristic sees candidate and memory", "[lua]") {
  Instance instance = part_of("scripts/perf/x.lua", R"(
    return vw.perf_heuristic { id = "x", summary = "s", estimate = function(s, c, memory)
      if memory.verdict ~= "fits" then return { verdict = "unsupported" } end
      return { tpot_ms = memory.weights_bytes / c.tensor_parallel, ttft_ms = memory.starts and 1 or 2,
        ttft_high_ms = memory.survives == nil and 3 or 4, bottleneck = "weights-bandwidth" }
    end })")
                          ->open(Json::object());
  std::vector<vw_candidate> candidates(3);
  std::vector<vw_memory> memory(3);
  std::vector<vw_perf> results(3);
  for (auto& candidate : candidates) candidate.tensor_parallel = 2;
  for (auto& row : memory) row.verdict = VW_FITS, row.weights_bytes = 10, row.starts = VW_YES;
  memory[1].weights_bytes = 20, memory[1].starts = VW_UNKNOWN, memory[1].survives = VW_NO;
  memory[2].verdict = VW_DOES_NOT_FIT;
  instance.evaluate(candidates, memory, results);
  CHECK((results[0].tpot_ms == 5 && results[0].ttft_ms == 1 && results[0].ttft_high_ms == 3));
  CHECK((results[1].tpot_ms == 10 && results[1].ttft_ms == 2 && results[1].ttft_high_ms == 4));
  CHECK((results[0].bottleneck == VW_BOUND_WEIGHTS_BANDWIDTH && results[2].verdict == VW_UNSUPPORTED));
}

TEST_CASE("an unknown field of a result is refused with the one that was meant", "[lua]") {
  CHECK(failure("return { weight_bytes = 1 }") ==
        place + "estimate returned the unknown field 'weight_bytes'; did you mean 'weights_bytes'? (candidate 0)");
  CHECK(failure("return { 1 }") == place + "estimate returned the unknown field 'number' (candidate 0)");
}

TEST_CASE("a wrong value of a result is refused with what was expected", "[lua]") {
  CHECK(failure("return { weights_bytes = 'much' }") ==
        place + "estimate returned much for weights_bytes, expected a number (candidate 0)");
  CHECK(failure("return { weights_bytes = {} }") ==
        place + "estimate returned table for weights_bytes, expected a number (candidate 0)");
  CHECK(failure("return { scope_gpus = -1 }") ==
        place + "estimate returned -1 for scope_gpus, expected a whole number, not negative (candidate 0)");
  CHECK(failure("return { starts = 1 }") ==
        place + "estimate returned 1 for starts, expected true, false or nil (candidate 0)");
  CHECK(failure("return { verdict = 'fit' }") ==
        place +
            "estimate returned fit for verdict, expected 'by-bytes', 'fits', 'does-not-fit' or 'unsupported' "
            "(candidate 0)");
  CHECK(failure("return 5") == place + "estimate returned number, expected a table (candidate 0)");
  CHECK(failure("") == place + "estimate returned nil, expected a table (candidate 0)");
}

TEST_CASE("the candidate that went wrong is named", "[lua]") {
  CHECK(failure("n = (n or -1) + 1 return { weights_bytes = n < 2 and 1 or '1' }") ==
        place + "estimate returned 1 for weights_bytes, expected a number (candidate 2)");
}

TEST_CASE("NaN is blamed on the script by the host", "[lua]") {
  CHECK_THAT(failure("return { weights_bytes = 0 / 0 }"),
             ContainsSubstring("returned NaN for weights_bytes at candidate 0"));
}

TEST_CASE("a script that writes into its candidate is told so", "[lua]") {
  CHECK(failure("c.max_sequences = 256 return {}") ==
        place +
            "estimate changed candidate.max_sequences; a candidate is read only, it is used again for the next "
            "(candidate 0)");
  CHECK(failure("n = (n or -1) + 1 if n == 2 then c.gpu = nil end return {}") ==
        place +
            "estimate changed candidate.gpu; a candidate is read only, it is used again for the next (candidate 2)");
}

TEST_CASE("an error inside estimate has its own line", "[lua]") {
  CHECK(failure("\nreturn { weights_bytes = c.x.y }") ==
        "memory-model 'x': scripts/memory/x.lua:3: attempt to index a nil value (field 'x')");
}

TEST_CASE("a loop inside estimate ends, and the instance goes on", "[lua]") {
  Instance instance = memory_model("while c.gpus == 1 do end return { weights_bytes = 1 }");
  std::vector<vw_candidate> candidates(4);
  CHECK(evaluate(instance, candidates).back().weights_bytes == 1);
  candidates[2].gpus = 1;
  CHECK(test::message_of([&] { evaluate(instance, candidates); }) ==
        place + "ran longer than 1 s; look for a loop that does not end");
  candidates[2].gpus = 0;
  CHECK(evaluate(instance, candidates).back().weights_bytes == 1);
}

TEST_CASE("rows of another length are walked by their strides", "[lua]") {
  struct LongCandidate {
    vw_candidate known;
    double later;
  };
  struct LongMemory {
    vw_memory known;
    double later;
  };
  std::vector<LongCandidate> candidates(3);
  std::vector<LongMemory> results(3);
  for (std::uint32_t i = 0; i < 3; ++i) candidates[i].known.gpus = i + 1, results[i].later = 42;
  lua::State state("test.lua", {});
  state.run_chunk("test.lua", test::shared_text("return function(s, c) return { weights_bytes = c.gpus * s } end, 10"),
                  2);
  lua::Evaluator(VW_KIND_MEMORY_MODEL)
      .run(state, {sizeof(vw_batch), 3, sizeof(LongCandidate), 0, sizeof(LongMemory), candidates.data(), nullptr,
                   results.data()});
  for (std::size_t i = 0; i < 3; ++i)
    CHECK((results[i].known.weights_bytes == 10.0 * static_cast<double>(i + 1) && results[i].later == 42));
}

TEST_CASE("rows that end early lack their last fields", "[lua]") {
  struct ShortCandidate {
    std::uint32_t gpu, format, kv_format, release, gpus, nodes;
  };
  const std::vector<ShortCandidate> candidates{{0, 0, 0, 0, 7, 1}};
  std::vector<std::uint32_t> verdicts{99, 99};
  lua::State state("test.lua", {});
  state.run_chunk("test.lua",
                  test::shared_text("return function(s, c) return { verdict = c.gpus == 7 and "
                                    "c.tensor_parallel == nil and 'fits' or 'unsupported', "
                                    "weights_bytes = 1 } end, 1"),
                  2);
  lua::Evaluator(VW_KIND_MEMORY_MODEL)
      .run(state, {sizeof(vw_batch), 1, sizeof(ShortCandidate), 0, sizeof(std::uint32_t), candidates.data(), nullptr,
                   verdicts.data()});
  CHECK(verdicts == std::vector<std::uint32_t>{VW_FITS, 99});
}

#include "lua/scripts.hpp"

#include "support/catch.hpp"
#include "support/lua_scripts.hpp"

using namespace vw;
using test::declare;
using test::refusal_of;

namespace {

using Content = std::map<std::string, std::string>;

std::string format(const std::string& id) { return "return vw.quantization { id = '" + id + "', summary = 's' }"; }

const std::string defaults = R"(
  return vw.defaults {
    memory_model = "classic",
    recommend = {
      consumer_gpu_memory_utilization = 0.88, kv_pressure_for_fp8 = 0.4, extra_sequences = { latency = 0 },
      usual_gpu_memory_utilization = { 0.5, 0.98 },
      batched_tokens_factor = { latency = 1 }, least_batched_tokens = 8192,
      most_batched_tokens = { { least_gib = 0, value = 16384 } }, least_searched_tokens = 2048, least_gain = 0.02,
    },
  })";

// A catalog filled from files in memory, which outlive it.
struct Indexed {
  test::MemoryFiles files;
  Catalog catalog;

  explicit Indexed(const Content& content, Origin::Rank rank = Origin::Rank::installed) : files(content) {
    lua::index_scripts("scripts", rank, {&files, nullptr, nullptr}, catalog);
    catalog.seal();
  }
};

}  // namespace

TEST_CASE("a script declares a table", "[lua]") {
  const auto declared = declare("scripts/quantization/awq.lua", format("awq"));
  CHECK(declared.kind == "quantization");
  CHECK(declared.id == "awq");
  CHECK(std::get<std::shared_ptr<const Json>>(declared.loaded)->dump() == R"({"id":"awq","summary":"s"})");
}

TEST_CASE("the id is the name of the file", "[lua]") {
  CHECK(refusal_of("scripts/quantization/gptq.lua", "\n" + format("awq")) ==
        "scripts/quantization/gptq.lua:2: quantization 'awq': is not the name of the file, expected 'gptq'");
  CHECK(declare("scripts/quantization/fp8_e4m3.lua", format("fp8_e4m3")).id == "fp8_e4m3");
}

TEST_CASE("the organisation in lower case is the name of the file", "[lua]") {
  const std::string qwen = "return vw.models { organisation = 'Qwen', entries = { { id = 'Qwen/a', config = {} } } }";
  CHECK(declare("scripts/models/qwen.lua", qwen).id == "qwen");
  CHECK(refusal_of("scripts/models/Qwen.lua", qwen) ==
        "scripts/models/Qwen.lua:1: models 'Qwen': is not the name of the file, expected 'Qwen' in any case");
  CHECK(refusal_of("scripts/models/ibm.lua", qwen) ==
        "scripts/models/ibm.lua:1: models 'Qwen': is not the name of the file, expected 'ibm' in any case");
}

TEST_CASE("a kind belongs into its folder", "[lua]") {
  CHECK(refusal_of("scripts/families/awq.lua", format("awq")) ==
        "scripts/families/awq.lua: quantization 'awq': does not belong into the folder 'families', expected vw.family");
  CHECK(declare("mine/awq.lua", format("awq")).id == "awq");
}

TEST_CASE("a script must declare something", "[lua]") {
  const std::string path = "scripts/quantization/awq.lua";
  CHECK(refusal_of(path, "") == path + ": returned a nil, expected one declaration: return vw.<kind> { ... }");
  CHECK(refusal_of(path, "return { id = 'awq' }") ==
        path + ": returned a table, expected one declaration: return vw.<kind> { ... }");
  CHECK(refusal_of(path, "vw.quantization { id = 'awq', summary = 's' }") ==
        path + ": returned a nil, expected one declaration: return vw.<kind> { ... }");
}

TEST_CASE("a script lying flat may declare several kinds under its name", "[lua]") {
  const std::string both = R"(return {
    vw.memory_model { id = 'mine', summary = 'a', estimate = function() return {} end },
    vw.perf_heuristic { id = 'mine', summary = 'b', estimate = function() return {} end },
  })";
  test::MemoryFiles files;
  files.put("x/mine.lua", both);
  const auto declared = lua::load_script("x/mine.lua", Origin::Rank::given, {&files, nullptr, nullptr});
  REQUIRE(declared.size() == 2);
  CHECK(declared[0].kind == "memory-model/1");
  CHECK(declared[1].kind == "perf-heuristic/1");
  CHECK(std::get<std::shared_ptr<const Part>>(declared[1].loaded)->summary() == "b");
  CHECK(refusal_of("x/awq.lua", "local f = vw.quantization { id = 'awq', summary = 's' } return { f, f }") ==
        "x/awq.lua: declares quantization 'awq' twice");
}

TEST_CASE("a missing script is an error", "[lua]") {
  const test::MemoryFiles files;
  CHECK_THAT(test::message_of([&] {
               lua::load_script("x/a.lua", Origin::Rank::given, {&files, nullptr, nullptr});
             }),
             StartsWith("x/a.lua: "));
}

TEST_CASE("indexing runs nothing and passes over helpers, tests and the editor's file", "[lua]") {
  Indexed indexed(Content{{"scripts/quantization/awq.lua", "error 'not run'"},
                          {"scripts/quantization/_blocks.lua", "error 'not run'"},
                          {"scripts/quantization/awq_test.lua", "error 'not run'"},
                          {"scripts/quantization/README.md", "text"},
                          {"scripts/defaults.lua", "error 'not run'"},
                          {"scripts/vw.meta.lua", "error 'not run'"},
                          {"scripts/README.md", "text"},
                          {"scripts/families/llama.lua", "error 'not run'"}});
  CHECK(indexed.catalog.refusals().empty());
  CHECK(indexed.catalog.ids("quantization") == std::vector<std::string>{"awq"});
  CHECK(indexed.catalog.ids("model-family/1") == std::vector<std::string>{"llama"});
  CHECK(indexed.catalog.ids("defaults") == std::vector<std::string>{"defaults"});
  CHECK(indexed.catalog.listings(false).size() == 3);
}

TEST_CASE("an indexed script is loaded when it is asked for", "[lua]") {
  Indexed indexed(Content{{"scripts/quantization/awq.lua", format("awq")}, {"scripts/defaults.lua", defaults}});
  CHECK(indexed.catalog.table("quantization", "awq")->at("summary") == "s");
  CHECK(indexed.catalog.table("defaults", "defaults")->at("memory_model") == "classic");
}

TEST_CASE("a script lying flat says itself what it is", "[lua]") {
  Indexed indexed(Content{{"scripts/mine.lua", "return vw.renderer { id = 'mine', summary = 's', render = print }"},
                          {"scripts/broken.lua", "error 'no'"}},
                  Origin::Rank::given);
  CHECK(indexed.catalog.part("renderer/1", "mine")->summary() == "s");
  CHECK(indexed.catalog.refusals() == std::vector<std::string>{"scripts/broken.lua:1: no"});
}

TEST_CASE("a broken script of a user is refused with its line and stops nobody", "[lua]") {
  Indexed indexed(Content{{"scripts/quantization/awq.lua", "return vw.quantisation {}"},
                          {"scripts/quantization/gptq.lua", format("gptq")}},
                  Origin::Rank::user);
  CHECK(test::message_of([&] { indexed.catalog.table("quantization", "awq"); }) ==
        "scripts/quantization/awq.lua:1: unknown vw.quantisation; did you mean vw.quantization?");
  CHECK(indexed.catalog.table("quantization", "gptq")->at("id") == "gptq");
}

TEST_CASE("a folder that is no kind is refused when scripts lie in it", "[lua]") {
  Indexed indexed(Content{{"scripts/quantisation/awq.lua", format("awq")}, {"scripts/notes/a.md", "text"}});
  CHECK(indexed.catalog.refusals() ==
        std::vector<std::string>{
            "scripts/quantisation: 'quantisation' is no folder of scripts, did you mean 'quantization'?"});
}

TEST_CASE("a file name that is no id is refused", "[lua]") {
  Indexed indexed(Content{{"scripts/quantization/My Format.lua", format("x")}});
  CHECK(indexed.catalog.refusals() ==
        std::vector<std::string>{
            "scripts/quantization/My Format.lua: 'My Format' is no id, expected a kebab-case file name"});
}

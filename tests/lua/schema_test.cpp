#include "lua/schema.hpp"

#include "lua/declarations.hpp"
#include "support/catch.hpp"
#include "support/lua_scripts.hpp"

#include <set>

using namespace vw;
using test::refusal_of;

namespace {

const std::string path = "scripts/quantization/awq.lua";

// A format with further fields on line 3.
std::string format(const std::string& fields) {
  return refusal_of(path, "return vw.quantization {\n  id = \"awq\", summary = \"4 bits\",\n  " + fields + "\n}\n");
}
const std::string at_field = path + ":3: quantization 'awq': ";
const std::string accepted = "nothing was thrown";

}  // namespace

TEST_CASE("a complete declaration is accepted", "[lua]") {
  CHECK(
      format("sources = { 'a' }, vllm_names = { 'awq' }, weights = { bits = 4, per = { rows = 1, inputs = 128 } }, "
             "applies_to = 'linears', needs = { compute_capability = 7.5 }, from_16_bit = false, "
             "recognised_by = { { quant_method = 'awq', ['a.*.b'] = true } }, blocks = { Q4_0 = { weights = 32, bytes "
             "= 18 } }, kv = { bits = 8, vllm_name = 'fp8' }, api = 1") == accepted);
}

TEST_CASE("an unknown field is refused on its line with the one that was meant", "[lua]") {
  CHECK(format("keep_16_bit = {}") == at_field + "unknown field 'keep_16_bit'; did you mean 'keeps_16_bit'?");
  CHECK(format("weights = { bits = 4, scale_bit = 16 }") ==
        at_field + "unknown field 'weights.scale_bit'; did you mean 'scale_bits'?");
  CHECK(format("needs = { gfx = {}, capability = 8 }") == at_field + "unknown field 'needs.capability'");
  CHECK(format("4") == path + ":1: quantization 'awq': unknown field '[1]'");
  CHECK(format("[true] = 4") == path + ":1: quantization 'awq': unknown field '[boolean]'");
}

TEST_CASE("a field that is not written as one is reported where the constructor is called", "[lua]") {
  CHECK(refusal_of(path, "local t = { id = 'awq', summary = 'x' }\nt['appl' .. 'y'] = 1\nreturn vw.quantization(t)") ==
        path + ":3: quantization 'awq': unknown field 'apply'");
}

TEST_CASE("a missing field is refused with what it should be", "[lua]") {
  CHECK(refusal_of(path, "return vw.quantization { summary = 'x' }") ==
        path + ":1: quantization: missing field 'id', expected a kebab-case id");
  CHECK(refusal_of(path, "return vw.quantization { id = 'awq' }") ==
        path + ":1: quantization 'awq': missing field 'summary', expected text of one line");
  CHECK(format("weights = { scale_bits = 16 }") ==
        at_field + "missing field 'weights.bits', expected a number from 0.1 to 64");
  CHECK(format("blocks = { Q4_0 = { weights = 32 } }") ==
        at_field + "missing field 'blocks.Q4_0.bytes', expected a whole number from 1 to 65536");
}

TEST_CASE("a value of another type is refused with both", "[lua]") {
  CHECK(format("vllm_names = 'awq'") == at_field + "field 'vllm_names' is text, expected a list of texts");
  CHECK(format("vllm_names = { 'awq', 4 }") == at_field + "field 'vllm_names[2]' is a number, expected text");
  CHECK(format("vllm_names = { a = 'awq' }") ==
        at_field + "field 'vllm_names' is a table with the key a, expected a list of texts");
  CHECK(format("vllm_names = { 'awq', nil, 'x' }") == at_field + "field 'vllm_names[2]' is a nil, expected text");
  CHECK(format("weights = 4") == at_field + "field 'weights' is a number, expected a table");
  CHECK(format("weights = { bits = '4' }") ==
        at_field + "field 'weights.bits' is text, expected a number from 0.1 to 64");
  CHECK(format("from_16_bit = 'yes'") == at_field + "field 'from_16_bit' is text, expected true or false");
  CHECK(format("blocks = { 'Q4_0' }") ==
        at_field + "field 'blocks' is a table with the key [1], expected a table from names to tables");
  CHECK(refusal_of("scripts/families/llama.lua",
                   "return vw.family { id = 'llama', summary = 'x', architectures = { 'L' }, reduce = 1 }") ==
        "scripts/families/llama.lua:1: model-family 'llama': field 'reduce' is a number, expected a function (config, "
        "checkpoint) -> normal form");
}

TEST_CASE("a number out of range is refused with the range", "[lua]") {
  CHECK(format("weights = { bits = 99 }") == at_field + "field 'weights.bits' is 99, expected a number from 0.1 to 64");
  CHECK(format("weights = { bits = 0 / 0 }") ==
        at_field + "field 'weights.bits' is NaN, expected a number from 0.1 to 64");
  CHECK(format("weights = { bits = 4, per = { rows = 1.5, inputs = 128 } }") ==
        at_field + "field 'weights.per.rows' is 1.5, expected a whole number from 0 to 1000000");
  CHECK(format("weights = { bits = 4, per = { rows = 1.0, inputs = 128 } }") == accepted);
}

TEST_CASE("a choice is refused with the choices", "[lua]") {
  CHECK(format("applies_to = 'linear'") ==
        at_field +
            "field 'applies_to' is 'linear', expected 'linears', 'experts', 'all' or 'none'; did you mean "
            "'linears'?");
}

TEST_CASE("ids are kebab-case and summaries are one line", "[lua]") {
  CHECK(refusal_of(path, "return vw.quantization { id = 'A W Q', summary = 'x' }") ==
        path + ":1: quantization 'A W Q': field 'id' is 'A W Q', expected a kebab-case id");
  CHECK(refusal_of(path, "return vw.quantization { id = 'awq', summary = '' }") ==
        path + ":1: quantization 'awq': field 'summary' is '', expected text of one line");
  CHECK(refusal_of(path, "return vw.quantization { id = 'awq', summary = 'a\\nb' }") ==
        path + ":1: quantization 'awq': field 'summary' is 'a?b', expected text of one line");
  CHECK(refusal_of(path, "return vw.quantization { id = 'awq', summary = '\\xff' }") ==
        path + ":1: quantization 'awq': field 'summary' is not UTF-8, expected text of one line");
}

TEST_CASE("a script for another version of the API is refused with both versions", "[lua]") {
  CHECK(format("api = 2") == at_field + "written for script API 2; this vllm-wizard speaks 1");
  CHECK(format("api = 2, future_field = 1") == at_field + "written for script API 2; this vllm-wizard speaks 1");
}

TEST_CASE("a constructor wants one table", "[lua]") {
  CHECK(refusal_of(path, "return vw.quantization 'awq'") ==
        path + ":1: vw.quantization: expected one table: vw.quantization { ... }");
  CHECK(refusal_of(path, "return vw.quantization({}, {})") ==
        path + ":1: vw.quantization: expected one table: vw.quantization { ... }");
}

TEST_CASE("open tables allow more than the schema knows, of JSON only", "[lua]") {
  const std::string release = "scripts/releases/0.21.0.lua";
  const auto declare = [&](const std::string& fields) {
    return refusal_of(release, "return vw.release { id = '0.21.0', summary = 'x',\n" + fields + " }");
  };
  CHECK(declare("defaults = { anything = { 1, { a = true } } }, memory = { era = 'e1', shrink = 0.5 }") == accepted);
  CHECK(declare("defaults = {}, memory = { shrink = 0.5 }") ==
        release + ":2: release '0.21.0': missing field 'memory.era', expected 'e0', 'e1', 'e2' or 'e3'");
  CHECK(declare("defaults = { tiers = { print } }") ==
        release + ":2: release '0.21.0': defaults.tiers[1]: a function cannot become JSON");
}

TEST_CASE("lists of a declaration stay lists when they are empty", "[lua]") {
  const auto declared = test::declare(
      path, "return vw.quantization { id = 'awq', summary = 'x', vllm_names = {}, needs = { gfx = {} }, blocks = {} }");
  const Json& json = *std::get<std::shared_ptr<const Json>>(declared.loaded);
  CHECK(json.dump() == R"({"blocks":{},"id":"awq","needs":{"gfx":[]},"summary":"x","vllm_names":[]})");
}

TEST_CASE("every schema is sound", "[lua]") {
  std::set<std::string> constructors, kinds;
  for (const lua::Schema& schema : lua::schemas()) {
    INFO(schema.constructor);
    CHECK(constructors.insert(schema.constructor).second);
    CHECK(kinds.insert(schema.kind).second);
    CHECK(lua::find_schema(schema.constructor) == &schema);
    CHECK(lua::schema_of_kind(schema.kind) == &schema);
    std::set<std::string> names;
    for (const lua::Field& field : schema.fields) {
      INFO(field.name);
      CHECK(names.insert(field.name).second);
      CHECK(std::string(field.help) != "");
      CHECK(lua::describe_rule(field.rule) != "");
    }
  }
  CHECK(lua::find_schema("nothing") == nullptr);
}

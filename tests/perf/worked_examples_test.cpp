// Every number on the way of the worked examples, to the precision that their file asks for.
#include "perf/roofline_lab.hpp"
#include "support/catch.hpp"

using namespace vw;
using namespace vw::test;

namespace {

Json settings_of(const Json& examples, const Json& example) {
  const std::string gpu = example.at("gpu");
  Json formats = Json::array();
  for (const Json& format : examples.at("formats")) formats.push_back(format);
  return {{"model", example.at("model")},
          {"gpus", {{{"name", gpu}, {"efficiency", {{"gpu", gpu}, {"related_by", ""}}}}}},
          {"efficiency", {{gpu, *shipped().catalog().table(table_kind::efficiency, gpu)}}},
          {"formats", {examples.at("formats").at("bf16")}},
          {"stored_formats", formats},
          {"kv_formats", {{{"id", "kv"}, {"kv", {{"bits", example.at("kv_bits")}}}}}},
          {"releases", {{{"id", "0.24.0"}}}},
          {"serving_costs", examples.at("serving_costs")}};
}

Json answer_to(const Json& examples, const Json& example) {
  Instance instance = roofline().open(settings_of(examples, example));
  return instance.ask({{"verb", "benchmark"},
                       {"candidate", example.at("candidate")},
                       {"memory", {{"kv_tokens", example.at("kv_tokens")}}},
                       {"prompt_tokens", example.at("prompt_tokens")},
                       {"generated_tokens", example.at("generated_tokens")}});
}

double value_of(const Json& answer, const std::string& name) {
  const Json& value = answer.at(name);
  return value.is_object() ? value.at("best").get<double>() : value.get<double>();
}

void check(const std::string& name, double computed, double expected, double tolerance) {
  INFO(name);
  CHECK(computed == Approx(expected).epsilon(tolerance).margin(1e-9));
}

// The examples leave out the small kernels and the all-reduce of the one dense layer before the mixtures, and count
// those of shared experts with them.
bool is_counted_otherwise(const Json& example, const std::string& part) {
  return example.at("is_latent") &&
         (part == "elementwise" || part == "all_reduce" || part == "shared_experts" || part == "attention_decode");
}

}  // namespace

TEST_CASE("every part of a step and every time of the worked examples agrees", "[perf]") {
  const std::string path = VW_ROOT "/tests/data/perf/worked_examples.json";
  const Json examples = parse_json(read_file(disk_files(), path, path), path);
  for (const Json& example : examples.at("cases")) {
    INFO(example.at("name"));
    const Json answer = answer_to(examples, example);
    const double latent_tolerance = 3e-3, tolerance = example.at("is_latent") ? latent_tolerance : 1e-4;
    for (const auto& [name, expected] : example.at("expected").items()) {
      if (!expected.is_object()) {
        check(name, value_of(answer, name), expected, tolerance);
        continue;
      }
      for (const auto& [part, part_ms] : expected.items())
        if (!is_counted_otherwise(example, part)) check(name + "." + part, answer.at(name).at(part), part_ms, 1e-4);
    }
  }
}

// What is asked of every family: each of its architectures becomes a normal form, and a mangled config a message.
#include "conformance/all_parts.hpp"
#include "support/catch.hpp"
#include "support/random_request.hpp"

#include <cmath>
#include <filesystem>
#include <map>

using namespace vw;
using test::all_parts;
using test::Random;

namespace {

Json json_file(const std::string& path) { return parse_json(read_file(disk_files(), path, path), path); }

std::string architecture_of(const Json& config) { return config.at("architectures").at(0).get<std::string>(); }

// A config of each architecture: from tests/data/configs, the catalogue, and tests/data/architectures.json.
std::map<std::string, Json> read_samples() {
  std::map<std::string, Json> samples;
  for (const auto& file : std::filesystem::directory_iterator(VW_ROOT "/tests/data/configs")) {
    const Json config = json_file(file.path().string());
    samples.emplace(architecture_of(config), config);
  }
  const Catalog& catalog = all_parts().catalog();
  for (const std::string& organisation : catalog.ids(table_kind::models))
    for (const Json& entry : catalog.table(table_kind::models, organisation)->at("entries")) {
      ModelQuestion question;
      question.model = entry.at("id").get<std::string>();
      question.source = "catalogue";
      const auto record = ask_sources(catalog, {"catalogue"}, question);
      samples.emplace(architecture_of(record->at("config")), record->at("config"));
    }
  const Json others = json_file(VW_ROOT "/tests/data/architectures.json");
  for (const auto& [architecture, sample] : others.items()) {
    if (!sample.is_object()) continue;
    Json config = sample.contains("config") ? sample.at("config") : samples.at(sample.at("like").get<std::string>());
    if (sample.value("text", false)) config = Json(config.at("text_config"));
    config["architectures"] = {architecture};
    samples.emplace(architecture, config);
  }
  samples.emplace("LabDecoderForCausalLM", Json{{"architectures", {"LabDecoderForCausalLM"}},
                                                {"hidden_size", 64},
                                                {"num_hidden_layers", 2},
                                                {"num_attention_heads", 4},
                                                {"num_key_value_heads", 2},
                                                {"intermediate_size", 128},
                                                {"vocab_size", 100},
                                                {"max_position_embeddings", 1024}});
  return samples;
}

const std::map<std::string, Json>& samples() {
  static const std::map<std::string, Json> read = read_samples();
  return read;
}

Json reduced(Instance& family, const Json& config) {
  return family.ask({{"verb", "reduce"}, {"config", config}, {"checkpoint", Json::object()}});
}

// Calls check(family, architecture, config) for every architecture that a family speaks of.
template <class Check>
void for_architectures(Check&& check) {
  for (const auto& part : all_parts().of_kind(VW_KIND_MODEL_FAMILY)) {
    Instance family = part->open(Json::object());
    const Json reply = family.ask({{"verb", "architectures"}});
    for (const Json& architecture : reply.at("architectures")) {
      INFO(part->label() << ": " << architecture);
      const auto sample = samples().find(architecture.get<std::string>());
      REQUIRE(sample != samples().end());  // add one to tests/data/architectures.json
      check(family, sample->second);
    }
  }
}

// VW_ROUNDS=200 digs deeper than a test has time for.
int absurd_rounds() {
  const std::string rounds = environment("VW_ROUNDS");
  return rounds.empty() ? 12 : std::stoi(rounds);
}

// Pointers to every number in a config, but for those in lists.
void collect_numbers(const Json& value, const std::string& path, std::vector<std::string>& pointers) {
  if (value.is_number()) pointers.push_back(path);
  if (value.is_object())
    for (const auto& [key, member] : value.items()) collect_numbers(member, path + "/" + key, pointers);
}

}  // namespace

TEST_CASE("every architecture of every family becomes a normal form", "[conformance]") {
  std::size_t tried = 0;
  for_architectures([&](Instance& family, const Json& config) {
    const Json form = reduced(family, config);
    const Model model = read_normal_form(form, family.part().label());
    CHECK(model.params > 0);
    CHECK(model.active_params <= model.params);
    CHECK(model.family == family.part().id());
    CHECK_FALSE(model.is_estimated);
    const double bytes = stored_weights_bytes(model, all_parts().catalog());
    CHECK(bytes >= 2 * model.params);  // nothing is declared quantized
    CHECK(bytes <= 2.2 * model.params);
    CHECK(reduced(family, config) == form);
    ++tried;
  });
  CHECK(tried > 85);
}

TEST_CASE("a quantized checkpoint of every architecture is stored in fewer bytes", "[conformance]") {
  for_architectures([](Instance& family, const Json& config) {
    const Json checkpoint = {
        {"format", "fp8"}, {"quantization_config", {{"quant_method", "fp8"}}}, {"ignore", {"lm_head"}}};
    const Json form = family.ask({{"verb", "reduce"}, {"config", config}, {"checkpoint", checkpoint}});
    const Model model = read_normal_form(form, family.part().label());
    const double bytes = stored_weights_bytes(model, all_parts().catalog());
    CHECK(bytes < 2 * model.params);
    CHECK(bytes >= 1 * model.params);
    if (family.part().origin().rank == Origin::Rank::installed) CHECK(model.declared_format == "fp8");
  });
}

TEST_CASE("a config with an absurd number is refused in words or reduced to finite numbers", "[conformance]") {
  const std::vector<Json> absurd = {0, -1, 1e18, 1.5, "many", nullptr, true, Json::array(), Json::object()};
  Random random;
  for_architectures([&](Instance& family, const Json& config) {
    if (family.part().origin().rank != Origin::Rank::installed) return;
    std::vector<std::string> pointers;
    collect_numbers(config, "", pointers);
    for (int round = 0; round < absurd_rounds(); ++round) {
      const std::string pointer = random.one_of(pointers);
      Json mangled = config;
      mangled[Json::json_pointer(pointer)] = random.one_of(absurd);
      INFO(pointer << " = " << mangled.at(Json::json_pointer(pointer)));
      const std::string outcome = test::outcome_of([&] {
        const Model model = read_normal_form(reduced(family, mangled), family.part().label());
        CHECK(std::isfinite(model.params));
        CHECK(model.params > 0);
      });
      CHECK(outcome != "");
      for (const char* word : {"internal", "attempt to", "stack traceback", "bad argument", "misbehaved", "nil value"})
        CHECK_THAT(outcome, !ContainsSubstring(word));
    }
  });
}

TEST_CASE("a config without layers, hidden size or heads names the keys that were looked for", "[conformance]") {
  Instance llama = all_parts().catalog().part(VW_KIND_MODEL_FAMILY, "llama")->open(Json::object());
  const auto without = [&](const char* key) {
    Json config = samples().at("LlamaForCausalLM");
    config.erase(key);
    return test::outcome_of([&] { reduced(llama, config); });
  };
  const std::string at = "config.json: ";
  CHECK(without("num_hidden_layers") ==
        at + "config has no number of layers (looked for num_hidden_layers, n_layer, num_layers)");
  CHECK(without("hidden_size") == at + "config has no hidden size (looked for hidden_size, n_embd, d_model)");
  CHECK(without("num_attention_heads") ==
        at + "config has no number of attention heads (looked for num_attention_heads, n_head, num_heads)");
}

// Every model of the offline catalogue through the real source and the real families.
#include "facts/model.hpp"
#include "support/catch.hpp"
#include "support/message_of.hpp"
#include "support/shipped.hpp"

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <set>

using namespace vw;
using test::message_of;
using test::shipped;

namespace {

const std::vector<std::string> catalogue_only = {"catalogue"};

struct Entry {
  std::string id;
  Json json;
};

std::vector<Entry> read_entries() {
  std::vector<Entry> entries;
  const Catalog& catalog = shipped().catalog();
  for (const std::string& organisation : catalog.ids(table_kind::models))
    for (const Json& entry : catalog.table(table_kind::models, organisation)->at("entries"))
      entries.push_back({entry.at("id").get<std::string>(), entry});
  return entries;
}

const std::vector<Entry>& all_entries() {
  static const std::vector<Entry> entries = read_entries();
  return entries;
}

ModelQuestion about(const std::string& id) {
  ModelQuestion question;
  question.model = id;
  question.source = "catalogue";
  question.offline = true;
  return question;
}

// Described so that nothing is lost, but no family reads them yet.
const std::set<std::string>& unread_architectures() {
  static const std::set<std::string> names = {
      "DeepseekV4ForCausalLM", "KimiK3ForConditionalGeneration",          "MiMoV2FlashForCausalLM",
      "MiniMaxM3ForCausalLM",  "MiniMaxM3SparseForConditionalGeneration", "Step3p7FlashForCausalLM"};
  return names;
}

// Published counts that count something else than we do.
const std::map<std::string, std::string>& other_counts() {
  static const std::map<std::string, std::string> reasons = {
      {"XiaomiMiMo/MiMo-7B-Base", "the files hold its predicting layer, which is counted apart"},
      {"meta-llama/Llama-3.2-90B-Vision-Instruct", "published without the vision tower"},
      {"meta-llama/Llama-4-Scout-17B-16E-Instruct", "published without the vision tower"},
  };
  return reasons;
}

std::string architecture_of(const Json& entry) {
  return entry.at("config").at("architectures").at(0).get<std::string>();
}

// Reduced once, since that takes longest.
const Model& model_of(const Entry& entry) {
  static std::map<std::string, Model> models;
  const auto known = models.find(entry.id);
  if (known != models.end()) return known->second;
  return models.emplace(entry.id, load_model(shipped().catalog(), catalogue_only, about(entry.id))).first->second;
}

}  // namespace

TEST_CASE("every model of the catalogue becomes numbers, or says which file would teach its architecture", "[facts]") {
  std::size_t computed = 0;
  for (const Entry& entry : all_entries()) {
    INFO(entry.id);
    const std::string architecture = architecture_of(entry.json);
    if (!unread_architectures().contains(architecture)) {
      const Model& model = model_of(entry);
      CHECK(model.params > 1e6);
      CHECK(model.active_params <= model.params);
      CHECK(std::isfinite(stored_weights_bytes(model, shipped().catalog())));
      CHECK_FALSE(model.is_estimated);
      ++computed;
      continue;
    }
    const std::string refusal = message_of([&] { load_model(shipped().catalog(), catalogue_only, about(entry.id)); });
    CHECK_THAT(refusal,
               StartsWith(fmt::format("model '{}': config.json: unknown architecture '{}', expected one that a family "
                                      "script speaks of",
                                      entry.id, architecture)));
    CHECK_THAT(refusal, ContainsSubstring("hint: teach it in a file families/<id>.lua"));
  }
  CHECK(computed > 180);
}

TEST_CASE("counted parameters are within half a percent of the published ones", "[facts]") {
  for (const Entry& entry : all_entries()) {
    if (!entry.json.contains("params") || unread_architectures().contains(architecture_of(entry.json))) continue;
    INFO(entry.id);
    const Model& model = model_of(entry);
    const double published = entry.json.at("params").get<double>(), ratio = model.counted_params / published;
    INFO(
        fmt::format("counted {:.0f}, published {:.0f}: {:+.3f} %", model.counted_params, published, 100 * (ratio - 1)));
    constexpr double allowed = 0.005;
    if (other_counts().contains(entry.id))
      CHECK(std::abs(ratio - 1) > allowed);  // else the exception is no longer needed
    else
      CHECK(std::abs(ratio - 1) <= allowed);
  }
}

TEST_CASE("every quantized checkpoint of the catalogue is recognised", "[facts]") {
  for (const Entry& entry : all_entries()) {
    const Json& config = entry.json.at("config");
    const bool declares = config.contains("quantization_config") || entry.json.contains("hf_quant_config");
    if (!declares || unread_architectures().contains(architecture_of(entry.json))) continue;
    INFO(entry.id);
    const Model& model = model_of(entry);
    CHECK(model.is_quantized());
    CHECK(model.declared_format != "");
    CHECK(stored_weights_bytes(model, shipped().catalog()) < 2 * model.counted_params);
  }
}

TEST_CASE("stored bytes are near the size of the weight files where that was read", "[facts]") {
  std::size_t compared = 0;
  for (const Entry& entry : all_entries()) {
    if (!entry.json.contains("weights_bytes") || unread_architectures().contains(architecture_of(entry.json))) continue;
    INFO(entry.id);
    const Model& model = model_of(entry);
    const double counted = stored_weights_bytes(model, shipped().catalog());
    INFO(fmt::format("counted {:.0f}, files {:.0f}", counted, *model.exact_weights_bytes));
    CHECK(counted / *model.exact_weights_bytes == Approx(1).margin(0.05));
    ++compared;
  }
  CHECK(compared > 0);
}

TEST_CASE("every other checkpoint that the catalogue offers is in the catalogue itself", "[facts]") {
  std::set<std::string> known;
  for (const Entry& entry : all_entries()) known.insert(entry.id);
  for (const Entry& entry : all_entries()) {
    const auto record = ask_sources(shipped().catalog(), catalogue_only, about(entry.id));
    REQUIRE(record);
    for (const Json& variant : record->at("variants")) {
      INFO(entry.id << " offers " << variant);
      CHECK(known.contains(variant.at("id").get<std::string>()));
    }
  }
}

TEST_CASE("the format of every other checkpoint is the one that it declares", "[facts]") {
  std::map<std::string, Json> declarations;
  for (const Entry& entry : all_entries()) {
    Json& declared = declarations[entry.id] = Json::object();
    for (const Json& config : {entry.json.at("config"), entry.json.at("config").value("text_config", Json::object())})
      if (config.contains("quantization_config")) declared.update(config.at("quantization_config"));
    if (entry.json.contains("hf_quant_config")) declared["hf_quant_config"] = entry.json.at("hf_quant_config");
  }
  std::size_t said = 0;
  for (const Entry& entry : all_entries()) {
    const auto record = ask_sources(shipped().catalog(), catalogue_only, about(entry.id));
    for (const Json& variant : record->at("variants")) {
      const auto declared = recognise_format(shipped().catalog(), declarations.at(variant.at("id")));
      INFO(entry.id << " offers " << variant.at("id") << ", declared as " << (declared ? declared->id : "nothing"));
      if (variant.contains("format")) {
        REQUIRE(declared);
        CHECK(variant.at("format") == declared->id);
        ++said;
      }
    }
  }
  CHECK(said > 40);
}

TEST_CASE("a model in 16 bit knows the exact format of its quantized checkpoints", "[facts]") {
  std::map<std::string, std::string> formats;
  for (const Entry& entry : all_entries())
    if (!unread_architectures().contains(architecture_of(entry.json)))
      formats[entry.id] = model_of(entry).declared_format;
  for (const Entry& entry : all_entries()) {
    if (!formats.contains(entry.id)) continue;
    for (const Variant& variant : model_of(entry).variants) {
      INFO(entry.id << " offers " << variant.id);
      REQUIRE(formats.contains(variant.id));
      CHECK(variant.format == formats.at(variant.id));
    }
  }
}

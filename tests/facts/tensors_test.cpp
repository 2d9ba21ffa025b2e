// Headers of safetensors files and the matrices of the families.
#include "facts/model.hpp"
#include "support/catch.hpp"
#include "support/entries.hpp"
#include "support/message_of.hpp"
#include "support/shipped.hpp"

#include <filesystem>

using namespace vw;
using vw::test::message_of;

namespace {

namespace fs = std::filesystem;

// The shipped families, and one source that answers with a record of the test's own.
class Families {
 public:
  Families() {
    const lua::Host host{&disk_files(), &catalog_, nullptr};
    lua::index_scripts(test::shipped_scripts, Origin::Rank::installed, host, catalog_);
    test::Fake source;
    source.id = "any";
    source.ask = [this](const std::string&) { return to_text(record_); };
    test::add_part(catalog_, source);
    catalog_.seal();
  }

  Model load(const Json& config, const Json& tensors = nullptr) {
    record_ = {{"source", "any"}, {"config", config}};
    if (!tensors.is_null()) record_["tensors"] = tensors;
    ModelQuestion question;
    question.model = question.source = "any";
    return load_model(catalog_, {}, question);
  }

 private:
  Catalog catalog_;
  Json record_;
};

// What a published file has at its layer numbers: predicting layers under a name of their own begin at 0.
Json run_of(const Json& layers, const std::string& name, std::int64_t model_layers, std::int64_t each) {
  Json runs = Json::array();
  for (const Json& layer : layers) {
    const bool is_own = layer >= model_layers && name.find("mtp") != std::string::npos;
    const std::int64_t number = layer.get<std::int64_t>() - (is_own ? model_layers : 0);
    runs.push_back({number, number, each});
  }
  return runs;
}

// The tensors that a file of this model would have, one for each name of each matrix.
void add_rows(const Json& matrices, const Json& layers, const Model& model, Json& rows) {
  for (const Json& matrix : matrices) {
    if (matrix.value("buffer", false) || !matrix.contains("names")) continue;
    const auto elements = static_cast<std::int64_t>(matrix["outputs"].get<double>() * matrix["inputs"].get<double>() *
                                                    matrix.value("copies", 1.0));
    const auto& names = matrix["names"];
    const auto parts = static_cast<std::int64_t>(names.size());
    const std::string ending = matrix["role"].get<std::string>().ends_with("_bias") ? ".bias" : ".weight";
    for (std::int64_t at = 0; at < parts; ++at) {
      const std::int64_t share = elements / parts + (at == 0 ? elements % parts : 0);
      const std::string name = names[static_cast<std::size_t>(at)].get<std::string>() + ending;
      const auto count = layers.empty() ? std::int64_t{1} : static_cast<std::int64_t>(layers.size());
      Json row = {
          {"pattern", name}, {"dtype", "BF16"}, {"shape", {share}}, {"count", count}, {"bytes", share * 2 * count}};
      if (!layers.empty()) row["at"] = run_of(layers, name, model.layers, 1);
      rows.push_back(row);
    }
  }
}

Json tensors_of(const Model& model) {
  Json rows = Json::array();
  add_rows(model.normal_form.at("matrices"), Json::array(), model, rows);
  for (const Json& group : model.normal_form.at("groups"))
    add_rows(group.at("matrices"), group.at("layers"), model, rows);
  for (const Json& tower : model.normal_form.at("towers")) add_rows(tower.at("matrices"), Json::array(), model, rows);
  return rows;
}

Json small_llama() {
  return {{"architectures", {"LlamaForCausalLM"}},
          {"hidden_size", 64},
          {"num_hidden_layers", 2},
          {"num_attention_heads", 4},
          {"intermediate_size", 96},
          {"vocab_size", 100},
          {"max_position_embeddings", 512}};
}

}  // namespace

TEST_CASE("a file with a tensor for each name of a family explains all of its matrices", "[facts]") {
  Families families;
  for (const fs::directory_entry& entry : fs::directory_iterator(VW_ROOT "/tests/data/configs")) {
    Json config = parse_json(*disk_files().read(entry.path().string(), 1 << 24), entry.path().string());
    for (const char* key : {"quantization_config", "compression_config"}) config.erase(key);
    if (config.contains("text_config")) config["text_config"].erase("quantization_config");
    INFO(entry.path().filename().string());
    const Model shapes = families.load(config);
    const Model placed = families.load(config, tensors_of(shapes));
    CHECK(placed.normal_form.at("tensors").at("warnings") == Json::array());
    CHECK(placed.normal_form.at("tensors").at("exact") == true);
    Json form = placed.normal_form;
    form.erase("tensors");
    CHECK(form == shapes.normal_form);
  }
}

TEST_CASE("rows of tensors that no source would write are refused by their place", "[facts]") {
  Families families;
  const Json good = {
      {"pattern", "model.norm.weight"}, {"dtype", "BF16"}, {"shape", {64}}, {"count", 1}, {"bytes", 128}};
  const auto message = [&](const char* key, const Json& value) {
    Json row = good;
    row[key] = value;
    return message_of([&] { families.load(small_llama(), Json::array({row})); });
  };
  CHECK(message("count", 0).find("/tensors/0/count: is 0, expected") != std::string::npos);
  CHECK(message("shape", {-1}).find("/tensors/0/shape/0: is -1, expected") != std::string::npos);
  CHECK(message("at", {{5, 4, 1}}).find("/tensors/0/at/0/1: is 4, expected") != std::string::npos);
  CHECK(message("at", {{5}}).find("/tensors/0/at/0: is no run of layers") != std::string::npos);
}

TEST_CASE("what a family leaves over counts as stored weights of the model, not of its parameters", "[facts]") {
  Families families;
  const Model shapes = families.load(small_llama());
  Json rows = tensors_of(shapes);
  rows.push_back({{"pattern", "model.layers.*.adapter.weight"},
                  {"dtype", "BF16"},
                  {"shape", {10, 10}},
                  {"count", 2},
                  {"bytes", 400},
                  {"at", {{0, 1, 1}}}});
  const Model placed = families.load(small_llama(), rows);
  CHECK(placed.unexplained_bytes == 400);
  CHECK(placed.params == shapes.params);
  CHECK(placed.warnings == std::vector<std::string>{"tensors of the checkpoint that no matrix of the family explains, "
                                                    "counted on every GPU: model.layers.*.adapter.weight"});
}

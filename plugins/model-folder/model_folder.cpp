#include "model-folder/model_folder.hpp"

#include "model-folder/files.hpp"
#include "model-folder/gguf.hpp"
#include "model-folder/weights.hpp"

namespace vw::checkpoint {

namespace {

constexpr std::uint64_t most_config_bytes = std::uint64_t{16} << 20;

Json read_object(Files& files, const std::string& path) {
  const auto text = read_text(files, path, most_config_bytes);
  auto value = parse_json(text, path);
  if (!value.is_object()) throw Failure(path, "holds " + std::string(value.type_name()) + ", expected a JSON object");
  return value;
}

void add_optional(Files& files, const std::string& folder, const std::string& name, const char* key, Json& record) {
  const auto path = joined(folder, name);
  if (files.is_file(path)) record[key] = read_object(files, path);
}

Json record_of_config(Files& files, const std::string& config_path, const std::string& location) {
  Json record = {{"location", location}, {"config_file", config_path}, {"notes", Json::array()}};
  record["config"] = read_object(files, config_path);
  return record;
}

Json record_of_folder(Files& files, const std::string& folder, const std::string& location) {
  const auto path = joined(folder, "config.json");
  if (!files.is_file(path)) throw Failure(folder, "no config.json in this folder, expected it beside the weights");
  files.will_read({path, joined(folder, "hf_quant_config.json"), joined(folder, "preprocessor_config.json"),
                   joined(folder, "model.safetensors.index.json")});
  auto record = record_of_config(files, path, location);
  add_optional(files, folder, "hf_quant_config.json", "hf_quant_config", record);
  add_optional(files, folder, "preprocessor_config.json", "preprocessor_config", record);
  return record;
}

Json record_of_gguf(Files& files, const std::string& file) {
  const auto gguf = read_gguf(files, file);
  Json notes = Json::array();
  Json record = {{"location", file}, {"config_file", file}, {"config", gguf_config(gguf, notes)}};
  record["notes"] = std::move(notes);
  add_gguf_weights(gguf, record);
  return record;
}

[[noreturn]] void fail_without_config(const std::string& folder, const std::vector<std::string>& models) {
  if (models.empty())
    throw Failure(folder,
                  "no config.json and no GGUF file in this folder, expected a folder with the files of one model");
  throw Failure(folder, "no config.json and " + std::to_string(models.size()) +
                            " GGUF models in this folder, expected the path of one, for example " +
                            joined(folder, models.front()));
}

}  // namespace

bool has_config(Files& files, const std::string& folder) { return files.is_file(joined(folder, "config.json")); }

Json read_config(Files& files, const std::string& path) { return read_object(files, path); }

Json read_model_folder(Files& files, const std::string& folder) {
  if (!has_config(files, folder)) {
    const auto models = gguf_models(files, folder);
    if (models.size() != 1) fail_without_config(folder, models);
    return record_of_gguf(files, joined(folder, models.front()));
  }
  auto record = record_of_folder(files, folder, folder);
  add_folder_weights(files, folder, record);
  return record;
}

Json read_model_file(Files& files, const std::string& file) {
  const auto name = name_of(file);
  if (name.ends_with(".gguf")) return record_of_gguf(files, file);
  const auto folder = folder_of(file);
  if (name == "config.json") {
    auto record = read_model_folder(files, folder);
    record["location"] = file;
    return record;
  }
  const bool is_index = name.ends_with(".safetensors.index.json");
  if (is_index || name.ends_with(".safetensors")) {
    auto record = record_of_folder(files, folder, file);
    is_index ? add_indexed(files, file, record) : add_safetensors(files, file, record);
    return record;
  }
  if (name.ends_with(".json")) return record_of_config(files, file, file);
  throw Failure(file, "is no model file, expected config.json, *.safetensors, *.safetensors.index.json or *.gguf");
}

}  // namespace vw::checkpoint

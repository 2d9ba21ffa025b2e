// local-files: a metadata source that reads models from a folder or a file of this machine.
#include "model-folder/files.hpp"
#include "model-folder/hub_names.hpp"
#include "model-folder/model_folder.hpp"
#include "plugin.hpp"

#include <filesystem>

namespace {

using vw::checkpoint::Failure;
using vw::checkpoint::Json;
using vw::checkpoint::text_or_empty;

// A name that cannot be one on the Hub, so that a missing file is an error and not somebody else's question.
bool looks_like_path(const std::string& text) {
  return text.starts_with('.') || text.starts_with('/') || text.starts_with('~');
}

std::string absolute(const std::string& path) {
  std::error_code error;
  const auto result = std::filesystem::canonical(path, error);
  return error ? path : result.string();
}

class LocalFiles {
 public:
  explicit LocalFiles(std::string_view /*settings*/) {}

  std::string ask(std::string_view request_text) const {
    const auto request = Json::parse(request_text);
    if (text_or_empty(request, "verb") != "describe") return "null";
    return describe(text_or_empty(request, "model")).dump(-1, ' ', false, Json::error_handler_t::replace);
  }

 private:
  static Json describe(const std::string& model) {
    if (model.empty() || model.find('\0') != std::string::npos) return nullptr;
    auto path = vw::checkpoint::expanded(model);
    while (path.size() > 1 && path.ends_with('/')) path.pop_back();
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) {
      if (!looks_like_path(model)) return nullptr;
      throw Failure("'" + model + "'",
                    "no such file or folder, expected a folder with config.json, or a config.json, *.safetensors, "
                    "*.safetensors.index.json or *.gguf file");
    }
    auto record = vw::checkpoint::is_folder(path) ? vw::checkpoint::read_model_folder(vw::checkpoint::disk(), path)
                                                  : vw::checkpoint::read_model_file(vw::checkpoint::disk(), path);
    record["id"] = model;
    record["source"] = "local-files";
    record["location"] = absolute(record["location"].get<std::string>());
    return record;
  }
};

constexpr vw_part local_files = vw::asking_part<LocalFiles>::make(
    VW_KIND_METADATA_SOURCE, "local-files", "model folders and files of this machine: config.json, safetensors, GGUF");

}  // namespace

VW_PLUGIN("local-files", "0.1.0", &local_files)

// model-folder: what the files of one model say, as the record that a metadata source answers with. Shared by the
// sources that find models on disk; each adds its own `id` and `source`.
#pragma once

#include "model-folder/files.hpp"
#include "model-folder/json_text.hpp"

#include <string>

namespace vw::checkpoint {

// True when the folder holds a config.json that is there to be read (no dangling link).
bool has_config(Files& files, const std::string& folder);

// { location, config, hf_quant_config?, preprocessor_config?, tensors?, weights_bytes?, params?, params_basis?, gguf?,
// config_file, notes }. `location` is what was given, `config_file` the file that `config` was read from. Throws
// Failure naming the file that is missing or broken.
Json read_model_folder(Files& files, const std::string& folder);

// The same for a named file: config.json, *.safetensors, *.safetensors.index.json (each with what lies beside it),
// another *.json (a configuration alone), *.gguf.
Json read_model_file(Files& files, const std::string& file);

// config.json alone.
Json read_config(Files& files, const std::string& path);

}  // namespace vw::checkpoint

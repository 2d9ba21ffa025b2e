// model-folder: which files of a folder hold the weights, and what they add up to.
#pragma once

#include "model-folder/files.hpp"
#include "model-folder/json_text.hpp"

#include <string>

namespace vw::checkpoint {

// Adds tensors, weights_bytes, params, params_basis and notes to the record. Nothing is added but a note when the
// folder has no weights. Throws Failure when a weight file is broken.
void add_folder_weights(Files& files, const std::string& folder, Json& record);
// The same for one named *.safetensors file, or one *.safetensors.index.json.
void add_safetensors(Files& files, const std::string& path, Json& record);
void add_indexed(Files& files, const std::string& index_path, Json& record);

}  // namespace vw::checkpoint

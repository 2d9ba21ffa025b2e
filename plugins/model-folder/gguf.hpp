// model-folder: GGUF headers (github.com/ggml-org/ggml, docs/gguf.md), versions 2 and 3: counts, key-values, tensor
// infos. The data is never read. Every length is held against what is left of the file before anything is allocated.
#pragma once

#include "model-folder/files.hpp"
#include "model-folder/tensors.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace vw::checkpoint {

struct Gguf {
  std::string path;  // of the first file
  std::uint32_t version = 0;
  std::map<std::string, Json> values;                  // scalars, short texts and short lists of numbers
  std::map<std::string, std::uint64_t> array_lengths;  // of every list
  TensorTally tally;
  bool has_output = false;  // an output matrix of its own: embeddings are not tied

  // "llama"; empty when the file does not say.
  std::string architecture() const;
};

// Reads one file, or all files of a model split into "-00001-of-00003.gguf". Throws Failure.
Gguf read_gguf(Files& files, const std::string& path);

// The GGUF models in a folder: one name each, the first file of split ones; vision projectors (mmproj) left out.
std::vector<std::string> gguf_models(Files& files, const std::string& folder);

// Adds tensors, weights_bytes, params and the `gguf` member.
void add_gguf_weights(const Gguf& gguf, Json& record);

// config.json as the model's own repository would have it, from the key-values. Throws Failure when the file does not
// say what architecture it holds.
Json gguf_config(const Gguf& gguf, Json& notes);

}  // namespace vw::checkpoint

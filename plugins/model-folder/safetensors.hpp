// model-folder: safetensors headers (huggingface.co/docs/safetensors): 8 bytes of length, JSON, then the data, of
// which nothing is read.
#pragma once

#include "model-folder/files.hpp"
#include "model-folder/tensors.hpp"

#include <string>
#include <vector>

namespace vw::checkpoint {

// Checks the header of one file and adds its tensors. Throws Failure naming the file and the tensor.
void read_safetensors(Files& files, const std::string& path, TensorTally& tally);

// What model.safetensors.index.json lists.
struct ShardIndex {
  std::vector<std::string> shards;  // names beside the index, sorted, each once
  std::uint64_t tensors = 0;
  std::uint64_t total_bytes = 0;       // 0: not said
  std::uint64_t total_parameters = 0;  // 0: not said
};
ShardIndex read_shard_index(Files& files, const std::string& path);

}  // namespace vw::checkpoint

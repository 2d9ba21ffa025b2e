#include "model-folder/weights.hpp"

#include "model-folder/files.hpp"
#include "model-folder/gguf.hpp"
#include "model-folder/safetensors.hpp"

#include <algorithm>
#include <optional>
#include <vector>

namespace vw::checkpoint {

namespace {

std::vector<std::string> all_joined(const std::string& folder, std::vector<std::string> names) {
  for (auto& name : names) name = joined(folder, name);
  return names;
}

void note(Json& record, const std::string& text) { record["notes"].push_back(text); }
// What makes the numbers less sure than they look.
void warn(Json& record, const std::string& text) { record["warnings"].push_back(text); }

// Elements are parameters only where every number is stored as itself: scales and packed integers are not.
bool is_unquantized(const TensorTally& tally, const Json& record) {
  if (record.contains("hf_quant_config") || record.at("config").contains("quantization_config")) return false;
  std::uint64_t plain_bytes = 0;
  for (const auto& [dtype, totals] : tally.by_dtype())
    if (dtype == "F16" || dtype == "BF16" || dtype == "F32" || dtype == "F64") plain_bytes += totals.bytes;
  constexpr double least_share = 0.99;  // integer and boolean buffers (masks, counters) are small
  return static_cast<double>(plain_bytes) >= least_share * static_cast<double>(tally.bytes());
}

std::uint64_t plain_elements(const TensorTally& tally) {
  std::uint64_t elements = 0;
  for (const auto& [dtype, totals] : tally.by_dtype())
    if (dtype == "F16" || dtype == "BF16" || dtype == "F32" || dtype == "F64") elements += totals.elements;
  return elements;
}

void add_tally(const TensorTally& tally, Json& record) {
  record["weights_bytes"] = tally.bytes();
  auto patterns = tally.patterns();
  if (patterns.is_null())
    warn(record,
         "the names of the " + std::to_string(tally.tensors()) + " tensors follow no pattern; only their sum is used");
  else
    record["tensors"] = std::move(patterns);
  if (!is_unquantized(tally, record)) return;
  record["params"] = plain_elements(tally);
  record["params_basis"] = "safetensors headers";
}

void add_index_totals(const std::string& index_path, const ShardIndex& index, std::size_t missing, Json& record) {
  const std::string where = "; sizes are the totals of " + index_path;
  warn(record, std::to_string(missing) + " of " + std::to_string(index.shards.size()) + " weight files are missing" +
                   (index.total_bytes > 0 ? where : ", and the index gives no total"));
  if (index.total_bytes > 0) record["weights_bytes"] = index.total_bytes;
  if (index.total_parameters == 0) return;
  record["params"] = index.total_parameters;
  record["params_basis"] = "safetensors index";
}

// "model-00001-of-00004.safetensors" -> 4; 0 for any other name.
unsigned shards_of(const std::string& name) {
  const std::string marker = "-of-";
  const auto at = name.rfind(marker);
  if (at == std::string::npos) return 0;
  unsigned count = 0;
  for (auto i = at + marker.size(); i < name.size() && name[i] >= '0' && name[i] <= '9' && count < 100'000; ++i)
    count = count * 10 + static_cast<unsigned>(name[i] - '0');
  return count;
}

std::vector<std::string> names_ending(Files& files, const std::string& folder, std::string_view ending) {
  auto names = files.names_in(folder);
  std::erase_if(names, [&](const std::string& name) { return !name.ends_with(ending); });
  return names;
}

// Checkpoints may hold the same weights twice (Mistral's consolidated.safetensors) or an adapter beside them.
std::vector<std::string> weight_names(Files& files, const std::string& folder, Json& record) {
  auto names = names_ending(files, folder, ".safetensors");
  const auto adapters = std::erase_if(names, [](const std::string& name) { return name.starts_with("adapter_"); });
  if (adapters > 0) note(record, "adapter weights in the folder are left out");
  const auto is_model = [](const std::string& name) { return name.starts_with("model"); };
  if (std::any_of(names.begin(), names.end(), is_model))
    std::erase_if(names, [](const std::string& name) { return name.starts_with("consolidated"); });
  return names;
}

// The index of the weights; empty when there is none. model.safetensors.index.json wins over others.
std::string index_name(Files& files, const std::string& folder) {
  const auto names = names_ending(files, folder, ".safetensors.index.json");
  const std::string usual = "model.safetensors.index.json";
  if (std::find(names.begin(), names.end(), usual) != names.end()) return usual;
  return names.empty() ? "" : names.front();
}

bool add_unindexed(Files& files, const std::string& folder, Json& record) {
  const auto names = weight_names(files, folder, record);
  if (names.empty()) return false;
  TensorTally tally;
  unsigned announced = 0;
  const auto paths = all_joined(folder, names);
  files.will_read(paths);
  for (const auto& path : paths) {
    if (!files.is_file(path) || is_lfs_pointer(files, path)) {
      warn(record, path + " was not downloaded; sizes come from the configuration");
      return true;
    }
    announced = std::max(announced, shards_of(name_of(path)));
    read_safetensors(files, path, tally);
  }
  if (names.size() < announced)
    warn(record, std::to_string(announced - names.size()) + " of " + std::to_string(announced) +
                     " weight files are missing; sizes come from the configuration");
  else
    add_tally(tally, record);
  return true;
}

bool add_pytorch_index(Files& files, const std::string& folder, Json& record) {
  const auto path = joined(folder, "pytorch_model.bin.index.json");
  if (!files.is_file(path)) return false;
  const auto index = read_shard_index(files, path);
  if (index.total_bytes > 0) record["weights_bytes"] = index.total_bytes;
  note(record, "weights are PyTorch files, whose sizes are the total of " + path);
  return true;
}

bool add_gguf(Files& files, const std::string& folder, Json& record) {
  const auto names = gguf_models(files, folder);
  if (names.empty()) return false;
  if (names.size() > 1) {
    warn(record, "several GGUF models in the folder are left out; name one file to plan for it");
    return true;
  }
  add_gguf_weights(read_gguf(files, joined(folder, names.front())), record);
  return true;
}

}  // namespace

void add_safetensors(Files& files, const std::string& path, Json& record) {
  TensorTally tally;
  read_safetensors(files, path, tally);
  add_tally(tally, record);
}

void add_indexed(Files& files, const std::string& index_path, Json& record) {
  const auto index = read_shard_index(files, index_path);
  const auto paths = all_joined(folder_of(index_path), index.shards);
  files.will_read(paths);
  const auto missing = std::count_if(paths.begin(), paths.end(), [&](const std::string& path) {
    return !files.is_file(path) || is_lfs_pointer(files, path);
  });
  if (missing > 0) return add_index_totals(index_path, index, static_cast<std::size_t>(missing), record);
  TensorTally tally;
  for (const auto& path : paths) read_safetensors(files, path, tally);
  add_tally(tally, record);
}

void add_folder_weights(Files& files, const std::string& folder, Json& record) {
  if (const auto index = index_name(files, folder); !index.empty())
    return add_indexed(files, joined(folder, index), record);
  if (add_unindexed(files, folder, record) || add_gguf(files, folder, record) ||
      add_pytorch_index(files, folder, record))
    return;
  note(record, "no weight files in the folder; sizes come from the configuration");
}

}  // namespace vw::checkpoint

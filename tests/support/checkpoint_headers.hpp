// Checkpoints that are headers only: safetensors files whose data is a hole, with the names that published ones have.
#pragma once

#include "plugins/checkpoint_bytes.hpp"
#include "support/temp_dir.hpp"

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace vw::test {

using Shape = std::vector<std::uint64_t>;

struct HeaderTensor {
  std::string dtype;
  Shape shape;
};

// Tensors by name.
using Headers = std::map<std::string, HeaderTensor>;

inline std::uint64_t bytes_of(const HeaderTensor& tensor) {
  static const std::map<std::string, std::uint64_t> widths = {{"BF16", 2}, {"F16", 2}, {"F32", 4},    {"I32", 4},
                                                              {"U8", 1},   {"I8", 1},  {"F8_E4M3", 1}};
  std::uint64_t bytes = widths.at(tensor.dtype);
  for (const std::uint64_t size : tensor.shape) bytes *= size;
  return bytes;
}

// config.json and model.safetensors in a folder; returns the folder.
inline std::string put_checkpoint(const TempDir& dir, const std::string& name, const Json& config,
                                  const Headers& headers) {
  dir.put(name + "/config.json", config.dump());
  if (headers.empty()) return dir.path(name);
  Json header = Json::object();
  std::uint64_t end = 0;
  for (const auto& [tensor, stored] : headers) {
    header[tensor] = {
        {"dtype", stored.dtype}, {"shape", stored.shape}, {"data_offsets", {end, end + bytes_of(stored)}}};
    end += bytes_of(stored);
  }
  const std::string bytes = safetensors(header.dump(), 0);
  const std::string file = dir.put(name + "/model.safetensors", bytes);
  std::filesystem::resize_file(file, bytes.size() + end);
  return dir.path(name);
}

// How one linear of rows x inputs is stored under a module name.
using Storer =
    std::function<void(Headers& headers, const std::string& module, std::uint64_t rows, std::uint64_t inputs)>;

namespace stored_as {

inline void bf16(Headers& h, const std::string& module, std::uint64_t rows, std::uint64_t inputs) {
  h[module + ".weight"] = {"BF16", {rows, inputs}};
}

// DeepSeek and Qwen: blocks of 128 x 128.
inline void fp8_block(Headers& h, const std::string& module, std::uint64_t rows, std::uint64_t inputs) {
  h[module + ".weight"] = {"F8_E4M3", {rows, inputs}};
  h[module + ".weight_scale_inv"] = {"F32", {(rows + 127) / 128, (inputs + 127) / 128}};
}

// One scale a matrix, one for its inputs (ModelOpt).
inline void fp8(Headers& h, const std::string& module, std::uint64_t rows, std::uint64_t inputs) {
  h[module + ".weight"] = {"F8_E4M3", {rows, inputs}};
  h[module + ".weight_scale"] = h[module + ".input_scale"] = {"F32", {}};
}

inline void awq(Headers& h, const std::string& module, std::uint64_t rows, std::uint64_t inputs) {
  h[module + ".qweight"] = {"I32", {inputs, rows / 8}};
  h[module + ".qzeros"] = {"I32", {inputs / 128, rows / 8}};
  h[module + ".scales"] = {"F16", {inputs / 128, rows}};
}

// With the index of the groups and the empty biases that AutoGPTQ writes.
inline Storer gptq(std::uint64_t group) {
  return [group](Headers& h, const std::string& module, std::uint64_t rows, std::uint64_t inputs) {
    h[module + ".qweight"] = {"I32", {inputs / 8, rows}};
    h[module + ".qzeros"] = {"I32", {inputs / group, rows / 8}};
    h[module + ".scales"] = {"F16", {inputs / group, rows}};
    h[module + ".g_idx"] = {"I32", {inputs}};
    h[module + ".bias"] = {"F16", {rows}};
  };
}

// compressed-tensors: nvfp4-pack-quantized.
inline void nvfp4(Headers& h, const std::string& module, std::uint64_t rows, std::uint64_t inputs) {
  h[module + ".weight_packed"] = {"U8", {rows, inputs / 2}};
  h[module + ".weight_scale"] = {"F8_E4M3", {rows, inputs / 16}};
  h[module + ".weight_global_scale"] = h[module + ".input_global_scale"] = {"F32", {1}};
}

}  // namespace stored_as

// A small decoder: 4 layers of 512, 8 heads of 64, 4 of them for keys and values.
struct SmallDecoder {
  static constexpr std::uint64_t layers = 4, hidden = 512, kv = 256, intermediate = 1024, vocab = 1000;
  Json config = {{"architectures", {"LlamaForCausalLM"}},
                 {"hidden_size", 512},
                 {"num_hidden_layers", 4},
                 {"num_attention_heads", 8},
                 {"num_key_value_heads", 4},
                 {"head_dim", 64},
                 {"intermediate_size", 1024},
                 {"vocab_size", 1000},
                 {"max_position_embeddings", 4096},
                 {"torch_dtype", "bfloat16"},
                 {"tie_word_embeddings", false}};

  static std::string layer(std::uint64_t index) { return "model.layers." + std::to_string(index) + "."; }

  static void put_attention(Headers& h, const std::string& at, const Storer& store) {
    store(h, at + "self_attn.q_proj", hidden, hidden);
    store(h, at + "self_attn.k_proj", kv, hidden);
    store(h, at + "self_attn.v_proj", kv, hidden);
    store(h, at + "self_attn.o_proj", hidden, hidden);
    h[at + "input_layernorm.weight"] = h[at + "post_attention_layernorm.weight"] = {"BF16", {hidden}};
  }

  static void put_dense(Headers& h, const std::string& at, const Storer& store) {
    store(h, at + "gate_proj", intermediate, hidden);
    store(h, at + "up_proj", intermediate, hidden);
    store(h, at + "down_proj", hidden, intermediate);
  }

  static void put_ends(Headers& h) {
    h["model.embed_tokens.weight"] = h["lm_head.weight"] = {"BF16", {vocab, hidden}};
    h["model.norm.weight"] = {"BF16", {hidden}};
  }

  // Layers that `keeps` names are left in 16 bit.
  static Headers headers(const Storer& store, const std::function<bool(std::uint64_t)>& keeps = {}) {
    Headers h;
    put_ends(h);
    for (std::uint64_t index = 0; index < layers; ++index) {
      const Storer& here = keeps && keeps(index) ? Storer(stored_as::bf16) : store;
      put_attention(h, layer(index), here);
      put_dense(h, layer(index) + "mlp.", here);
    }
    return h;
  }
};

}  // namespace vw::test

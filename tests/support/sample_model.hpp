// A small model in its normal form: 4 layers, 8 heads, 2 of them for keys and values.
#pragma once

#include "base/json_reader.hpp"

#include <string>

namespace vw::test {

inline Json matrix(const std::string& role, std::int64_t outputs, std::int64_t inputs,
                   const std::string& split = "none") {
  return {{"role", role}, {"outputs", outputs}, {"inputs", inputs}, {"split", split}, {"stored_as", "bf16"}};
}

inline Json sample_group(const Json& layers = {0, 1, 2, 3}) {
  return {{"name", "decoder"},
          {"role", "target"},
          {"layers", layers},
          {"attention", {{"kind", "full"}, {"query_heads", 8}, {"kv_heads", 2}, {"key_dim", 32}, {"value_dim", 32}}},
          {"feed_forward", {{"kind", "dense"}, {"intermediate_size", 512}, {"gated", true}}},
          {"matrices", {matrix("qkv", 384, 256, "kv-heads"), matrix("o", 256, 256, "rows")}}};
}

// Parameters: 4 x (384 x 256 + 256 x 256) + 2 x 1000 x 256 = 1,167,360.
inline Json sample_form() {
  return {{"family", "sample"},
          {"hidden_size", 256},
          {"vocab_size", 1000},
          {"max_context_tokens", 8192},
          {"tied_embeddings", false},
          {"model_dtype", "bf16"},
          {"layers", 4},
          {"attention_heads", 8},
          {"kv_heads", 2},
          {"head_dim", 32},
          {"rope", Json::array()},
          {"groups", {sample_group()}},
          {"matrices", {matrix("embedding", 1000, 256, "vocabulary"), matrix("head", 1000, 256, "vocabulary")}},
          {"towers", Json::array()}};
}

}  // namespace vw::test

// model-folder: how GGUF packs numbers. One row a type; the sizes are those of ggml's block structs.
#pragma once

#include <cstdint>

namespace vw::checkpoint {

struct GgufType {
  std::uint32_t id;
  const char* name;
  std::uint32_t elements, bytes;  // of one block
};

const GgufType* find_gguf_type(std::uint32_t id);  // nullptr: unknown

}  // namespace vw::checkpoint

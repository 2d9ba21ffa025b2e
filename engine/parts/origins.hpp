// parts: where parts and tables lie. One folder name per kind, the same for plugins and scripts.
#pragma once

#include "parts/part.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace vw {

struct KindFolder {
  const char* kind;    // "memory-model/1" or a table kind
  const char* folder;  // "memory"
  const char* constructor;  // "memory_model": vw.<constructor> in Lua
};

// quantization, releases, models, gpus, families, sources, detectors, memory, perf, renderers.
const std::vector<KindFolder>& kind_folders();
const KindFolder* find_folder(std::string_view folder);       // nullptr: no kind lies there
const KindFolder* find_kind(std::string_view kind);           // by kind ("memory-model/1") or short kind
const KindFolder* find_constructor(std::string_view constructor);

// Search folders, weakest first: installed, user ($XDG_CONFIG_HOME/vllm-wizard, then VLLM_WIZARD_PATH), given.
struct SearchFolder {
  Origin::Rank rank;
  std::string path;
};

}  // namespace vw

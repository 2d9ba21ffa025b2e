// parts: where parts and tables lie. One folder name per kind, the same for plugins and scripts.
#pragma once

#include "parts/part.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace vw {

struct KindFolder {
  const char* kind;         // "memory-model/1" or a table kind
  const char* folder;       // "memory"
  const char* constructor;  // "memory_model": vw.<constructor> in Lua
};

// quantization, releases, models, gpus, logs, corrections, families, sources, detectors, memory, perf, renderers,
// probes.
const std::vector<KindFolder>& kind_folders();
const KindFolder* find_folder(std::string_view folder);  // nullptr: no kind lies there
// By kind ("memory-model/1") or short kind, and by constructor; nullptr: unknown. Both also know `defaults`, whose one
// file lies flat: its folder is empty.
const KindFolder* find_kind(std::string_view kind);
const KindFolder* find_constructor(std::string_view constructor);

// The search folder that a file of a part or table belongs to: the path without file name, kind folder and
// "plugins", "scripts" or "gpu-db". "user/plugins/memory/x.so" and "user/scripts/x.lua" both give "user".
std::string search_folder(std::string_view path);

// Search folders, weakest first: installed, user ($XDG_CONFIG_HOME/vllm-wizard, then VLLM_WIZARD_PATH), given.
struct SearchFolder {
  Origin::Rank rank;
  std::string path;
};

}  // namespace vw

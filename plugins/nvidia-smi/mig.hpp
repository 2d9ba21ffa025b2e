// nvidia-smi: slices of cards in MIG mode, from `nvidia-smi -L` (profiles, ids) and the table of `nvidia-smi` (sizes).
#pragma once

#include "tool-runner/text.hpp"

#include <string_view>
#include <vector>

namespace vw::nvidia {

// Adds mig_slices [ {profile, vram_mib, vram_used_mib?, uuid} ] to the cards in MIG mode.
void add_mig_slices(std::string_view listing, std::string_view table, std::vector<tools::Json>& gpus);

}  // namespace vw::nvidia

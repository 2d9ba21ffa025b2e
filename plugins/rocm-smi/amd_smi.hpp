// rocm-smi: AMD's newer tool, amd-smi (ROCm 6 and 7). README.md says which outputs are known.
#pragma once

#include "tool-runner/text.hpp"
#include "tool-runner/tool_runner.hpp"

namespace vw::amd {

using tools::Json;

// A detection; its status is "absent" when there is no amd-smi.
Json ask_amd_smi(const tools::Deadline& deadline);

}  // namespace vw::amd

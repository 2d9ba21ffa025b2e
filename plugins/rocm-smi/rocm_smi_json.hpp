// rocm-smi: AMD's older tool, rocm-smi (ROCm 4 to 6), asked when amd-smi is missing or fails.
#pragma once

#include "tool-runner/text.hpp"
#include "tool-runner/tool_runner.hpp"

namespace vw::amd {

using tools::Json;

// A detection; its status is "absent" when there is no rocm-smi.
Json ask_rocm_smi(const tools::Deadline& deadline);

}  // namespace vw::amd

// nvidia-smi: the matrix of `nvidia-smi topo -m`.
#pragma once

#include "tool-runner/text.hpp"

#include <string_view>

namespace vw::nvidia {

// [ {a, b, kind, detail} ] for every pair of GPUs, a < b; network cards are left out. Empty when there is no matrix.
tools::Json read_topology(std::string_view text);

}  // namespace vw::nvidia

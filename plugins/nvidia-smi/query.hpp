// nvidia-smi: the query that lists the cards.
#pragma once

#include "tool-runner/text.hpp"
#include "tool-runner/tool_runner.hpp"

#include <string>
#include <vector>

namespace vw::nvidia {

using tools::Json;

struct Cards {
  std::string status;  // "ok", "absent", "failed", "no-gpu"
  std::string message;
  std::vector<Json> gpus;  // the detection's `gpus`, without CUDA version and MIG slices
};

// Fields that an old driver does not know are left out and asked again.
Cards query_cards(const tools::Deadline& deadline);
// Memory and `busy_ratio` only: what changes while a card works, in one quick call.
Cards query_usage(const tools::Deadline& deadline);

}  // namespace vw::nvidia

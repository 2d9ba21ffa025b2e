// A candidate in words: each number with its formula, its inputs, how sure it is and where the rule comes from.
#pragma once

#include "estimate.hpp"

#include <string>

namespace vllm_memory {

// {"terms": [...], "warnings": [...], "assumptions": [...]} as JSON text.
std::string explain(const Estimator& estimator, const vw_candidate& candidate);

}  // namespace vllm_memory

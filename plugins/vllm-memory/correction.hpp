// What a log taught, put on the terms of a stage.
#pragma once

#include "estimate.hpp"

namespace vllm_memory {

// Terms of `memory` as question.gpu.correction has them, which is not null. Intervals move with their terms; where the
// server runs with the load that was logged, they are what one start differs from the next by.
void correct(const StageQuestion& question, StageMemory& memory);

}  // namespace vllm_memory

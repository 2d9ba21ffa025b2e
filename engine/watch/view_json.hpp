// watch: a view as JSON (vllm-wizard/watch/1); additions only.
#pragma once

#include "watch/view.hpp"

namespace vw {

// `plan` may be null. What is not known is null; no number is NaN or infinite.
Json to_json(const View& view, const History& history, const ServerFacts& facts, const PlannedServer* plan);

}  // namespace vw

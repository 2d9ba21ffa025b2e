// facts: options that vLLM refuses or has no use for, as far as that hangs on its release, the model or the card.
#pragma once

#include "facts/scenario.hpp"

namespace vw {

// Adds an obstacle for each option that the release lacks and each value that it does not take, and a warning where it
// is not known to have the model's architecture. The speculative method of request.serving becomes the release's own
// name for it.
void find_release_gaps(Scenario& scenario);

// Adds an obstacle for what the model lacks for an option, and the card for the model. Throws vw::Error where a draft
// model cannot be served beside the model.
void find_refusals(Scenario& scenario);

// Warns of a KV cache that the checkpoint brings and the card is not known to run.
void warn_of_own_kv_cache(const Catalog& catalog, Scenario& scenario);

// Warns of options that run but gain nothing. Needs weights_bytes.
void warn_of_offload(Scenario& scenario);

}  // namespace vw

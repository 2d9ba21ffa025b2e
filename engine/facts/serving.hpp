// facts: how the server is to run beyond the numbers of a candidate: adapters, speculation, images, offloading. A JSON
// object with closed keys, because memory models take it as it is (settings.serving).
#pragma once

#include "base/json_reader.hpp"

namespace vw {

// Checks keys and ranges. Throws vw::Error naming file and path.
//   lora { slots, rank }; speculative { method, tokens, model }; limit_mm_per_prompt { image, video, audio };
//   language_model_only, skip_mm_profiling, mm_encoder_tp_mode (weights, data); cpu_offload_gib;
//   kv_cache_memory_bytes; disable_hybrid_kv_cache_manager, async_scheduling, enable_prefix_caching;
//   max_cudagraph_capture_size; performance_mode (balanced, throughput, interactivity);
//   pooling (embeddings and scores: no sampler runs); pipeline_layers (one number a stage); stage_total_gib (the
//   total of each stage's card, where the cards of a pipeline are not alike); offline_class (the LLM class instead of
//   the server); runner (v1, v2)
void check_serving(const JsonReader& serving);

}  // namespace vw

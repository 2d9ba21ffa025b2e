#include "explain.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdio>

namespace vllm_memory {
namespace {

using Json = nlohmann::json;

std::string shown(double number) {
  char text[40];
  std::snprintf(text, sizeof text, std::floor(number) == number ? "%.0f" : "%.4g", number);
  return text;
}

std::string in_gib(double bytes) {
  char text[40];
  std::snprintf(text, sizeof text, "%.2f GiB", bytes / gib);
  return text;
}

Json term(const char* name, const std::string& formula, const std::string& inputs, double bytes, const char* grade,
          const char* source) {
  return {{"name", name},         {"formula", formula}, {"inputs", inputs},
          {"value_bytes", bytes}, {"grade", grade},     {"source", source}};
}

// A term that is one of the components of a plan ("intervals" in its JSON).
Json component(const char* id, Json term) {
  term["component"] = id;
  return term;
}

std::string range_text(const Interval& range) { return in_gib(range.low) + " to " + in_gib(range.high); }

class Explainer {
 public:
  Explainer(const Estimator& estimator, const vw_candidate& candidate)
      : settings_(estimator.settings()),
        candidate_(candidate),
        estimate_(estimator.parts(candidate)),
        stage_(estimate_.stages[estimate_.fullest]) {}

  Json terms() const {
    Json terms = Json::array();
    terms.push_back(requested());
    terms.push_back(component("weights", weights()));
    terms.push_back(component("activation", activation()));
    terms.push_back(component("non_torch", non_torch()));
    terms.push_back(component("cuda_graph", graphs()));
    terms.push_back(component("kv_cache_available", available()));
    terms.push_back(sequence());
    return terms;
  }

  // What was set from logs, for those who set it anew (engine/audit).
  Json uncertainty() const {
    const Prepared& prepared = *estimate_.prepared;
    Json fitted = Json::object();
    if (settings_.serving.kv_cache_bytes <= 0)
      for (const FittedTerm& one : prepared.fitted) fitted[one.name] = one.bytes.best;
    return {{"kv_cache_class", prepared.uncertainty.kv_class},
            {"weights_class", prepared.uncertainty.weights_class},
            {"kv_cache_margin_bytes", settings_.serving.kv_cache_bytes > 0 ? 0 : prepared.uncertainty.kv_margin_bytes},
            {"weights_margin", prepared.uncertainty.weights_margin},
            {"fitted_bytes", fitted}};
  }

  Json warnings() const {
    Json warnings = Json::array();
    for (const std::string& option : settings_.unused_options)
      warnings.push_back(option + " is for memory models with flat reserves: this one predicts what vLLM takes");
    if (!estimate_.prepared->obstacle.empty())
      warnings.push_back("vLLM refuses this split: " + estimate_.prepared->obstacle);
    if (estimate_.requested_bytes > estimate_.free_bytes)
      warnings.push_back("vLLM asks for " + in_gib(estimate_.requested_bytes) + " but about " +
                         in_gib(estimate_.free_bytes) + " are free when it starts: it refuses");
    if (stage_.kv_available.best > 0 && stage_.kv_available.low <= 0)
      warnings.push_back("at the high end of the estimates nothing is left for the KV cache");
    if (const auto& correction = settings_.gpus.at(candidate_.gpu).correction; correction != nullptr)
      warnings.push_back("corrected by '" + correction->id + "', as calibrate wrote it from a log of such a server");
    if (settings_.model.has_state && estimate_.blocks >= 0 && estimate_.load.sequences > estimate_.blocks)
      warnings.push_back("max_num_seqs " + shown(estimate_.load.sequences) + " exceeds the " + shown(estimate_.blocks) +
                         " state blocks: lower --max-num-seqs");
    return warnings;
  }

 private:
  Json requested() const {
    const Gpu& gpu = settings_.gpus.at(candidate_.gpu);
    std::string total = in_gib(gpu.total_bytes);
    if (gpu.total_spread_bytes > 0) total += " +- " + in_gib(gpu.total_spread_bytes);
    const std::string inputs = total + " x " + shown(candidate_.utilization);
    const char* const grade = gpu.total_grade.empty() ? "exact" : gpu.total_grade.c_str();
    const std::string source = gpu.total_source.empty() ? "" : "total: " + gpu.total_source + "; ";
    return term("requested memory", "total x utilization", inputs, estimate_.requested_bytes, grade,
                (source + "vllm/v1/worker/utils.py, request_memory").c_str());
  }

  Json weights() const {
    const PlacedTensors& tensors = settings_.model.tensors;
    const bool is_exact = tensors.count > 0 ? tensors.is_exact : !settings_.model.is_quantized;
    const std::string basis =
        tensors.count > 0 ? "placed from " + shown(tensors.placed) + " tensors of the headers; " : "";
    return term("weights", "matrices of one rank as torch allocates them, rope tables included",
                "tp " + shown(estimate_.prepared->layout.tensor) + ", pp " +
                    shown(estimate_.prepared->layout.pipeline) + "; " + basis + range_text(stage_.weights),
                stage_.weights.best, is_exact ? "exact" : "derived",
                "vllm/model_executor/layers/linear.py, vocab_parallel_embedding.py; c10/cuda/CUDACachingAllocator");
  }

  Json activation() const {
    return term("activation peak", "largest phase of the profile run: encoder, forward, sampler",
                "batched tokens " + shown(estimate_.load.batched_tokens) + ", sequences " +
                    shown(estimate_.load.sequences) + ", " + (estimate_.load.is_v2_runner ? "V2" : "V1") + " runner; " +
                    range_text(stage_.activation),
                stage_.activation.best, "derived", "vllm/v1/worker/gpu_model_runner.py, profile_run");
  }

  Json non_torch() const {
    return term("non-torch memory", "by card, number of GPUs and kind of layers", range_text(stage_.non_torch),
                stage_.non_torch.best, "fitted", "start-up logs; scripts/releases/_memory.lua");
  }

  Json graphs() const {
    const char* const where = stage_.graphs.is_subtracted ? "inside the budget" : "outside of the budget";
    return term("CUDA graphs", "base + layers x capture sizes",
                std::string(where) + "; " + range_text(stage_.graphs.bytes), stage_.graphs.bytes.best, "fitted",
                "vllm/v1/worker/gpu_model_runner.py, profile_cudagraph_memory");
  }

  Json available() const {
    const double graphs = stage_.graphs.is_subtracted ? stage_.graphs.bytes.best : 0;
    return term("KV cache available", "requested - weights - activation - non-torch - graphs inside",
                in_gib(estimate_.requested_bytes) + " - " + in_gib(stage_.weights.best) + " - " +
                    in_gib(stage_.activation.best) + " - " + in_gib(stage_.non_torch.best) + " - " + in_gib(graphs),
                std::max(0.0, stage_.kv_available.best), "derived", "vllm/v1/worker/gpu_worker.py");
  }

  Json sequence() const {
    const double block_bytes = estimate_.prepared->geometry.block_bytes[estimate_.fullest];
    return term("KV cache of one sequence", "blocks x bytes of a block",
                shown(estimate_.blocks_per_sequence) + " blocks of " +
                    shown(estimate_.prepared->geometry.block_tokens) + " tokens x " + shown(block_bytes) +
                    " bytes; groups " + shown(estimate_.prepared->geometry.group_count),
                estimate_.blocks_per_sequence * block_bytes, "exact", "vllm/v1/core/kv_cache_utils.py");
  }

  const Settings& settings_;
  const vw_candidate& candidate_;
  Estimate estimate_;
  const StageMemory& stage_;
};

}  // namespace

std::string explain(const Estimator& estimator, const vw_candidate& candidate) {
  const Explainer explainer(estimator, candidate);
  return Json({{"terms", explainer.terms()},
               {"warnings", explainer.warnings()},
               {"assumptions", Json::array()},
               {"uncertainty", explainer.uncertainty()}})
      .dump();
}

}  // namespace vllm_memory

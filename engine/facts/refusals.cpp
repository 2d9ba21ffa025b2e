#include "facts/refusals.hpp"

#include "base/text.hpp"
#include "base/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace vw {
namespace {

bool has_mtp_layers(const Model& model) {
  return std::any_of(model.groups.begin(), model.groups.end(),
                     [](const LayerGroup& group) { return group.role == "mtp"; });
}

bool has_experts(const Model& model) {
  return std::any_of(model.groups.begin(), model.groups.end(),
                     [](const LayerGroup& group) { return group.experts > 0; });
}

// vllm/config/speculative.py: verify_equal_vocab_size_if_draft_model
void expect_same_vocabulary(const Scenario& scenario, const JsonReader& speculative) {
  const JsonReader draft = speculative.at("model");
  const std::int64_t size = draft.integer_or("vocab_size", 0, 0, std::int64_t{1} << 40);
  if (size == 0 || size == scenario.model.vocab_size) return;
  throw Error("--spec-model",
              fmt::format("has a vocabulary of {} tokens, which vLLM refuses beside the {} of {}, expected a draft "
                          "model with the same",
                          size, scenario.model.vocab_size, scenario.model.id));
}

void check_speculation(Scenario& scenario) {
  const JsonReader serving(scenario.serving, "serving");
  if (!serving.has("speculative")) {
    if (scenario.request.spec_acceptance)
      scenario.warnings.emplace_back("--spec-acceptance has no effect without --spec-method: nothing is drafted");
    return;
  }
  const JsonReader speculative = serving.at("speculative");
  const std::string method = speculative.at("method").string();
  if (method == "draft") expect_same_vocabulary(scenario, speculative);
  if (method != "mtp" || has_mtp_layers(scenario.model)) return;
  scenario.obstacles.push_back(
      {"--spec-method mtp",
       fmt::format("needs layers that predict several tokens, and none of {} are known (where the checkpoint has them, "
                   "its family teaches them: B.mtp_layers in scripts/families/{}.lua)",
                   quote(scenario.model.id), scenario.model.family),
       "", false});
}

}  // namespace

void find_refusals(Scenario& scenario) {
  check_speculation(scenario);
  // vllm/config/model.py: _verify_with_expert_parallelism
  if (scenario.request.enable_expert_parallel && !has_experts(scenario.model))
    scenario.obstacles.push_back(
        {"--enable-expert-parallel",
         "is refused by vLLM for a model without experts, as " + quote(scenario.model.id) + " is", "", false});
  const std::string why = scenario.model.needs.obstacle(scenario.hardware.gpu);
  if (!why.empty()) scenario.obstacles.push_back({scenario.model.architecture, why, "", true});
}

void warn_of_own_kv_cache(const Catalog& catalog, Scenario& scenario) {
  if (!scenario.has_own_fp8_kv) return;
  const std::optional<Format> format = smaller_kv_format(catalog);
  const std::string why = format ? format->kv_obstacle(scenario.hardware.gpu) : "";
  if (why.empty()) return;
  scenario.warnings.push_back(
      fmt::format("the checkpoint declares an fp8 KV cache, which vLLM {} takes unless told otherwise, and fp8 {}: "
                  "--kv-cache-dtype bf16 where the server refuses it",
                  scenario.release.version, why));
}

void warn_of_offload(Scenario& scenario) {
  const double offload_gib = JsonReader(scenario.serving, "serving").number_or("cpu_offload_gib", 0, 0, 1e6);
  const Request& request = scenario.request;
  const std::int64_t copies = request.data_parallel.value_or(1);
  const std::int64_t gpus =
      std::max<std::int64_t>(scenario.hardware.total_gpus() / std::max<std::int64_t>(copies, 1), 1);
  const std::int64_t group =
      request.tensor_parallel ? *request.tensor_parallel * request.pipeline_parallel.value_or(1) : gpus;
  const double weights_gib = to_gib(scenario.weights_bytes);
  if (offload_gib <= 0 || offload_gib * static_cast<double>(group) < weights_gib) return;
  scenario.warnings.push_back(fmt::format(
      "--cpu-offload-gb {:g} keeps all weights in host memory, which takes {:.2f} GiB of it, and every step "
      "reads them from there",
      offload_gib, weights_gib * static_cast<double>(copies)));
}

}  // namespace vw

#include "facts/refusals.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace vw {
namespace {

void expect_listed(Scenario& scenario, const std::string& flag, std::int64_t value) {
  const auto listed = scenario.release.flag_values.find(flag);
  if (listed == scenario.release.flag_values.end()) return;
  const std::string text = std::to_string(value);
  if (std::find(listed->second.begin(), listed->second.end(), text) == listed->second.end())
    scenario.warnings.push_back(fmt::format("{} {} is refused by vLLM {}, expected {}", flag, value,
                                            scenario.release.version, fmt::join(listed->second, ", ")));
}

bool has_mtp_layers(const Model& model) {
  return std::any_of(model.groups.begin(), model.groups.end(),
                     [](const LayerGroup& group) { return group.role == "mtp"; });
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
  if (!serving.has("speculative")) return;
  const JsonReader speculative = serving.at("speculative");
  const std::string method = speculative.at("method").string();
  if (method == "draft") expect_same_vocabulary(scenario, speculative);
  if (method == "mtp" && !has_mtp_layers(scenario.model))
    scenario.warnings.push_back("--spec-method mtp: no layers of " + quote(scenario.model.id) +
                                " that predict several tokens are known; vLLM refuses to start without them");
}

}  // namespace

void check_serving_of_model(Scenario& scenario) {
  if (scenario.request.block_size) expect_listed(scenario, "--block-size", *scenario.request.block_size);
  const JsonReader serving(scenario.request.serving, "serving");
  if (serving.has("lora"))
    expect_listed(scenario, "--max-lora-rank", serving.at("lora").integer_or("rank", 16, 1, 4096));
  check_speculation(scenario);
}

}  // namespace vw

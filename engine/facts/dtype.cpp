#include "facts/dtype.hpp"

#include "facts/scenario.hpp"

#include <initializer_list>

namespace vw {
namespace {

std::string obstacle_of_card(const Catalog& catalog, const Scenario& scenario, const std::string& dtype) {
  return find_format(catalog, dtype, "--dtype").obstacle(scenario.hardware.gpu);
}

bool is_refused(const Scenario& scenario, const std::string& dtype) {
  return scenario.release.refuses_dtype(scenario.model.architecture, dtype);
}

// The first that card and model can do, in vLLM's order (vllm/platforms/cuda.py: supported_dtypes); empty: none.
std::string first_that_runs(const Catalog& catalog, const Scenario& scenario,
                            std::initializer_list<const char*> dtypes) {
  for (const char* dtype : dtypes)
    if (!is_refused(scenario, dtype) && obstacle_of_card(catalog, scenario, dtype).empty()) return dtype;
  return "";
}

void widen(std::vector<Matrix>& matrices) {
  for (Matrix& matrix : matrices)
    if (matrix.stored_as == "bf16" || matrix.stored_as == "fp16") matrix.stored_as = "fp32";
}

void widen(Json& form) {
  if (!form.contains("matrices")) return;
  for (Json& matrix : form.at("matrices"))
    if (const std::string stored = matrix.value("stored_as", ""); stored == "bf16" || stored == "fp16")
      matrix["stored_as"] = "fp32";
}

void warn_of_another(Scenario& scenario, const std::string& dtype) {
  const std::string& card = scenario.hardware.gpu.name;
  if (dtype == "fp32")
    scenario.warnings.push_back(card + " has no bfloat16, and vLLM refuses float16 for " + scenario.model.architecture +
                                ": it runs the model in fp32, twice as large as in 16 bit");
  else if (scenario.model.model_dtype == "bf16")
    scenario.warnings.push_back(card + " has no bfloat16: vLLM runs the model in fp16");
}

}  // namespace

std::string short_dtype(const std::string& dtype) {
  if (dtype == "float16" || dtype == "half") return "fp16";
  if (dtype == "bfloat16") return "bf16";
  if (dtype == "float32" || dtype == "float") return "fp32";
  return dtype;
}

// Unless told otherwise vLLM runs 32-bit checkpoints in 16 bit, and others in what card and model can do in place of
// their own (vllm/config/model.py: _resolve_auto_dtype).
std::string resolve_dtype(const Catalog& catalog, Scenario& scenario) {
  const std::string asked = short_dtype(scenario.request.dtype);
  if (asked != "auto") return asked;
  if (scenario.model.model_dtype == "fp16" && !is_refused(scenario, "fp16")) return "fp16";
  std::string dtype = first_that_runs(catalog, scenario, {"bf16", "fp16", "fp32"});
  if (dtype.empty()) dtype = "fp16";
  if (dtype != "bf16") warn_of_another(scenario, dtype);
  return dtype;
}

void widen_to_fp32(Model& model) {
  widen(model.matrices);
  widen(model.tower_matrices);
  for (LayerGroup& group : model.groups) widen(group.matrices);
  widen(model.normal_form);
  for (const char* parts : {"groups", "towers"})
    if (model.normal_form.contains(parts))
      for (Json& part : model.normal_form.at(parts)) widen(part);
}

// Only a dtype that was asked for can be one that does not run. fp32 is nothing to offer instead: it is another size.
void check_dtype(const Catalog& catalog, Scenario& scenario) {
  std::string why = obstacle_of_card(catalog, scenario, scenario.dtype);
  const bool is_of_card = !why.empty();
  if (!is_of_card && is_refused(scenario, scenario.dtype))
    why = "is refused by vLLM for " + scenario.model.architecture + " (its numbers overflow)";
  if (why.empty()) return;
  const std::string instead = first_that_runs(catalog, scenario, {"bf16", "fp16"});
  scenario.obstacles.push_back(
      {"--dtype " + scenario.dtype, why, instead.empty() ? "" : "--dtype " + instead, is_of_card});
  if (!instead.empty()) scenario.running_dtype = instead;
}

}  // namespace vw

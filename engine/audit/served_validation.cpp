#include "audit/served_validation.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "plan/judge.hpp"

#include <memory>

namespace vw {
namespace {

bool is_linear(const Json& matrix) {
  const std::string role = matrix.value("role", ""), split = matrix.value("split", "");
  return role != "router" && split != "vocabulary" && matrix.value("inputs", 1.0) > 1 &&
         matrix.value("stored_as", "") != "fp32";
}

bool is_expert(const Json& matrix) { return matrix.value("role", "").starts_with("experts_"); }

// Stores the matrices of the model's layers as a row says that they ran.
void store_as(const ServedRow& row, const Catalog& catalog, Scenario& scenario) {
  if (row.linears.empty()) return;
  Json& form = scenario.model.normal_form;
  for (Json& group : form["groups"])
    for (Json& matrix : group["matrices"])
      if (is_linear(matrix)) matrix["stored_as"] = is_expert(matrix) ? row.experts : row.linears;
  scenario.stored_formats.clear();
  for (const std::string& id : {row.linears, row.experts})
    if (!id.empty() && !find_format(catalog, id, "linears").is_plain())
      scenario.stored_formats.push_back(find_format(catalog, id, "experts").json);
  const bool is_plain = scenario.stored_formats.empty();
  const double group_size = form.contains("quantization") ? form["quantization"].value("group_size", 0.0) : 0;
  form.erase("quantization");
  if (is_plain) return;
  // 8 bit with one scale a matrix is a checkpoint whose activations have scales, too
  form["quantization"] = {{"format", row.experts.empty() ? row.linears : row.experts},
                          {"method", row.linears == "fp8" ? "modelopt" : "compressed-tensors"}};
  if (group_size > 0) form["quantization"]["group_size"] = group_size;
  scenario.model.exact_weights_bytes.reset();
}

// What rows that differ in their load only have in common.
struct Rig {
  Scenario scenario;
  std::unique_ptr<MemoryJudge> memory;
  std::unique_ptr<PerfJudge> perf;
};

std::unique_ptr<Rig> rig_for(const ServedBench& bench, const ServedRow& row) {
  Request request = row.request;
  request.model = place_of_model(bench.files, bench.models_folder, request.model);
  auto rig = std::make_unique<Rig>();
  rig->scenario = gather(bench.catalog, bench.defaults, request);
  store_as(row, bench.catalog, rig->scenario);
  rig->memory = std::make_unique<MemoryJudge>(bench.memory_model, rig->scenario);
  rig->perf =
      std::make_unique<PerfJudge>(bench.heuristic, rig->scenario, efficiency_from(bench.catalog, bench.heuristic));
  return rig;
}

vw_candidate candidate_of(const ServedRow& row) {
  const Request& request = row.request;
  vw_candidate candidate{};
  candidate.nodes = 1;
  candidate.gpus = static_cast<std::uint32_t>(*request.gpus);
  candidate.tensor_parallel = static_cast<std::uint32_t>(*request.tensor_parallel);
  candidate.pipeline_parallel = static_cast<std::uint32_t>(*request.pipeline_parallel);
  candidate.data_parallel = static_cast<std::uint32_t>(*request.data_parallel);
  if (request.enable_expert_parallel) {
    candidate.flags |= VW_EXPERT_PARALLEL;
    candidate.expert_parallel = candidate.tensor_parallel * candidate.data_parallel;
  }
  candidate.prompt_tokens = static_cast<std::uint64_t>(request.prompt_tokens);
  candidate.generated_tokens = static_cast<std::uint64_t>(request.generated_tokens);
  candidate.context_tokens = candidate.prompt_tokens + candidate.generated_tokens;
  candidate.concurrency = static_cast<std::uint64_t>(request.concurrency);
  candidate.max_sequences = static_cast<std::uint64_t>(*request.max_num_seqs);
  candidate.max_batched_tokens = static_cast<std::uint64_t>(*request.max_num_batched_tokens);
  candidate.utilization = *request.gpu_memory_utilization;
  return candidate;
}

Prediction prediction_of(const Json& reply, const char* key, const std::string& label) {
  const JsonReader range = JsonReader(reply, label).at(key);
  return {range.at("best").number(0, 1e12), range.at("low").number(0, 1e12), range.at("high").number(0, 1e12)};
}

// It ran. A split that vLLM refuses, of experts whose scales it would cut, was one of whole experts where that is
// possible: exports lose the flag. What is refused all the same has no known limit of memory.
vw_memory memory_as_run(vw_candidate& candidate, MemoryJudge& judge) {
  const vw_memory memory = judge.judge(candidate);
  if (memory.verdict != VW_UNSUPPORTED) return memory;
  vw_candidate whole_experts = candidate;
  whole_experts.flags |= VW_EXPERT_PARALLEL;
  whole_experts.expert_parallel = candidate.tensor_parallel * candidate.data_parallel;
  const vw_memory as_whole = judge.judge(whole_experts);
  if (as_whole.verdict == VW_UNSUPPORTED) return {};
  candidate = whole_experts;
  return as_whole;
}

void score(const ServedRow& row, Rig& rig, ServedValidation& validation) {
  vw_candidate candidate = candidate_of(row);
  const vw_memory memory = memory_as_run(candidate, *rig.memory);
  const Json reply = rig.perf->benchmark(candidate, memory, row.prompt_tokens, row.generated_tokens);
  for (const auto& [metric, observed] : row.observed)
    validation.scores.push_back(
        {row.id, row.source, metric, prediction_of(reply, metric.c_str(), rig.perf->part().label()), observed});
  validation.rows[row.id] = &row;
}

}  // namespace

std::string place_of_model(const Files& files, const std::string& models_folder, const std::string& model) {
  const std::size_t slash = model.find('/');
  if (models_folder.empty() || slash == std::string::npos || model.find("..") != std::string::npos) return model;
  const std::string folder = models_folder + "/" + model.substr(0, slash) + "--" + model.substr(slash + 1);
  return files.is_folder(folder) ? (folder.starts_with('/') ? folder : "./" + folder) : model;
}

ServedValidation validate_served(const ServedBench& bench, const std::vector<ServedRow>& rows) {
  ServedValidation validation;
  std::map<std::string, std::unique_ptr<Rig>> rigs;
  for (const ServedRow& row : rows) {
    if (!row.skip.empty()) {
      validation.skipped.push_back({row.id, row.skip, false});
      continue;
    }
    try {
      auto& rig = rigs[row.layout_key()];
      if (rig == nullptr) rig = rig_for(bench, row);
      score(row, *rig, validation);
    } catch (const Error& missing) {
      if (missing.kind() == Error::Kind::internal) throw;
      validation.skipped.push_back(skipped_for(row.id, missing));
    }
  }
  return validation;
}

}  // namespace vw

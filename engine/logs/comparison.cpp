#include "logs/comparison.hpp"

#include "base/text.hpp"
#include "base/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace vw {
namespace {

constexpr double printed_gib = 0.00501;  // two decimals

std::string id_of(const std::string& words) {
  std::string id;
  for (const char c : lower(words)) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.';
    if (is_plain)
      id += c;
    else if (!id.empty() && id.back() != '-')
      id += '-';
  }
  while (!id.empty() && (id.back() == '-' || id.back() == '.')) id.pop_back();
  return id;
}

// One term of the budget, GiB: as predicted, and as it has to be.
struct Target {
  std::string id;
  double predicted = 0;
  std::optional<double> logged;
  bool is_in_budget = true;
};

std::optional<double> value_of(const std::optional<LoggedTerm>& term) {
  if (!term) return std::nullopt;
  return term->value;
}

std::vector<Target> targets_of(const LoggedCase& judged, const LoggedTerms& logged) {
  const vw_memory& memory = judged.memory;
  const bool subtracts = has_graphs_inside(memory);
  const auto graphs = subtracts && logged.graph_estimate ? logged.graph_estimate : logged.graphs;
  return {{"weights", to_gib(memory.weights_bytes), value_of(logged.weights), true},
          {"activation", to_gib(memory.activation_bytes), value_of(logged.activation), true},
          {"non_torch", to_gib(memory.non_torch_bytes), value_of(logged.non_torch), true},
          {"cuda_graph", to_gib(memory.cuda_graph_bytes), value_of(graphs), subtracts}};
}

// What the terms that were not logged take together: the rest of the budget.
void share_rest(double budget_gib, double kv_gib, std::vector<Target>& targets) {
  double rest = budget_gib - kv_gib, predicted = 0;
  for (const Target& target : targets) {
    if (!target.is_in_budget) continue;
    rest -= target.logged.value_or(0);
    if (!target.logged) predicted += target.predicted;
  }
  if (predicted > 0 && rest > 0) {
    if (std::abs(rest - predicted) <= 4 * printed_gib) return;
    for (Target& target : targets)
      if (target.is_in_budget && !target.logged) target.logged = target.predicted * rest / predicted;
    return;
  }
  Target& non_torch = targets[2];
  if (non_torch.logged && std::abs(rest) > 4 * printed_gib) *non_torch.logged = std::max(0.0, *non_torch.logged + rest);
}

CorrectedPart part_for(const Target& target) {
  CorrectedPart part;
  const double off = *target.logged - target.predicted;
  if (std::abs(off) <= printed_gib) return part;
  const double ratio = target.predicted > printed_gib ? *target.logged / target.predicted : 0;
  const bool scales = target.id == "weights" || target.id == "activation";
  if (scales && ratio >= 0.01 && ratio <= 100)
    part.ratio = ratio;
  else
    part.add_gib = off;
  return part;
}

Correction described(const LoggedCase& judged, const std::string& memory_model) {
  const Scenario& scenario = judged.scenario;
  Correction made;
  made.memory_model = memory_model;
  made.gpu = scenario.hardware.gpu.id;
  made.family = scenario.model.family;
  made.release = scenario.release.table;
  made.id = id_of(made.gpu + "-" + made.family + "-" + made.release);
  made.summary = fmt::format("{} on {} with vLLM {}, as a log has it", made.family, made.gpu, scenario.release.version);
  made.tensor_parallel = judged.candidate.tensor_parallel;
  made.pipeline_parallel = judged.candidate.pipeline_parallel;
  made.max_num_seqs = static_cast<std::int64_t>(judged.candidate.max_sequences);
  made.max_num_batched_tokens = static_cast<std::int64_t>(judged.candidate.max_batched_tokens);
  made.enforce_eager = (judged.candidate.flags & VW_ENFORCE_EAGER) != 0;
  return made;
}

std::optional<double> spread_of(const Repeatability& repeatability, const std::string& term) {
  const auto found = repeatability.spread_gib.find(term);
  if (found == repeatability.spread_gib.end()) return std::nullopt;
  return found->second;
}

// Tokens and GiB of one KV cache: the geometry is exact, so that the ratio of tokens is the ratio of memory.
std::optional<double> kv_gib_of(const LoggedCase& judged, const LoggedTerms& logged) {
  if (logged.kv_available) return logged.kv_available->value;
  if (!logged.kv_tokens || judged.memory.kv_tokens <= 0) return std::nullopt;
  return to_gib(judged.memory.kv_available_bytes) * logged.kv_tokens->value / judged.memory.kv_tokens;
}

ComparedTerm compared(const char* id, const char* name, double bytes, double low, double high,
                      const std::optional<LoggedTerm>& logged) {
  if (low == 0 && high == 0) low = high = bytes;
  return {id, name, "GiB", to_gib(bytes), to_gib(low), to_gib(high), logged};
}

}  // namespace

bool has_graphs_inside(const vw_memory& memory) {
  constexpr double most_off_bytes = 1;
  const double sum = memory.activation_bytes + memory.non_torch_bytes + memory.cuda_graph_bytes;
  return memory.cuda_graph_bytes > 0 && std::abs(sum - memory.overhead_bytes) < most_off_bytes;
}

bool ComparedTerm::is_within_rounding() const {
  if (!logged) return false;
  const double off = std::abs(predicted - logged->value);
  return unit == "GiB" ? off <= printed_gib : off <= 1e-4 * std::abs(logged->value) + 0.00501;
}

const ComparedTerm& Comparison::of(const std::string& id) const {
  return *std::find_if(terms.begin(), terms.end(), [&](const ComparedTerm& term) { return term.id == id; });
}

Comparison compare(const LoggedCase& judged, const LoggedTerms& logged) {
  const vw_memory& m = judged.memory;
  const auto graphs = has_graphs_inside(m) && logged.graph_estimate ? logged.graph_estimate : logged.graphs;
  Comparison comparison;
  comparison.logged = logged;
  comparison.terms = {
      compared("weights", "weights", m.weights_bytes, m.weights_low_bytes, m.weights_high_bytes, logged.weights),
      compared("activation", "activation peak", m.activation_bytes, m.activation_low_bytes, m.activation_high_bytes,
               logged.activation),
      compared("non_torch", "non-torch memory", m.non_torch_bytes, m.non_torch_low_bytes, m.non_torch_high_bytes,
               logged.non_torch),
      compared("cuda_graph", "CUDA graphs", m.cuda_graph_bytes, m.cuda_graph_low_bytes, m.cuda_graph_high_bytes,
               graphs),
      compared("kv_available", "KV cache available", m.kv_available_bytes, m.kv_available_low_bytes,
               m.kv_available_high_bytes, logged.kv_available)};
  const double share_low = m.kv_available_bytes > 0 ? m.kv_available_low_bytes / m.kv_available_bytes : 1;
  const double share_high = m.kv_available_bytes > 0 ? m.kv_available_high_bytes / m.kv_available_bytes : 1;
  comparison.terms.push_back({"kv_tokens", "KV cache tokens", "tokens", m.kv_tokens, m.kv_tokens * share_low,
                              m.kv_tokens * share_high, logged.kv_tokens});
  comparison.terms.push_back({"concurrency", "max concurrency", "x", m.max_concurrency, m.max_concurrency * share_low,
                              m.max_concurrency * share_high, logged.concurrency});
  return comparison;
}

std::optional<Correction> correction_of(const LoggedCase& judged, const Comparison& comparison,
                                        const std::string& memory_model, const Repeatability& repeatability) {
  const LoggedTerms& logged = comparison.logged;
  if (!logged.has_components() && !logged.kv_tokens) return std::nullopt;
  Correction made = described(judged, memory_model);
  std::vector<Target> targets = targets_of(judged, logged);
  std::vector<std::string> told;
  for (const Target& target : targets)
    if (target.logged) told.push_back(target.id);
  const std::optional<double> kv_gib = kv_gib_of(judged, logged);
  if (kv_gib) share_rest(to_gib(judged.memory.capacity_bytes), *kv_gib, targets);
  for (const Target& target : targets) {
    if (!target.logged) continue;
    CorrectedPart part = part_for(target);
    if (std::find(told.begin(), told.end(), target.id) != told.end())
      part.spread_gib = spread_of(repeatability, target.id);
    if (part.changes() || part.spread_gib) made.parts[target.id] = part;
  }
  const bool is_unified = judged.scenario.hardware.gpu.unified_memory;
  if (kv_gib) made.kv_cache_spread_gib = spread_of(repeatability, "kv_cache");
  if (is_unified && kv_gib) made.kv_cache_spread_gib = repeatability.unified_spread_gib;
  if (logged.total) made.total_gib = logged.total->value;
  return made;
}

}  // namespace vw

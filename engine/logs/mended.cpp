#include "logs/mended.hpp"

#include "base/units.hpp"

#include <algorithm>
#include <cmath>

namespace vw {
namespace {

Scenario corrected(const Scenario& scenario, const std::optional<Correction>& correction) {
  Scenario made = scenario;
  if (correction) made.corrections = {*correction};
  return made;
}

double share_of(std::uint64_t now, std::uint64_t before) {
  return static_cast<double>(now) / static_cast<double>(std::max<std::uint64_t>(1, before));
}

}  // namespace

MendCheck::MendCheck(const MendBench& bench, const LoggedCase& judged)
    : bench_(bench),
      scenario_(corrected(judged.scenario, bench.correction)),
      ran_(judged.candidate),
      judge_(bench.bench.memory_model, scenario_),
      before_(judge_.judge(ran_)),
      shortage_(shortage_of(bench.cause, logged_terms(bench.start), &before_)) {}

// What stands on the card when it fails there: only weights, all of the profile run, or the budget and what lies
// beside.
double MendCheck::taken_bytes(const vw_memory& memory) const {
  if (cause().term == "weights") return memory.weights_bytes;
  if (bench_.cause.seen->phase <= Phase::profile)
    return memory.weights_bytes + memory.activation_bytes + memory.non_torch_bytes;
  return memory.capacity_bytes + (has_graphs_inside(memory) ? 0 : memory.cuda_graph_bytes);
}

// The allocation that failed grows with the sequences (sampler) or with the tokens of a step (forward).
double MendCheck::allocation_factor(const vw_candidate& tried) const {
  if (cause().term == "sampler") return share_of(tried.max_sequences, ran_.max_sequences);
  if (cause().term == "activation") return share_of(tried.max_batched_tokens, ran_.max_batched_tokens);
  return 1;
}

bool MendCheck::frees_enough(const vw_candidate& tried, const vw_memory& memory) const {
  static const std::vector<std::string> allocations = {"weights", "activation", "cuda_graph", "sampler"};
  if (std::find(allocations.begin(), allocations.end(), cause().term) == allocations.end()) return true;
  const double gained = taken_bytes(before_) - taken_bytes(memory), margin = from_gib(rules().margin_gib);
  if (!shortage_.gib) return gained >= margin;
  const double wanted = from_gib(told("tried_gib").value_or(*shortage_.gib));
  const double smaller = wanted * (1 - std::min(1.0, allocation_factor(tried)));
  return gained + smaller >= from_gib(*shortage_.gib) + margin;
}

bool MendCheck::is_mended(const vw_candidate& tried) {
  const vw_memory memory = judge_.judge(tried);
  if (memory.verdict == VW_UNSUPPORTED || memory.starts != VW_YES) return false;
  // of hybrids the log tells how many state blocks there really were
  const double logged = told("state_blocks").value_or(before_.kv_blocks);
  const double ratio = before_.kv_blocks > 0 ? logged / before_.kv_blocks : 1;
  if (cause().term == "state" && static_cast<double>(tried.max_sequences) > std::floor(memory.kv_blocks * ratio))
    return false;
  return frees_enough(tried, memory);
}

}  // namespace vw

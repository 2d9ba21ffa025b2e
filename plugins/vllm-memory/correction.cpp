#include "correction.hpp"

namespace vllm_memory {
namespace {

bool is_as_logged(const Correction& correction, const StageQuestion& question) {
  const auto is_any_or = [](double logged, double now) { return logged <= 0 || logged == now; };
  return correction.tensor == question.layout.tensor && correction.pipeline == question.layout.pipeline &&
         is_any_or(correction.sequences, question.load.sequences) &&
         is_any_or(correction.batched_tokens, question.load.batched_tokens) &&
         correction.is_eager == question.load.is_eager;
}

Interval corrected(const Interval& term, const Correction::Part& part, bool is_as_logged) {
  const auto moved = [&](double bytes) { return std::max(0.0, bytes * part.ratio + part.add_bytes); };
  const double best = moved(term.best);
  if (!is_as_logged || part.spread_bytes < 0) return {best, moved(term.low), moved(term.high)};
  return {best, std::max(0.0, best - part.spread_bytes), best + part.spread_bytes};
}

}  // namespace

void correct(const StageQuestion& question, StageMemory& memory) {
  const Correction& correction = *question.gpu.correction;
  const bool as_logged = is_as_logged(correction, question);
  memory.weights = corrected(memory.weights, correction.weights, as_logged);
  memory.activation = corrected(memory.activation, correction.activation, as_logged);
  memory.non_torch = corrected(memory.non_torch, correction.non_torch, as_logged);
  memory.graphs.bytes = corrected(memory.graphs.bytes, correction.graphs, as_logged);
  if (as_logged) memory.kv_spread_bytes = correction.kv_spread_bytes;
}

}  // namespace vllm_memory

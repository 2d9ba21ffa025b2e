#include "logs/diagnosis.hpp"

#include "base/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace vw {
namespace {

bool is_better(const FailureClass& later, const FailureClass& earlier) {
  return std::find(later.over.begin(), later.over.end(), earlier.id) != later.over.end();
}

// An allocation that failed; what is free in pieces only does not help.
Shortage of_allocation(const RootCause& cause, Shortage shortage) {
  const auto tried = cause.told("tried_gib"), left = cause.told("left_gib");
  shortage.is_least = true;
  if (!tried || !left) return shortage;
  const bool is_in_pieces = *left >= *tried;
  shortage.gib = is_in_pieces ? *tried : *tried - *left;
  shortage.explanation = fmt::format("{:.2f} GiB were to be allocated, {:.2f} were free{}", *tried, *left,
                                     is_in_pieces ? ", but not in one piece" : "");
  return shortage;
}

Shortage of_request(const RootCause& cause, Shortage shortage) {
  const auto requested = cause.told("requested_gib"), free = cause.told("free_at_start_gib");
  if (!requested || !free) return shortage;
  shortage.gib = std::max(0.0, *requested - *free);
  shortage.explanation = fmt::format("{:.2f} GiB were asked for, {:.2f} were free", *requested, *free);
  return shortage;
}

Shortage of_cache(const RootCause& cause, const LoggedTerms& logged, const vw_memory* memory, Shortage shortage) {
  std::optional<double> needed = cause.told("kv_needed_gib"), left = cause.told("kv_available_gib");
  if (!left && logged.kv_available) left = logged.kv_available->value;
  const auto tokens = cause.told("context_tokens"), held = cause.told("kv_tokens");
  if (!needed && memory != nullptr) needed = to_gib(memory->kv_sequence_bytes);
  if (!left && tokens && held && needed && *tokens > 0) left = *needed * *held / *tokens;
  if (!left && memory != nullptr)
    left = to_gib(memory->capacity_bytes - memory->weights_bytes - memory->overhead_bytes);
  if (!needed || !left) return shortage;
  shortage.gib = std::max(0.0, *needed - *left);
  shortage.explanation = fmt::format("one sequence needs {:.2f} GiB, {:.2f} were left", *needed, *left);
  return shortage;
}

}  // namespace

std::optional<double> RootCause::told(const std::string& name) const {
  const auto found = numbers.find(name);
  if (found == numbers.end()) return std::nullopt;
  return found->second;
}

RootCause root_cause(const LogBook& book, const LoggedStart& start) {
  RootCause cause;
  const auto class_of = [&](const SeenFailure& seen) -> const FailureClass& { return book.failures()[seen.index]; };
  const auto take = [&](const SeenFailure& seen) {
    cause.seen = &seen;
    cause.what = &class_of(seen);
  };
  for (const SeenFailure& seen : start.failures) {
    if (cause.seen == nullptr) {
      take(seen);
      continue;
    }
    const FailureClass& what = class_of(seen);
    const bool is_first_reason = cause.what->is_consequence && !what.is_consequence;
    if (is_first_reason || is_better(what, *cause.what)) take(seen);
  }
  if (cause.seen != nullptr) cause.numbers = cause.seen->numbers;
  for (const SeenFailure& seen : start.failures) {
    const FailureClass& what = class_of(seen);
    if (is_better(*cause.what, what)) cause.numbers.insert(seen.numbers.begin(), seen.numbers.end());
    if (&seen != cause.seen && !what.is_consequence && !is_better(*cause.what, what)) cause.others.push_back(&seen);
  }
  return cause;
}

Shortage shortage_of(const RootCause& cause, const LoggedTerms& logged, const vw_memory* memory) {
  Shortage shortage;
  shortage.term = cause.what->term;
  const std::string& term = cause.what->term;
  if (term == "utilization") return of_request(cause, shortage);
  if (term == "kv_cache") return of_cache(cause, logged, memory, shortage);
  if (term == "none" || term == "state" || term == "host_memory") return shortage;
  return of_allocation(cause, shortage);
}

Budget budget_of(const vw_memory& memory) {
  Budget budget;
  budget.total = to_gib(memory.total_bytes);
  budget.requested = to_gib(memory.capacity_bytes);
  budget.weights = to_gib(memory.weights_bytes);
  budget.activation = to_gib(memory.activation_bytes);
  budget.non_torch = to_gib(memory.non_torch_bytes);
  budget.graphs = to_gib(memory.cuda_graph_bytes);
  budget.has_graphs_inside = has_graphs_inside(memory);
  budget.kv_available = to_gib(memory.capacity_bytes - memory.weights_bytes - memory.overhead_bytes);
  if (memory.kv_available_bytes > 0) budget.kv_available = to_gib(memory.kv_available_bytes);
  budget.kv_sequence = to_gib(memory.kv_sequence_bytes);
  return budget;
}

}  // namespace vw

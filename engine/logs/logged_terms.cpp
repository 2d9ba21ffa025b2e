#include "logs/logged_terms.hpp"

#include "base/units.hpp"

#include <fmt/format.h>

#include <cmath>

namespace vw {
namespace {

// Lines print two decimals, and some are sums of others that were rounded before.
constexpr double rounding_gib = 0.03, rank_difference_gib = 0.05;

std::optional<LoggedTerm> term(const NotedNumber* number) {
  if (number == nullptr) return std::nullopt;
  return LoggedTerm{number->value, number->line, false};
}

void tell_ranks(const LoggedStart& start, const char* name, const char* words, LoggedTerms& terms) {
  const NotedNumber *least = start.smallest(name), *most = start.largest(name);
  if (least == nullptr || most->value - least->value < rank_difference_gib || least->rank == most->rank) return;
  terms.notes.push_back(fmt::format("{} differ between ranks: {:.2f} GiB ({}), {:.2f} ({})", words, least->value,
                                    least->rank, most->value, most->rank));
}

void read_kv(const LoggedStart& start, LoggedTerms& terms) {
  terms.kv_available = term(start.smallest("kv_available_gib"));
  if (!terms.kv_available) terms.kv_available = term(start.smallest("kv_in_use_gib"));
  if (!terms.kv_available && start.has("kv_in_use_bytes")) {
    terms.kv_available = term(start.smallest("kv_in_use_bytes"));
    terms.kv_available->value = to_gib(terms.kv_available->value);
  }
  terms.kv_tokens = term(start.smallest("kv_tokens"));
  terms.concurrency = term(start.smallest("concurrency"));
}

// What E3 calls consumed holds the weights.
void read_overhead(const LoggedStart& start, LoggedTerms& terms) {
  terms.activation = term(start.largest("activation_gib"));
  terms.non_torch = term(start.largest("non_torch_gib"));
  const NotedNumber* const consumed = start.largest("consumed_gib");
  if (!terms.non_torch && consumed != nullptr && terms.weights)
    terms.non_torch = LoggedTerm{std::max(0.0, consumed->value - terms.weights->value), consumed->line, true};
  terms.graph_estimate = term(start.largest("graph_estimate_gib"));
  terms.graphs = term(start.largest("graph_gib"));
  if (!terms.graphs || terms.graphs->value >= 0) return;
  terms.notes.push_back(
      fmt::format("CUDA graphs of {:.2f} GiB (line {}) are no measure: memory was given back while "
                  "they were captured",
                  terms.graphs->value, terms.graphs->line));
  terms.graphs.reset();
}

// Section by section, the sums that releases make: what is left = requested - what is taken.
void check_identity(LoggedTerms& terms) {
  if (!terms.requested || !terms.kv_available || !terms.activation || !terms.non_torch || !terms.weights) return;
  const double left = terms.requested->value - terms.weights->value - terms.activation->value - terms.non_torch->value;
  const double estimate = terms.graph_estimate ? terms.graph_estimate->value : 0;
  const auto is_near = [&](double value) { return std::abs(value - terms.kv_available->value) <= rounding_gib; };
  if (is_near(left))
    terms.identity = terms.non_torch->is_derived ? "e3" : "e1";
  else if (estimate > 0 && is_near(left - estimate))
    terms.identity = "e2";
  else
    terms.contradictions.push_back(
        fmt::format("{:.2f} requested - {:.2f} weights - {:.2f} activation - {:.2f} non-torch leave {:.2f} GiB, but "
                    "{:.2f} were left to the KV cache (line {})",
                    terms.requested->value, terms.weights->value, terms.activation->value, terms.non_torch->value, left,
                    terms.kv_available->value, terms.kv_available->line));
}

void check_request(LoggedTerms& terms) {
  if (!terms.requested || !terms.total || !terms.utilization) return;
  const double product = terms.total->value * terms.utilization->value;
  if (std::abs(product - terms.requested->value) <= rounding_gib) return;
  terms.contradictions.push_back(fmt::format("{:.2f} GiB x {:g} is {:.2f} GiB, but {:.2f} were requested (line {})",
                                             terms.total->value, terms.utilization->value, product,
                                             terms.requested->value, terms.requested->line));
}

}  // namespace

LoggedTerms logged_terms(const LoggedStart& start) {
  LoggedTerms terms;
  terms.total = term(start.smallest("total_gib"));
  terms.free_at_start = term(start.smallest("free_at_start_gib"));
  terms.requested = term(start.first("requested_gib"));
  terms.utilization = term(start.first("utilization"));
  terms.weights = term(start.largest("weights_gib"));
  read_overhead(start, terms);
  read_kv(start, terms);
  tell_ranks(start, "weights_gib", "weights", terms);
  tell_ranks(start, "kv_available_gib", "KV caches", terms);
  check_identity(terms);
  check_request(terms);
  return terms;
}

}  // namespace vw

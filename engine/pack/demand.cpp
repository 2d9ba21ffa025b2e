#include "pack/demand.hpp"

#include "base/units.hpp"
#include "plan/batch_limits.hpp"
#include "plan/plan.hpp"
#include "plan/solve.hpp"

#include <algorithm>
#include <cmath>

namespace vw {
namespace {

constexpr std::int64_t most_sequences_tried = 65536;

bool starts_and_survives(const vw_memory& memory) {
  return memory.reason != VW_REASON_UTILIZATION_ABOVE_FREE && memory.survives != VW_NO;
}

// The largest share with which a server starts on an empty card and does not run out of it under load.
Share most_of(MemoryJudge& memory, vw_candidate candidate) {
  return largest_that(whole_card, [&](Share share) {
    candidate.utilization = ratio_of(share);
    return starts_and_survives(memory.judge(candidate));
  });
}

std::optional<Share> smallest(MemoryJudge& memory, const vw_candidate& candidate, Share most, Fitting fitting) {
  constexpr std::int64_t steps = whole_card / share_step;
  const auto found = smallest_fitting_utilization(memory, candidate, steps, fitting);
  if (!found) return std::nullopt;
  const Share share = std::llround(*found * static_cast<double>(steps)) * share_step;
  return share <= most ? std::optional(share) : std::nullopt;
}

Served with_sequences(const Served& served, std::int64_t sequences) { return {served.context_tokens, sequences}; }

vw_candidate with_share(vw_candidate candidate, double share) {
  candidate.utilization = share;
  return candidate;
}

std::int64_t most_sequences_in(Tenant& tenant, const Served& served, double share, Fitting fitting) {
  return largest_that(most_sequences_tried, [&](std::int64_t sequences) {
    return fitting(tenant.memory.judge(with_share(candidate_of(tenant, with_sequences(served, sequences)), share)));
  });
}

// One round of all that is asked for, of the longest context where that is open.
Share of_one_round(Tenant& tenant, const Served& least, double share) {
  Served round = least;
  if (tenant.has_open_context()) round.context_tokens = tenant.scenario.model.max_context_tokens;
  const vw_memory memory = tenant.memory.judge(with_share(candidate_of(tenant, round), share));
  const double ratio = memory.kv_required_bytes / std::max(memory.total_bytes, 1.0);
  return std::max<Share>(1, std::llround(ratio * static_cast<double>(whole_card)));
}

void put_open(Tenant& tenant, const Served& least, Demand& demand) {
  demand.enough = *demand.safe;
  if (tenant.share || !(tenant.has_open_context() || tenant.has_open_load())) return;
  demand.of_more = of_one_round(tenant, least, ratio_of(demand.most));
  demand.enough = demand.most / share_step * share_step;
  if (!tenant.has_open_context()) return;
  Served all = least;
  all.context_tokens = tenant.scenario.model.max_context_tokens;
  const auto whole = smallest(tenant.memory, candidate_of(tenant, all), demand.most, fits_at_low_end);
  demand.enough = std::max(*demand.safe, whole.value_or(demand.enough));
}

}  // namespace

vw_candidate candidate_of(const Tenant& tenant, const Served& served) {
  const Scenario& scenario = tenant.scenario;
  const Request& request = scenario.request;
  const Parallel parallel{request.tensor_parallel.value_or(1), 1, 1, ""};
  vw_candidate candidate = requested_candidate(scenario, parallel, 1);
  candidate.format = scenario.running_weights;
  candidate.kv_format = scenario.running_kv;
  candidate.context_tokens = static_cast<std::uint64_t>(served.context_tokens);
  candidate.concurrency = static_cast<std::uint64_t>(served.concurrency);
  Load load = load_of(request, candidate);
  if (tenant.has_open_load() && !load.max_num_seqs) load.max_num_seqs = served.concurrency;
  const BatchRule rule = batch_rule_of(scenario);
  return with_limits(candidate, least_batch_limits(rule, wanted_batch_limits(rule, load), candidate.context_tokens));
}

Served least_served(const Tenant& tenant) {
  const Request& request = tenant.scenario.request;
  const std::int64_t longest = tenant.scenario.model.max_context_tokens;
  const std::int64_t context = tenant.context_tokens.value_or(request.prompt_tokens + request.generated_tokens);
  return {std::min(context, longest), tenant.concurrency.value_or(1)};
}

Served most_served(Tenant& tenant, double share, bool at_low_end) {
  const Fitting fitting = at_low_end ? fits_at_low_end : fits;
  Served served = least_served(tenant);
  if (tenant.has_open_load()) {
    served.concurrency = std::max<std::int64_t>(1, most_sequences_in(tenant, served, share, fitting));
  } else if (tenant.has_open_context()) {
    const vw_candidate candidate = with_share(candidate_of(tenant, served), share);
    const std::int64_t longest = tenant.scenario.model.max_context_tokens;
    served.context_tokens =
        std::max(served.context_tokens, largest_fitting_context(tenant.memory, candidate, longest, fitting));
  }
  return served;
}

Share free_of(const Hardware& hardware, double total_bytes) {
  const double gone_bytes = from_mib(hardware.memory_used_mib + hardware.totals.held_mib);
  const double free = 1 - gone_bytes / std::max(total_bytes, 1.0);
  const double most = std::min(free, hardware.totals.most_utilization);
  return std::max<Share>(0, static_cast<Share>(std::floor(most * static_cast<double>(whole_card))) - rounding);
}

Demand demand_of(Tenant& tenant) {
  Demand demand;
  demand.is_supported = tenant.scenario.obstacles.empty();
  const Served least = least_served(tenant);
  const vw_candidate asked = candidate_of(tenant, least);
  demand.most = most_of(tenant.memory, asked);
  if (tenant.has_open_load()) {  // more sequences have more graphs
    const std::int64_t alone = most_sequences_in(tenant, least, ratio_of(demand.most), fits);
    demand.most = most_of(tenant.memory, candidate_of(tenant, with_sequences(least, std::max<std::int64_t>(alone, 1))));
  }
  const vw_memory judged = tenant.memory.judge(with_share(asked, ratio_of(demand.most)));
  const double scope = judged.scope_gpus > 1 ? judged.scope_gpus : 1;
  demand.total_bytes = judged.total_bytes / scope;
  demand.outside = std::max<Share>(0, free_of(tenant.scenario.hardware, demand.total_bytes) - demand.most);
  if (judged.verdict == VW_UNSUPPORTED) demand.is_supported = false;
  demand.least = smallest(tenant.memory, asked, demand.most, fits);
  demand.safe = smallest(tenant.memory, asked, demand.most, fits_at_low_end);
  if (!demand.safe) demand.safe = demand.least;
  if (demand.least)
    put_open(tenant, least, demand);
  else
    demand.missing_bytes = std::max(0.0, judged.reason_value);
  return demand;
}

}  // namespace vw

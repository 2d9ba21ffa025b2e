// plan: hot parts opened for one scenario. Pure: no files, clock, environment, Lua or dlopen.
#pragma once

#include "facts/efficiency.hpp"
#include "facts/scenario.hpp"

#include <functional>
#include <span>
#include <vector>

namespace vw {

// What a memory model assumes when the user says nothing.
struct Policy {
  double gpu_memory_utilization = 0;  // 0: the release decides
  double headroom_gib = 0;
  double fragmentation_factor = 1;
  bool reads_corrections = false;  // settings.corrections change what it predicts
};

// A part opened for the model, and once more for each other checkpoint that says itself how it is stored.
class Instances {
 public:
  Instances(const Part& part, const Scenario& scenario, const EfficiencyOf& efficiency_of = {});

  const Part& part() const noexcept { return opened_.front().part(); }
  Instance& first() noexcept { return opened_.front(); }
  Instance& of(const vw_candidate& candidate) { return opened_[by_format_.at(candidate.format)]; }

 private:
  std::vector<Instance> opened_;
  std::vector<std::size_t> by_format_;  // an index of opened_ for each of Scenario::weights
};

// Calls with every run of neighbours that one instance judges: (instance, first, count).
template <class Call>
void for_runs(Instances& instances, std::span<const vw_candidate> candidates, const Call& call) {
  for (std::size_t begin = 0, end = 0; begin < candidates.size(); begin = end) {
    Instance& instance = instances.of(candidates[begin]);
    while (end < candidates.size() && &instances.of(candidates[end]) == &instance) ++end;
    call(instance, begin, end - begin);
  }
}

class MemoryJudge {
 public:
  MemoryJudge(const Part& part, const Scenario& scenario);

  const Policy& policy() const noexcept { return policy_; }
  // Results with the verdict filled in where the part left it to bytes. [one thread at a time]
  vw_memory judge(const vw_candidate& candidate);
  void judge(std::span<const vw_candidate> candidates, std::span<vw_memory> results);
  // Terms and warnings of one candidate in words: {"terms": [...], "warnings": [...]}; both empty when the part cannot.
  Json explain(const vw_candidate& candidate);
  const Part& part() const noexcept { return instances_.part(); }

 private:
  Instances instances_;
  Policy policy_;
};

// How requests come in a simulation.
struct Arrivals {
  double rate_per_s = 0;  // 0: a closed loop of the candidate's concurrency
  std::int64_t burst_requests = 1, seed = 0;
};

class PerfJudge {
 public:
  PerfJudge(const Part& part, const Scenario& scenario, const EfficiencyOf& efficiency_of = {});
  vw_perf judge(const vw_candidate& candidate, const vw_memory& memory);
  Json explain(const vw_candidate& candidate, const vw_memory& memory);  // {"terms": [...], "assumptions": [...]}
  // What a closed loop of requests of these mean lengths would record: {"tpot_ms": {best, low, high}, "ttft_ms", ...}.
  // Throws vw::Error when the part does not know the verb.
  Json benchmark(const vw_candidate& candidate, const vw_memory& memory, double prompt_tokens, double generated_tokens);
  // Percentiles of single requests from a replay of the scheduler, as the part's own JSON. Throws vw::Error when the
  // part cannot.
  Json simulate(const vw_candidate& candidate, const vw_memory& memory, const Arrivals& arrivals);
  const Part& part() const noexcept { return instances_.part(); }
  void judge(std::span<const vw_candidate> candidates, std::span<const vw_memory> memory, std::span<vw_perf> results) {
    for_runs(instances_, candidates, [&](Instance& instance, std::size_t begin, std::size_t count) {
      instance.evaluate(candidates.subspan(begin, count), memory.subspan(begin, count), results.subspan(begin, count));
    });
  }

 private:
  Instances instances_;
};

struct Judges {
  MemoryJudge memory;
  PerfJudge perf;
};

bool fits(const vw_memory& memory);
// It does not fit because weights or KV cache find no room.
bool is_short_of_memory(const vw_memory& memory);
// Whether the model gave an interval for what is left to the KV cache.
bool has_interval(const vw_memory& memory);
// It fits even at the low end of that interval; without an interval: it fits.
bool fits_at_low_end(const vw_memory& memory);
// The limit lies inside the interval: the best estimate alone decides.
bool is_tight(const vw_memory& memory);

// Share of the memory given to vLLM that the KV cache of the request needs; 0 where the model gives no capacity.
double kv_pressure(const vw_memory& memory);

// A candidate as JSON with the field names of vw_candidate (indices 0-based): what `explain` is asked with.
Json to_json(const vw_candidate& candidate);
Json to_json(const vw_memory& memory);

}  // namespace vw

// plan: the result of the main job, and how it comes about.
#pragma once

#include "plan/batch_search.hpp"
#include "plan/judge.hpp"
#include "plan/parallel.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace vw {

// A change that would make the request fit.
struct Advice {
  std::string change;  // an option, ready to be typed
  std::string effect;  // what it does, with numbers
  bool fits = false;
  double headroom_gib = 0;  // over the group
  std::int64_t group_gpus = 1;
  double max_concurrency = 0;       // sequences of the context that then fit; 0: the memory model does not say
  std::int64_t context_tokens = 0;  // of each sequence where the user left it open, which may grow into what is spare
};

// What would really run, and why.
struct Recommendation {
  vw_candidate candidate{};
  vw_memory memory{};
  WeightChoice weights;
  std::string dtype;  // bf16, fp16, fp32
  std::string kv_cache_dtype = "auto";
  std::map<std::string, std::string> reasons;  // by the key of `config`
  std::vector<std::string> warnings;
  bool is_supported = true;  // false: nothing runs on this card in place of what was asked for

  bool fits() const { return is_supported && vw::fits(memory); }
};

// How far the request could go, all else as given. 0 or empty: nowhere.
struct Limits {
  double concurrency = 0;           // most sequences of the judged context
  std::int64_t context_tokens = 0;  // longest context at the concurrency
  // smallest --gpu-memory-utilization that holds the request, the uncertainty of the estimate included
  std::optional<double> utilization;
  std::optional<Parallel> fewest_gpus;  // of this card, in powers of two, data parallelism as chosen
};

struct Plan {
  Parallel parallel;
  vw_candidate candidate{};  // the request as given
  BatchSearch batch;         // how its batch limits came about
  vw_memory memory{};        // judged as given
  bool is_supported = true;  // false: the card or the release cannot run what was asked for
  Json explained;            // terms and warnings of the request
  Recommendation recommended;
  vw_perf perf{};
  Json perf_explained;
  std::vector<Advice> advice;
  std::vector<std::string> warnings;
  double utilization = 0;
  Limits limits;

  bool fits() const { return is_supported && vw::fits(memory); }
};

// Judges the request, recommends what would run, says what would make it fit.
Plan make_plan(const Scenario& scenario, MemoryJudge& memory, PerfJudge& perf);

// The request as a candidate, without a context: the caller knows which one is to be judged.
vw_candidate requested_candidate(const Scenario& scenario, const Parallel& parallel, double utilization);

// The request as the server is started with it: limits and context that the user left open are those of the
// configuration, so that what is judged is what the printed command does.
vw_candidate judged_candidate(const Scenario& scenario, const vw_candidate& requested, MemoryJudge& memory);
// The same, with limits that are worth more than those of the rule where a search finds such: what a plan judges.
Started started_candidate(const Scenario& scenario, const vw_candidate& requested, MemoryJudge& memory,
                          PerfJudge& perf);

// The request with what runs in place of what cannot; the request itself where all of it can.
vw_candidate running_candidate(const Scenario& scenario, const Plan& plan);

// The same request on the cards of one replica spread in another way, data parallelism kept.
vw_candidate spread(vw_candidate candidate, const Parallel& way);

Limits find_limits(const Scenario& scenario, const Plan& plan, MemoryJudge& memory);
Recommendation recommend(const Scenario& scenario, const Plan& plan, MemoryJudge& memory, PerfJudge& perf);
std::vector<Advice> advise(const Scenario& scenario, const Plan& plan, MemoryJudge& memory);

// The stable JSON (schema vllm-wizard/plan/1), without artifacts and parts, which the caller adds.
Json to_json(const Scenario& scenario, const Plan& plan, const std::string& memory_model,
             const std::string& perf_model);

// Sum over the tensor and pipeline group of a value that a memory model gave for its own scope.
double over_group(const vw_candidate& candidate, const vw_memory& memory, double bytes);

}  // namespace vw

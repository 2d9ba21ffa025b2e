#include "search/block_judge.hpp"

#include "plan/plan.hpp"
#include "plan/solve.hpp"
#include "plan/utilization.hpp"

#include <algorithm>

namespace vw {
namespace {

template <class T>
std::uint32_t u32(T value) {
  return static_cast<std::uint32_t>(value);
}
template <class T>
std::uint64_t u64(T value) {
  return static_cast<std::uint64_t>(value);
}

std::int64_t needed_context(const Place& place) { return place.prompt_tokens + place.generated_tokens; }

std::optional<std::int64_t> given_sequences(const Place& place) {
  return place.max_num_seqs > 0 ? std::optional(place.max_num_seqs) : std::nullopt;
}

// What cannot change a verdict in a plan either: it starts, and survives its load.
bool has_settled_share(const Scenario& scenario, const vw_memory& memory) {
  return scenario.request.gpu_memory_utilization ||
         (memory.reason != VW_REASON_UTILIZATION_ABOVE_FREE && memory.survives != VW_NO);
}

}  // namespace

RowView JudgedBlock::view(std::size_t row) const {
  const std::int32_t position = position_[row];
  return {*lane_, places_[row], candidates_[row], memory_[row],
          position < 0 ? nullptr : &perf_[static_cast<std::size_t>(position)]};
}

Row JudgedBlock::row(std::size_t row) const {
  Row made;
  made.index = indices_[row];
  made.lane = lane_;
  made.place = places_[row];
  made.candidate = candidates_[row];
  made.memory = memory_[row];
  made.fits = position_[row] >= 0;
  made.running = made.candidate;
  if (!made.fits) return made;
  const auto position = static_cast<std::size_t>(position_[row]);
  made.running = running_[position];
  made.perf = perf_[position];
  return made;
}

BlockJudge::BlockJudge(const Space& space, const Lanes& lanes, OpenJudges open)
    : space_(space), lanes_(lanes), open_(std::move(open)) {}

const JudgedBlock& BlockJudge::judge(const Block& block) {
  enter(block.lane);
  list(block);
  judge_memory();
  start_running();
  judge_running();
  return block_;
}

void BlockJudge::enter(std::size_t lane) {
  if (lane_number_ == lane) return;
  judges_.reset();
  block_.lane_ = lanes_.open(lane);
  varied_.reset();
  shares_.clear();
  judges_.emplace(open_(scenario()));
  batch_rule_ = batch_rule_of(scenario());
  lane_number_ = lane;
  base_ = requested_candidate(scenario(), {1, 1, scenario().request.data_parallel.value_or(1), ""},
                              choose_utilization(scenario(), judges_->memory.policy()));
}

std::int64_t BlockJudge::requested_context(const Place& place) const {
  const std::int64_t tokens = place.context == as_needed ? needed_context(place) : place.context;
  return std::min(tokens, scenario().model.max_context_tokens);
}

vw_candidate BlockJudge::candidate_of(const Place& place) const {
  vw_candidate candidate = base_;
  candidate.format = block_.lane_->weights[place.weights].index;
  candidate.kv_format = block_.lane_->kv[place.kv].index;
  candidate.gpus = u32(place.layout.gpus_per_node);
  candidate.tensor_parallel = u32(place.layout.tensor);
  candidate.pipeline_parallel = u32(place.layout.pipeline);
  if ((candidate.flags & VW_EXPERT_PARALLEL) != 0)
    candidate.expert_parallel = candidate.tensor_parallel * candidate.data_parallel;
  candidate.concurrency = u64(place.concurrency);
  candidate.prompt_tokens = u64(place.prompt_tokens);
  candidate.generated_tokens = u64(place.generated_tokens);
  candidate.max_sequences = u64(given_sequences(place).value_or(0));
  if (place.context != automatic) candidate.context_tokens = u64(requested_context(place));
  return candidate;
}

void BlockJudge::list(const Block& block) {
  block_.left_out_ = 0;
  block_.indices_.clear();
  block_.places_.clear();
  block_.candidates_.clear();
  for (std::uint64_t index = block.first; index < block.first + block.count; ++index) {
    const Place place = space_.place(block.lane, index);
    const std::int64_t context =
        place.context == automatic ? scenario().model.max_context_tokens : requested_context(place);
    if (needed_context(place) > context) {
      ++block_.left_out_;
      continue;
    }
    block_.indices_.push_back(index);
    block_.places_.push_back(place);
    block_.candidates_.push_back(candidate_of(place));
  }
}

// As a plan without --max-model-len: the longest that fits with certainty, at least what one request needs.
void BlockJudge::choose_context(const Place& place, vw_candidate& candidate) {
  if (place.context != automatic) return;
  const std::int64_t most = scenario().model.max_context_tokens;
  candidate.context_tokens =
      u64(std::max(largest_reliable_context(judges_->memory, candidate, most), std::min(needed_context(place), most)));
}

// The share is looked for without a context: rows that differ in nothing else have the same.
vw_candidate BlockJudge::with_share(const vw_candidate& candidate) {
  const std::array<std::uint64_t, 9> key{
      candidate.format,          candidate.kv_format,         candidate.gpus,
      candidate.tensor_parallel, candidate.pipeline_parallel, candidate.max_sequences,
      candidate.concurrency,     candidate.prompt_tokens,     candidate.generated_tokens};
  vw_candidate with = candidate;
  if (const auto known = shares_.find(key); known != shares_.end()) {
    with.utilization = known->second;
    return with;
  }
  constexpr std::size_t most_kept = 65536;  // of a lane of any size
  if (shares_.size() >= most_kept) shares_.clear();
  with = with_utilization(scenario(), candidate, judges_->memory);
  shares_[key] = with.utilization;
  return with;
}

void BlockJudge::judge_memory() {
  MemoryJudge& memory = judges_->memory;
  for (std::size_t row = 0; row < block_.rows(); ++row) {
    if (block_.places_[row].context != automatic || !block_.lane_->obstacle_of(block_.places_[row]).empty()) continue;
    vw_candidate& candidate = block_.candidates_[row];
    candidate = with_share(candidate);
    choose_context(block_.places_[row], candidate);
  }
  block_.memory_.resize(block_.rows());
  judge_runs(memory);
  for (std::size_t row = 0; row < block_.rows(); ++row) {
    if (block_.places_[row].context == automatic || has_settled_share(scenario(), block_.memory_[row])) continue;
    vw_candidate& candidate = block_.candidates_[row];
    candidate = with_share(candidate);
    block_.memory_[row] = memory.judge(candidate);
  }
}

// What card or release cannot run is not judged: its neighbours are, run by run.
void BlockJudge::judge_runs(MemoryJudge& memory) {
  const std::span<const vw_candidate> candidates(block_.candidates_);
  const std::span<vw_memory> results(block_.memory_);
  const auto can_run = [&](std::size_t row) { return block_.lane_->obstacle_of(block_.places_[row]).empty(); };
  for (std::size_t begin = 0, end = 0; begin < block_.rows(); begin = end) {
    const bool runs = can_run(begin);
    while (end < block_.rows() && can_run(end) == runs) ++end;
    if (runs)
      memory.judge(candidates.subspan(begin, end - begin), results.subspan(begin, end - begin));
    else
      std::fill(results.begin() + static_cast<std::ptrdiff_t>(begin),
                results.begin() + static_cast<std::ptrdiff_t>(end), vw_memory{});
  }
}

vw_candidate BlockJudge::wanted_to_run(std::size_t row) const {
  const Place& place = block_.places_[row];
  const vw_memory& memory = block_.memory_[row];
  vw_candidate running = block_.candidates_[row];
  const bool is_automatic = !scenario().kv_formats[running.kv_format].kv;
  const double pressure = memory.capacity_bytes > 0 ? memory.kv_required_bytes / memory.capacity_bytes : 0;
  if (is_automatic && pressure > scenario().rules.kv_pressure_for_fp8)
    running.kv_format = block_.lane_->smaller_kv.value_or(running.kv_format);
  const BatchLimits wanted = wanted_batch_limits(
      batch_rule_, {place.prompt_tokens, place.generated_tokens, place.concurrency, given_sequences(place)});
  running.max_sequences = u64(wanted.sequences);
  running.max_batched_tokens = u64(wanted.batched_tokens);
  return running;
}

void BlockJudge::start_running() {
  block_.position_.assign(block_.rows(), -1);
  block_.fitting_.clear();
  block_.running_.clear();
  for (std::size_t row = 0; row < block_.rows(); ++row) {
    if (!fits(block_.memory_[row]) || !block_.lane_->obstacle_of(block_.places_[row]).empty()) continue;
    block_.position_[row] = static_cast<std::int32_t>(block_.fitting_.size());
    block_.fitting_.push_back(row);
    block_.running_.push_back(wanted_to_run(row));
  }
}

Scenario& BlockJudge::scenario_of(const Place& place) {
  if (!varied_) varied_ = scenario();
  Request& request = varied_->request;
  request.prompt_tokens = place.prompt_tokens;
  request.generated_tokens = place.generated_tokens;
  request.concurrency = place.concurrency;
  request.max_num_seqs = given_sequences(place);
  return *varied_;
}

// Where the usual batch limits take memory that the request needs, and for what a plan has to look for.
void BlockJudge::choose_slowly(std::size_t row, vw_candidate& running) {
  const Place& place = block_.places_[row];
  const Scenario& varied = scenario_of(place);
  Recommendation chosen;
  chosen.candidate = block_.candidates_[row];
  chosen.candidate.kv_format = running.kv_format;
  choose_batch_limits(varied, judges_->memory, chosen);
  const std::int64_t most = scenario().model.max_context_tokens;
  const std::int64_t wanted =
      place.context == automatic ? most : static_cast<std::int64_t>(chosen.candidate.context_tokens);
  const std::int64_t possible = largest_reliable_context(judges_->memory, chosen.candidate, wanted);
  if (possible > 0) chosen.candidate.context_tokens = u64(possible);
  if (place.max_num_seqs == automatic) solve_sequences(varied, judges_->memory, chosen);
  running = chosen.candidate;
}

void BlockJudge::judge_running() {
  MemoryJudge& memory = judges_->memory;
  block_.running_memory_.resize(block_.fitting());
  block_.perf_.resize(block_.fitting());
  memory.judge(block_.running_, block_.running_memory_);
  for (std::size_t i = 0; i < block_.fitting(); ++i) {
    const Place& place = block_.places_[block_.fitting_[i]];
    const bool is_plain = place.context != automatic && place.max_num_seqs != automatic;
    if (is_plain && fits_at_low_end(block_.running_memory_[i])) continue;
    choose_slowly(block_.fitting_[i], block_.running_[i]);
    block_.running_memory_[i] = memory.judge(block_.running_[i]);
  }
  judges_->perf.judge(block_.running_, block_.running_memory_, block_.perf_);
}

}  // namespace vw

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

// What a plan looks for: a longer context, more sequences.
bool is_open(const Place& place) { return place.context == automatic || place.max_num_seqs == automatic; }

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
  made.candidate.gpu = 0;  // of its lane alone
  made.memory = memory_[row];
  made.fits = position_[row] >= 0;
  made.running = made.candidate;
  if (!made.fits) return made;
  const auto position = static_cast<std::size_t>(position_[row]);
  made.running = running_[position];
  made.running.gpu = 0;
  made.perf = perf_[position];
  return made;
}

BlockJudge::BlockJudge(const Space& space, const Lanes& lanes, OpenJudges open)
    : space_(space), lanes_(lanes), shared_(space, std::move(open)) {}

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
  block_.lane_ = lanes_.open(lane);
  varied_.reset();
  const SharedJudges::Opened opened = shared_.of(lane, scenario());
  judges_ = &opened.judges;
  batch_rule_ = batch_rule_of(scenario());
  lane_number_ = lane;
  base_ = requested_candidate(scenario(), {1, 1, scenario().request.data_parallel.value_or(1), ""},
                              choose_utilization(scenario(), judges_->memory.policy()));
  base_.gpu = opened.gpu;
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
  return candidate;
}

// With the limits and the context that are usual, where nothing has to be looked for.
vw_candidate BlockJudge::usual_candidate(const Place& place) const {
  vw_candidate candidate = candidate_of(place);
  candidate.context_tokens = u64(requested_context(place));
  const Load load{place.prompt_tokens, place.generated_tokens, concurrency_of_replica(candidate),
                  given_sequences(place)};
  return with_limits(candidate, wanted_batch_limits(batch_rule_, load));
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
    block_.candidates_.push_back(is_open(place) ? planned_candidate(place) : usual_candidate(place));
  }
}

void BlockJudge::judge_others() {
  other_memory_.resize(other_.size());
  judges_->memory.judge(other_, other_memory_);
}

// As plan::judged_candidate, for many rows at a time: with the limits that are wanted; where those do not fit with a
// margin, with the least ones; what lies between is looked at one by one.
void BlockJudge::judge_memory() {
  block_.memory_.resize(block_.rows());
  judge_runs();
  others_.clear();
  other_.clear();
  for (std::size_t row = 0; row < block_.rows(); ++row) {
    const Place& place = block_.places_[row];
    if (is_open(place) || fits_at_low_end(block_.memory_[row]) || !block_.lane_->obstacle_of(place).empty()) continue;
    const vw_candidate& wanted = block_.candidates_[row];
    others_.push_back(row);
    other_.push_back(with_limits(wanted, least_batch_limits(batch_rule_, limits_of(wanted), wanted.context_tokens)));
  }
  judge_others();
  take_less();
}

void BlockJudge::take_less() {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < others_.size(); ++i) {
    const std::size_t row = others_[i];
    if (fits_at_low_end(other_memory_[i])) {
      block_.candidates_[row] = planned_candidate(block_.places_[row]);
      block_.memory_[row] = judges_->memory.judge(block_.candidates_[row]);
    } else if (needs_less(other_memory_[i], block_.memory_[row])) {
      others_[kept] = row;
      other_[kept] = other_[i];
      other_[kept++].utilization = base_.utilization;
    }
  }
  others_.resize(kept);
  other_.resize(kept);
  other_memory_.resize(kept);
  judge_with_utilization(scenario(), other_, other_memory_, judges_->memory);
  for (std::size_t i = 0; i < kept; ++i) {
    block_.candidates_[others_[i]] = other_[i];
    block_.memory_[others_[i]] = other_memory_[i];
  }
}

// As a plan finds it.
vw_candidate BlockJudge::planned_candidate(const Place& place) {
  if (!block_.lane_->obstacle_of(place).empty()) return candidate_of(place);
  return judged_candidate(scenario_of(place), candidate_of(place), judges_->memory);
}

// What card or release cannot run is not judged: its neighbours are, run by run.
void BlockJudge::judge_runs() {
  const std::span<vw_candidate> candidates(block_.candidates_);
  const std::span<vw_memory> results(block_.memory_);
  const auto can_run = [&](std::size_t row) { return block_.lane_->obstacle_of(block_.places_[row]).empty(); };
  for (std::size_t begin = 0, end = 0; begin < block_.rows(); begin = end) {
    const bool runs = can_run(begin);
    while (end < block_.rows() && can_run(end) == runs) ++end;
    const std::span<vw_memory> run = results.subspan(begin, end - begin);
    if (runs)
      judge_with_utilization(scenario(), candidates.subspan(begin, end - begin), run, judges_->memory);
    else
      std::fill(run.begin(), run.end(), vw_memory{});
  }
}

// The KV cache in 8 bit where it would take much of the memory, with limits of its own: as a plan recommends.
vw_candidate BlockJudge::running_candidate_of(std::size_t row) {
  const Place& place = block_.places_[row];
  const vw_memory& memory = block_.memory_[row];
  vw_candidate running = block_.candidates_[row];
  const bool is_automatic = !scenario().kv_formats[running.kv_format].kv;
  if (!is_automatic || kv_pressure(memory) <= scenario().rules.kv_pressure_for_fp8 || !block_.lane_->smaller_kv)
    return running;
  running.kv_format = *block_.lane_->smaller_kv;
  const Scenario& varied = scenario_of(place);
  const bool is_solved = place.max_num_seqs == automatic;  // else the command of the row gives the limits
  if (is_solved) running = with_limits(running, choose_batch_limits(varied, running, judges_->memory));
  if (is_solved && place.context != automatic) running = with_most_sequences(varied, running, judges_->memory);
  const std::int64_t wanted = place.context == automatic ? scenario().model.max_context_tokens
                                                         : static_cast<std::int64_t>(running.context_tokens);
  const std::int64_t possible = largest_reliable_context(judges_->memory, running, wanted);
  if (possible > 0) running.context_tokens = u64(possible);
  return is_solved ? with_most_sequences(varied, running, judges_->memory) : running;
}

void BlockJudge::start_running() {
  block_.position_.assign(block_.rows(), -1);
  block_.fitting_.clear();
  block_.running_.clear();
  for (std::size_t row = 0; row < block_.rows(); ++row) {
    if (!fits(block_.memory_[row]) || !block_.lane_->obstacle_of(block_.places_[row]).empty()) continue;
    block_.position_[row] = static_cast<std::int32_t>(block_.fitting_.size());
    block_.fitting_.push_back(row);
    block_.running_.push_back(running_candidate_of(row));
  }
}

Scenario& BlockJudge::scenario_of(const Place& place) {
  if (!varied_) varied_ = scenario();
  Request& request = varied_->request;
  request.prompt_tokens = place.prompt_tokens;
  request.generated_tokens = place.generated_tokens;
  request.concurrency = place.concurrency;
  request.max_num_seqs = given_sequences(place);
  request.solve_max_num_seqs = place.max_num_seqs == automatic;
  request.max_model_len = place.context == automatic ? std::nullopt : std::optional(requested_context(place));
  return *varied_;
}

// Rows that run as they were asked for are judged already.
void BlockJudge::judge_running() {
  others_.clear();
  other_.clear();
  block_.running_memory_.resize(block_.fitting());
  for (std::size_t position = 0; position < block_.fitting(); ++position) {
    const std::size_t row = block_.fitting_[position];
    block_.running_memory_[position] = block_.memory_[row];
    if (block_.running_[position].kv_format == block_.candidates_[row].kv_format) continue;
    others_.push_back(position);
    other_.push_back(block_.running_[position]);
  }
  judge_others();
  for (std::size_t i = 0; i < others_.size(); ++i) block_.running_memory_[others_[i]] = other_memory_[i];
  block_.perf_.resize(block_.fitting());
  judges_->perf.judge(block_.running_, block_.running_memory_, block_.perf_);
}

}  // namespace vw

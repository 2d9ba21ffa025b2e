#include "estimate.hpp"

#include "correction.hpp"

#include <algorithm>
#include <cmath>

namespace vllm_memory {
namespace {

constexpr std::size_t most_prepared = 4096;

bool has_heads_for(const Model& model, double tensor) {
  for (const Group& group : model.groups)
    if (group.role == "target" && group.query_heads > 0 && std::fmod(group.query_heads, tensor) != 0) return false;
  return true;
}

double heads_of(const Model& model) {
  for (const Group& group : model.groups)
    if (group.query_heads > 0) return group.query_heads;
  return 0;
}

// vllm/config/vllm.py, use_v2_model_runner: for listed plain dense models first, then for all.
bool runs_v2(const Settings& settings, const Release& release) {
  if (!settings.serving.runner.empty()) return settings.serving.runner == "v2";
  if (settings.serving.lora_slots > 0 && !release.flag("v2_takes_adapters", true)) return false;
  const std::string rule = release.text("runner", "v1");
  if (rule != "v2-for-listed") return rule == "v2";
  const auto& listed = release.v2_architectures;
  const bool is_listed = std::find(listed.begin(), listed.end(), settings.model.architecture) != listed.end();
  return is_listed && !settings.model.is_quantized && !settings.model.has_moe && settings.model.towers.empty() &&
         settings.serving.speculative_method.empty();
}

double in_flight_steps(const Settings& settings, const Release& release, const Layout& layout, bool is_v2) {
  const double steps = release.number("in_flight_steps", 1);
  if (steps <= 1) return 1;
  const bool is_async =
      settings.serving.async_scheduling < 0 ? release.flag("async_scheduling") : settings.serving.async_scheduling == 1;
  if (layout.pipeline > 1) return layout.pipeline + (is_v2 && is_async ? 1 : 0);
  return is_async ? steps : 1;
}

Interval widened(const Interval& range, double share) {
  return {range.best, range.low - share * range.best, range.high + share * range.best};
}

Interval overhead_of(const StageMemory& stage) {
  const Interval subtracted = stage.graphs.is_subtracted ? stage.graphs.bytes : Interval{};
  return independent_sum({stage.activation, stage.non_torch, subtracted});
}

Interval not_negative(const Interval& range) {
  return {std::max(0.0, range.best), std::max(0.0, range.low), std::max(0.0, range.high)};
}

}  // namespace

Estimator::Estimator(Settings settings) : settings_(std::move(settings)) {
  context_matters_ = !settings_.model.towers.empty();
  for (const Group& group : settings_.model.groups) context_matters_ |= group.attention == Attention::latent;
}

const Prepared& Estimator::prepare(const vw_candidate& candidate) const {
  const PreparedKey key{candidate.gpu,           candidate.format,          candidate.kv_format,
                        candidate.release,       candidate.tensor_parallel, candidate.pipeline_parallel,
                        candidate.data_parallel, candidate.expert_parallel, candidate.block_tokens,
                        candidate.flags};
  if (last_ != nullptr && last_->first == key) return last_->second;
  auto known = prepared_.find(key);
  if (known == prepared_.end()) {
    Prepared made = make(candidate);
    if (prepared_.size() >= most_prepared) {
      prepared_.clear();
      kept_.fill({});
    }
    known = prepared_.emplace(key, std::move(made)).first;
  }
  last_ = &*known;
  return known->second;
}

Prepared Estimator::make(const vw_candidate& candidate) const {
  const Release& release = settings_.releases.at(candidate.release);
  const Gpu& gpu = settings_.gpus.at(candidate.gpu);
  const Format& format = *settings_.formats.at(candidate.format);
  const Serving& serving = settings_.serving;
  Prepared made;
  made.layout = {std::max(1.0, static_cast<double>(candidate.tensor_parallel)),
                 std::max(1.0, static_cast<double>(candidate.pipeline_parallel)),
                 std::max(1.0, static_cast<double>(candidate.data_parallel)),
                 (candidate.flags & VW_EXPERT_PARALLEL) != 0};
  const bool by_default = release.flag(settings_.model.has_state ? "prefix_caching_state_models" : "prefix_caching");
  made.is_prefix_caching = (candidate.flags & VW_PREFIX_CACHING) != 0 ||
                           (serving.prefix_caching < 0 ? by_default : serving.prefix_caching == 1);
  const double block_tokens = candidate.block_tokens > 0 ? candidate.block_tokens : release.number("block_tokens", 16);
  made.geometry = kv_geometry({settings_, release, *settings_.kv_formats.at(candidate.kv_format), made.layout,
                               block_tokens, made.is_prefix_caching});
  for (int stage = 0; stage < static_cast<int>(made.layout.pipeline); ++stage)
    made.weights.push_back(stage_weights({settings_, release, gpu, format, made.layout}, stage));
  made.obstacle = split_obstacle({settings_, release, gpu, format, made.layout});
  made.buffer_bytes_per_token = output_buffers_per_token(settings_);
  made.is_v2_runner = runs_v2(settings_, release);
  made.in_flight_steps = in_flight_steps(settings_, release, made.layout, made.is_v2_runner);
  const bool is_offline = serving.offline && release.tiers.count("max_num_batched_tokens_offline") != 0;
  const char* const tokens = is_offline ? "max_num_batched_tokens_offline" : "max_num_batched_tokens";
  made.default_sequences = serving.performance_factor * release.tier("max_num_seqs", gpu);
  made.default_batched_tokens = serving.performance_factor * release.tier(tokens, gpu);
  Load load;
  load.is_eager = (candidate.flags & VW_ENFORCE_EAGER) != 0;
  const StageQuestion question{settings_, release, gpu, format, made.layout, load};
  made.fitted = non_torch_terms(question);
  made.non_torch = non_torch(question, made.fitted);
  made.uncertainty = uncertainty_of(question);
  for (Interval& weights : made.weights) weights = widened(weights, made.uncertainty.weights_margin);
  made.context_bytes = context_bytes(question);
  return made;
}

Load Estimator::load_of(const vw_candidate& candidate, const Prepared& prepared) const {
  Load load;
  load.context_tokens = static_cast<double>(candidate.context_tokens);
  if (load.context_tokens <= 0) load.context_tokens = settings_.model.max_context;
  load.sequences = static_cast<double>(candidate.max_sequences);
  if (load.sequences <= 0) load.sequences = prepared.default_sequences;
  load.batched_tokens = static_cast<double>(candidate.max_batched_tokens);
  if (load.batched_tokens <= 0) {
    load.batched_tokens = prepared.default_batched_tokens;
    if (settings_.model.takes_whole_items && !settings_.serving.language_model_only)
      for (const Tower& tower : settings_.model.towers)
        load.batched_tokens = std::max(load.batched_tokens, tower.max_tokens_per_item);
    load.batched_tokens = std::min(load.batched_tokens, load.sequences * load.context_tokens);
  }
  load.sequences = std::min(load.sequences, load.batched_tokens);
  load.is_v2_runner = prepared.is_v2_runner;
  load.is_eager = (candidate.flags & VW_ENFORCE_EAGER) != 0;
  return load;
}

StageMemory Estimator::stage_memory(const StageQuestion& question, const Prepared& prepared, std::size_t stage) const {
  StageMemory memory;
  const auto& totals = settings_.serving.stage_total_bytes;
  memory.total_bytes = totals.size() == prepared.weights.size() ? totals[stage] : question.gpu.total_bytes;
  memory.weights = prepared.weights[stage];
  if (stage == 0) memory.weights += Interval::exactly(prepared.buffer_bytes_per_token * question.load.batched_tokens);
  memory.activation = activation_peak(question);
  memory.non_torch = prepared.non_torch;
  memory.graphs = cuda_graphs(question);
  if (question.gpu.correction != nullptr) correct(question, memory);
  memory.overhead = overhead_of(memory);
  return memory;
}

void Estimator::put_stages(const vw_candidate& candidate, const Prepared& prepared, const Load& load,
                           Estimate& estimate) const {
  const bool is_same = estimate.prepared == &prepared && estimate.load.batched_tokens == load.batched_tokens &&
                       estimate.load.sequences == load.sequences && estimate.load.is_eager == load.is_eager &&
                       (!context_matters_ || estimate.load.context_tokens == load.context_tokens);
  estimate.load = load;
  if (is_same) return;
  estimate.prepared = nullptr;
  estimate.stages.clear();
  const std::size_t count = prepared.weights.size();
  StageQuestion question{settings_,
                         settings_.releases.at(candidate.release),
                         settings_.gpus.at(candidate.gpu),
                         *settings_.formats.at(candidate.format),
                         prepared.layout,
                         load};
  for (std::size_t stage = 0; stage < count; ++stage) {
    question.is_first = stage == 0;
    question.is_last = stage + 1 == count;
    estimate.stages.push_back(stage_memory(question, prepared, stage));
  }
  estimate.prepared = &prepared;
}

// What utilization leaves for blocks.
void Estimator::put_budget(const Prepared& prepared, const StepRules& step, double utilization,
                           StageMemory& memory) const {
  memory.requested_bytes = memory.total_bytes * utilization;
  if (step.requested_rounds_up) memory.requested_bytes = std::ceil(memory.requested_bytes);
  if (settings_.serving.kv_cache_bytes > 0) {
    memory.kv_available = Interval::exactly(settings_.serving.kv_cache_bytes);
    return;
  }
  const double off = prepared.uncertainty.total_spread * memory.requested_bytes;
  const Interval taken = independent_sum({memory.weights, memory.overhead, {0, -off, off}});
  memory.kv_available = left_of(memory.requested_bytes, taken, prepared.uncertainty.kv_margin_bytes);
  if (memory.kv_spread_bytes < 0) return;
  const double left = memory.kv_available.best;
  memory.kv_available = {left, left - memory.kv_spread_bytes, left + memory.kv_spread_bytes};
}

namespace {

// For some releases the check of one sequence held the smallest stage's memory against the layers of all stages.
double blocks_of_all_layers(const Estimate& estimate) {
  if (estimate.blocks < 0 || estimate.stages.size() < 2) return estimate.blocks;
  double block_bytes = 0, least = estimate.stages.front().kv_available.best;
  for (const double bytes : estimate.prepared->geometry.block_bytes) block_bytes += bytes;
  for (const StageMemory& stage : estimate.stages) least = std::min(least, stage.kv_available.best);
  return std::min(estimate.blocks, std::floor(std::max(0.0, least) / block_bytes));
}

}  // namespace

const Estimate& Estimator::parts(const vw_candidate& candidate) const {
  const Prepared& prepared = prepare(candidate);
  const Gpu& gpu = settings_.gpus.at(candidate.gpu);
  const Release& release = settings_.releases.at(candidate.release);
  const Load load = load_of(candidate, prepared);
  Estimate& estimate = kept_[static_cast<std::size_t>(load.sequences + load.batched_tokens) % kept_loads];
  put_stages(candidate, prepared, load, estimate);
  estimate.blocks = -1;
  estimate.fullest = 0;
  for (std::size_t stage = 0; stage < estimate.stages.size(); ++stage) {
    put_budget(prepared, release.step, candidate.utilization, estimate.stages[stage]);
    const double block_bytes = prepared.geometry.block_bytes[stage];
    if (block_bytes <= 0) continue;
    const double blocks = std::floor(std::max(0.0, estimate.stages[stage].kv_available.best) / block_bytes);
    if (estimate.blocks >= 0 && blocks >= estimate.blocks) continue;
    estimate.blocks = blocks;
    estimate.fullest = stage;
  }
  const StageMemory& fullest = estimate.stages[estimate.fullest];
  estimate.total_bytes = fullest.total_bytes;
  estimate.requested_bytes = fullest.requested_bytes;
  estimate.free_bytes = fullest.total_bytes - gpu.used_bytes - prepared.context_bytes;
  estimate.checked_blocks = release.step.checks_all_layers ? blocks_of_all_layers(estimate) : estimate.blocks;
  estimate.in_flight_tokens = estimate.load.batched_tokens * prepared.in_flight_steps;
  estimate.blocks_per_sequence = prepared.geometry.blocks_of(estimate.load.context_tokens, estimate.in_flight_tokens);
  return estimate;
}

namespace {

void put(const Interval& range, double& best, double& low, double& high) {
  best = range.best;
  low = range.low;
  high = range.high;
}

void put_components(const StageMemory& stage, vw_memory& memory) {
  put(stage.weights, memory.weights_bytes, memory.weights_low_bytes, memory.weights_high_bytes);
  put(stage.activation, memory.activation_bytes, memory.activation_low_bytes, memory.activation_high_bytes);
  put(stage.non_torch, memory.non_torch_bytes, memory.non_torch_low_bytes, memory.non_torch_high_bytes);
  put(stage.graphs.bytes, memory.cuda_graph_bytes, memory.cuda_graph_low_bytes, memory.cuda_graph_high_bytes);
  put(stage.overhead, memory.overhead_bytes, memory.overhead_low_bytes, memory.overhead_high_bytes);
  put(not_negative(stage.kv_available), memory.kv_available_bytes, memory.kv_available_low_bytes,
      memory.kv_available_high_bytes);
}

double logged_tokens(const Estimate& estimate, const Release& release, double concurrency) {
  if (release.step.logs_concurrency_tokens) return std::floor(concurrency * estimate.load.context_tokens);
  return std::floor(estimate.blocks / std::max(1.0, estimate.prepared->geometry.group_count)) *
         estimate.prepared->geometry.block_tokens;
}

void put_blocks(const Estimate& estimate, const Release& release, double sequences, vw_memory& memory) {
  const double block_bytes = estimate.prepared->geometry.block_bytes[estimate.fullest];
  memory.block_tokens = static_cast<std::uint32_t>(estimate.prepared->geometry.block_tokens);
  memory.kv_sequence_bytes = estimate.blocks_per_sequence * block_bytes;
  memory.kv_required_bytes = memory.kv_sequence_bytes * sequences;
  memory.kv_per_token_bytes = estimate.prepared->geometry.bytes_per_token();
  if (estimate.blocks < 0) {  // nothing is cached: memory sets no limit
    memory.max_concurrency = sequences;
    memory.max_context_tokens = estimate.load.context_tokens;
    return;
  }
  memory.kv_blocks = estimate.blocks;
  memory.max_concurrency = estimate.blocks_per_sequence > 0 ? estimate.blocks / estimate.blocks_per_sequence : 0;
  memory.kv_tokens = logged_tokens(estimate, release, memory.max_concurrency);
  constexpr double most_tokens = 1 << 30;
  const double blocks = std::min(std::floor(estimate.blocks / sequences), estimate.checked_blocks);
  memory.max_context_tokens = estimate.prepared->geometry.longest(blocks, estimate.in_flight_tokens, most_tokens);
}

void refuse(vw_memory& memory, std::uint32_t verdict, std::uint32_t reason, double value) {
  memory.verdict = verdict;
  memory.reason = reason;
  memory.reason_value = value;
  memory.starts = VW_NO;
}

// Real use: the budget, and what lies outside of it.
bool survives(const Estimate& estimate, const Release& release) {
  const StageMemory& stage = estimate.stages[estimate.fullest];
  const double outside = stage.graphs.is_subtracted ? 0 : stage.graphs.bytes.best;
  return estimate.requested_bytes + outside + release.step.slack_bytes <= estimate.free_bytes;
}

// A KV cache of a given size (--kv-cache-memory-bytes) is allocated whatever the weights leave.
double bytes_beyond_card(const Estimate& estimate) {
  const double gone = estimate.total_bytes - estimate.free_bytes;
  double most = 0;
  for (const StageMemory& stage : estimate.stages)
    most =
        std::max(most, stage.weights.best + stage.overhead.best + stage.kv_available.best + gone - stage.total_bytes);
  return most;
}

void judge(const Estimate& estimate, const Release& release, double sequences, double headroom_bytes,
           vw_memory& memory) {
  const StageMemory& stage = estimate.stages[estimate.fullest];
  memory.survives = survives(estimate, release) ? VW_YES : VW_NO;
  if (estimate.requested_bytes > estimate.free_bytes)
    return refuse(memory, VW_DOES_NOT_FIT, VW_REASON_UTILIZATION_ABOVE_FREE,
                  std::max(0.0, std::floor(estimate.free_bytes / estimate.total_bytes * 1000) / 1000));
  if (const double beyond = bytes_beyond_card(estimate); beyond > 0) {
    memory.headroom_bytes = std::min(memory.headroom_bytes, -beyond);
    const bool has_room_for_weights = stage.weights.best + stage.overhead.best <= estimate.free_bytes;
    return refuse(memory, VW_DOES_NOT_FIT,
                  has_room_for_weights ? VW_REASON_KV_CACHE_EXCEEDS_CAPACITY : VW_REASON_WEIGHTS_EXCEED_CAPACITY,
                  beyond);
  }
  if (stage.kv_available.best <= 0)
    return refuse(memory, VW_DOES_NOT_FIT, VW_REASON_WEIGHTS_EXCEED_CAPACITY, -stage.kv_available.best);
  if (estimate.blocks >= 0 && estimate.checked_blocks < estimate.blocks_per_sequence)
    return refuse(memory, VW_DOES_NOT_FIT, VW_REASON_KV_CACHE_EXCEEDS_CAPACITY,
                  std::max(0.0, memory.kv_sequence_bytes - stage.kv_available.best));
  memory.starts = VW_YES;
  const double headroom = memory.headroom_bytes;
  memory.verdict =
      headroom >= headroom_bytes && estimate.blocks_per_sequence * sequences <= std::max(estimate.blocks, 0.0)
          ? VW_FITS
          : VW_DOES_NOT_FIT;
  if (estimate.blocks < 0) memory.verdict = VW_FITS;
  if (memory.verdict == VW_FITS) return;
  memory.reason = headroom < 0 ? VW_REASON_KV_CACHE_EXCEEDS_CAPACITY : VW_REASON_HEADROOM_TOO_SMALL;
  memory.reason_value = headroom < 0 ? -headroom : headroom_bytes - headroom;
}

// Every replica of a data-parallel group serves its share; what is more than max_num_seqs waits.
double sequences_at_a_time(const vw_candidate& candidate, double replicas) {
  const double share = divide_up(std::max<double>(1, static_cast<double>(candidate.concurrency)), replicas);
  return candidate.max_sequences > 0 ? std::min(share, static_cast<double>(candidate.max_sequences)) : share;
}

}  // namespace

vw_memory Estimator::estimate(const vw_candidate& candidate) const {
  const Release& release = settings_.releases.at(candidate.release);
  vw_memory memory{};
  memory.scope_gpus = 1;
  const double ranks = static_cast<double>(candidate.tensor_parallel) * candidate.pipeline_parallel *
                       std::max(1u, candidate.data_parallel);
  const double gpus = static_cast<double>(std::max(1u, candidate.gpus)) * std::max(1u, candidate.nodes);
  if (!has_heads_for(settings_.model, std::max(1u, candidate.tensor_parallel))) {
    refuse(memory, VW_UNSUPPORTED, VW_REASON_HEADS_NOT_DIVISIBLE, heads_of(settings_.model));
    return memory;
  }
  if (ranks > gpus) {
    refuse(memory, VW_UNSUPPORTED, VW_REASON_NOT_ENOUGH_GPUS, ranks);
    return memory;
  }
  const Estimate& estimate = parts(candidate);
  const double sequences = sequences_at_a_time(candidate, estimate.prepared->layout.data);
  memory.total_bytes = estimate.total_bytes;
  memory.capacity_bytes = estimate.requested_bytes;
  put_components(estimate.stages[estimate.fullest], memory);
  put_blocks(estimate, release, sequences, memory);
  memory.headroom_bytes = estimate.stages[estimate.fullest].kv_available.best - memory.kv_required_bytes;
  judge(estimate, release, sequences, settings_.headroom_bytes, memory);
  if (!estimate.prepared->obstacle.empty()) refuse(memory, VW_UNSUPPORTED, VW_REASON_OTHER, 0);
  return memory;
}

}  // namespace vllm_memory

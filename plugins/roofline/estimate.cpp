#include "estimate.hpp"

#include <algorithm>
#include <cmath>

namespace roofline {
namespace {

constexpr std::size_t most_prepared = 256;
constexpr double ms = 1e3;  // of a second

Layout layout_of(const vw_candidate& candidate) {
  const auto at_least_one = [](std::uint32_t count) { return std::max(1.0, static_cast<double>(count)); };
  return {at_least_one(candidate.tensor_parallel), at_least_one(candidate.pipeline_parallel),
          at_least_one(candidate.data_parallel), (candidate.flags & VW_EXPERT_PARALLEL) != 0,
          candidate.nodes > 1 ? at_least_one(candidate.gpus) : 1e9};
}

// Sequences of a mean length that the cache holds. What one sequence takes beyond its marginal tokens (windows, states)
// stays as it is.
double memory_sequences(const vw_candidate& candidate, const vw_memory& memory, double mean_tokens) {
  if (memory.kv_available_bytes > 0 && memory.kv_sequence_bytes > 0) {
    const double shorter = static_cast<double>(candidate.context_tokens) - mean_tokens;
    const double bytes = memory.kv_sequence_bytes - memory.kv_per_token_bytes * shorter;
    const double least = memory.kv_sequence_bytes * mean_tokens / std::max(mean_tokens + shorter, 1.0);
    return memory.kv_available_bytes / std::max({bytes, std::min(least, memory.kv_sequence_bytes), 1.0});
  }
  if (memory.kv_tokens > 0) return memory.kv_tokens / mean_tokens;
  return memory.verdict == VW_DOES_NOT_FIT ? 1 : 0;
}

std::uint32_t bottleneck_of(const Serving& serving) {
  if (serving.is_limited_by_memory) return VW_BOUND_KV_CAPACITY;
  const Causes& causes = serving.decode_parts.causes;
  const double rest_s = serving.decode_s - serving.decode_parts.seconds;
  const std::pair<double, std::uint32_t> shares[] = {{causes.weights_s, VW_BOUND_WEIGHTS_BANDWIDTH},
                                                     {causes.kv_s, VW_BOUND_KV_BANDWIDTH},
                                                     {causes.compute_s, VW_BOUND_COMPUTE},
                                                     {causes.link_s, VW_BOUND_ALL_REDUCE},
                                                     {causes.overhead_s + rest_s, VW_BOUND_OVERHEAD}};
  return std::max_element(std::begin(shares), std::end(shares))->second;
}

void add_shares(const Serving& serving, vw_perf& perf) {
  const Causes& causes = serving.decode_parts.causes;
  const double rest_s = std::max(0.0, serving.decode_s - serving.decode_parts.seconds);
  const double all_s = causes.sum() + rest_s;
  if (all_s <= 0) return;
  perf.weights_share = causes.weights_s / all_s;
  perf.kv_share = causes.kv_s / all_s;
  perf.compute_share = causes.compute_s / all_s;
  perf.all_reduce_share = causes.link_s / all_s;
  perf.overhead_share = (causes.overhead_s + rest_s) / all_s;
  perf.bottleneck = bottleneck_of(serving);
}

void set(double best, double spread, double& value, double& low, double& high) {
  value = best;
  low = best / (1 + spread);
  high = best * (1 + spread);
}

std::string obstacle_of(const Gpu& gpu) {
  if (gpu.bytes_per_s <= 0) return "the memory bandwidth of " + gpu.name + " is not known";
  if (gpu.bf16_flops <= 0) return "the 16-bit rate of " + gpu.name + " is not known";
  return gpu.efficiency.gemm.empty() ? "no measured efficiency is known, its own or a relative's" : "";
}

}  // namespace

void Estimator::name_spread(const Gpu& gpu, Prepared& prepared) const {
  const auto& served = settings_.shared.served;
  const bool is_served = std::find(served.begin(), served.end(), gpu.efficiency.gpu) != served.end();
  use_spread(gpu.efficiency.is_own ? (is_served ? "served" : "measured")
             : gpu.is_foreign      ? "foreign"
                                   : "related",
             prepared);
}

void Estimator::use_spread(const std::string& name, Prepared& prepared) const {
  prepared.spread_name = name;
  const auto spread = settings_.shared.spreads.find(name);
  if (spread != settings_.shared.spreads.end()) prepared.spread = spread->second;
}

Drafting Estimator::drafting(const LayoutQuestion& question, Prepared& prepared) const {
  const Speculation& speculation = settings_.speculation;
  if (speculation.method.empty()) return {};
  const bool has_own = std::any_of(question.model.groups.begin(), question.model.groups.end(),
                                   [](const Group& group) { return group.role == "mtp"; });
  if (speculation.draft != nullptr)
    prepared.draft =
        std::make_unique<const Step>(LayoutQuestion{settings_, *speculation.draft, question.gpu, question.format,
                                                    question.kv_format, question.release, question.layout},
                                     true);
  else if (has_own && speculation.method != "ngram")
    prepared.draft = std::make_unique<const Step>(question, true);
  return {speculation.tokens, speculation.acceptance, prepared.draft.get()};
}

std::unique_ptr<Prepared> Estimator::make(const vw_candidate& candidate) const {
  const Gpu& gpu = settings_.gpus.at(candidate.gpu);
  const Release& release = settings_.releases.at(candidate.release);
  auto made = std::make_unique<Prepared>();
  made->layout = layout_of(candidate);
  made->obstacle = obstacle_of(gpu);
  name_spread(gpu, *made);
  if (!made->obstacle.empty()) return made;
  constexpr double usual_sequences = 256, usual_tokens = 2048;
  made->default_sequences = vw::settings::tier_value(release.max_sequences, gpu.name, gpu.total_gib, usual_sequences);
  made->default_batched_tokens =
      vw::settings::tier_value(release.max_batched_tokens, gpu.name, gpu.total_gib, usual_tokens);
  const LayoutQuestion question{settings_,
                                settings_.model,
                                gpu,
                                *settings_.formats.at(candidate.format),
                                *settings_.kv_formats.at(candidate.kv_format),
                                release,
                                made->layout};
  made->step = std::make_unique<const Step>(question);
  if (!made->step->substitutes().empty() && made->spread_name == "served") use_spread("substituted", *made);
  if (settings_.cpu_offload_bytes > 0 && made->spread_name == "served") use_spread("offloaded", *made);
  const Drafting draft = drafting(question, *made);
  const CollectiveRecord* const hop = gpu.efficiency.collective_of("all-gather", 2);
  made->server = std::make_unique<const Server>(*made->step, draft, settings_.shared.costs_of(release.vllm),
                                                made->layout, hop == nullptr ? 0 : hop->launch_s, settings_.prefix_hit);
  return made;
}

const Prepared& Estimator::prepare(const vw_candidate& candidate) const {
  const std::array<std::uint32_t, 8> key{candidate.gpu,
                                         candidate.format,
                                         candidate.kv_format,
                                         candidate.release,
                                         candidate.tensor_parallel * 4096 + candidate.pipeline_parallel,
                                         candidate.data_parallel,
                                         candidate.nodes > 1 ? candidate.gpus : 0,
                                         candidate.flags & VW_EXPERT_PARALLEL};
  for (auto kept = prepared_.begin(); kept != prepared_.end(); ++kept) {
    if ((*kept)->key != key) continue;
    if (kept != prepared_.begin()) std::iter_swap(kept, prepared_.begin());
    return *prepared_.front();
  }
  if (prepared_.size() >= most_prepared) prepared_.pop_back();
  auto made = make(candidate);
  made->key = key;
  made->number = ++made_;
  prepared_.push_front(std::move(made));
  return *prepared_.front();
}

Load Estimator::load_of(const vw_candidate& candidate, const vw_memory& memory, const Lengths& lengths) const {
  const Prepared& prepared = prepare(candidate);
  const auto given = [](double value, double otherwise) { return value > 0 ? value : otherwise; };
  Load load;
  const double concurrency = std::max(1.0, static_cast<double>(candidate.concurrency));
  load.replicas = std::min<double>(prepared.layout.data, concurrency);  // others have nothing to do
  load.concurrency = concurrency / load.replicas;
  load.prompt_tokens = given(lengths.prompt_tokens, std::max(1.0, static_cast<double>(candidate.prompt_tokens)));
  load.generated_tokens =
      given(lengths.generated_tokens, std::max(1.0, static_cast<double>(candidate.generated_tokens)));
  load.most_sequences = given(static_cast<double>(candidate.max_sequences), prepared.default_sequences);
  load.batched_tokens = given(static_cast<double>(candidate.max_batched_tokens), prepared.default_batched_tokens);
  load.memory_sequences = memory_sequences(candidate, memory, load.prompt_tokens + load.generated_tokens / 2);
  load.is_eager = (candidate.flags & VW_ENFORCE_EAGER) != 0;
  return load;
}

vw_perf Estimator::estimate(const vw_candidate& candidate, const vw_memory& memory) const {
  const Prepared& prepared = prepare(candidate);
  if (!prepared.obstacle.empty()) {
    vw_perf perf{};
    perf.verdict = VW_UNSUPPORTED;  // `explain` says why
    return perf;
  }
  Load load = load_of(candidate, memory, {});
  if (load.memory_sequences >= std::min(load.concurrency, load.most_sequences)) load.memory_sequences = 0;  // no limit
  const double mixed = load.concurrency + 31 * load.prompt_tokens + 7 * load.generated_tokens;
  Answered& kept = answered_[static_cast<std::size_t>(mixed) % answers];
  if (kept.prepared != prepared.number || kept.load != load) kept = {prepared.number, load, answer(prepared, load)};
  return kept.perf;
}

vw_perf Estimator::answer(const Prepared& prepared, const Load& load) const {
  vw_perf perf{};
  const Serving serving = prepared.server->serve(load);
  const double tpot = prepared.spread.tpot, ttft = prepared.spread.ttft;
  set(serving.ttft_s * ms, ttft, perf.ttft_ms, perf.ttft_low_ms, perf.ttft_high_ms);
  set(serving.tpot_s * ms, tpot, perf.tpot_ms, perf.tpot_low_ms, perf.tpot_high_ms);
  set(1 / serving.tpot_s, tpot, perf.decode_tokens_per_s, perf.decode_low_tokens_per_s, perf.decode_high_tokens_per_s);
  set(serving.prefill_tokens_per_s, ttft, perf.prefill_tokens_per_s, perf.prefill_low_tokens_per_s,
      perf.prefill_high_tokens_per_s);
  set(serving.output_tokens_per_s, tpot, perf.output_tokens_per_s, perf.output_low_tokens_per_s,
      perf.output_high_tokens_per_s);
  set(serving.requests_per_s, tpot, perf.requests_per_s, perf.requests_low_per_s, perf.requests_high_per_s);
  add_shares(serving, perf);
  return perf;
}

}  // namespace roofline

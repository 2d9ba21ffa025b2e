// plan: when the request does not fit, the changes that would make it fit, cheapest first: one at a time, and smaller
// weights with a smaller KV cache. What costs nothing comes first, then speed, then what is served, then money.
#include "base/text.hpp"
#include "base/units.hpp"
#include "plan/batch_limits.hpp"
#include "plan/plan.hpp"
#include "plan/solve.hpp"
#include "plan/utilization.hpp"

#include <fmt/format.h>

#include <functional>
#include <optional>

namespace vw {
namespace {

class Adviser {
 public:
  Adviser(const Scenario& scenario, const Plan& plan, MemoryJudge& memory)
      : scenario_(scenario), plan_(plan), memory_(memory), base_(running_candidate(scenario, plan)) {}

  std::vector<Advice> run() {
    if (!scenario_.is_mendable()) return {};  // no other size, and no number of GPUs, makes it run
    if (try_mends()) return std::move(advice_);
    const bool idle_gpus_suffice = try_idle_gpus();
    try_batch_limits();
    try_utilization();
    try_kv_cache();
    try_eager();
    try_context();
    try_concurrency();
    try_weights();
    try_weights_and_kv_cache();
    if (!idle_gpus_suffice) try_more_gpus();
    return std::move(advice_);
  }

 private:
  double shown_gib(const vw_memory& memory, double bytes) const { return to_gib(over_group(base_, memory, bytes)); }

  Advice advice_of(const std::string& change, const std::string& effect, const vw_candidate& candidate,
                   const vw_memory& memory) const {
    return {with_mends(change),
            effect,
            true,
            to_gib(over_group(candidate, memory, memory.headroom_bytes)),
            static_cast<std::int64_t>(candidate.tensor_parallel) * candidate.pipeline_parallel,
            memory.max_concurrency,
            scenario_.request.max_model_len ? 0 : static_cast<std::int64_t>(candidate.context_tokens)};
  }

  using Effect = std::function<std::string(const vw_memory&)>;

  // What must be given so that it runs at all comes before each change.
  bool keep_if_fits(const std::string& change, const vw_candidate& candidate, const Effect& effect) {
    const vw_memory memory = memory_.judge(candidate);
    if (!fits(memory)) return false;
    advice_.push_back(advice_of(change, effect(memory), candidate, memory));
    return true;
  }

  bool keep_if_fits(const std::string& change, const vw_candidate& candidate, const std::string& effect) {
    return keep_if_fits(change, candidate, [&](const vw_memory&) { return effect; });
  }

  std::string with_mends(const std::string& change) const {
    std::vector<std::string> options;
    for (const Obstacle& obstacle : scenario_.obstacles) {
      const std::string option = obstacle.mend.substr(0, obstacle.mend.find(' ') + 1);
      if (change.find(option) == std::string::npos) options.push_back(obstacle.mend);
    }
    if (!change.empty()) options.push_back(change);
    return join(options, " ");
  }

  bool try_mends() {
    if (scenario_.obstacles.empty()) return false;
    std::vector<std::string> what;
    for (const Obstacle& obstacle : scenario_.obstacles) what.push_back(obstacle.what);
    return keep_if_fits("", base_, fmt::format("instead of {}, which does not run here", join(what, " and ")));
  }

  std::string kv_effect(const vw_memory& memory) const {
    return fmt::format("KV cache {:.2f} GiB instead of {:.2f}", shown_gib(memory, memory.kv_required_bytes),
                       shown_gib(plan_.memory, plan_.memory.kv_required_bytes));
  }

  std::string weights_effect(const WeightChoice& choice, const vw_memory& memory) const {
    return fmt::format("{} weights, {:.2f} GiB instead of {:.2f}", choice.format.id,
                       shown_gib(memory, memory.weights_bytes), shown_gib(plan_.memory, plan_.memory.weights_bytes));
  }

  // The server profiles a step of as many sequences and tokens as it may hold, whatever the load.
  void try_batch_limits() {
    const std::int64_t tokens = scenario_.release.default_of("max_num_batched_tokens", scenario_.hardware.gpu, 0);
    vw_candidate fewer_sequences = base_, fewer_tokens = base_;
    fewer_sequences.max_sequences = static_cast<std::uint64_t>(concurrency_of_replica(base_));
    fewer_tokens.max_batched_tokens = static_cast<std::uint64_t>(std::max(tokens, concurrency_of_replica(base_)));
    vw_candidate both = fewer_sequences;
    both.max_batched_tokens = fewer_tokens.max_batched_tokens;
    const std::string sequences_option = fmt::format("--max-num-seqs {}", fewer_sequences.max_sequences);
    const std::string tokens_option = fmt::format("--max-num-batched-tokens {}", fewer_tokens.max_batched_tokens);
    const bool may_have_fewer = base_.max_sequences > fewer_sequences.max_sequences,
               may_be_smaller = base_.max_batched_tokens > fewer_tokens.max_batched_tokens;
    const Effect effect = [this](const vw_memory& memory) { return overhead_effect(memory); };
    const bool one_suffices = (may_have_fewer && keep_if_fits(sequences_option, fewer_sequences, effect)) ||
                              (may_be_smaller && keep_if_fits(tokens_option, fewer_tokens, effect));
    if (!one_suffices && may_have_fewer && may_be_smaller)
      keep_if_fits(sequences_option + " " + tokens_option, both, effect);
  }

  std::string overhead_effect(const vw_memory& memory) const {
    return fmt::format("a smaller step takes {:.2f} GiB instead of {:.2f}", shown_gib(memory, memory.overhead_bytes),
                       shown_gib(plan_.memory, plan_.memory.overhead_bytes));
  }

  void try_utilization() {
    const double most = scenario_.rules.highest_usual_utilization;
    vw_candidate candidate = base_;
    if (plan_.memory.reason == VW_REASON_UTILIZATION_ABOVE_FREE) {
      candidate.utilization = startable_utilization(base_, memory_);
      keep_if_fits(fmt::format("--gpu-memory-utilization {:g}", candidate.utilization), candidate,
                   "no more than is free when vLLM starts");
      return;
    }
    const std::optional<double> enough = smallest_fitting_utilization(memory_, base_);
    const double usual = scenario_.release.gpu_memory_utilization;
    candidate.utilization = enough && *enough <= most ? *enough : usual;
    if (candidate.utilization <= base_.utilization) return;
    keep_if_fits(fmt::format("--gpu-memory-utilization {:g}", candidate.utilization), candidate,
                 fmt::format("more of the card than {:g}; nothing else may use it", base_.utilization));
  }

  void try_eager() {
    if ((base_.flags & VW_ENFORCE_EAGER) != 0) return;
    vw_candidate candidate = base_;
    candidate.flags |= VW_ENFORCE_EAGER;
    keep_if_fits("--enforce-eager", candidate, "no CUDA graphs: slower decoding");
  }

  void try_kv_cache() {
    const std::optional<std::uint32_t> kv_format = scenario_.smaller_kv();
    if (!kv_format) return;
    vw_candidate candidate = base_;
    candidate.kv_format = *kv_format;
    kv_cache_suffices_ =
        keep_if_fits(kv_option(*kv_format), candidate, [this](const vw_memory& memory) { return kv_effect(memory); });
  }

  void try_context() {
    const auto judged = static_cast<std::int64_t>(base_.context_tokens);
    const std::int64_t possible = largest_fitting_context(memory_, base_, judged);
    if (possible < scenario_.request.prompt_tokens + scenario_.request.generated_tokens) return;
    vw_candidate candidate = base_;
    candidate.context_tokens = static_cast<std::uint64_t>(possible);
    keep_if_fits(fmt::format("--max-model-len {}", possible), candidate,
                 fmt::format("the longest context at concurrency {}", scenario_.request.concurrency));
  }

  void try_concurrency() {
    const std::int64_t possible = largest_fitting_concurrency(memory_, base_, scenario_.request.concurrency);
    if (possible == 0) return;
    vw_candidate candidate = base_;
    candidate.concurrency = static_cast<std::uint64_t>(possible);
    keep_if_fits(fmt::format("--concurrency {}", possible), candidate,
                 fmt::format("as many sequences of {} tokens as fit",
                             show_count(static_cast<std::int64_t>(candidate.context_tokens))));
  }

  void try_weights() {
    for (std::uint32_t i = base_.format + 1; i < scenario_.weights.size(); ++i) {
      vw_candidate candidate = base_;
      candidate.format = i;
      const WeightChoice& choice = scenario_.weights[i];
      keep_if_fits(option_for(choice), candidate,
                   [&](const vw_memory& memory) { return weights_effect(choice, memory); });
    }
  }

  // Both at once where neither is enough alone. Weights that fit alone are not tried again.
  void try_weights_and_kv_cache() {
    const std::optional<std::uint32_t> kv_format = scenario_.smaller_kv();
    if (!kv_format || kv_cache_suffices_) return;
    for (std::uint32_t i = base_.format + 1; i < scenario_.weights.size(); ++i) {
      vw_candidate candidate = base_;
      candidate.format = i;
      if (fits(memory_.judge(candidate))) continue;
      candidate.kv_format = *kv_format;
      const WeightChoice& choice = scenario_.weights[i];
      keep_if_fits(option_for(choice) + " " + kv_option(*kv_format), candidate, [&](const vw_memory& memory) {
        return weights_effect(choice, memory) + ", and " + kv_effect(memory);
      });
    }
  }

  // Cards that are there and that the request leaves unused.
  bool try_idle_gpus() {
    const std::int64_t idle = scenario_.hardware.total_gpus() / plan_.parallel.data;
    for (const Parallel& way : layouts(scenario_, idle)) {
      if (way.group() <= plan_.parallel.group()) continue;
      const vw_candidate candidate = with_utilization(scenario_, spread(base_, way), memory_);
      const std::string effect = fmt::format("{} of the {} GPUs that are there", way.group() * plan_.parallel.data,
                                             scenario_.hardware.total_gpus());
      if (keep_if_fits(split_option(way), candidate, effect)) return true;
    }
    return false;
  }

  // The fewest GPUs for each way to store the weights, as long as other weights need fewer.
  void try_more_gpus() {
    std::int64_t fewest = most_gpus + 1;
    std::vector<Advice> found;
    for (std::uint32_t format = base_.format; format < scenario_.weights.size(); ++format)
      for (const Parallel& way : layouts(scenario_, fewest - 1)) {
        if (way.group() <= plan_.parallel.group()) continue;
        std::optional<Advice> advice = with_gpus(format, way);
        if (!advice) continue;
        found.insert(found.begin(), std::move(*advice));
        fewest = way.group();
        break;
      }
    advice_.insert(advice_.end(), found.begin(), found.end());
  }

  std::optional<Advice> with_gpus(std::uint32_t format, const Parallel& way) {
    vw_candidate candidate = spread(base_, way);
    candidate.format = format;
    candidate = with_utilization(scenario_, candidate, memory_);
    const vw_memory memory = memory_.judge(candidate);
    if (!fits(memory)) return std::nullopt;
    const std::string weights = format == base_.format ? "" : " " + option_for(scenario_.weights[format]);
    return advice_of(gpus_option(candidate, way) + weights,
                     fmt::format("{} x {}", candidate.gpus, scenario_.hardware.gpu.name), candidate, memory);
  }

  std::string split_option(const Parallel& way) const {
    const bool says_stages = way.pipeline > 1 || scenario_.request.pipeline_parallel;
    return fmt::format("--tensor-parallel-size {}{}", way.tensor,
                       says_stages ? fmt::format(" --pipeline-parallel-size {}", way.pipeline) : "");
  }

  // What does not fit into one node stands on several.
  std::string gpus_option(const vw_candidate& candidate, const Parallel& way) const {
    const Hardware& hardware = scenario_.hardware;
    const std::int64_t in_node = std::max(hardware.gpu.gpus_per_node, hardware.gpus_per_node);
    const std::int64_t nodes = std::max((candidate.gpus + in_node - 1) / in_node, hardware.nodes);
    const std::string over = nodes > 1 ? fmt::format(" --nodes {}", nodes) : "";
    return fmt::format("--gpus {}{} {}", (candidate.gpus + nodes - 1) / nodes, over, split_option(way));
  }

  std::string kv_option(std::uint32_t kv_format) const {
    return "--kv-cache-dtype " + scenario_.kv_formats[kv_format].kv->vllm_name;
  }

  static std::string option_for(const WeightChoice& choice) {
    return choice.checkpoint.empty() ? "--quantization " + choice.format.id : "--model " + choice.checkpoint;
  }

  const Scenario& scenario_;
  const Plan& plan_;
  MemoryJudge& memory_;
  const vw_candidate base_;  // the request, or what runs in its place
  bool kv_cache_suffices_ = false;
  std::vector<Advice> advice_;
};

}  // namespace

std::vector<Advice> advise(const Scenario& scenario, const Plan& plan, MemoryJudge& memory) {
  return Adviser(scenario, plan, memory).run();
}

}  // namespace vw

// plan: when the request does not fit, the single changes that would make it fit, cheapest first.
#include "base/units.hpp"
#include "plan/plan.hpp"
#include "plan/solve.hpp"

#include <fmt/format.h>

#include <optional>

namespace vw {
namespace {

class Adviser {
 public:
  Adviser(const Scenario& scenario, const Plan& plan, MemoryJudge& memory)
      : scenario_(scenario), plan_(plan), memory_(memory) {}

  std::vector<Advice> run() {
    try_kv_cache();
    try_context();
    try_concurrency();
    try_weights();
    try_more_gpus();
    return std::move(advice_);
  }

 private:
  double shown_gib(const vw_memory& memory, double bytes) const { return to_gib(over_group(plan_, memory, bytes)); }

  void keep_if_fits(const std::string& change, const vw_candidate& candidate, const std::string& effect) {
    const vw_memory memory = memory_.judge(candidate);
    if (fits(memory)) advice_.push_back({change, effect, true, to_gib(memory.headroom_bytes)});
  }

  void try_kv_cache() {
    if (scenario_.kv_formats.size() < 2) return;
    vw_candidate candidate = plan_.candidate;
    candidate.kv_format = 1;
    const vw_memory memory = memory_.judge(candidate);
    keep_if_fits("--kv-cache-dtype " + scenario_.kv_formats[1].kv->vllm_name, candidate,
                 fmt::format("KV cache {:.2f} GiB instead of {:.2f}", shown_gib(memory, memory.kv_required_bytes),
                             shown_gib(plan_.memory, plan_.memory.kv_required_bytes)));
  }

  void try_context() {
    const auto judged = static_cast<std::int64_t>(plan_.candidate.context_tokens);
    const std::int64_t possible = largest_fitting_context(memory_, plan_.candidate, judged);
    if (possible < scenario_.request.prompt_tokens + scenario_.request.generated_tokens) return;
    vw_candidate candidate = plan_.candidate;
    candidate.context_tokens = static_cast<std::uint64_t>(possible);
    keep_if_fits(fmt::format("--max-model-len {}", possible), candidate,
                 fmt::format("the longest context at concurrency {}", scenario_.request.concurrency));
  }

  void try_concurrency() {
    const std::int64_t possible = largest_fitting_concurrency(memory_, plan_.candidate, scenario_.request.concurrency);
    if (possible == 0) return;
    vw_candidate candidate = plan_.candidate;
    candidate.concurrency = static_cast<std::uint64_t>(possible);
    keep_if_fits(fmt::format("--concurrency {}", possible), candidate,
                 fmt::format("as many sequences of {} tokens as fit",
                             show_count(static_cast<std::int64_t>(candidate.context_tokens))));
  }

  void try_weights() {
    for (std::size_t i = 1; i < scenario_.weights.size(); ++i) {
      vw_candidate candidate = plan_.candidate;
      candidate.format = static_cast<std::uint32_t>(i);
      const WeightChoice& choice = scenario_.weights[i];
      const vw_memory memory = memory_.judge(candidate);
      keep_if_fits(
          option_for(choice), candidate,
          fmt::format("{} weights, {:.2f} GiB instead of {:.2f}", choice.format.id,
                      shown_gib(memory, memory.weights_bytes), shown_gib(plan_.memory, plan_.memory.weights_bytes)));
    }
  }

  // The fewest GPUs for each way to store the weights, as long as other weights need fewer.
  void try_more_gpus() {
    std::int64_t fewest = most_tensor_parallel + 1;
    std::vector<Advice> found;
    for (std::uint32_t format = 0; format < scenario_.weights.size(); ++format)
      for (std::int64_t size = plan_.parallel.tensor * 2; size < fewest; size *= 2)
        if (std::optional<Advice> advice = with_gpus(format, size)) {
          found.insert(found.begin(), std::move(*advice));
          fewest = size;
        }
    advice_.insert(advice_.end(), found.begin(), found.end());
  }

  std::optional<Advice> with_gpus(std::uint32_t format, std::int64_t size) {
    if (!can_split_heads(scenario_.model, size)) return std::nullopt;
    vw_candidate candidate = plan_.candidate;
    candidate.format = format;
    candidate.tensor_parallel = static_cast<std::uint32_t>(size);
    candidate.gpus = static_cast<std::uint32_t>(size * plan_.parallel.pipeline * plan_.parallel.data);
    const vw_memory memory = memory_.judge(candidate);
    if (!fits(memory)) return std::nullopt;
    const std::string weights = format == 0 ? "" : " " + option_for(scenario_.weights[format]);
    return Advice{fmt::format("--gpus {} --tensor-parallel-size {}{}", candidate.gpus, size, weights),
                  fmt::format("{} x {}", candidate.gpus, scenario_.hardware.gpu.name), true,
                  to_gib(memory.headroom_bytes)};
  }

  static std::string option_for(const WeightChoice& choice) {
    return choice.checkpoint.empty() ? "--quantization " + choice.format.id : "--model " + choice.checkpoint;
  }

  static constexpr std::int64_t most_tensor_parallel = 64;
  const Scenario& scenario_;
  const Plan& plan_;
  MemoryJudge& memory_;
  std::vector<Advice> advice_;
};

}  // namespace

std::vector<Advice> advise(const Scenario& scenario, const Plan& plan, MemoryJudge& memory) {
  return Adviser(scenario, plan, memory).run();
}

}  // namespace vw

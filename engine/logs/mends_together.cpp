// Changes that cost little, each as far as it goes, until the server starts; then those undone that are not needed.
#include "base/text.hpp"
#include "logs/mended.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

namespace vw {
namespace {

class ManyChanges {
 public:
  explicit ManyChanges(MendCheck& check) : check_(check), ran_(check.ran()) {}

  std::optional<Change> run() {
    vw_candidate tried = ran_;
    bool is_done = false;
    for (const Step& step : steps()) {
      if (is_done || !step(tried)) continue;
      is_done = check_.is_mended(tried);
    }
    if (!is_done && has("lower-max-model-len")) {
      const std::int64_t tokens = longest_context(tried, check_);
      is_done = tokens >= check_.rules().least_context_tokens;
      tried.context_tokens = static_cast<std::uint64_t>(tokens);
    }
    if (!is_done) return std::nullopt;
    undo_what_is_not_needed(tried);
    return Change{"together", tried, options_of(tried), "none of these is enough alone", 0};
  }

 private:
  using Step = std::function<bool(vw_candidate&)>;

  bool has(const char* kind) const {
    const auto& mends = check_.cause().mends;
    return std::find(mends.begin(), mends.end(), kind) != mends.end();
  }

  std::vector<Step> steps() {
    std::vector<Step> steps;
    if (has("fewer-batched-tokens")) steps.push_back([this](vw_candidate& tried) { return usual_tokens(tried); });
    if (has("fewer-sequences")) steps.push_back([this](vw_candidate& tried) { return halve_sequences(tried); });
    if (has("higher-utilization")) steps.push_back([this](vw_candidate& tried) { return raise_share(tried); });
    if (has("smaller-kv-cache") && check_.scenario().smaller_kv())
      steps.push_back([this](vw_candidate& tried) {
        tried.kv_format = *check_.scenario().smaller_kv();
        return true;
      });
    if (has("enforce-eager"))
      steps.push_back([](vw_candidate& tried) {
        tried.flags |= VW_ENFORCE_EAGER;
        return true;
      });
    return steps;
  }

  // Of small cards, as vLLM has them by itself.
  bool usual_tokens(vw_candidate& tried) {
    const std::int64_t usual =
        check_.scenario().release.default_of("max_num_batched_tokens", check_.scenario().hardware.gpu, 0);
    tried.max_batched_tokens = std::min(tried.max_batched_tokens, static_cast<std::uint64_t>(usual));
    tried.max_sequences = std::min(tried.max_sequences, tried.max_batched_tokens);
    return true;
  }

  // Until it is enough, or nobody would call it a server.
  bool halve_sequences(vw_candidate& tried) {
    constexpr std::uint64_t least = 8;
    while (tried.max_sequences > least && !check_.is_mended(tried)) tried.max_sequences /= 2;
    return true;
  }

  // As far as vLLM starts and survives.
  bool raise_share(vw_candidate& tried) {
    for (double share = check_.scenario().rules.highest_usual_utilization; share > tried.utilization + 1e-9;
         share -= 0.01) {
      vw_candidate raised = tried;
      raised.utilization = std::round(share * 100) / 100;
      const vw_memory memory = check_.judge(raised);
      if (memory.reason == VW_REASON_UTILIZATION_ABOVE_FREE || memory.survives == VW_NO) continue;
      tried = raised;
      return true;
    }
    return false;
  }

  template <class Field>
  void undo(vw_candidate& tried, Field vw_candidate::*field) {
    vw_candidate without = tried;
    without.*field = ran_.*field;
    if (check_.is_mended(without)) tried = without;
  }

  void undo_what_is_not_needed(vw_candidate& tried) {
    undo(tried, &vw_candidate::flags);
    undo(tried, &vw_candidate::kv_format);
    undo(tried, &vw_candidate::utilization);
    undo(tried, &vw_candidate::max_sequences);
    undo(tried, &vw_candidate::max_batched_tokens);
    undo(tried, &vw_candidate::context_tokens);
  }

  std::string options_of(const vw_candidate& tried) const {
    std::vector<std::string> options;
    if (tried.context_tokens != ran_.context_tokens)
      options.push_back(fmt::format("--max-model-len {}", tried.context_tokens));
    if (tried.utilization != ran_.utilization)
      options.push_back(fmt::format("--gpu-memory-utilization {:.2f}", tried.utilization));
    if (tried.kv_format != ran_.kv_format)
      options.push_back("--kv-cache-dtype " + check_.scenario().kv_formats[tried.kv_format].kv->vllm_name);
    if (tried.max_sequences != ran_.max_sequences)
      options.push_back(fmt::format("--max-num-seqs {}", tried.max_sequences));
    if (tried.max_batched_tokens != ran_.max_batched_tokens)
      options.push_back(fmt::format("--max-num-batched-tokens {}", tried.max_batched_tokens));
    if (tried.flags != ran_.flags) options.emplace_back("--enforce-eager");
    return join(options, " ");
  }

  MendCheck& check_;
  const vw_candidate ran_;
};

}  // namespace

std::optional<Change> changes_together(MendCheck& check) { return ManyChanges(check).run(); }

}  // namespace vw

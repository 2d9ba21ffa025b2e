// Each kind of change by itself, the smallest that mends.
#include "base/text.hpp"
#include "base/units.hpp"
#include "logs/mended.hpp"
#include "plan/solve.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace vw {
namespace {

class KindsOfChange {
 public:
  explicit KindsOfChange(MendCheck& check) : check_(check), ran_(check.ran()) {}

  std::optional<Change> shorter() {
    vw_candidate tried = ran_;
    const std::int64_t tokens = longest_context(tried, check_);
    if (tokens < check_.rules().least_context_tokens || tokens >= static_cast<std::int64_t>(ran_.context_tokens))
      return std::nullopt;
    tried.context_tokens = static_cast<std::uint64_t>(tokens);
    return Change{"", tried, fmt::format("--max-model-len {}", tokens),
                  fmt::format("sequences of {} tokens instead of {}", show_count(tokens),
                              show_count(static_cast<std::int64_t>(ran_.context_tokens))),
                  lowered_by(tokens, ran_.context_tokens)};
  }

  static double lowered_by(std::int64_t to, std::uint64_t from) {
    return 1 - static_cast<double>(to) / static_cast<double>(std::max<std::uint64_t>(1, from));
  }

  // Rounded down where there are enough: nobody asks for 183 sequences.
  static std::int64_t rounded(std::int64_t count, std::int64_t step) {
    return count > 2 * step ? count / step * step : count;
  }

  std::optional<Change> fewer_sequences() {
    vw_candidate tried = ran_;
    const auto with = [&](std::int64_t count) {
      tried.max_sequences = static_cast<std::uint64_t>(count);
      return check_.is_mended(tried);
    };
    constexpr std::int64_t step = 8;
    const std::int64_t count = rounded(largest_that(static_cast<std::int64_t>(ran_.max_sequences) - 1, with), step);
    if (count < 1 || !with(count)) return std::nullopt;
    return Change{"", tried, fmt::format("--max-num-seqs {}", count),
                  fmt::format("{} sequences at a time instead of {}", show_count(count),
                              show_count(static_cast<std::int64_t>(ran_.max_sequences))),
                  lowered_by(count, ran_.max_sequences)};
  }

  std::optional<Change> fewer_tokens() {
    vw_candidate tried = ran_;
    const auto now = static_cast<std::int64_t>(ran_.max_batched_tokens);
    const auto least =
        std::max<std::int64_t>(check_.rules().least_batched_tokens, static_cast<std::int64_t>(ran_.max_sequences));
    const auto with = [&](std::int64_t count) {
      tried.max_batched_tokens = static_cast<std::uint64_t>(count);
      return check_.is_mended(tried);
    };
    constexpr std::int64_t step = 256;
    const std::int64_t count = rounded(largest_that(now - 1, with), step);
    if (count < least || !with(count)) return std::nullopt;
    return Change{"", tried, fmt::format("--max-num-batched-tokens {}", count),
                  fmt::format("steps of {} tokens instead of {}: longer prompts take more steps", show_count(count),
                              show_count(now)),
                  lowered_by(count, ran_.max_batched_tokens)};
  }

  Change with_share(double share) const {
    vw_candidate tried = ran_;
    tried.utilization = share;
    const char* const effect = share > ran_.utilization ? "more of the card than {:g}: nothing else may use it"
                                                        : "less of the card than {:g}: a smaller KV cache";
    return {"", tried, fmt::format("--gpu-memory-utilization {:.2f}", share),
            fmt::format(fmt::runtime(effect), ran_.utilization), 0};
  }

  std::optional<Change> higher_share() {
    const double most = check_.scenario().rules.highest_usual_utilization;
    for (double share = std::floor(ran_.utilization * 100 + 1e-9) / 100 + 0.01; share <= most + 1e-9; share += 0.01) {
      const Change change = with_share(std::round(share * 100) / 100);
      if (check_.judge(change.candidate).survives != VW_NO && check_.is_mended(change.candidate)) return change;
    }
    return std::nullopt;
  }

  std::optional<Change> lower_share() {
    double share = std::ceil(ran_.utilization * 100 - 1e-9) / 100 - 0.01;
    const auto free = check_.told("free_at_start_gib"), total = check_.told("total_gib");
    if (check_.cause().term == "utilization" && free && total && *total > 0)
      share = std::min(share, std::floor(100 * *free / *total) / 100);
    for (; share > 0.005; share -= 0.01)
      if (const Change change = with_share(std::round(share * 100) / 100); check_.is_mended(change.candidate))
        return change;
    return std::nullopt;
  }

  std::optional<Change> smaller_cache() {
    const std::optional<std::uint32_t> format = check_.scenario().smaller_kv();
    if (!format) return std::nullopt;
    vw_candidate tried = ran_;
    tried.kv_format = *format;
    if (!check_.is_mended(tried)) return std::nullopt;
    return Change{"", tried, "--kv-cache-dtype " + check_.scenario().kv_formats[*format].kv->vllm_name,
                  "keys and values in half of the bits", 0};
  }

  std::optional<Change> eager() {
    if ((ran_.flags & VW_ENFORCE_EAGER) != 0) return std::nullopt;
    vw_candidate tried = ran_;
    tried.flags |= VW_ENFORCE_EAGER;
    if (!check_.is_mended(tried)) return std::nullopt;
    return Change{"", tried, "--enforce-eager", "no CUDA graphs: slower decoding", 0};
  }

  vw_candidate over(std::uint32_t cards) const {
    vw_candidate tried = ran_;
    tried.tensor_parallel = cards;
    if (tried.expert_parallel > 1) tried.expert_parallel = cards * std::max(1u, tried.data_parallel);
    const std::uint32_t needed = cards * tried.pipeline_parallel * std::max(1u, tried.data_parallel);
    tried.gpus = std::max(tried.gpus, (needed + tried.nodes - 1) / std::max(1u, tried.nodes));
    return tried;
  }

  std::optional<Change> more_gpus() {
    for (std::uint32_t cards = ran_.tensor_parallel * 2; cards <= check_.rules().most_tensor_parallel; cards *= 2)
      if (const vw_candidate tried = over(cards); check_.is_mended(tried))
        return Change{"", tried, fmt::format("--tensor-parallel-size {}", cards),
                      fmt::format("{} cards instead of {}", cards * ran_.pipeline_parallel,
                                  ran_.tensor_parallel * ran_.pipeline_parallel),
                      0};
    return std::nullopt;
  }

  std::optional<Change> fewer_gpus() {
    const auto most = static_cast<std::uint32_t>(std::max(1.0, check_.told("gpus").value_or(ran_.tensor_parallel)));
    for (std::uint32_t cards = std::min(ran_.tensor_parallel - 1, most); cards >= 1; --cards)
      if (const vw_candidate tried = over(cards); check_.is_mended(tried))
        return Change{"", tried, fmt::format("--tensor-parallel-size {}", cards),
                      fmt::format("{} cards instead of {}", cards, ran_.tensor_parallel), 0};
    return std::nullopt;
  }

  std::optional<Change> other_dtype() {
    for (const Obstacle& obstacle : check_.scenario().obstacles) {
      if (obstacle.mend.empty() || !check_.is_mended(ran_)) continue;
      return Change{"", ran_, obstacle.mend, "instead of " + obstacle.what, 0};
    }
    // nobody chose the one that failed: the checkpoint's own, which the plan has replaced already
    const std::string& dtype = check_.scenario().dtype;
    if (check_.scenario().request.dtype != "auto" || dtype == "bf16" || !check_.is_mended(ran_)) return std::nullopt;
    return Change{"", ran_, "--dtype " + dtype, "instead of the checkpoint's own", 0};
  }

  // The same command; the memory model says that it starts where nothing else holds memory.
  std::optional<Change> free_memory() {
    const std::optional<double>& short_gib = check_.shortage().gib;
    const NotedNumber* const free = check_.bench().start.first("free_at_start_gib");
    if (!short_gib || *short_gib <= 0 || free == nullptr || !does_start(check_.judge(ran_))) return std::nullopt;
    const double held = to_gib(check_.before().total_bytes) - free->value;
    constexpr double context_gib = 1;  // what an idle card lacks: CUDA and its libraries
    const bool is_sure = check_.cause().term == "utilization";
    if (held < *short_gib + (is_sure ? 0 : context_gib)) return std::nullopt;
    return Change{
        "", ran_, "",
        fmt::format("end what else is on the card: {:.2f} GiB are held, {:.2f} of it are needed", held, *short_gib), 0};
  }

  std::optional<Change> smaller_weights() {
    const std::vector<WeightChoice>& weights = check_.scenario().weights;
    for (std::uint32_t index = ran_.format + 1; index < weights.size(); ++index) {
      vw_candidate tried = ran_;
      tried.format = index;
      const WeightChoice& choice = weights[index];
      if (choice.is_missing || !check_.is_mended(tried)) continue;
      const std::string option = choice.checkpoint.empty()
                                     ? "--quantization " + choice.flag
                                     : choice.checkpoint + " instead of " + check_.scenario().request.model;
      return Change{"", tried, option, "weights stored as " + choice.format.id, 0};
    }
    return std::nullopt;
  }

 private:
  MendCheck& check_;
  const vw_candidate ran_;
};

using Try = std::optional<Change> (KindsOfChange::*)();
const std::map<std::string, Try>& kinds() {
  static const std::map<std::string, Try> known = {{"lower-max-model-len", &KindsOfChange::shorter},
                                                   {"fewer-sequences", &KindsOfChange::fewer_sequences},
                                                   {"fewer-batched-tokens", &KindsOfChange::fewer_tokens},
                                                   {"higher-utilization", &KindsOfChange::higher_share},
                                                   {"lower-utilization", &KindsOfChange::lower_share},
                                                   {"smaller-kv-cache", &KindsOfChange::smaller_cache},
                                                   {"smaller-weights", &KindsOfChange::smaller_weights},
                                                   {"more-gpus", &KindsOfChange::more_gpus},
                                                   {"fewer-gpus", &KindsOfChange::fewer_gpus},
                                                   {"enforce-eager", &KindsOfChange::eager},
                                                   {"other-dtype", &KindsOfChange::other_dtype},
                                                   {"free-memory", &KindsOfChange::free_memory}};
  return known;
}

}  // namespace

std::int64_t longest_context(vw_candidate tried, MendCheck& check) {
  constexpr std::int64_t multiple = 16;
  const auto most = std::min<std::int64_t>(static_cast<std::int64_t>(tried.context_tokens),
                                           check.scenario().model.max_context_tokens);
  return multiple * largest_that(most / multiple, [&](std::int64_t blocks) {
           tried.context_tokens = static_cast<std::uint64_t>(blocks * multiple);
           return check.is_mended(tried);
         });
}

std::optional<Change> change_of(const std::string& kind, MendCheck& check) {
  const auto found = kinds().find(kind);
  if (found == kinds().end()) return std::nullopt;
  KindsOfChange of(check);
  std::optional<Change> change = (of.*found->second)();
  if (change) change->kind = kind;
  return change;
}

}  // namespace vw

// The mends: each kind by itself, smallest change first found; all that help together where no single one suffices.
#include "logs/diagnosis.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "plan/batch_limits.hpp"
#include "plan/solve.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

namespace vw {
namespace {

// A change of the server that ran: the candidate to try, and the same in the words of options.
struct Change {
  vw_candidate candidate{};
  std::string option, effect;
  double lowered = 0;  // the share by which a number falls
};

class Mender {
 public:
  Mender(const MendBench& bench, const LoggedCase& judged)
      : bench_(bench),
        rules_(bench.bench.defaults.mend),
        cause_(*bench.cause.what),
        scenario_(judged.scenario),
        base_(judged.candidate) {
    if (bench.correction) scenario_.corrections = {*bench.correction};
    judge_ = std::make_unique<MemoryJudge>(bench.bench.memory_model, scenario_);
    before_ = judge_->judge(base_);
    shortage_ = shortage_of(bench.cause, logged_terms(bench.start), &before_);
    blocks_ratio_ = ratio_of_state_blocks();
  }

  Diagnosis run() {
    Diagnosis diagnosis;
    diagnosis.shortage = shortage_;
    diagnosis.budget = budget_of(before_);
    for (const std::string& kind : cause_.mends) try_kind(kind);
    const bool has_sure_one = std::any_of(mends_.begin(), mends_.end(), [](const Mend& mend) {
      return mend.id != "free-memory" && mend.id != "more-gpus" && mend.id != "smaller-weights";
    });
    if (!has_sure_one) try_together();
    std::stable_sort(mends_.begin(), mends_.end(),
                     [](const Mend& left, const Mend& right) { return left.loss < right.loss; });
    diagnosis.mends = std::move(mends_);
    if (diagnosis.mends.empty() && !cause_.mends.empty())
      diagnosis.unmended = "no change of one option, nor all of them together, makes it start by the memory model";
    return diagnosis;
  }

 private:
  // ---- what counts as mended

  double taken_bytes(const vw_memory& memory) const {
    const double inside = memory.overhead_bytes - memory.activation_bytes - memory.non_torch_bytes;
    const double outside = inside > 0.5 * memory.cuda_graph_bytes ? 0 : memory.cuda_graph_bytes;
    if (cause_.term == "weights") return memory.weights_bytes;
    if (cause_.id == "cuda-oom-profile") return memory.weights_bytes + memory.activation_bytes + memory.non_torch_bytes;
    return memory.capacity_bytes + outside;
  }

  bool is_allocation() const {
    return cause_.term == "weights" || cause_.term == "activation" || cause_.term == "cuda_graph" ||
           cause_.term == "sampler";
  }

  // The allocation that failed grows with the sequences (sampler) or with the tokens of a step (forward).
  double allocation_factor(const vw_candidate& tried) const {
    if (cause_.term == "sampler")
      return static_cast<double>(tried.max_sequences) / static_cast<double>(base_.max_sequences);
    if (cause_.term == "activation")
      return static_cast<double>(tried.max_batched_tokens) / static_cast<double>(base_.max_batched_tokens);
    return 1;
  }

  bool frees_enough(const vw_candidate& tried, const vw_memory& memory) const {
    if (!is_allocation()) return true;
    const double gained = taken_bytes(before_) - taken_bytes(memory), margin = from_gib(rules_.margin_gib);
    if (!shortage_.gib) return gained >= margin;
    const auto& numbers = bench_.cause.seen->numbers;
    const double wanted = from_gib(numbers.contains("tried_gib") ? numbers.at("tried_gib") : *shortage_.gib);
    const double smaller = wanted * (1 - std::min(1.0, allocation_factor(tried)));
    return gained + smaller >= from_gib(*shortage_.gib) + margin;
  }

  // Of hybrids the log tells how many state blocks there really were.
  double ratio_of_state_blocks() const {
    const auto& numbers = bench_.cause.seen->numbers;
    if (!numbers.contains("state_blocks") || before_.kv_blocks <= 0) return 1;
    return numbers.at("state_blocks") / before_.kv_blocks;
  }

  bool is_mended(const vw_candidate& tried) {
    const vw_memory memory = judge_->judge(tried);
    if (memory.verdict == VW_UNSUPPORTED || memory.starts != VW_YES) return false;
    const double sequences = static_cast<double>(tried.max_sequences);
    if (cause_.term == "state" && sequences > std::floor(memory.kv_blocks * blocks_ratio_)) return false;
    return frees_enough(tried, memory);
  }

  // ---- the kinds

  void try_kind(const std::string& kind) {
    using Try = std::optional<Change> (Mender::*)();
    static const std::map<std::string, Try> tries = {{"lower-max-model-len", &Mender::shorter},
                                                     {"fewer-sequences", &Mender::fewer_sequences},
                                                     {"fewer-batched-tokens", &Mender::fewer_tokens},
                                                     {"higher-utilization", &Mender::higher_share},
                                                     {"lower-utilization", &Mender::lower_share},
                                                     {"smaller-kv-cache", &Mender::smaller_cache},
                                                     {"more-gpus", &Mender::more_gpus},
                                                     {"fewer-gpus", &Mender::fewer_gpus},
                                                     {"enforce-eager", &Mender::eager},
                                                     {"other-dtype", &Mender::other_dtype}};
    if (kind == "free-memory") return free_memory();
    if (kind == "smaller-weights") return smaller_weights();
    const auto found = tries.find(kind);
    if (found == tries.end()) return;
    if (const std::optional<Change> change = (this->*found->second)()) keep(kind, *change);
  }

  std::optional<Change> shorter() {
    constexpr std::int64_t multiple = 16;
    vw_candidate tried = base_;
    const auto now =
        std::min<std::int64_t>(static_cast<std::int64_t>(base_.context_tokens), scenario_.model.max_context_tokens);
    const std::int64_t blocks = largest_that(now / multiple, [&](std::int64_t count) {
      tried.context_tokens = static_cast<std::uint64_t>(count * multiple);
      return is_mended(tried);
    });
    const std::int64_t tokens = blocks * multiple;
    if (tokens < rules_.least_context_tokens || tokens >= static_cast<std::int64_t>(base_.context_tokens))
      return std::nullopt;
    tried.context_tokens = static_cast<std::uint64_t>(tokens);
    return Change{tried, fmt::format("--max-model-len {}", tokens),
                  fmt::format("sequences of {} tokens instead of {}", show_count(tokens),
                              show_count(static_cast<std::int64_t>(base_.context_tokens))),
                  lowered_by(tokens, base_.context_tokens)};
  }

  static double lowered_by(std::int64_t to, std::uint64_t from) {
    return 1 - static_cast<double>(to) / static_cast<double>(std::max<std::uint64_t>(1, from));
  }

  // Rounded down where there are enough: nobody asks for 183 sequences.
  static std::int64_t rounded(std::int64_t count, std::int64_t step) {
    return count > 2 * step ? count / step * step : count;
  }

  std::optional<Change> fewer_sequences() {
    vw_candidate tried = base_;
    const auto with = [&](std::int64_t count) {
      tried.max_sequences = static_cast<std::uint64_t>(count);
      return is_mended(tried);
    };
    constexpr std::int64_t step = 8;
    const std::int64_t count = rounded(largest_that(static_cast<std::int64_t>(base_.max_sequences) - 1, with), step);
    if (count < 1 || !with(count)) return std::nullopt;
    return Change{tried, fmt::format("--max-num-seqs {}", count),
                  fmt::format("{} sequences at a time instead of {}", show_count(count),
                              show_count(static_cast<std::int64_t>(base_.max_sequences))),
                  lowered_by(count, base_.max_sequences)};
  }

  std::optional<Change> fewer_tokens() {
    vw_candidate tried = base_;
    const auto now = static_cast<std::int64_t>(base_.max_batched_tokens);
    const auto least =
        std::max<std::int64_t>(rules_.least_batched_tokens, static_cast<std::int64_t>(base_.max_sequences));
    const auto with = [&](std::int64_t count) {
      tried.max_batched_tokens = static_cast<std::uint64_t>(count);
      return is_mended(tried);
    };
    constexpr std::int64_t step = 256;
    const std::int64_t count = rounded(largest_that(now - 1, with), step);
    if (count < least || !with(count)) return std::nullopt;
    return Change{tried, fmt::format("--max-num-batched-tokens {}", count),
                  fmt::format("steps of {} tokens instead of {}: longer prompts take more steps", show_count(count),
                              show_count(now)),
                  lowered_by(count, base_.max_batched_tokens)};
  }

  Change with_share(double share) const {
    vw_candidate tried = base_;
    tried.utilization = share;
    const char* const effect = share > base_.utilization ? "more of the card than {:g}: nothing else may use it"
                                                         : "less of the card than {:g}: a smaller KV cache";
    return {tried, fmt::format("--gpu-memory-utilization {:.2f}", share),
            fmt::format(fmt::runtime(effect), base_.utilization), 0};
  }

  std::optional<Change> higher_share() {
    const double most = scenario_.rules.highest_usual_utilization;
    for (double share = std::floor(base_.utilization * 100 + 1e-9) / 100 + 0.01; share <= most + 1e-9; share += 0.01) {
      const Change change = with_share(std::round(share * 100) / 100);
      if (judge_->judge(change.candidate).survives != VW_NO && is_mended(change.candidate)) return change;
    }
    return std::nullopt;
  }

  std::optional<Change> lower_share() {
    const auto& numbers = bench_.cause.seen->numbers;
    double share = std::ceil(base_.utilization * 100 - 1e-9) / 100 - 0.01;
    if (cause_.term == "utilization" && numbers.contains("free_at_start_gib") && numbers.contains("total_gib"))
      share = std::min(share, std::floor(100 * numbers.at("free_at_start_gib") / numbers.at("total_gib")) / 100);
    for (; share > 0.005; share -= 0.01)
      if (const Change change = with_share(std::round(share * 100) / 100); is_mended(change.candidate)) return change;
    return std::nullopt;
  }

  std::optional<Change> smaller_cache() {
    const std::optional<std::uint32_t> format = scenario_.smaller_kv();
    if (!format) return std::nullopt;
    vw_candidate tried = base_;
    tried.kv_format = *format;
    if (!is_mended(tried)) return std::nullopt;
    return Change{tried, "--kv-cache-dtype " + scenario_.kv_formats[*format].kv->vllm_name,
                  "keys and values in half of the bits", 0};
  }

  std::optional<Change> eager() {
    if ((base_.flags & VW_ENFORCE_EAGER) != 0) return std::nullopt;
    vw_candidate tried = base_;
    tried.flags |= VW_ENFORCE_EAGER;
    if (!is_mended(tried)) return std::nullopt;
    return Change{tried, "--enforce-eager", "no CUDA graphs: slower decoding", 0};
  }

  vw_candidate over(std::uint32_t cards) const {
    vw_candidate tried = base_;
    tried.tensor_parallel = cards;
    if (tried.expert_parallel > 1) tried.expert_parallel = cards * std::max(1u, tried.data_parallel);
    const std::uint32_t needed = cards * tried.pipeline_parallel * std::max(1u, tried.data_parallel);
    tried.gpus = std::max(tried.gpus, (needed + tried.nodes - 1) / std::max(1u, tried.nodes));
    return tried;
  }

  std::optional<Change> more_gpus() {
    for (std::uint32_t cards = base_.tensor_parallel * 2; cards <= rules_.most_tensor_parallel; cards *= 2)
      if (const vw_candidate tried = over(cards); is_mended(tried))
        return Change{tried, fmt::format("--tensor-parallel-size {}", cards),
                      fmt::format("{} cards instead of {}", cards * base_.pipeline_parallel,
                                  base_.tensor_parallel * base_.pipeline_parallel),
                      0};
    return std::nullopt;
  }

  std::optional<Change> fewer_gpus() {
    for (std::uint32_t cards = base_.tensor_parallel - 1; cards >= 1; --cards)
      if (const vw_candidate tried = over(cards); is_mended(tried))
        return Change{tried, fmt::format("--tensor-parallel-size {}", cards),
                      fmt::format("{} cards instead of {}", cards, base_.tensor_parallel), 0};
    return std::nullopt;
  }

  std::optional<Change> other_dtype() {
    for (const Obstacle& obstacle : scenario_.obstacles) {
      if (obstacle.mend.empty() || !is_mended(base_)) continue;
      return Change{base_, obstacle.mend, "instead of " + obstacle.what, 0};
    }
    return std::nullopt;
  }

  // The same command; nobody can try it with a model.
  void free_memory() {
    if (!shortage_.gib || *shortage_.gib <= 0) return;
    const bool is_others = cause_.term == "utilization";
    if (!is_others && !bench_.start.has("free_at_start_gib")) return;
    const NotedNumber* const free = bench_.start.first("free_at_start_gib");
    const double held = to_gib(before_.total_bytes) - (free == nullptr ? 0 : free->value);
    constexpr double context_gib = 1;  // what an idle card lacks: CUDA and its libraries
    if (held < *shortage_.gib + (is_others ? 0 : context_gib)) return;
    if (!is_others && !scenario_.obstacles.empty()) return;
    if (judge_->judge(base_).starts != VW_YES) return;
    Change change{base_, "",
                  fmt::format("end what holds {:.2f} GiB of the card, at least {:.2f} of it", held, *shortage_.gib), 0};
    keep("free-memory", change);
  }

  void smaller_weights() {
    for (std::uint32_t index = base_.format + 1; index < scenario_.weights.size(); ++index) {
      vw_candidate tried = base_;
      tried.format = index;
      const WeightChoice& choice = scenario_.weights[index];
      if (choice.is_missing || !is_mended(tried)) continue;
      const std::string option =
          choice.checkpoint.empty() ? "--quantization " + choice.flag : "--model " + choice.checkpoint;
      keep("smaller-weights", {tried, option, "weights stored as " + choice.format.id, 0});
      return;
    }
  }

  // ---- together

  using Lower = std::function<bool(vw_candidate&)>;

  // What costs little, each as far as it goes, until it starts.
  std::vector<Lower> steps() {
    const auto has = [&](const char* kind) {
      return std::find(cause_.mends.begin(), cause_.mends.end(), kind) != cause_.mends.end();
    };
    std::vector<Lower> steps;
    if (has("fewer-batched-tokens"))
      steps.push_back([](vw_candidate& c) {
        c.max_batched_tokens = std::min<std::uint64_t>(c.max_batched_tokens, 2048);
        c.max_sequences = std::min(c.max_sequences, c.max_batched_tokens);
        return true;
      });
    if (has("fewer-sequences"))
      steps.push_back([](vw_candidate& c) {
        c.max_sequences = std::min<std::uint64_t>(c.max_sequences, 32);
        return true;
      });
    if (has("higher-utilization"))
      steps.push_back([this](vw_candidate& c) {
        for (double share = scenario_.rules.highest_usual_utilization; share > c.utilization + 1e-9; share -= 0.01) {
          vw_candidate tried = c;
          tried.utilization = std::round(share * 100) / 100;
          const vw_memory memory = judge_->judge(tried);
          if (memory.reason == VW_REASON_UTILIZATION_ABOVE_FREE || memory.survives == VW_NO) continue;
          c = tried;
          return true;
        }
        return false;
      });
    if (has("smaller-kv-cache") && scenario_.smaller_kv())
      steps.push_back([this](vw_candidate& c) {
        c.kv_format = *scenario_.smaller_kv();
        return true;
      });
    if (has("enforce-eager"))
      steps.push_back([](vw_candidate& c) {
        c.flags |= VW_ENFORCE_EAGER;
        return true;
      });
    return steps;
  }

  void try_together() {
    vw_candidate tried = base_;
    bool is_done = false;
    for (const Lower& step : steps()) {
      if (!step(tried)) continue;
      is_done = is_mended(tried);
      if (is_done) break;
    }
    const bool may_shorten =
        std::find(cause_.mends.begin(), cause_.mends.end(), "lower-max-model-len") != cause_.mends.end();
    if (!is_done && may_shorten) {
      const vw_candidate asked = base_;
      base_ = tried;
      const std::optional<Change> change = shorter();
      base_ = asked;
      if (!change) return;
      tried = change->candidate;
      is_done = true;
    }
    if (!is_done) return;
    undo_what_is_not_needed(tried);
    keep("together", {tried, options_of(tried), "none of these is enough alone", 0});
  }

  template <class Field>
  void undo(vw_candidate& tried, Field vw_candidate::*field) {
    vw_candidate without = tried;
    without.*field = base_.*field;
    if (is_mended(without)) tried = without;
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
    if (tried.context_tokens != base_.context_tokens)
      options.push_back(fmt::format("--max-model-len {}", tried.context_tokens));
    if (tried.utilization != base_.utilization)
      options.push_back(fmt::format("--gpu-memory-utilization {:.2f}", tried.utilization));
    if (tried.kv_format != base_.kv_format)
      options.push_back("--kv-cache-dtype " + scenario_.kv_formats[tried.kv_format].kv->vllm_name);
    if (tried.max_sequences != base_.max_sequences)
      options.push_back(fmt::format("--max-num-seqs {}", tried.max_sequences));
    if (tried.max_batched_tokens != base_.max_batched_tokens)
      options.push_back(fmt::format("--max-num-batched-tokens {}", tried.max_batched_tokens));
    if (tried.flags != base_.flags) options.emplace_back("--enforce-eager");
    return join(options, " ");
  }

  // ---- what is kept

  Request request_with(const Change& change) const {
    Request request = scenario_.request;
    const vw_candidate& tried = change.candidate;
    if (tried.context_tokens != base_.context_tokens)
      request.max_model_len = static_cast<std::int64_t>(tried.context_tokens);
    if (tried.utilization != base_.utilization) request.gpu_memory_utilization = tried.utilization;
    if (tried.max_sequences != base_.max_sequences)
      request.max_num_seqs = static_cast<std::int64_t>(tried.max_sequences);
    if (tried.max_batched_tokens != base_.max_batched_tokens)
      request.max_num_batched_tokens = static_cast<std::int64_t>(tried.max_batched_tokens);
    if (tried.tensor_parallel != base_.tensor_parallel) {
      request.tensor_parallel = tried.tensor_parallel;
      request.gpus.reset();
    }
    if ((tried.flags & VW_ENFORCE_EAGER) != 0) request.enforce_eager = true;
    if (tried.kv_format != scenario_.running_kv || tried.kv_format != base_.kv_format)
      request.kv_cache_dtype = scenario_.kv_formats[tried.kv_format].id;
    if (tried.format != base_.format) {
      const WeightChoice& choice = scenario_.weights[tried.format];
      if (choice.checkpoint.empty())
        request.quantization = choice.format.id;
      else
        request.model = choice.checkpoint;
    }
    if (change.option.starts_with("--dtype ")) request.dtype = change.option.substr(8);
    if (change.option.starts_with("--kv-cache-dtype auto")) request.kv_cache_dtype = "auto";
    return request;
  }

  // The changed request from its facts on, as somebody would plan it anew; what the log says of weights is of the
  // checkpoint that ran.
  std::optional<vw_memory> confirmed(const Request& request, vw_candidate& candidate) {
    try {
      Scenario scenario = gather(bench_.bench.catalog, bench_.bench.defaults, request);
      scenario.corrections = scenario_.corrections;
      if (request.model != scenario_.request.model || request.quantization != scenario_.request.quantization)
        for (Correction& correction : scenario.corrections) correction.parts.erase("weights");
      if (!scenario.obstacles.empty()) return std::nullopt;
      LoggedRequest as_logged = bench_.logged;
      candidate = as_it_runs(scenario, as_logged);
      MemoryJudge judge(bench_.bench.memory_model, scenario);
      const vw_memory memory = judge.judge(candidate);
      if (memory.verdict == VW_UNSUPPORTED || memory.starts != VW_YES) return std::nullopt;
      return memory;
    } catch (const Error& wrong) {
      if (wrong.kind() == Error::Kind::internal) throw;
      return std::nullopt;
    }
  }

  void keep(const std::string& kind, const Change& change) {
    Mend mend;
    mend.request = request_with(change);
    const std::optional<vw_memory> memory = confirmed(mend.request, mend.candidate);
    if (!memory) return;
    const auto number = [](const std::map<std::string, double>& numbers, const std::string& key) {
      const auto found = numbers.find(key);
      return found == numbers.end() ? 0.0 : found->second;
    };
    mend.id = kind;
    mend.change = change.option;
    mend.effect = change.effect;
    mend.loss = number(rules_.loss, kind) + change.lowered * number(rules_.loss_of_all, kind);
    mend.budget = budget_of(*memory);
    mend.context_tokens = static_cast<std::int64_t>(mend.candidate.context_tokens);
    mend.concurrency = memory->max_concurrency;
    mends_.push_back(std::move(mend));
  }

  const MendBench& bench_;
  const MendRules& rules_;
  const FailureClass& cause_;
  Scenario scenario_;
  vw_candidate base_;
  std::unique_ptr<MemoryJudge> judge_;
  vw_memory before_{};
  Shortage shortage_;
  double blocks_ratio_ = 1;
  std::vector<Mend> mends_;
};

}  // namespace

Diagnosis diagnose(const MendBench& bench, const LoggedCase& judged) { return Mender(bench, judged).run(); }

}  // namespace vw

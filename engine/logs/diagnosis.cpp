// The mends of a start: every kind that its failure has, each confirmed from its facts on, least loss first.
#include "logs/diagnosis.hpp"

#include "base/error.hpp"
#include "logs/mended.hpp"

#include <algorithm>

namespace vw {
namespace {

class Mender {
 public:
  Mender(const MendBench& bench, const LoggedCase& judged) : bench_(bench), check_(bench, judged) {}

  Diagnosis run() {
    Diagnosis diagnosis;
    diagnosis.shortage = check_.shortage();
    diagnosis.budget = budget_of(check_.before());
    for (const std::string& kind : check_.cause().mends)
      if (const std::optional<Change> change = change_of(kind, check_)) keep(*change);
    const bool has_cheap_one = std::any_of(mends_.begin(), mends_.end(), [](const Mend& mend) {
      return mend.id != "free-memory" && mend.id != "more-gpus" && mend.id != "smaller-weights";
    });
    if (!has_cheap_one)
      if (const std::optional<Change> change = changes_together(check_)) keep(*change);
    std::stable_sort(mends_.begin(), mends_.end(),
                     [](const Mend& left, const Mend& right) { return left.loss < right.loss; });
    diagnosis.mends = std::move(mends_);
    if (diagnosis.mends.empty() && !check_.cause().mends.empty())
      diagnosis.unmended = "no change of one option, nor all of them together, makes it start by the memory model";
    return diagnosis;
  }

 private:
  Request request_with(const Change& change) const {
    Request request = scenario().request;
    const vw_candidate& tried = change.candidate;
    if (tried.context_tokens != ran().context_tokens)
      request.max_model_len = static_cast<std::int64_t>(tried.context_tokens);
    if (tried.utilization != ran().utilization) request.gpu_memory_utilization = tried.utilization;
    if (tried.max_sequences != ran().max_sequences)
      request.max_num_seqs = static_cast<std::int64_t>(tried.max_sequences);
    if (tried.max_batched_tokens != ran().max_batched_tokens)
      request.max_num_batched_tokens = static_cast<std::int64_t>(tried.max_batched_tokens);
    if (tried.tensor_parallel != ran().tensor_parallel) {
      request.tensor_parallel = tried.tensor_parallel;
      request.gpus.reset();
    }
    if ((tried.flags & VW_ENFORCE_EAGER) != 0) request.enforce_eager = true;
    if (tried.kv_format != scenario().running_kv || tried.kv_format != ran().kv_format)
      request.kv_cache_dtype = scenario().kv_formats[tried.kv_format].id;
    if (tried.format != ran().format) {
      const WeightChoice& choice = scenario().weights[tried.format];
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
      scenario.corrections = this->scenario().corrections;
      if (request.model != this->scenario().request.model ||
          request.quantization != this->scenario().request.quantization)
        for (Correction& correction : scenario.corrections) correction.parts.erase("weights");
      if (!scenario.obstacles.empty()) return std::nullopt;
      candidate = as_it_runs(scenario, bench_.logged);
      MemoryJudge judge(bench_.bench.memory_model, scenario);
      const vw_memory memory = judge.judge(candidate);
      if (memory.verdict == VW_UNSUPPORTED || memory.starts != VW_YES) return std::nullopt;
      return memory;
    } catch (const Error& wrong) {
      if (wrong.kind() == Error::Kind::internal) throw;
      return std::nullopt;
    }
  }

  void keep(const Change& change) {
    Mend mend;
    mend.request = request_with(change);
    const std::optional<vw_memory> memory = confirmed(mend.request, mend.candidate);
    if (!memory) return;
    const auto number = [](const std::map<std::string, double>& numbers, const std::string& key) {
      const auto found = numbers.find(key);
      return found == numbers.end() ? 0.0 : found->second;
    };
    mend.id = change.kind;
    mend.change = change.option;
    mend.effect = change.effect;
    mend.loss =
        number(check_.rules().loss, change.kind) + change.lowered * number(check_.rules().loss_of_all, change.kind);
    mend.budget = budget_of(*memory);
    mend.context_tokens = static_cast<std::int64_t>(mend.candidate.context_tokens);
    mend.concurrency = memory->max_concurrency;
    mends_.push_back(std::move(mend));
  }

  const Scenario& scenario() const { return check_.scenario(); }
  const vw_candidate& ran() const { return check_.ran(); }

  const MendBench& bench_;
  MendCheck check_;
  std::vector<Mend> mends_;
};

}  // namespace

Diagnosis diagnose(const MendBench& bench, const LoggedCase& judged) { return Mender(bench, judged).run(); }

}  // namespace vw

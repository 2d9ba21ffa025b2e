// Forty and more logs: the right failure for every one, and mends that the memory model confirms.
#include "logs/diagnosis.hpp"

#include "logs/logs_lab.hpp"
#include "logs/memory_failures.hpp"
#include "support/catch.hpp"

#include <map>
#include <set>

using namespace vw;
using namespace vw::test;

namespace {

// The text that a pattern stands for, its values filled in.
std::string instance_of(const Pattern& pattern) {
  std::string text, rest = pattern.text();
  for (std::size_t at = rest.find('{'); at != std::string::npos; at = rest.find('{')) {
    const char kind = rest[at + 1];
    text += rest.substr(0, at);
    text += kind == 'f'   ? "12.50"
            : kind == 'n' ? "1,024"
            : kind == 'b' ? "1.50 GiB"
            : kind == 'w' ? "word"
                          : "some text";
    rest = rest.substr(rest.find('}', at) + 1);
  }
  return text + rest;
}

// A server on one card whose start fails with `line` in `phase`.
std::string failing(const std::string& phase, const std::string& line, WrittenLog log = {}) {
  if (log.arguments.empty()) log.arguments = {{"model", "meta-llama/Llama-3.1-8B-Instruct"}, {"max_model_len", 8192}};
  if (!log.weights_gib) log.weights_gib = 14.9888;
  if (!log.kv_available_gib && phase != "profile") log.kv_available_gib = 5.21;
  if (!log.kv_tokens) log.kv_tokens = 42672;
  if (!log.graph_gib) log.graph_gib = 0.5;
  if (log.context_tokens == 0) log.context_tokens = 8192;
  if (!log.concurrency) log.concurrency = 5.21;
  log.fails_in = phase;
  log.fails_with = line;
  return written(log);
}

std::string class_of(const std::string& text) {
  const LogFacts facts = facts_of(text);
  const RootCause cause = root_cause(log_book(), facts.starts.back());
  return cause.what == nullptr ? "" : cause.what->id;
}

std::string text_of(const Failing& failing) {
  WrittenLog log;
  log.version = failing.version;
  log.arguments = failing.arguments;
  log.arguments["model"] = failing.model;
  log.weights_gib = failing.weights_gib;
  log.kv_available_gib = failing.kv_available_gib;
  if (failing.arguments.contains("max_model_len"))
    log.context_tokens = std::max<std::int64_t>(0, failing.arguments.at("max_model_len").get<std::int64_t>());
  log.graph_gib = 0.3;
  log.kv_tokens = 40000;
  log.concurrency = 1;
  log.fails_in = failing.phase;
  log.fails_with = failing.line;
  return written(log);
}

DiagnosedLog diagnosed(const Failing& failing) {
  return test::diagnosed(text_of(failing), [&](Request& request) {
    request.gpu = failing.gpu;
    if (failing.total_gib > 0) request.vram_gib = failing.total_gib;
  });
}

// Planned anew from the changed request, with what the log taught.
bool starts_with(const DiagnosedLog& log, const Mend& mend, const std::string& text) {
  const LoggedStart start = facts_of(text).starts.back();
  Scenario scenario = gather(lab().catalog(), lab().defaults(), mend.request);
  const Comparison comparison = compare(log.judged, logged_terms(start));
  if (auto correction = correction_of(log.judged, comparison, "vllm", lab().defaults().repeatability)) {
    if (mend.id == "smaller-weights") correction->parts.erase("weights");
    scenario.corrections = {*correction};
  }
  MemoryJudge judge(vllm_memory(), scenario);
  const vw_memory memory = judge.judge(as_it_runs(scenario, log.logged));
  return memory.starts == VW_YES && memory.verdict != VW_UNSUPPORTED;
}

}  // namespace

TEST_CASE("every failure of memory is recognised, and mended by what the memory model confirms", "[logs]") {
  std::size_t mended = 0, mends = 0;
  for (const Failing& failing : failings()) {
    INFO(failing.sentence);
    const std::string text = text_of(failing);
    const DiagnosedLog log = diagnosed(failing);
    CHECK(log.id == failing.id);
    CHECK(log.diagnosis.mends.empty() != failing.is_mendable);
    mended += log.diagnosis.mends.empty() ? 0 : 1;
    for (const Mend& mend : log.diagnosis.mends) {
      INFO(mend.id << ": " << mend.change);
      ++mends;
      CHECK(starts_with(log, mend, text));
      CHECK(mend.budget.kv_available >= mend.budget.kv_sequence);
      for (const double gib : {mend.budget.weights, mend.budget.activation, mend.budget.non_torch, mend.budget.graphs})
        CHECK(gib >= 0);
    }
    CHECK(std::is_sorted(log.diagnosis.mends.begin(), log.diagnosis.mends.end(),
                         [](const Mend& left, const Mend& right) { return left.loss < right.loss; }));
    // what ran does not start by the memory model either, once it knows what was logged
    if (log.id == "kv-cache-below-max-length" || log.id == "no-room-for-cache")
      CHECK(log.diagnosis.budget.kv_available < log.diagnosis.budget.kv_sequence);
  }
  CHECK(mended == failings().size());
  CHECK(mends > mended);
}

TEST_CASE("every text of every failure is told as that failure", "[logs]") {
  std::size_t texts = 0;
  std::set<std::string> seen;
  for (const LogPattern& pattern : log_book().patterns()) {
    if (pattern.kind != LogPattern::Kind::failure) continue;
    const FailureClass& failure = log_book().failures()[pattern.failure];
    const Phase phase = failure.phases.empty() ? Phase::start : failure.phases.back();
    const std::string text = failing(id_of(phase), instance_of(pattern.pattern));
    INFO(failure.id << ": " << pattern.pattern.text());
    CHECK(class_of(text) == failure.id);
    ++texts;
    seen.insert(failure.id);
  }
  CHECK(texts >= 40);
  CHECK(seen.size() == log_book().failures().size());
}

TEST_CASE("the start-ups of tests/validation are told as what they were, in the words of their release", "[logs]") {
  std::size_t started = 0, refused = 0, mended = 0;
  std::vector<std::string> unmended;
  for (const Row& row : rows_to_score()) {
    INFO(row.read.id);
    WrittenLog log = log_of(row);
    const bool starts = row.json.value("started", false);
    if (!starts) {
      const double left = log.kv_available_gib.value_or(0);
      log.fails_in = log.kv_available_gib ? "kv-cache" : "profile";
      log.fails_with = !log.kv_available_gib ? torch_error(1.5, 0.4, 15.9)
                       : left <= 0           ? "ValueError: No available memory for the cache blocks. Try increasing"
                                             : fmt::format(
                                                   "ValueError: To serve at least one request with the models's max seq len "
                                                             "({}), (99.00 GiB KV cache is needed, which is larger than the available "
                                                             "KV cache memory ({:.2f} GiB). Try increasing `gpu_memory_utilization`",
                                                   log.context_tokens, left);
    }
    const DiagnosedLog done = test::diagnosed(written(log), [&](Request& request) { tell_row(row, request); });
    const std::string expected = starts                       ? ""
                                 : !log.kv_available_gib      ? "cuda-oom-profile"
                                 : *log.kv_available_gib <= 0 ? "no-room-for-cache"
                                                              : "kv-cache-below-max-length";
    CHECK(done.id == expected);
    (starts ? started : refused) += 1;
    if (starts) {
      CHECK(done.facts.starts.back().phase == Phase::serving);
      continue;
    }
    if (done.diagnosis.mends.empty())
      unmended.push_back(row.read.id);
    else
      ++mended;
  }
  CHECK(started + refused >= 40);
  CHECK(unmended == std::vector<std::string>{});
  CHECK(mended == refused);
}

TEST_CASE("the first cause wins over what follows from it, and a better one over the first", "[logs]") {
  const std::string oom = torch_error(1, 0.5, 23.5),
                    nccl = "torch.distributed.DistBackendError: NCCL error in: ProcessGroupNCCL.cpp:3356";
  CHECK(class_of(failing("load", oom + "\n(Worker_TP1 pid=72) ERROR [x.py:1] " + nccl)) == "cuda-oom-load");
  CHECK(class_of(failing("load", nccl + "\n(Worker_TP1 pid=72) ERROR [x.py:1] " + oom)) == "nccl");
  const std::string sampler =
      "RuntimeError: CUDA out of memory occurred when warming up sampler with 256 dummy requests. Please try lowering";
  CHECK(class_of(failing("warm-up", oom + "\n(EngineCore pid=1) ERROR [x.py:1] " + sampler)) == "sampler-warm-up");
  const LogFacts facts = facts_of(failing("load", oom + "\n" + oom + "\n" + nccl));
  const RootCause cause = root_cause(log_book(), facts.starts.back());
  CHECK(cause.seen->times == 2);
  REQUIRE(cause.others.size() == 1);
  CHECK(log_book().failures()[cause.others.front()->index].id == "nccl");
  CHECK(class_of("RuntimeError: Engine core initialization failed. See root cause above.\n") == "engine-stopped");
  CHECK(class_of("hello\nworld\n").empty());
}

TEST_CASE("what was short is said by how much", "[logs]") {
  const auto shortage = [](const std::string& text) {
    const LogFacts facts = facts_of(text);
    const LoggedStart& start = facts.starts.back();
    return shortage_of(root_cause(log_book(), start), logged_terms(start), nullptr);
  };
  const Shortage cache = shortage(text_of(failings().front()));
  CHECK(cache.term == "kv_cache");
  CHECK(cache.gib.value() == Approx(10.79));
  CHECK(cache.explanation == "one sequence needs 16.00 GiB, 5.21 were left");
  const Shortage torch = shortage(failing("load", torch_error(0.98, 0.33, 15.56)));
  CHECK(torch.gib.value() == Approx(0.65));
  CHECK(torch.is_least);
  CHECK(torch.explanation == "0.98 GiB were to be allocated, 0.33 were free");
  const Shortage pieces = shortage(failing("load", torch_error(0.5, 0.8, 15.56)));
  CHECK(pieces.gib.value() == Approx(0.5));
  CHECK(pieces.explanation == "0.50 GiB were to be allocated, 0.80 were free, but not in one piece");
}

TEST_CASE("a number format that nobody chose and the card lacks gives way to the one that the plan takes", "[logs]") {
  const DiagnosedLog done = test::diagnosed(
      "INFO [api_server.py:1896] vLLM API server version 0.10.2\n"
      "INFO [utils.py:328] non-default args: {'model': 'Qwen/Qwen2.5-1.5B-Instruct', 'max_model_len': 4096}\n"
      "ValueError: Bfloat16 is only supported on GPUs with compute capability of at least 8.0. Your Tesla T4 GPU has "
      "compute capability 7.5. You can use float16 instead by explicitly setting the dtype flag in CLI.\n");
  CHECK(done.id == "dtype-not-supported");
  REQUIRE(done.diagnosis.mends.size() == 1);
  CHECK(done.diagnosis.mends.front().change == "--dtype fp16");
}

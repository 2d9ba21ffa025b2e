// Forty and more logs: the right failure for every one, and mends that the memory model confirms.
#include "logs/diagnosis.hpp"

#include "logs/logs_lab.hpp"
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

std::string torch_error(double tried_gib, double left_gib, double total_gib) {
  return fmt::format(
      "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate {:.2f} GiB. GPU 0 has a total capacity of {:.2f} "
      "GiB "
      "of which {:.2f} GiB is free. Process 4711 has 20.00 GiB memory in use. Of the allocated memory 19.00 GiB is "
      "allocated by PyTorch, and 200.00 MiB is reserved by PyTorch but unallocated.",
      tried_gib, total_gib, left_gib);
}

// A failure of memory with all that its log tells.
struct Failing {
  const char* sentence;
  const char* id;
  const char *model, *gpu, *version;
  Json arguments;
  double total_gib;
  const char* phase;
  std::string line;
  std::optional<double> weights_gib, kv_available_gib;
  bool is_mendable = true;
};

const std::vector<Failing>& failings() {
  static const std::string llama = "meta-llama/Llama-3.1-8B-Instruct";
  static const auto short_cache = [](std::int64_t context, double needed, double left) {
    return fmt::format(
        "ValueError: To serve at least one request with the models's max seq len ({}), ({:.2f} GiB KV cache is needed, "
        "which is larger than the available KV cache memory ({:.2f} GiB). Based on the available memory, the estimated "
        "maximum model length is 42672. Try increasing `gpu_memory_utilization` or decreasing `max_model_len` when "
        "initializing the engine.",
        context, needed, left);
  };
  static const auto less_free = [](double free, double total, double share) {
    return fmt::format(
        "ValueError: Free memory on device ({:.2f}/{:.2f} GiB) on startup is less than desired GPU memory utilization "
        "({}, {:.2f} GiB). Decrease GPU memory utilization or reduce GPU memory used by other processes.",
        free, total, share, share * total);
  };
  const std::string no_blocks =
      "ValueError: No available memory for the cache blocks. Try increasing `gpu_memory_utilization` when initializing "
      "the engine.";
  static const std::vector<Failing> all = {
      {"128k tokens of an 8 B model do not fit a 24 GB card",
       "kv-cache-below-max-length",
       "meta-llama/Llama-3.1-8B-Instruct",
       "RTX 4090",
       "0.10.2",
       {{"gpu_memory_utilization", 0.92}},
       23.52,
       "kv-cache",
       short_cache(131072, 16, 5.21),
       14.9888,
       5.21},
      {"the same for v0.8.5, in its words",
       "kv-cache-below-max-length",
       "meta-llama/Llama-3.1-8B-Instruct",
       "RTX 3090",
       "0.8.5",
       {{"max_model_len", 131072}},
       23.56,
       "kv-cache",
       "ValueError: The model's max seq len (131072) is larger than the maximum number of tokens that can be stored in "
       "KV "
       "cache (43648). Try increasing `gpu_memory_utilization` or decreasing `max_model_len` when initializing the "
       "engine.",
       14.9888,
       std::nullopt},
      {"the same for v0.27, which counts consumed memory",
       "kv-cache-below-max-length",
       "meta-llama/Llama-3.1-8B-Instruct",
       "L4",
       "0.27.1",
       {{"gpu_memory_utilization", 0.9}},
       22.03,
       "kv-cache",
       short_cache(131072, 16, 3.9),
       14.99,
       3.9},
      {"a 32 B model fills an 80 GB card",
       "kv-cache-below-max-length",
       "Qwen/Qwen3-32B",
       "H100 80GB",
       "0.11.0",
       {{"gpu_memory_utilization", 0.9}, {"max_model_len", 32000}},
       79.18,
       "kv-cache",
       short_cache(32000, 7.81, 4.45),
       61.03,
       4.45},
      {"a hybrid with its own context on one card",
       "kv-cache-below-max-length",
       "Qwen/Qwen3-30B-A3B",
       "H100 80GB",
       "0.12.0",
       {{"max_model_len", 40960}, {"max_num_seqs", 1024}},
       79.18,
       "kv-cache",
       short_cache(40960, 3.75, 2.4),
       56.9,
       2.4},
      {"negative room is no room",
       "no-room-for-cache",
       "meta-llama/Llama-3.3-70B-Instruct",
       "H100 80GB",
       "0.11.0",
       {{"quantization", "fp8"}, {"gpu_memory_utilization", 0.9}, {"max_model_len", 16000}},
       79.18,
       "kv-cache",
       no_blocks,
       67.72,
       -1.44},
      {"a small card is full of weights",
       "no-room-for-cache",
       "meta-llama/Llama-3.1-8B-Instruct",
       "T4",
       "0.10.2",
       {{"dtype", "half"}, {"max_model_len", 4096}},
       14.56,
       "kv-cache",
       no_blocks,
       14.9888,
       -2.5},
      {"a third of a card is too small a share",
       "no-room-for-cache",
       "meta-llama/Llama-3.1-8B-Instruct",
       "L40S",
       "0.21.0",
       {{"gpu_memory_utilization", 0.35}, {"max_model_len", 8192}},
       44.39,
       "kv-cache",
       no_blocks,
       14.99,
       -0.4},
      {"not one token of an automatic length fits",
       "auto-length-failed",
       "meta-llama/Llama-3.1-8B-Instruct",
       "RTX 4090",
       "0.21.0",
       {{"max_model_len", -1}, {"gpu_memory_utilization", 0.65}},
       23.52,
       "kv-cache",
       "ValueError: Cannot auto-fit max_model_len: not enough GPU memory available to serve even a single token. Try "
       "increasing `gpu_memory_utilization`.",
       14.99,
       -1.2},
      {"70 B in 16 bit do not load onto one card",
       "cuda-oom-load",
       "meta-llama/Llama-3.3-70B-Instruct",
       "H100 80GB",
       "0.11.0",
       {{"max_model_len", 8192}},
       79.18,
       "load",
       torch_error(0.44, 0.12, 79.18),
       std::nullopt,
       std::nullopt},
      {"8 B in 16 bit do not load onto a 16 GB card",
       "cuda-oom-load",
       "meta-llama/Llama-3.1-8B-Instruct",
       "RTX 4080",
       "0.10.2",
       {{"max_model_len", 4096}},
       15.56,
       "load",
       torch_error(0.98, 0.33, 15.56),
       std::nullopt,
       std::nullopt},
      {"a step of 64k tokens is too large for the profile run",
       "cuda-oom-profile",
       "Qwen/Qwen3-8B",
       "RTX 4090",
       "0.10.2",
       {{"max_num_batched_tokens", 65536}, {"max_model_len", 8192}},
       23.52,
       "profile",
       torch_error(3.0, 1.2, 23.52),
       15.27,
       std::nullopt},
      {"1024 sequences are too many for the profile run",
       "cuda-oom-profile",
       "Qwen/Qwen3-8B",
       "RTX 4090",
       "0.13.0",
       {{"max_num_seqs", 1024}, {"max_model_len", 8192}},
       23.52,
       "profile",
       torch_error(1.16, 0.9, 23.52),
       15.27,
       std::nullopt},
      {"CUDA graphs find no room at a share of 0.98",
       "cuda-oom-graph-capture",
       "meta-llama/Llama-3.1-8B-Instruct",
       "RTX 4090",
       "0.10.2",
       {{"gpu_memory_utilization", 0.98}, {"max_model_len", 8192}},
       23.52,
       "graph-capture",
       torch_error(0.1, 0.05, 23.52),
       14.9888,
       6.6},
      {"the KV cache itself finds no room",
       "cuda-oom-graph-capture",
       "meta-llama/Llama-3.1-8B-Instruct",
       "L4",
       "0.11.0",
       {{"gpu_memory_utilization", 0.98}, {"max_model_len", 8192}},
       22.03,
       "graph-capture",
       torch_error(0.25, 0.2, 22.03),
       14.9888,
       5.2},
      {"the sampler is warmed up with too many sequences",
       "sampler-warm-up",
       "Qwen/Qwen3-8B",
       "RTX 4090",
       "0.10.2",
       {{"gpu_memory_utilization", 0.95}, {"max_num_seqs", 512}, {"max_model_len", 8192}},
       23.52,
       "warm-up",
       "RuntimeError: CUDA out of memory occurred when warming up sampler with 512 dummy requests. Please try lowering "
       "`max_num_seqs` or `gpu_memory_utilization` when initializing the engine.",
       15.27,
       4.0},
      {"it runs out of memory behind the CUDA graphs",
       "cuda-oom-warm-up",
       "Qwen/Qwen3-8B",
       "RTX 4090",
       "0.10.2",
       {{"gpu_memory_utilization", 0.95}, {"max_model_len", 8192}},
       23.52,
       "warm-up",
       torch_error(0.6, 0.4, 23.52),
       15.27,
       4.0},
      {"it runs out of memory while it serves",
       "cuda-oom-serving",
       "meta-llama/Llama-3.1-8B-Instruct",
       "RTX 4090",
       "0.11.0",
       {{"gpu_memory_utilization", 0.95}, {"max_model_len", 8192}},
       23.52,
       "serving",
       torch_error(0.5, 0.3, 23.52),
       14.9888,
       5.6},
      {"another process holds half of the card",
       "free-memory-below-request",
       "meta-llama/Llama-3.1-8B-Instruct",
       "L40S",
       "0.11.0",
       {{"gpu_memory_utilization", 0.9}, {"max_model_len", 8192}},
       44.39,
       "start",
       less_free(23.4, 44.39, 0.9),
       std::nullopt,
       std::nullopt},
      {"another process holds nearly all of the card",
       "free-memory-below-request",
       "meta-llama/Llama-3.1-8B-Instruct",
       "RTX 4090",
       "0.21.0",
       {{"max_model_len", 8192}},
       23.52,
       "start",
       less_free(3.1, 23.52, 0.92),
       std::nullopt,
       std::nullopt},
      {"a hybrid has fewer state blocks than sequences",
       "state-blocks",
       "Qwen/Qwen3-Next-80B-A3B-Instruct",
       "H200",
       "0.11.0",
       {{"tensor_parallel_size", 2}, {"max_model_len", 32768}, {"max_num_seqs", 1024}},
       139.8,
       "graph-capture",
       "ValueError: max_num_seqs (1024) exceeds available Mamba cache blocks (447). Each decode request "
       "needs a block of its own.",
       74.2812,
       44.59},
      {"40 heads on three cards",
       "heads-not-divisible",
       "Qwen/Qwen3-14B",
       "RTX 4090",
       "0.10.2",
       {{"tensor_parallel_size", 3}, {"max_model_len", 8192}},
       0,
       "start",
       "ValueError: Total number of attention heads (40) must be divisible by tensor parallel size (3).",
       std::nullopt,
       std::nullopt},
      {"bf16 on a card that lacks it",
       "dtype-not-supported",
       "Qwen/Qwen3-0.6B",
       "T4",
       "0.10.2",
       {{"dtype", "bfloat16"}, {"max_model_len", 8192}},
       0,
       "start",
       "ValueError: Bfloat16 is only supported on GPUs with compute capability of at least 8.0. Your Tesla T4 GPU has "
       "compute capability 7.5. You can use float16 instead by explicitly setting the `dtype` flag in CLI, for "
       "example: "
       "--dtype=half.",
       std::nullopt,
       std::nullopt},
      {"a context above the model's own",
       "context-above-model",
       "Qwen/Qwen3-8B",
       "H100 80GB",
       "0.10.2",
       {{"max_model_len", 200000}},
       0,
       "start",
       "ValueError: User-specified max_model_len (200000) is greater than the derived max_model_len "
       "(max_position_embeddings=40960 or model_max_length=None in model's config.json).",
       std::nullopt,
       std::nullopt},
      {"four cards are asked for where there are fewer",
       "too-few-gpus",
       "Qwen/Qwen3-8B",
       "RTX 4090",
       "0.10.2",
       {{"tensor_parallel_size", 4}, {"max_model_len", 8192}},
       0,
       "start",
       "ValueError: World size (4) is larger than the number of available GPUs (2) in this node. If this is "
       "intentional "
       "and you are using:",
       std::nullopt,
       std::nullopt},
  };
  (void)llama;
  return all;
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

// Lines become facts, whatever stands before them and however they arrive.
#include "logs/log_facts.hpp"

#include "logs/logged_terms.hpp"
#include "support/catch.hpp"
#include "support/log_writer.hpp"
#include "support/message_of.hpp"
#include "support/shipped.hpp"

#include "parts/catalog.hpp"

using namespace vw;
using namespace vw::test;

namespace {

const LogBook& book() {
  static const LogBook read(shipped().catalog());
  return read;
}

LogFacts read(const std::string& text, std::size_t chunk_bytes = 1 << 20) {
  LogReader reader(book());
  for (std::size_t at = 0; at < text.size(); at += chunk_bytes)
    reader.feed(std::string_view(text).substr(at, chunk_bytes));
  return reader.finish();
}

double weights_in(const std::string& line) {
  const LogFacts facts = read(line + "\n");
  const NotedNumber* const weights = facts.starts.front().largest("weights_gib");
  return weights == nullptr ? -1 : weights->value;
}

std::string failure_in(const std::string& text) {
  const LogFacts facts = read(text);
  const auto& failures = facts.starts.back().failures;
  return failures.empty() ? "" : book().failures()[failures.front().index].id;
}

void add_log(Catalog& catalog, const Json& table) {
  catalog.add(table_kind::log, "my", {Origin::Rank::user, "/my/logs/my.lua", ""},
              [table] { return std::make_shared<const Json>(table); });
}

}  // namespace

TEST_CASE("messages are found behind every prefix", "[logs]") {
  const std::string message = "Model loading took 14.9888 GiB and 3.21 seconds";
  for (const std::string& prefix :
       {std::string(), std::string("INFO 10-02 07:11:02 [gpu_model_runner.py:2602] "),
        std::string("(EngineCore_DP0 pid=271) INFO 10-02 07:11:02 [gpu_model_runner.py:2602] "),
        std::string("vllm-1  | (Worker_TP0 pid=71) INFO 10-02 07:11:02 [gpu_model_runner.py:2602] "),
        std::string("2025-10-02T07:11:02.123456789Z stderr F (VllmWorker rank=0 pid=71) INFO [x.py:1] "),
        std::string("\x1b[1;36m(EngineCore pid=271)\x1b[0;0m INFO 10-02 07:11:02 [gpu_model_runner.py:2602] ")}) {
    CHECK(weights_in(prefix + message) == Approx(14.9888));
    CHECK(weights_in(prefix + message + "\r") == Approx(14.9888));
  }
  CHECK(weights_in("{\"log\":\"INFO [x.py:1] " + message + "\\n\",\"stream\":\"stderr\"}") == Approx(14.9888));
}

TEST_CASE("every wording of the size of the weights is read", "[logs]") {
  CHECK(weights_in("Model loading took 14.99 GB and 3.2 seconds") == Approx(14.99));
  CHECK(weights_in("Model loading took 14.9888 GiB and 3.2 seconds") == Approx(14.9888));
  CHECK(weights_in("Model loading took 15.0 GiB memory and 3.2 seconds") == Approx(15));
  CHECK(weights_in("Loading weights took 3.2 seconds") == -1);
}

TEST_CASE("the same is read in whatever chunks a log arrives", "[logs]") {
  WrittenLog log;
  log.arguments = {{"model", "meta-llama/Llama-3.1-8B-Instruct"}};
  log.weights_gib = 14.9888;
  log.kv_available_gib = 5.21;
  log.kv_tokens = 42672;
  log.context_tokens = 8192;
  log.concurrency = 5.21;
  const std::string text = written(log);
  const LogFacts whole = read(text);
  for (const std::size_t chunk : {1, 7, 100, 4096}) {
    const LogFacts facts = read(text, chunk);
    CHECK(facts.lines == whole.lines);
    CHECK(facts.recognised() == whole.recognised());
    CHECK(facts.starts.front().largest("kv_tokens")->value == 42672);
    CHECK(facts.starts.front().phase == Phase::serving);
  }
  CHECK(read(text.substr(0, text.size() - 1)).recognised() == whole.recognised());
}

TEST_CASE("a line without end is looked at up to its limit, and the next one as ever", "[logs]") {
  const std::string endless(10 * LogReader::most_line_bytes, 'x');
  CHECK(weights_in(endless) == -1);
  CHECK(weights_in(endless + "\nModel loading took 1.5 GiB and 2 seconds") == 1.5);
  CHECK(weights_in(endless + "Model loading took 1.5 GiB and 2 seconds") == -1);
}

TEST_CASE("ranks are told apart and the fullest one counts", "[logs]") {
  const LogFacts facts = read(
      "(Worker_TP0 pid=71) INFO [x.py:1] Available KV cache memory: 5.21 GiB\n"
      "(Worker_TP1 pid=72) INFO [x.py:1] Available KV cache memory: 4.02 GiB\n"
      "(VllmWorker rank=1 pid=72) INFO [x.py:1] Model loading took 7.5 GiB and 2 seconds\n");
  CHECK(facts.starts.front().smallest("kv_available_gib")->rank == "Worker_TP1");
  CHECK(facts.starts.front().first("weights_gib")->rank == "VllmWorker rank=1");
  const LoggedTerms terms = logged_terms(facts.starts.front());
  CHECK(terms.kv_available->value == 4.02);
  REQUIRE(terms.notes.size() == 1);
  CHECK(terms.notes.front() == "KV caches differ between ranks: 4.02 GiB (Worker_TP1), 5.21 (Worker_TP0)");
}

TEST_CASE("an error of torch is told apart by where the server was", "[logs]") {
  const std::string error =
      "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 23.52 GiB "
      "of "
      "which 512.00 MiB is free. Process 1 has 23.01 GiB memory in use.\n";
  const std::string load = "Starting to load model x...\n", loaded = "Model loading took 14.99 GiB and 3 seconds\n",
                    cache = "GPU KV cache size: 42,672 tokens\n",
                    captured = "Graph capturing finished in 21 secs, took 0.5 GiB\n",
                    serves = "INFO:     Application startup complete.\n";
  CHECK(failure_in(load + error) == "cuda-oom-load");
  CHECK(failure_in(load + loaded + error) == "cuda-oom-profile");
  CHECK(failure_in(load + loaded + cache + error) == "cuda-oom-graph-capture");
  CHECK(failure_in(load + loaded + cache + captured + error) == "cuda-oom-warm-up");
  CHECK(failure_in(load + loaded + cache + captured + serves + error) == "cuda-oom-serving");
  CHECK(failure_in("  File \"x.py\", line 3, in profile_run\n" + error) == "cuda-oom-profile");
  CHECK(failure_in("  File \"x.py\", line 3, in profile_run\n  File \"x.py\", line 9, in capture_model\n" + error) ==
        "cuda-oom-graph-capture");
}

TEST_CASE("words of users that look like errors are not taken for errors", "[logs]") {
  CHECK(failure_in("INFO [logger.py:43] Received request cmpl-1: prompt: 'CUDA out of memory. Tried to allocate'\n")
            .empty());
}

TEST_CASE("a server that was started again makes a start of its own, helpers of one do not", "[logs]") {
  const std::string version = "INFO [api_server.py:1] vLLM API server version 0.10.2\n";
  CHECK(read(version + version + "Starting to load model x...\n").starts.size() == 1);
  const std::string failed = "Starting to load model x...\nERROR [x.py:1] No available memory for the cache blocks.\n";
  const LogFacts facts = read(version + failed + version + failed);
  REQUIRE(facts.starts.size() == 2);
  CHECK(facts.starts.back().first_line == 4);
  CHECK(facts.starts.back().failures.front().line == 6);
}

TEST_CASE("lines that contradict each other are told", "[logs]") {
  WrittenLog log;
  log.total_gib = 79.18;
  log.utilization = 0.9;
  log.weights_gib = 14.99;
  log.activation_gib = 4.76;
  log.non_torch_gib = 0.13;
  log.kv_available_gib = 51.38;
  log.graph_gib = 0.5;
  CHECK(logged_terms(read(written(log)).starts.front()).identity == "e1");
  CHECK(logged_terms(read(written(log)).starts.front()).contradictions.empty());
  log.version = "0.27.1";
  CHECK(logged_terms(read(written(log)).starts.front()).identity == "e3");
  log.kv_available_gib = 49.0;
  const LoggedTerms wrong = logged_terms(read(written(log)).starts.front());
  REQUIRE(wrong.contradictions.size() == 1);
  CHECK(wrong.contradictions.front() ==
        "71.26 requested - 14.99 weights - 4.76 activation - 0.13 non-torch leave 51.38 GiB, but 49.00 were left to "
        "the KV "
        "cache (line 6)");
}

TEST_CASE("a table that names an unknown value is refused with the one that was meant", "[logs]") {
  Catalog catalog;
  add_log(catalog, {{"id", "my"}, {"lines", {{{"pattern", "took {f:weight_gib} GiB"}}}}});
  catalog.seal();
  CHECK(message_of([&] { LogBook{catalog}; }) ==
        "log 'my': /lines/0/pattern: notes the unknown value 'weight_gib', did you mean 'weights_gib'?");
}

TEST_CASE("a failure of a user's own table is recognised like a shipped one", "[logs]") {
  Catalog catalog;
  add_log(catalog, {{"id", "my"},
                    {"failures",
                     {{{"id", "no-seat"},
                       {"says", "no seat"},
                       {"term", "none"},
                       {"patterns", {{{"pattern", "no seat left on {w:device}"}}}}}}}});
  catalog.seal();
  const LogBook own(catalog);
  LogReader reader(own);
  reader.feed("ERROR no seat left on server-1 today\n");
  const LogFacts facts = reader.finish();
  REQUIRE(facts.starts.front().failures.size() == 1);
  CHECK(facts.starts.front().word("device") == "server-1");
}

// Files of start-ups: our own format and JSON lines.
#include "audit/observed_row.hpp"
#include "support/catch.hpp"
#include "support/message_of.hpp"

#include <fmt/format.h>

using namespace vw;
using vw::test::message_of;

namespace {

Json startup() {
  return {{"id", "one"},
          {"source", "org/logs"},
          {"checkpoint", "org/sample"},
          {"gpu", "H100 80GB"},
          {"gpus", 2},
          {"tensor_parallel", 2},
          {"vllm_version", "0.21.0"},
          {"started", true},
          {"logged", {{"model_loading_gib", 14.99}, {"cuda_graph_gib", -0.4}}}};
}

Json file_of(const Json& row) { return {{"startups_version", 1}, {"startups", {row}}}; }

std::string refusal(const std::string& key, const Json& value) {
  Json row = startup();
  row[key] = value;
  return message_of([&] { read_startups(file_of(row), "s.json"); });
}

Json line() {
  return {{"id", "one"},
          {"source", "org/logs:vllm.log@1234"},
          {"model", "org/sample"},
          {"gpu", "H100 80GB"},
          {"num_gpus", 1},
          {"tp", 1},
          {"engine", "v1"},
          {"complete", true},
          {"started", false},
          {"vllm_version", "0.14.0rc1.dev2+g7d"},
          {"quantization", "none"},
          {"observed", {{"available_kv_gib", -1.44}, {"kv_cache_tokens", nullptr}, {"oom", false}}}};
}

ObservedRow read_line(const Json& changes) {
  Json row = line();
  row.update(changes);
  return read_observed_rows(to_text(row) + "\n", "s.jsonl").at(0);
}

}  // namespace

TEST_CASE("a start-up of our own format becomes a request and what was logged", "[audit]") {
  Json row = startup();
  row.update({{"config_of", "org/shape"},
              {"stored_as", "awq"},
              {"context_tokens", 8192},
              {"enforce_eager", true},
              {"serving", {{"language_model_only", true}}}});
  const ObservedRow read = read_observed_rows(to_pretty_text(file_of(row)), "s.json").at(0);
  CHECK(read.source == "org/logs");
  CHECK(read.request.model == "org/shape");
  CHECK(read.stored_as == "awq");
  CHECK(read.request.gpus == 2);
  CHECK(read.request.tensor_parallel == 2);
  CHECK(read.request.pipeline_parallel == 1);
  CHECK(read.request.max_model_len == 8192);
  CHECK(read.request.enforce_eager);
  CHECK(read.request.serving == Json{{"language_model_only", true}});
  CHECK(read.observed == std::map<std::string, double>{{"model_loading_gib", 14.99}, {"starts", 1}});
  CHECK(read.skip.empty());
}

TEST_CASE("one file of our own format may stand on one line", "[audit]") {
  CHECK(read_observed_rows(to_text(file_of(startup())), "s.json").size() == 1);
}

TEST_CASE("what is wrong in our own format is told with file and path", "[audit]") {
  CHECK(refusal("gpu_total", 80) == "s.json: /startups/0: unknown key 'gpu_total', did you mean 'gpu_total_gib'?");
  CHECK(refusal("gpus", 0) == "s.json: /startups/0/gpus: is 0, expected a whole number from 1 to 100000");
  CHECK(refusal("serving", {{"lora", {{"slots", 0}}}}) ==
        "s.json: /startups/0/serving/lora/slots: is 0, expected a whole number from 1 to 1000000");
  CHECK(refusal("dtype", "bf15").starts_with("s.json: /startups/0: --dtype: "));
  CHECK(refusal("vllm_version", nullptr) ==
        "s.json: /startups/0: has no 'vllm_version', expected it or a reason to 'skip' the row");
}

TEST_CASE("a row that is skipped need not be whole", "[audit]") {
  const Json row = {{"id", "one"}, {"source", "org/logs"}, {"skip", "the card is not known"}};
  CHECK(read_startups(file_of(row), "s.json").at(0).skip == "the card is not known");
}

TEST_CASE("an id stands for one start-up", "[audit]") {
  const Json file = {{"startups_version", 1}, {"startups", {startup(), startup()}}};
  CHECK(message_of([&] { read_observed_rows(to_pretty_text(file), "s.json"); }) ==
        "s.json: has two start-ups with the id 'one', expected one");
}

TEST_CASE("a start-up of JSON lines becomes the same", "[audit]") {
  const ObservedRow read = read_line({{"architecture_of", "org/shape"}, {"gpu_total_gib", 79.18}, {"colour", "red"}});
  CHECK(read.source == "org/logs");
  CHECK(read.request.model == "org/shape");
  CHECK(read.request.vllm_version == "0.14.0");
  CHECK(read.request.vram_gib == 79.18);
  CHECK(read.observed == std::map<std::string, double>{{"available_kv_gib", -1.44}, {"starts", 0}});
  CHECK(read.skip.empty());
}

TEST_CASE("threads and collections are sources, files of one repository are not", "[audit]") {
  CHECK(read_line({{"source", "org/logs#12"}}).source == "org/logs#12");
  CHECK(read_line({{"source", "github-file:id7 (a table)"}}).source == "github-file:id7");
  CHECK(read_line({{"source", "org/logs:other.log@77"}}).source == "org/logs");
}

TEST_CASE("a row of JSON lines is skipped for the first reason that it gives", "[audit]") {
  CHECK(read_line({{"complete", false}}).skip == "not complete: model, card, context or utilization is not known");
  CHECK(read_line({{"engine", "v0"}}).skip == "the V0 engine");
  CHECK(read_line({{"gpu", nullptr}}).skip == "the card is not known");
  CHECK(read_line({{"vllm_version", nullptr}}).skip == "neither release nor date is known");
  CHECK(read_line({{"quantization", "exl3"}}).skip == "no format is known for 'exl3'");
  CHECK(read_line({{"args", "--decode-context-parallel-size 8"}}).skip == "asks for decode context parallelism");
  CHECK(read_line({{"id", "miaai-204-b"}}).skip == "a fork of vLLM with a weight format of its own");
}

TEST_CASE("a row without a version takes the release of the date in its notes", "[audit]") {
  CHECK(read_line({{"vllm_version", nullptr}, {"notes", "start refused; Oct 2025"}}).request.vllm_version == "0.11.0");
}

TEST_CASE("without chunked prefill a step holds the whole context", "[audit]") {
  const Json asked = {{"args", "enable_chunked_prefill=False"}, {"max_model_len", 4096}};
  CHECK(read_line(asked).request.max_num_batched_tokens == 4096);
}

TEST_CASE("a block size that vLLM does not offer is one that it logged", "[audit]") {
  CHECK(read_line({{"block_size", 64}}).request.block_size == 64);
  CHECK_FALSE(read_line({{"block_size", 544}}).request.block_size);
  CHECK_FALSE(read_line({{"block_size", 1568}}).request.block_size);
}

TEST_CASE("a broken line is told with file and line", "[audit]") {
  const std::string good = to_text(line()) + "\n";
  CHECK(message_of([&] { read_observed_rows(good + "\n{\"id\": \n", "s.jsonl"); }).starts_with("s.jsonl:3: line 1 "));
  Json wrong = line();
  wrong.update({{"id", "two"}, {"tp", "four"}});
  CHECK(message_of([&] { read_observed_rows(good + to_text(wrong), "s.jsonl"); }) ==
        "s.jsonl:2: /tp: is the text 'four', expected a whole number from 1 to 100000");
}

// Prediction beside log, and the correction that makes them one.
#include "logs/comparison.hpp"

#include "logs/logs_lab.hpp"
#include "lua/scripts.hpp"
#include "support/catch.hpp"
#include "support/memory_files.hpp"

#include <cmath>

using namespace vw;
using namespace vw::test;

namespace {

struct Calibrated {
  LoggedCase judged;
  LoggedRequest logged;
  Comparison comparison;
  std::optional<Correction> correction;
};

Calibrated calibrated(const std::string& text, const std::function<void(Request&)>& over) {
  Calibrated done;
  const LogFacts facts = facts_of(text);
  const LoggedStart& start = facts.starts.back();
  done.logged = request_of(lab().catalog(), start);
  Request request = done.logged.request;
  request.offline = true;
  over(request);
  done.judged = judge_case(case_bench(), done.logged, request);
  done.comparison = compare(done.judged, logged_terms(start));
  done.correction = correction_of(done.judged, done.comparison, "vllm", lab().defaults().repeatability);
  return done;
}

vw_memory corrected(const Calibrated& done) {
  Scenario scenario = done.judged.scenario;
  scenario.corrections = {*done.correction};
  MemoryJudge judge(vllm_memory(), scenario);
  return judge.judge(done.judged.candidate);
}

double in_gib(double bytes) { return bytes / gib; }

void check_sane(const vw_memory& memory) {
  for (const double bytes :
       {memory.weights_bytes, memory.weights_low_bytes, memory.activation_bytes, memory.activation_low_bytes,
        memory.non_torch_bytes, memory.non_torch_low_bytes, memory.cuda_graph_bytes, memory.cuda_graph_low_bytes,
        memory.kv_available_bytes, memory.kv_available_low_bytes}) {
    CHECK(std::isfinite(bytes));
    CHECK(bytes >= 0);
  }
  CHECK(memory.weights_low_bytes <= memory.weights_bytes);
  CHECK(memory.kv_available_low_bytes <= memory.kv_available_high_bytes);
}

}  // namespace

TEST_CASE("after calibrating with a log, the same request is predicted as it was logged", "[logs]") {
  std::size_t rows = 0;
  for (const Row& row : rows_to_score()) {
    if (!row.json.value("started", false) || !row.maybe("available_kv_gib")) continue;
    INFO(row.read.id);
    const Calibrated done = calibrated(written(log_of(row)), [&](Request& request) { tell_row(row, request); });
    REQUIRE(done.correction);
    const vw_memory memory = corrected(done);
    check_sane(memory);
    constexpr double rounding = 0.03;
    CHECK(in_gib(memory.kv_available_bytes) == Approx(row.logged("available_kv_gib")).margin(rounding));
    if (row.maybe("model_loading_gib"))
      CHECK(in_gib(memory.weights_bytes) == Approx(row.logged("model_loading_gib")).margin(rounding));
    CHECK(in_gib(memory.kv_available_high_bytes - memory.kv_available_low_bytes) <= 0.61);
    ++rows;
  }
  CHECK(rows >= 25);
}

TEST_CASE("a log of the model's own numbers changes nothing but intervals", "[logs]") {
  for (const auto& [model, gpu, version] : {std::tuple{"meta-llama/Llama-3.1-8B-Instruct", "RTX 4090", "0.10.2"},
                                            {"Qwen/Qwen3-30B-A3B", "H100 80GB", "0.12.0"},
                                            {"Qwen/Qwen3-8B", "L40S", "0.21.0"},
                                            {"meta-llama/Llama-3.1-8B-Instruct", "A100 80GB", "0.27.1"},
                                            {"google/gemma-3-27b-it", "H200", "0.18.0"}}) {
    INFO(model << " on " << gpu << ", " << version);
    WrittenLog log;
    log.version = version;
    log.arguments = {{"model", model}, {"max_model_len", 8192}, {"gpu_memory_utilization", 0.9}};
    const auto on_card = [gpu = gpu](Request& request) { request.gpu = gpu; };
    log.weights_gib = 1;
    const vw_memory own = calibrated(written(log), on_card).judged.memory;
    log.weights_gib = in_gib(own.weights_bytes);
    log.activation_gib = in_gib(own.activation_bytes);
    log.non_torch_gib = in_gib(own.non_torch_bytes);
    log.kv_available_gib = in_gib(own.kv_available_bytes);
    log.kv_tokens = own.kv_tokens;
    const Calibrated done = calibrated(written(log), on_card);
    REQUIRE(done.correction);
    for (const auto& [name, part] : done.correction->parts) {
      INFO(name);
      CHECK_FALSE(part.changes());
    }
    const vw_memory memory = corrected(done);
    CHECK(memory.weights_bytes == own.weights_bytes);
    CHECK(memory.activation_bytes == own.activation_bytes);
    CHECK(memory.non_torch_bytes == own.non_torch_bytes);
    CHECK(memory.kv_available_bytes == own.kv_available_bytes);
    CHECK(memory.kv_tokens == own.kv_tokens);
    CHECK(memory.kv_available_high_bytes - memory.kv_available_low_bytes <
          own.kv_available_high_bytes - own.kv_available_low_bytes);
  }
}

TEST_CASE("whatever a log says, no corrected term is negative or no number", "[logs]") {
  const double values[] = {0, 0.01, 5.25, 1000};
  for (const double weights : values)
    for (const double kv : {-5.0, 0.0, 3.0, 1000.0})
      for (const double activation : values) {
        INFO(weights << " " << kv << " " << activation);
        WrittenLog log;
        log.arguments = {{"model", "meta-llama/Llama-3.1-8B-Instruct"}, {"max_model_len", 8192}};
        log.weights_gib = weights;
        log.kv_available_gib = kv;
        log.activation_gib = activation;
        log.non_torch_gib = activation / 2;
        const Calibrated done = calibrated(written(log), [](Request& request) { request.gpu = "RTX 4090"; });
        REQUIRE(done.correction);
        check_sane(corrected(done));
      }
}

TEST_CASE("a correction comes back from its script as it was written", "[logs]") {
  const Row row = rows_to_score().back();
  Calibrated done = calibrated(written(log_of(row)), [&](Request& request) { tell_row(row, request); });
  REQUIRE(done.correction);
  done.correction->sources = {"log \"a\\b\".log"};
  const std::string script = to_script(*done.correction), path = "/corrections/" + done.correction->id + ".lua";
  MemoryFiles files;
  files.put(path, script);
  const lua::Host host{&files, nullptr, nullptr};
  const auto declared = lua::load_script(path, Origin::Rank::user, host);
  REQUIRE(declared.size() == 1);
  const Json table = *std::get<std::shared_ptr<const Json>>(declared.front().loaded);
  const Correction read = read_correction(JsonReader(table, path));
  CHECK(to_script(read) == script);
  CHECK(read.sources == done.correction->sources);
}

TEST_CASE("a correction is for its own card, family, release and memory model only", "[logs]") {
  Catalog catalog;
  const Json table = {{"id", "ours"},
                      {"memory_model", "vllm"},
                      {"gpu", "rtx-4090"},
                      {"family", "llama"},
                      {"release", "0.10.2"},
                      {"load", {{"tensor_parallel", 1}, {"pipeline_parallel", 1}}},
                      {"parts", {{"weights", {{"ratio", 1.01}}}}}};
  catalog.add(table_kind::correction, "ours", {Origin::Rank::user, "/c/ours.lua", ""},
              [table] { return std::make_shared<const Json>(table); });
  catalog.seal();
  CHECK(corrections_for(catalog, {"vllm", "llama", "0.10.2"}).size() == 1);
  CHECK(corrections_for(catalog, {"classic", "llama", "0.10.2"}).empty());
  CHECK(corrections_for(catalog, {"vllm", "qwen3-5", "0.10.2"}).empty());
  CHECK(corrections_for(catalog, {"vllm", "llama", "0.11.0"}).empty());
}

TEST_CASE("the interval is narrow for the load that was logged, and moves with its term for others", "[logs]") {
  WrittenLog log;
  log.arguments = {{"model", "meta-llama/Llama-3.1-8B-Instruct"}, {"max_model_len", 8192}};
  log.weights_gib = 15.2;
  log.activation_gib = 1.4;
  log.non_torch_gib = 0.4;
  const Calibrated done = calibrated(written(log), [](Request& request) { request.gpu = "RTX 4090"; });
  Scenario scenario = done.judged.scenario;
  scenario.corrections = {*done.correction};
  MemoryJudge judge(vllm_memory(), scenario);
  const vw_memory same = judge.judge(done.judged.candidate);
  CHECK(in_gib(same.activation_high_bytes - same.activation_low_bytes) == Approx(0.02));
  vw_candidate other = done.judged.candidate;
  other.max_sequences = 64;
  const vw_memory fewer = judge.judge(other);
  CHECK(in_gib(fewer.weights_bytes) == Approx(15.2).margin(0.01));
  CHECK(in_gib(fewer.weights_high_bytes - fewer.weights_low_bytes) > 0.02);
}

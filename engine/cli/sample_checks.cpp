#include "cli/sample_checks.hpp"

#include "base/text.hpp"
#include "base/units.hpp"
#include "facts/gpu.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace vw::cli {
namespace {

constexpr const char* nobody = "vllm-wizard/nobody-knows-this";
constexpr const char* sample_advice = "parts that need a plan were not tried";

// A card that holds the sample with room to spare; without the table, one that is known by its memory only.
void choose_card(const Catalog& catalog, Request& request) {
  constexpr double least_mib = 40 * 1024;
  try {
    for (const Gpu& gpu : GpuTable(catalog).all()) {
      if (gpu.vllm != "supported" || gpu.memory_mib.value_or(0) < least_mib) continue;
      request.gpu = gpu.id;
      return;
    }
  } catch (const Error&) {  // a finding of the tables
  }
  request.gpu = "sample card";
  request.vram_gib = 80;
}

// A dense model of a typical shape, so that no source needs to know one.
Request sample_request(const Catalog& catalog) {
  constexpr double typical_billions = 7;
  Request request;
  request.model = nobody;
  request.params_b = typical_billions;
  request.max_model_len = 4096;
  request.offline = true;
  if (catalog.has(VW_KIND_METADATA_SOURCE, "catalogue")) request.source = "catalogue";
  choose_card(catalog, request);
  return request;
}

vw_candidate sample_candidate() {
  vw_candidate candidate{};
  candidate.gpus = candidate.nodes = 1;
  candidate.tensor_parallel = candidate.pipeline_parallel = candidate.data_parallel = candidate.expert_parallel = 1;
  candidate.context_tokens = 4096;
  candidate.concurrency = 1;
  candidate.prompt_tokens = 512;
  candidate.generated_tokens = 256;
  candidate.utilization = 0.9;
  return candidate;
}

std::string advice_for(const Part& part) { return part.origin().path + " loads, but would fail like this in a plan"; }

void expect_unknown(const Part& source) {
  Instance instance = source.open(Json::object());
  const Json record = instance.ask({{"verb", "describe"}, {"model", nobody}, {"offline", true}});
  if (!record.is_null()) JsonReader(record, source.label()).at("config").members();
  instance.ask({{"verb", "suggest"}, {"model", nobody}, {"offline", true}});
}

void expect_detection(const Part& detector) {
  constexpr double timeout_s = 10;
  const Json reply = detector.open(Json::object()).ask({{"verb", "detect"}, {"timeout_s", timeout_s}});
  const JsonReader status = JsonReader(reply, detector.label()).at("status");
  const std::vector<std::string> known = {"ok", "absent", "failed", "no-gpu"};
  const std::string word = status.string();
  if (std::find(known.begin(), known.end(), word) == known.end())
    status.fail("is " + quote(word) + ", expected 'ok', 'absent', 'failed' or 'no-gpu'");
  if (word == "ok") JsonReader(reply, detector.label()).at("gpus").items();
}

// Nobody listens there.
void expect_problem(const Part& probe) {
  constexpr double timeout_s = 1;
  const Json reply =
      probe.open(Json::object()).ask({{"verb", "probe"}, {"url", "http://127.0.0.1:9"}, {"timeout_s", timeout_s}});
  JsonReader(reply, probe.label()).at("status").string();
}

void expect_architectures(const Part& family) {
  const Json reply = family.open(Json::object()).ask({{"verb", "architectures"}});
  JsonReader(reply, family.label()).at("architectures").strings();
}

}  // namespace

const Scenario* SampleChecks::scenario() {
  if (!was_gathered_) {
    was_gathered_ = true;
    findings_.attempt(
        [&] { scenario_ = gather(workspace_.catalog(), workspace_.defaults(), sample_request(workspace_.catalog())); },
        sample_advice);
  }
  return scenario_ ? &*scenario_ : nullptr;
}

const Planned* SampleChecks::planned() {
  if (!was_planned_) {
    was_planned_ = true;
    const auto plan = [&] { planned_ = plan_request(workspace_, sample_request(workspace_.catalog()), arguments_); };
    if (scenario() != nullptr) findings_.attempt(plan, sample_advice);
  }
  return planned_ ? &*planned_ : nullptr;
}

bool SampleChecks::check_memory_model(const Part& part) {
  const Scenario* sample = scenario();
  const auto run = [&] {
    MemoryJudge judge(part, *sample);
    judge.judge(sample_candidate());
    judge.explain(sample_candidate());
  };
  return sample == nullptr || findings_.attempt(run, advice_for(part));
}

bool SampleChecks::check_perf_heuristic(const Part& part) {
  const Scenario* sample = scenario();
  const auto run = [&] {
    vw_memory memory{};
    memory.verdict = VW_FITS;
    memory.weights_bytes = sample->weights_bytes;
    memory.capacity_bytes = memory.total_bytes = from_mib(sample->hardware.memory_mib);
    PerfJudge judge(part, *sample, efficiency_from(workspace_.catalog(), part));
    judge.judge(sample_candidate(), memory);
    judge.explain(sample_candidate(), memory);
  };
  return sample == nullptr || findings_.attempt(run, advice_for(part));
}

bool SampleChecks::check_renderer(const Part& part) {
  const Planned* sample = planned();
  return sample == nullptr || findings_.attempt([&] { render(part, sample->input); }, advice_for(part));
}

bool SampleChecks::check(const Part& part) {
  const std::string& kind = part.kind();
  if (kind == VW_KIND_MEMORY_MODEL) return check_memory_model(part);
  if (kind == VW_KIND_PERF_HEURISTIC) return check_perf_heuristic(part);
  if (kind == VW_KIND_RENDERER) return check_renderer(part);
  const auto ask = [&] {
    if (kind == VW_KIND_METADATA_SOURCE) expect_unknown(part);
    if (kind == VW_KIND_GPU_DETECTOR) expect_detection(part);
    if (kind == VW_KIND_MODEL_FAMILY) expect_architectures(part);
    if (kind == VW_KIND_SERVER_PROBE) expect_problem(part);
  };
  return findings_.attempt(ask, advice_for(part));
}

void SampleChecks::check_all() {
  int passed = 0;
  for (const std::string& kind : all_kinds()) {
    if (!is_part_kind(kind)) continue;
    for (const std::string& id : workspace_.catalog().ids(kind)) {
      const auto part = workspace_.catalog().part(kind, id);
      if (check(*part)) ++passed;
    }
  }
  findings_.ok(fmt::format("{} parts answered a sample", passed));
}

}  // namespace vw::cli

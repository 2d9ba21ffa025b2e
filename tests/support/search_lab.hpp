// A search over shipped tables, judged by hot parts of the test's choice.
#pragma once

#include "native/loader.hpp"
#include "search/findings.hpp"
#include "search/prices.hpp"
#include "support/plan_lab.hpp"
#include "support/shipped.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace vw::test {

inline Part native_part(const std::string& file) {
  std::vector<std::string> notes;
  return native::load_plugin(std::string(VW_BINARY_DIR) + "/plugins/" + file, Origin::Rank::given, notes).front();
}

inline const Part& vllm_memory() {
  static const Part part = native_part("memory/vllm.so");
  return part;
}

// Faster on more GPUs, slower with more users; throughput grows with users up to a point. Not measured anywhere.
inline vw_perf sample_perf(const vw_candidate& candidate, const vw_memory&) {
  vw_perf perf{};
  const auto users = static_cast<double>(candidate.concurrency);
  perf.tpot_ms = (20 + users / 4) / candidate.tensor_parallel + (candidate.tensor_parallel > 1 ? 2 : 0);
  perf.ttft_ms = static_cast<double>(candidate.prompt_tokens) / 10 / candidate.tensor_parallel;
  perf.decode_tokens_per_s = 1000 / perf.tpot_ms;
  perf.output_tokens_per_s = users * perf.decode_tokens_per_s;
  perf.requests_per_s = perf.output_tokens_per_s / static_cast<double>(candidate.generated_tokens);
  perf.bottleneck = VW_BOUND_WEIGHTS_BANDWIDTH;
  return perf;
}

inline Part sample_speed() {
  Fake fake;
  fake.kind = VW_KIND_PERF_HEURISTIC;
  fake.perf = sample_perf;
  return make_part(std::move(fake));
}

inline Axes sample_axes() {
  Axes axes;
  axes.gpus = {"a100-pcie-40gb", "h100-sxm5-80gb", "l40s", "rtx-4090"};
  axes.releases = {""};
  axes.quantizations = {"none", "fp8"};
  axes.kv_cache_dtypes = {"auto", "fp8"};
  axes.contexts = {4096, 16384};
  axes.max_num_seqs = {as_needed};
  axes.prompts = {1000};
  axes.generated = {200};
  axes.concurrencies = {1, 4, 16, 64, 256};
  return axes;
}

// All that a search is made of.
struct SearchLab {
  Request request;
  Model model;
  std::unique_ptr<Space> space;
  std::unique_ptr<Lanes> lanes;
  OpenJudges open;

  explicit SearchLab(const Axes& axes, const std::string& model_id = "Qwen/Qwen3-8B") {
    request.model = model_id;
    request.offline = true;
    const Catalog& catalog = shipped().catalog();
    model = load_model(catalog, {"catalogue"}, model_question(request));
    std::vector<LaneKey> keys;
    for (const std::string& gpu : axes.gpus)
      for (const std::string& release : axes.releases) keys.push_back(key_of(axes, gpu, release));
    space = std::make_unique<Space>(axes, keys);
    lanes = std::make_unique<Lanes>(catalog, shipped().defaults(), request, model, *space);
    open = [speed = sample_speed()](const Scenario& scenario) {
      return Judges{MemoryJudge(vllm_memory(), scenario), PerfJudge(speed, scenario)};
    };
  }

  LaneKey key_of(const Axes& axes, const std::string& gpu, const std::string& release) const {
    Request named = request;
    named.gpu = gpu;
    const Hardware hardware = resolve_hardware(shipped().catalog(), {}, named);
    return {hardware, release, layouts_on(axes, model, hardware, request), Prices().of(hardware.gpu)};
  }

  std::vector<Ranked> rows(unsigned threads = 1) const {
    std::vector<Ranked> all;
    run_sweep(
        *space, *lanes, open, threads,
        [&](const JudgedBlock& block) -> Merge {
          std::vector<Ranked> found;
          for (std::size_t i = 0; i < block.rows(); ++i) found.push_back({block.row(i), figures_of(block.view(i)), 0});
          return [&all, found = std::move(found)] { all.insert(all.end(), found.begin(), found.end()); };
        },
        nullptr);
    return all;
  }
};

}  // namespace vw::test

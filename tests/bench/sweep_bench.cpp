#include "sweep_bench.hpp"

#include "support/search_lab.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <filesystem>

namespace vw::bench {
namespace {

double thread_cpu_s() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

// The performance heuristic that a plan takes where nobody chooses one.
Part usual_speed() {
  const std::string id = test::shipped().defaults().perf_model, file = "perf/" + id + ".so";
  if (std::filesystem::exists(std::string(VW_BINARY_DIR) + "/plugins/" + file)) return test::native_part(file);
  return *test::shipped().catalog().part(VW_KIND_PERF_HEURISTIC, id);
}

Axes every_axis() {
  Axes axes;
  axes.gpus = all_gpus(test::shipped().catalog());
  axes.releases = {""};
  axes.quantizations = {"none", "fp8", "fp8-block", "awq", "gptq", "int8", "nvfp4", "mxfp4"};
  axes.kv_cache_dtypes = {"auto"};
  axes.tensor.values = {1, 2, 3, 4, 5, 6, 7, 8};
  axes.contexts = {4096, 8192, 16384, 32768, 65536, 131072};
  axes.max_num_seqs = {as_needed};
  axes.prompts = {2000};
  axes.generated = {300};
  axes.concurrencies = powers_of_two(1, 2048);
  return axes;
}

// Loads that these cards hold: nearly every row reaches the performance heuristic.
Axes what_fits() {
  Axes axes = every_axis();
  axes.gpus = {"h200-sxm-141gb", "b200-sxm-180gb", "mi300x", "mi355x"};
  axes.quantizations = {"none", "fp8"};
  axes.tensor.values = {2, 4, 8};
  axes.contexts = {4096, 8192};
  axes.concurrencies.clear();
  for (std::int64_t users = 1; users <= 200; ++users) axes.concurrencies.push_back(users);
  axes.prompts = {500, 1000, 2000, 3000};
  return axes;
}

void measure(const char* what, const Axes& axes) {
  test::SearchLab lab(axes, "meta-llama/Llama-3.1-8B-Instruct");
  const Part speed = usual_speed();
  lab.open = [&speed](const Scenario& scenario) {
    return Judges{MemoryJudge(test::vllm_memory(), scenario),
                  PerfJudge(speed, scenario, efficiency_from(test::shipped().catalog(), speed))};
  };
  Wanted wanted;
  wanted.sort = &find_sort_key("throughput-per-gpu");
  wanted.tradeoff = &find_tradeoff("throughput");
  Progressed counts;
  double best_s = 1e9;
  for (int round = 0; round < 3; ++round) {
    Findings findings(wanted);
    const double start_s = thread_cpu_s();
    counts = run_sweep(*lab.space, *lab.lanes, lab.open, 1, gather_into(findings, wanted), nullptr);
    best_s = std::min(best_s, thread_cpu_s() - start_s);
  }
  const auto all = static_cast<double>(counts.candidates), fitting = static_cast<double>(counts.fitting);
  fmt::print(
      "{:<28} {:>8} candidates, {:>8} reach {}: {:>6.0f} ms, {:.0f} k candidates/s, {:.0f} k of those that reach it\n",
      what, counts.candidates, counts.fitting, speed.id(), best_s * 1e3, all / best_s / 1e3, fitting / best_s / 1e3);
}

}  // namespace

void measure_sweeps() {
  fmt::print("\nsweeps of Llama 3.1 8B on one thread, parts opened anew:\n");
  measure("every GPU, 8 formats", every_axis());
  measure("loads that large GPUs hold", what_fits());
}

}  // namespace vw::bench

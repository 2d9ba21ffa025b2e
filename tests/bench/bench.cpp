// What the hot path and one plan cost on this machine. Read the ratios: they travel better than the times.
#include "native/loader.hpp"
#include "plan/plan.hpp"
#include "support/shipped.hpp"
#include "sweep_bench.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <functional>

using namespace vw;

namespace {

constexpr std::size_t candidates_in_all = 1000000, block = 4096;

struct Row {
  std::string what;
  double seconds;
  double per_second;  // things in the row, for the last column
  std::string of;
};

// CPU time: all of it is one thread's, and other programs on the machine do not count.
double cpu_s() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

double seconds_of(const std::function<void()>& work) {
  const double start_s = cpu_s();
  work();
  return cpu_s() - start_s;
}

double best_of(int rounds, const std::function<void()>& work) {
  double best = seconds_of(work);
  for (int round = 1; round < rounds; ++round) best = std::min(best, seconds_of(work));
  return best;
}

Scenario sample_scenario() {
  Request request;
  request.model = "meta-llama/Llama-3.1-8B-Instruct";
  request.gpu = "RTX 4090";
  return gather(test::shipped().catalog(), test::shipped().defaults(), request);
}

// Neighbours differ in one field, as they do in a search.
std::vector<vw_candidate> many_candidates() {
  std::vector<vw_candidate> candidates(candidates_in_all);
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    vw_candidate& candidate = candidates[i];
    candidate = {};
    candidate.gpus = candidate.nodes = candidate.pipeline_parallel = candidate.data_parallel =
        candidate.expert_parallel = 1;
    candidate.tensor_parallel = 1;
    candidate.concurrency = 1 + i / 512;
    candidate.context_tokens = 256 * (1 + i % 512);
    candidate.prompt_tokens = 512;
    candidate.generated_tokens = 256;
    candidate.utilization = 0.9;
  }
  return candidates;
}

void judge_all(const Part& part, const Json& settings, const std::vector<vw_candidate>& candidates) {
  Instance model = part.open(settings);
  std::vector<vw_memory> rows(block);
  for (std::size_t at = 0; at < candidates.size(); at += block) {
    const std::size_t count = std::min(block, candidates.size() - at);
    model.evaluate({candidates.data() + at, count}, {rows.data(), count});
  }
}

Part plugin(const char* file) {
  std::vector<std::string> notes;
  return native::load_plugin(std::string(VW_BINARY_DIR) + file, Origin::Rank::given, notes).front();
}

struct Run {
  double cpu_s = 0, peak_mib = 0;
};

// The whole program, output thrown away.
Run run_program(const std::vector<const char*>& words) {
  std::fflush(stdout);  // else the child would print it again
  const pid_t child = fork();
  if (child == 0) {
    if (std::freopen("/dev/null", "w", stdout) == nullptr) _exit(127);
    std::vector<char*> arguments;
    for (const char* word : words) arguments.push_back(const_cast<char*>(word));
    arguments.push_back(nullptr);
    execv(arguments.front(), arguments.data());
    _exit(127);
  }
  int status = 0;
  rusage usage{};
  wait4(child, &status, 0, &usage);
  if (!WIFEXITED(status) || WEXITSTATUS(status) > 1) fmt::print(stderr, "bench: {} failed\n", words.front());
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return {seconds(usage.ru_utime) + seconds(usage.ru_stime), static_cast<double>(usage.ru_maxrss) / 1024};
}

Run median_run(int runs, const std::vector<const char*>& words) {
  std::vector<double> times;
  Run result;
  for (int i = 0; i < runs; ++i) {
    const Run run = run_program(words);
    times.push_back(run.cpu_s);
    result.peak_mib = std::max(result.peak_mib, run.peak_mib);
  }
  std::nth_element(times.begin(), times.begin() + runs / 2, times.end());
  result.cpu_s = times[static_cast<std::size_t>(runs / 2)];
  return result;
}

void print(const std::vector<Row>& rows) {
  const double unit = rows.front().seconds;
  fmt::print("{:<52} {:>12} {:>10}  {}\n", "", "time", "ratio", "each");
  for (const Row& row : rows)
    fmt::print("{:<52} {:>9.2f} ms {:>10.1f}  {:.1f} ns a {}\n", row.what, row.seconds * 1e3, row.seconds / unit,
               row.seconds * 1e9 / row.per_second, row.of);
}

std::size_t size_of_gpu_db(const Files& files) {
  std::size_t bytes = 0;
  for (const std::string& name : files.list(test::shipped_gpu_db))
    if (name.ends_with(".json")) bytes += files.read(test::shipped_gpu_db + "/" + name)->size();
  return bytes;
}

void read_gpu_db() {
  Catalog catalog;
  index_gpu_db(test::shipped_gpu_db, Origin::Rank::installed, disk_files(), catalog);
  catalog.seal();
  if (GpuTable(catalog).all().empty()) fmt::print(stderr, "bench: gpu-db is empty\n");
}

// Before anything else: a child's peak memory counts what its parent had when it began.
Run cold_plan() {
  return median_run(20, {VW_BINARY_DIR "/vllm-wizard", "plan", "--model", "meta-llama/Llama-3.1-8B-Instruct", "--gpu",
                         "RTX 4090", "--max-model-len", "8192", "--concurrency", "4"});
}

}  // namespace

int main() {
  const Run plan = cold_plan();
  const std::vector<vw_candidate> candidates = many_candidates();
  const Json settings = sample_scenario().settings();
  const Part native = plugin("/example-plugins/first-plugin.so"), vllm = plugin("/plugins/memory/vllm.so");
  const auto classic = test::shipped().catalog().part(VW_KIND_MEMORY_MODEL, "classic");
  std::vector<Row> rows;
  rows.push_back({"10^6 candidates through a plugin (first-plugin)",
                  best_of(5, [&] { judge_all(native, settings, candidates); }), candidates_in_all, "candidate"});
  rows.push_back({"10^6 candidates through the vllm model", best_of(5, [&] { judge_all(vllm, settings, candidates); }),
                  candidates_in_all, "candidate"});
  rows.push_back({"10^6 candidates through a script (classic)",
                  best_of(3, [&] { judge_all(*classic, settings, candidates); }), candidates_in_all, "candidate"});
  const std::size_t bytes = size_of_gpu_db(disk_files());
  rows.push_back({fmt::format("gpu-db, {} KiB, read and checked", bytes / 1024), best_of(5, read_gpu_db),
                  static_cast<double>(bytes), "byte"});
  rows.push_back({"gathering facts of Llama 3.1 8B, tables loaded", best_of(5, [] { sample_scenario(); }), 1, "plan"});
  print(rows);
  fmt::print("\ncold plan of Llama 3.1 8B: {:.1f} ms of CPU time (median of 20), {:.1f} MiB at most\n",
             plan.cpu_s * 1e3, plan.peak_mib);
  vw::bench::measure_sweeps();
  return 0;
}

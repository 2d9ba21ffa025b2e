// Logs of vLLM as each era writes them, from numbers: what a server that was asked for `arguments` would have printed.
#pragma once

#include "base/json_reader.hpp"
#include "facts/release.hpp"

#include <fmt/format.h>

#include <optional>
#include <string>

namespace vw::test {

struct WrittenLog {
  std::string version = "0.10.2";
  Json arguments = Json::object();  // names of options with their values
  std::optional<double> total_gib, free_gib, utilization;
  std::optional<double> weights_gib, activation_gib, non_torch_gib, graph_gib, kv_available_gib;
  std::optional<double> kv_tokens, concurrency;
  std::int64_t context_tokens = 0;
  std::string fails_with;         // a line in place of what would have come then
  std::string fails_in = "none";  // start, load, profile, kv-cache, graph-capture, warm-up, serving
};

inline bool is_before(const std::string& version, const std::string& other) {
  return compare_versions(version, other).value_or(0) < 0;
}

inline std::string in_python(const Json& value) {
  if (value.is_null()) return "None";
  if (value.is_boolean()) return value.get<bool>() ? "True" : "False";
  if (value.is_string()) return "'" + value.get<std::string>() + "'";
  if (!value.is_object()) return value.dump();
  std::string text;
  for (const auto& [key, member] : value.items())
    text += (text.empty() ? "'" : ", '") + key + "': " + in_python(member);
  return "{" + text + "}";
}

inline std::string as_namespace(const Json& arguments) {
  std::string text;
  for (const auto& [key, value] : arguments.items()) text += key + "=" + in_python(value) + ", ";
  return "Namespace(" + text + "port=8000, disable_log_stats=False)";
}

// Sizes as logs print them: newer ones drop zeros at the end.
inline std::string printed(double value) { return fmt::format("{:.2f}", value); }

class LogWriter {
 public:
  explicit LogWriter(const WrittenLog& log) : log_(log), is_merged_(!is_before(log.version, "0.27")) {}

  std::string text() {
    head();
    if (is_over("start")) return text_;
    engine("gpu_model_runner.py:1234", "Starting to load model " + log_.arguments.value("model", "?") + "...");
    if (is_over("load")) return text_;
    weights();
    if (is_over("profile")) return text_;
    profile();
    if (is_over("kv-cache")) return text_;
    cache();
    if (is_over("graph-capture")) return text_;
    if (log_.graph_gib)
      engine("gpu_model_runner.py:2345",
             fmt::format("Graph capturing finished in 21 secs, took {} GiB", printed(*log_.graph_gib)));
    if (is_over("warm-up")) return text_;
    summary();
    engine("core.py:210", "init engine (profile, create kv cache, warmup model) took 44.12 seconds");
    text_ += "(APIServer pid=1) INFO:     Application startup complete.\n";
    is_over("serving");
    return text_;
  }

 private:
  void engine(const char* place, const std::string& message) {
    text_ += fmt::format("(EngineCore_DP0 pid=271) INFO 10-02 07:11:{:02} [{}] {}\n", second_++ % 60, place, message);
  }

  bool is_over(const std::string& phase) {
    if (log_.fails_in != phase) return false;
    text_ += "(EngineCore_DP0 pid=271) ERROR 10-02 07:12:00 [core.py:708] Traceback (most recent call last):\n";
    text_ += "(EngineCore_DP0 pid=271) ERROR 10-02 07:12:00 [core.py:708] " + log_.fails_with + "\n";
    text_ +=
        "(APIServer pid=1) RuntimeError: Engine core initialization failed. See root cause above. Failed core "
        "proc(s): {'EngineCore_DP0': 1}\n";
    return true;
  }

  void head() {
    text_ +=
        "(APIServer pid=1) INFO 10-02 07:10:01 [api_server.py:1839] vLLM API server version " + log_.version + "\n";
    text_ +=
        is_before(log_.version, "0.9")
            ? "INFO 10-02 07:10:01 [api_server.py:1840] args: " + as_namespace(log_.arguments) + "\n"
            : "(APIServer pid=1) INFO 10-02 07:10:01 [utils.py:233] non-default args: " + in_python(log_.arguments) +
                  "\n";
    if (log_.context_tokens > 0)
      text_ += fmt::format("(APIServer pid=1) INFO 10-02 07:10:04 [model.py:1510] Using max model len {}\n",
                           log_.context_tokens);
  }

  void weights() {
    if (!log_.weights_gib) return;
    const bool is_gb = is_before(log_.version, "0.8.3"), is_late = !is_before(log_.version, "0.12");
    const std::string size = is_gb || is_late ? printed(*log_.weights_gib) : fmt::format("{:.4f}", *log_.weights_gib);
    engine("gpu_model_runner.py:2602", fmt::format("Model loading took {} {} and 3.21 seconds", size,
                                                   is_gb     ? "GB"
                                                   : is_late ? "GiB memory"
                                                             : "GiB"));
  }

  bool is_e3() const { return !is_before(log_.version, "0.26"); }
  double consumed() const { return log_.weights_gib.value_or(0) + log_.non_torch_gib.value_or(0); }

  void profile() {
    if (log_.activation_gib && log_.non_torch_gib && log_.weights_gib) {
      const std::string head = fmt::format(
          "Memory profiling takes 3.10 seconds. Total non KV cache memory: {}GiB; torch peak memory increase: {}GiB; ",
          printed(consumed() + *log_.activation_gib), printed(*log_.activation_gib));
      const std::string middle =
          is_e3() ? fmt::format("total consumed (from mem_get_info): {}GiB; ", printed(consumed()))
                  : fmt::format("non-torch forward increase memory: {}GiB; ", printed(*log_.non_torch_gib));
      engine("gpu_worker.py:298", head + middle + fmt::format("weights memory: {}GiB.", printed(*log_.weights_gib)));
    }
    if (log_.kv_available_gib && !is_before(log_.version, "0.10"))
      engine("gpu_worker.py:299", fmt::format("Available KV cache memory: {} GiB", printed(*log_.kv_available_gib)));
  }

  void cache() {
    if (!log_.kv_tokens) return;
    std::string tokens = fmt::format("GPU KV cache size: {} tokens", with_commas(*log_.kv_tokens));
    const std::string concurrency =
        log_.concurrency
            ? fmt::format("Maximum concurrency for {} tokens per request: {}x",
                          with_commas(static_cast<double>(log_.context_tokens)), printed(*log_.concurrency))
            : "";
    if (is_merged_ && !concurrency.empty()) return engine("kv_cache_utils.py:1087", tokens + ", " + concurrency);
    engine("kv_cache_utils.py:1087", tokens);
    if (!concurrency.empty()) engine("kv_cache_utils.py:1091", concurrency);
  }

  void summary() {
    if (!log_.total_gib || !log_.utilization || !log_.activation_gib || !log_.non_torch_gib || !log_.kv_available_gib)
      return;
    const std::string used = is_e3()
                                 ? fmt::format("{} GiB for consumed memory (weights + non-torch)", printed(consumed()))
                                 : fmt::format("{} GiB for weight", printed(*log_.weights_gib));
    const std::string other = is_e3() ? "" : fmt::format(", {} GiB for non-torch memory", printed(*log_.non_torch_gib));
    engine(
        "gpu_worker.py:391",
        fmt::format("Free memory on device ({}/{} GiB) on startup. Desired GPU memory utilization is ({}, {} GiB). "
                    "Actual usage is {}, {} GiB for peak activation{}, and {} GiB for CUDAGraph memory. Replace "
                    "gpu_memory_utilization config with `--kv-cache-memory=9663676416` (9.0 GiB) to fit into "
                    "requested memory, or `--kv-cache-memory=10737418240` (10.0 GiB) to fully utilize gpu memory. "
                    "Current kv cache memory in use is {} GiB.",
                    printed(log_.free_gib.value_or(*log_.total_gib - 0.5)), printed(*log_.total_gib), *log_.utilization,
                    printed(*log_.total_gib * *log_.utilization), used, printed(*log_.activation_gib), other,
                    printed(log_.graph_gib.value_or(0)), printed(*log_.kv_available_gib)));
  }

  static std::string with_commas(double count) {
    std::string digits = fmt::format("{:.0f}", count);
    for (int at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3)
      digits.insert(static_cast<std::size_t>(at), ",");
    return digits;
  }

  const WrittenLog& log_;
  bool is_merged_;
  int second_ = 0;
  std::string text_;
};

inline std::string written(const WrittenLog& log) { return LogWriter(log).text(); }

}  // namespace vw::test

#include "cli/options.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace vw::cli {
namespace {

constexpr std::array options = std::to_array<Option>({
    {"model", "", 'm', "ID|PATH", "Model", "Hugging Face id, folder with config.json, or file (safetensors, GGUF)"},
    {"revision", "", 0, "REV", "Model", "branch, tag or commit of the model"},
    {"trust-remote-code", "", 0, "", "Model", "pass --trust-remote-code on to vLLM"},
    {"dtype", "", 0, "auto|fp16|bf16|fp32", "Model", "number format of weights that are not quantized (auto)"},
    {"quantization", "", 'q', "ID", "Model", "weight format; none = what the checkpoint declares (none)"},
    {"kv-cache-dtype", "", 0, "ID", "Model", "format of the KV cache: auto, bf16, fp8, ... (auto)"},
    {"max-model-len", "", 0, "N|8k|auto", "Model", "context length to plan for (auto: the largest that fits)"},
    {"params-b", "", 0, "X", "Model", "parameters in billions; overrides the count"},
    {"tokenizer", "", 0, "ID", "Model", "tokenizer to pass on to vLLM"},

    {"gpu", "", 0, "NAME|auto", "Hardware", "accelerator to plan for (auto: the ones of this machine)"},
    {"gpus", "", 0, "N", "Hardware", "accelerators per node"},
    {"nodes", "", 0, "N", "Hardware", "machines (1)"},
    {"vram-gb", "", 0, "X", "Hardware", "GiB per accelerator; overrides the table"},
    {"interconnect", "", 0, "pcie|nvlink|unknown", "Hardware", "link between the accelerators"},
    {"tensor-parallel-size", "tp", 0, "N", "Hardware", "accelerators that share each layer"},
    {"pipeline-parallel-size", "pp", 0, "N", "Hardware", "groups that share the layers one after another"},
    {"data-parallel-size", "dp", 0, "N", "Hardware", "copies of the model"},
    {"enable-expert-parallel", "", 0, "", "Hardware", "spread whole experts instead of splitting them"},

    {"prompt-tokens", "", 0, "N", "Workload", "tokens of a prompt (512)"},
    {"gen-tokens", "", 0, "N", "Workload", "tokens generated per request (256)"},
    {"concurrency", "", 'c', "N", "Workload", "requests that run at the same time (1)"},
    {"target-latency-ms", "", 0, "X", "Workload", "wanted time of a whole request"},
    {"prefix-cache-hit", "", 0, "X", "Workload", "share of a prompt that the prefix cache holds, 0 to 1 (0)"},
    {"streaming", "", 0, "", "Workload", "clients read tokens as they come"},
    {"batching-mode", "", 0, "throughput|latency|balanced", "Workload", "what the limits are tuned for (balanced)"},

    {"vllm-version", "", 0, "V", "Engine",
     "vLLM release to plan for (newest known); plan compares several: 0.9.1,0.31"},
    {"max-num-seqs", "", 0, "N|auto", "Engine", "sequences in a batch (auto: as many of the context as fit)"},
    {"max-num-batched-tokens", "", 0, "N", "Engine", "tokens in a step"},
    {"block-size", "", 0, "N", "Engine", "tokens in a KV cache block"},
    {"enforce-eager", "", 0, "", "Engine", "no CUDA graphs"},
    {"kv-cache-memory-bytes", "", 0, "N|8G", "Engine", "size of the KV cache instead of what is left"},
    {"cpu-offload-gb", "", 0, "X", "Engine", "GiB of weights per GPU that are kept in host memory"},
    {"max-loras", "", 0, "N", "Engine", "adapters that are loaded at the same time"},
    {"max-lora-rank", "", 0, "N", "Engine", "largest rank of an adapter (16)"},
    {"spec-method", "", 0, "mtp|eagle|eagle3|draft|ngram|suffix", "Engine", "speculative decoding"},
    {"spec-model", "", 0, "ID", "Engine", "draft model of speculative decoding"},
    {"spec-tokens", "", 0, "N", "Engine", "tokens that are drafted per step"},
    {"spec-acceptance", "", 0, "X", "Engine", "share of drafted tokens that are accepted, 0 to 1 (a guess by method)"},
    {"limit-mm-per-prompt", "", 0, "JSON", "Engine", "most images, videos, sounds: '{\"image\": 2, \"video\": 0}'"},
    {"language-model-only", "", 0, "", "Engine", "leave the vision and audio towers out"},

    {"gpu-memory-utilization", "", 0, "X", "Policy", "share of the memory that vLLM may use"},
    {"overhead-gb", "", 0, "X", "Policy", "fixed overhead in GiB instead of the estimate"},
    {"fragmentation-factor", "", 0, "X", "Policy", "factor on the KV cache, 1.0 to 2.0"},
    {"headroom-gb", "", 0, "X", "Policy", "GiB that must stay free"},

    {"memory-model", "", 0, "ID", "Parts", "memory model to use"},
    {"perf-model", "", 0, "ID", "Parts", "performance heuristic to use"},
    {"detector", "", 0, "ID", "Parts", "GPU detector to use"},
    {"source", "", 0, "ID", "Parts", "metadata source to use"},
    {"family", "", 0, "ID", "Parts", "model family to use, whatever the architecture is called"},
    {"offline", "", 0, "", "Parts", "never use the network"},

    {"profile", "", 'p', "FILE", "Output", "read options from a profile (YAML or JSON); options win over it"},
    {"simulate", "", 0, "", "Simulation", "replay the scheduler request by request: percentiles of latencies"},
    {"request-rate", "", 0, "X", "Simulation", "requests per second that come (a closed loop of --concurrency users)"},
    {"burst", "", 0, "N", "Simulation", "requests that come at the same moment (1)"},
    {"seed", "", 0, "N", "Replay", "start of the random numbers of a replay (0)"},

    {"explain", "", 0, "", "Output", "show every number with its formula and every choice with its reason"},
    {"json", "", 0, "", "Format", "print JSON"},
    {"output", "", 0, "FILE", "Format", "write to FILE instead of standard output"},

    {"fits", "", 0, "", "Sweep", "only what fits"},
    {"sort", "", 0, "KEY", "Sweep",
     "throughput-per-gpu, throughput, user-speed, ttft, tpot, latency, cost, cost-per-token, gpus, headroom, index"},
    {"top", "", 0, "K", "Sweep", "rows to show (50)"},
    {"all", "", 0, "", "Sweep", "every row as it is found, as CSV or JSON lines"},
    {"pareto", "", 0, "throughput|cost", "Sweep",
     "mark what nothing beats in tokens/s per GPU and of a user, or in cost and latency (throughput)"},
    {"format", "", 0, "table|csv|json|jsonl", "Sweep", "how rows are printed (table)"},
    {"svg", "", 0, "FILE", "Sweep", "draw the rows and what nothing beats"},
    {"target-request-rate", "", 0, "X", "Size", "requests per second to serve, instead of --concurrency"},
    {"limits-at", "", 0, "mean|p50|p90|p99", "Size",
     "what the limits on latencies hold for; percentiles are replayed for what keeps the limits in the mean (mean)"},
    {"max-ttft-ms", "", 0, "X", "Targets", "longest time to the first token"},
    {"max-tpot-ms", "", 0, "X", "Targets", "longest time per output token"},
    {"max-usd-per-hour", "", 0, "X", "Targets", "largest price; what has no known price is left out"},
    {"prices", "", 0, "FILE", "Targets", "your prices: {\"usd_per_hour\": {\"L40S\": 0.9}}; they win over gpu-db"},

    {"output-dir", "", 'o', "DIR", "Files", "folder to write to"},
    {"emit", "", 0, "LIST", "Files", "artifacts: ids of renderers, comma separated, or all (command,profile)"},
    {"force", "", 0, "", "Existing files", "replace files that differ"},
    {"dry-run", "", 0, "", "Correction", "print the correction instead of writing it"},
    {"models", "", 0, "DIR", "Validation", "folder with ORG--NAME/config.json, asked before other sources"},
    {"compare", "", 0, "ID", "Validation", "memory model whose statistics are shown beside"},
    {"leave-one-out", "", 0, "", "Validation", "predict each source with what the other sources fit"},
    {"baseline", "", 0, "FILE", "Validation", "statistics that must not get worse (exit code 1)"},

    {"once", "", 0, "", "Watch", "one view of two samples; exit code 1 where the plan is left"},
    {"interval-s", "", 0, "X", "Watch", "seconds between two samples (5; 1 with --once)"},
    {"window-s", "", 0, "X", "Watch", "seconds that rates and percentiles are of (60)"},
    {"samples", "", 0, "N", "Watch", "samples after which to end (2 with --once, else none)"},
    {"plan", "", 0, "FILE", "Watch", "plan.json to hold the server against, instead of planning"},
    {"probe", "", 0, "ID", "Watch", "server probe to use"},

    {"dir", "", 0, "DIR", "Scaffold", "scripts folder to write into (the user's)"},

    {"plugin-dir", "", 0, "DIR", "Search", "also look for plugins in DIR (may be repeated)"},
    {"script-dir", "", 0, "DIR", "Search", "also look for scripts in DIR (may be repeated)"},
    {"gpu-db", "", 0, "DIR", "Search", "also look for accelerators in DIR (may be repeated)"},

    {"help", "", 'h', "", "General", "show help and exit"},
    {"version", "", 0, "", "General", "show the version and exit"},
    {"verbose", "", 0, "", "General", "tracebacks of scripts, and what is done"},
    {"quiet", "", 0, "", "General", "no warnings"},
    {"color", "", 0, "auto|always|never", "General", "colour on the terminal (auto)"},
    {"threads", "", 0, "N", "General", "workers of long searches (all cores)"},
});

}  // namespace

std::span<const Option> all_options() { return options; }

std::vector<const Option*> options_of(std::span<const char* const> groups) {
  std::vector<const Option*> found;
  for (const char* group : groups)
    for (const Option& option : options)
      if (std::string_view(option.group) == group) found.push_back(&option);
  return found;
}

const Option* find_option(std::string_view name) {
  const auto found = std::find_if(options.begin(), options.end(), [&](const Option& option) {
    return name == option.name || (*option.alias != 0 && name == option.alias);
  });
  return found == options.end() ? nullptr : &*found;
}

std::vector<std::string> value_words(const Option& option) {
  const std::string_view value = option.value;
  if (value.find('|') == std::string_view::npos) return {};
  std::vector<std::string> words = split(value, '|');
  const auto is_word = [](const std::string& word) {
    return word == lower(word) && is_id(word) && !(word[0] >= '0' && word[0] <= '9');
  };
  if (std::any_of(words.begin(), words.end(), [&](const std::string& word) { return !is_word(word); })) return {};
  return words;
}

}  // namespace vw::cli

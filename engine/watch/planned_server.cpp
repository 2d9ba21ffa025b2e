#include "watch/planned_server.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <string_view>

namespace vw {
namespace {

constexpr double most = 1e15;

std::optional<double> number_in(const JsonReader& json, std::string_view key) {
  return json.has(key) ? std::optional(json.at(key).number(0, most)) : std::nullopt;
}

// A value of the plan's speed and its range.
std::optional<Expected> speed_in(const JsonReader& performance, const std::string& key) {
  const auto best = number_in(performance, key);
  if (!best || *best <= 0) return std::nullopt;
  Expected expected{*best, *best, *best};
  if (!performance.has(key + "_range")) return expected;
  const auto range = performance.at(key + "_range").items();
  if (range.size() != 2) performance.at(key + "_range").fail("expected two numbers, lowest and highest");
  expected.low = std::min(range[0].number(0, most), *best);
  expected.high = std::max(range[1].number(0, most), *best);
  return expected;
}

// Blocks as the server counts them, the interval as wide as that of their bytes.
std::optional<Expected> tokens_in(const JsonReader& memory) {
  const auto blocks = number_in(memory, "kv_cache_blocks"), size = number_in(memory, "block_size");
  if (!blocks || !size || *blocks * *size <= 0) return std::nullopt;
  Expected tokens{*blocks * *size, *blocks * *size, *blocks * *size};
  const JsonReader bytes = memory.find("intervals").find("kv_cache_available");
  if (bytes.is_null() || !(bytes.at("best").number(0, most) > 0)) return tokens;
  const double best = bytes.at("best").number(0, most);
  tokens.low *= std::min(bytes.number_or("low", best, 0, most) / best, 1.0);
  tokens.high *= std::max(bytes.number_or("high", best, 0, most) / best, 1.0);
  return tokens;
}

// What vLLM takes: its budget, and the graphs that releases capture beyond it.
std::optional<Expected> used_in(const JsonReader& memory) {
  const JsonReader per_gpu = memory.find("per_gpu");
  const auto budget = number_in(per_gpu, "budget_gib");
  if (!budget) return std::nullopt;
  const JsonReader graphs = memory.find("intervals").find("cuda_graph");
  const double best = graphs.is_null() ? 0 : graphs.number_or("best", 0, 0, most);
  const double high = graphs.is_null() ? 0 : graphs.number_or("high", best, 0, most);
  const double total = number_in(per_gpu, "total_gib").value_or(most);
  return Expected{*budget, std::min(*budget + best, total), std::min(*budget + high, total)};
}

}  // namespace

PlannedServer read_planned_server(const Json& plan, const std::string& where) {
  const JsonReader reader(plan, where);
  const std::string schema = reader.string_or("schema", "");
  if (schema != "vllm-wizard/plan/1")
    reader.fail("is no plan, expected what `vllm-wizard plan --json` prints",
                schema == "vllm-wizard/plans/1" ? "it holds several plans; make one of one release" : "");
  const JsonReader config = reader.at("config"), memory = reader.find("memory"), speed = reader.find("performance");
  PlannedServer planned;
  planned.model = config.string_or("model", reader.at("model").string_or("id", ""));
  planned.kv_cache_dtype = config.string_or("kv_cache_dtype", "auto");
  planned.context_tokens = number_in(config, "max_model_len");
  planned.sequences = number_in(config, "max_num_seqs");
  planned.concurrency = number_in(config, "concurrency");
  planned.gpu_memory_utilization = number_in(config, "gpu_memory_utilization");
  planned.block_tokens = number_in(memory, "block_size");
  planned.kv_cache_tokens = tokens_in(memory);
  planned.used_gib = used_in(memory);
  planned.first_token_ms = speed_in(speed, "ttft_ms");
  planned.token_ms = speed_in(speed, "tpot_ms");
  planned.request_ms = speed_in(speed, "latency_ms");
  planned.generated_tokens_per_s = speed_in(speed, "output_tokens_per_s");
  planned.requests_per_s = speed_in(speed, "requests_per_s");
  return planned;
}

}  // namespace vw

#include "search/columns.hpp"

#include "base/units.hpp"
#include "parts/rows.hpp"
#include "plan/plan.hpp"

namespace vw {
namespace {

const Gpu& gpu_of(const Ranked& ranked) { return ranked.row.lane->scenario.hardware.gpu; }

template <std::optional<double> Figures::*figure>
Json json_of(const Ranked& ranked) {
  return or_null(ranked.figures.*figure);
}

template <auto vw_candidate::*field>
Json running(const Ranked& ranked) {
  return ranked.row.running.*field;
}

template <double vw_memory::*bytes>
Json group_gib(const Ranked& ranked) {
  if (ranked.row.memory.total_bytes <= 0 && ranked.row.memory.capacity_bytes <= 0) return {};  // nobody judged it
  return to_gib(over_group(ranked.row.candidate, ranked.row.memory, ranked.row.memory.*bytes));
}

// As `plan` names it in its configuration.
Json kv_cache_dtype(const Ranked& ranked) {
  const Format& format = ranked.row.lane->scenario.kv_formats[ranked.row.running.kv_format];
  return format.kv ? format.kv->vllm_name : "auto";
}

// Not what nobody said: 0 is "not given".
Json limit_or_null(std::uint64_t value) { return value > 0 ? Json(value) : Json(); }

Json reason(const Ranked& ranked) {
  const Row& row = ranked.row;
  if (row.fits) return {};
  if (const std::string& obstacle = row.lane->obstacle_of(row.place); !obstacle.empty()) return obstacle;
  const char* const name = name_of(reasons(), row.memory.reason);
  return name != nullptr && row.memory.reason != VW_REASON_NONE ? Json(name) : Json("does-not-fit");
}

Json bottleneck(const Ranked& ranked) {
  if (!ranked.row.fits || ranked.row.perf.bottleneck == VW_BOUND_UNKNOWN) return {};
  return name_of(bottlenecks(), ranked.row.perf.bottleneck);
}

bool needs_quotes(const std::string& text) { return text.find_first_of(",\"\r\n") != std::string::npos; }

std::string csv_field(const Json& value) {
  if (value.is_null()) return "";
  if (!value.is_string()) return to_text(value);
  const auto text = value.get<std::string>();
  if (!needs_quotes(text)) return text;
  std::string quoted = "\"";
  for (const char letter : text) quoted += letter == '"' ? std::string("\"\"") : std::string(1, letter);
  return quoted + "\"";
}

}  // namespace

const std::vector<Column>& columns() {
  static const std::vector<Column> list = {
      {"index", "", 0, true, [](const Ranked& ranked) { return Json(ranked.row.index); }},
      {"gpu", "GPU", 0, true, [](const Ranked& ranked) { return Json(gpu_of(ranked).id); }},
      {"gpu_name", "", 0, true, [](const Ranked& ranked) { return Json(gpu_of(ranked).name); }},
      {"gpus", "GPUs", 0, true, [](const Ranked& ranked) { return Json(ranked.row.gpus()); }},
      {"nodes", "nodes", 0, true, running<&vw_candidate::nodes>},
      {"tensor_parallel_size", "TP", 0, true, running<&vw_candidate::tensor_parallel>},
      {"pipeline_parallel_size", "PP", 0, true, running<&vw_candidate::pipeline_parallel>},
      {"data_parallel_size", "DP", 0, true, running<&vw_candidate::data_parallel>},
      {"quantization", "", 0, true,
       [](const Ranked& ranked) { return Json(ranked.row.lane->weights[ranked.row.place.weights].word); }},
      {"weights_format", "weights", 0, true, [](const Ranked& ranked) { return Json(ranked.row.weights().format.id); }},
      {"checkpoint", "", 0, true, [](const Ranked& ranked) { return or_null(ranked.row.weights().checkpoint); }},
      {"is_what_if", "what-if", 0, true, [](const Ranked& ranked) { return Json(ranked.row.weights().is_missing); }},
      {"kv_cache_dtype", "KV cache", 0, true, kv_cache_dtype},
      {"gpu_memory_utilization", "", 2, true, running<&vw_candidate::utilization>},
      {"max_model_len", "context", 0, true, running<&vw_candidate::context_tokens>},
      {"max_num_seqs", "", 0, true,
       [](const Ranked& ranked) { return limit_or_null(ranked.row.running.max_sequences); }},
      {"max_num_batched_tokens", "", 0, true,
       [](const Ranked& ranked) { return limit_or_null(ranked.row.running.max_batched_tokens); }},
      {"prompt_tokens", "prompt", 0, true, running<&vw_candidate::prompt_tokens>},
      {"gen_tokens", "gen", 0, true, running<&vw_candidate::generated_tokens>},
      {"concurrency", "users", 0, true, running<&vw_candidate::concurrency>},
      {"vllm_version", "vLLM", 0, true,
       [](const Ranked& ranked) { return Json(ranked.row.lane->scenario.release.version); }},
      {"fits", "", 0, false, [](const Ranked& ranked) { return Json(ranked.row.fits); }},
      {"reason", "does not fit", 0, false, reason},
      {"weights_gb", "", 2, false, group_gib<&vw_memory::weights_bytes>},
      {"kv_cache_gb", "", 2, false, group_gib<&vw_memory::kv_required_bytes>},
      {"headroom_gb", "GiB left", 1, false, group_gib<&vw_memory::headroom_bytes>},
      {"ttft_ms", "TTFT ms", 0, false, json_of<&Figures::ttft_ms>},
      {"tpot_ms", "TPOT ms", 1, false, json_of<&Figures::tpot_ms>},
      {"latency_ms", "", 0, false, json_of<&Figures::latency_ms>},
      {"user_tokens_per_s", "", 1, false, json_of<&Figures::user_tokens_per_s>},
      {"output_tokens_per_s", "tok/s", 0, false, json_of<&Figures::output_tokens_per_s>},
      {"output_tokens_per_s_per_gpu", "/GPU", 0, false, json_of<&Figures::output_tokens_per_s_per_gpu>},
      {"requests_per_s", "", 2, false, json_of<&Figures::requests_per_s>},
      {"bottleneck", "", 0, false, bottleneck},
      {"usd_per_hour", "$/h", 2, false, json_of<&Figures::usd_per_hour>},
      {"usd_per_million_tokens", "$/Mtok", 2, false, json_of<&Figures::usd_per_million_tokens>},
  };
  return list;
}

Json to_json(const Ranked& row) {
  Json json = Json::object();
  for (const Column& column : columns()) json[column.name] = column.value(row);
  return json;
}

std::string csv_line(const std::vector<Json>& fields) {
  std::string line;
  for (std::size_t i = 0; i < fields.size(); ++i) line += (i == 0 ? "" : ",") + csv_field(fields[i]);
  return line;
}

std::string csv_header() {
  std::vector<Json> names;
  for (const Column& column : columns()) names.emplace_back(column.name);
  return csv_line(names);
}

std::string csv_row(const Ranked& row) {
  std::vector<Json> values;
  for (const Column& column : columns()) values.push_back(column.value(row));
  return csv_line(values);
}

}  // namespace vw

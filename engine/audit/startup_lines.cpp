// Start-ups as JSON lines, as they are collected: loosely written, with options and dates in free text. Keys that are
// not known here are left alone.
#include "audit/observed_row.hpp"
#include "audit/spoken.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "facts/serving.hpp"

#include <fmt/format.h>

#include <array>

namespace vw {
namespace {

constexpr std::int64_t most_gpus = 100000;
constexpr std::int64_t most_tokens = std::int64_t{1} << 40;
constexpr double most_gib = 1e6;

// Rows of the collected set whose numbers do not say what a planner could know.
struct LeftOut {
  const char* id;  // the beginning of it
  const char* why;
};
constexpr std::array left_out = {
    LeftOut{"miaai-204-", "a fork of vLLM with a weight format of its own"},
    LeftOut{"sostrowsk-spark-07", "the configs of the model and of its draft model are not known"},
    LeftOut{"sostrowsk-spark-08", "the configs of the model and of its draft model are not known"},
    LeftOut{"sostrowsk-spark-12", "the configs of the model and of its draft model are not known"},
    LeftOut{"sostrowsk-spark-13", "the configs of the model and of its draft model are not known"},
    LeftOut{"sostrowsk-spark-14", "the configs of the model and of its draft model are not known"},
    LeftOut{"sostrowsk-spark-15", "the configs of the model and of its draft model are not known"},
    LeftOut{"club3090-calib-gemma4-12b", "the config of the model is not known"},
    LeftOut{"club3090-46-a", "a draft model of unknown config is resident"},
    LeftOut{"vllm-2136-b", "a fault of this one release in profiling"},
    LeftOut{"vllm-12126-a", "V0 profiling of a model class that was removed since"},
    LeftOut{"vllm-22331-a", "an image from before the release"},
    LeftOut{"recipes-810-a", "the KV cache format contradicts the row's own numbers"},
    LeftOut{"recipes-810-b", "the KV cache format contradicts the row's own numbers"},
};

std::string text_or(const JsonReader& row, const char* key) { return row.string_or(key, ""); }

std::optional<std::int64_t> count_of(const JsonReader& row, const char* key, std::int64_t most) {
  if (!row.has(key)) return std::nullopt;
  return row.at(key).integer(1, most);
}

// One repository, one collection of logs or one thread is one source: the text up to the file in it.
std::string source_of(const std::string& text) {
  const std::string name = text.substr(0, text.find(" ("));
  if (name.starts_with("github-file:") || name.find('#') != std::string::npos) return name;
  return name.substr(0, name.find(':'));
}

// Of several cards the first name stands for the row; the smaller one is looked up where the cards are known.
void read_machine(const JsonReader& row, Request& request) {
  request.gpu = text_or(row, "gpu");
  if (row.has("gpu_total_gib")) request.vram_gib = row.at("gpu_total_gib").number(0.01, most_gib);
  request.tensor_parallel = count_of(row, "tp", most_gpus).value_or(1);
  request.pipeline_parallel = count_of(row, "pp", most_gpus).value_or(1);
  request.data_parallel = count_of(row, "dp", most_gpus).value_or(1);
  const std::int64_t needed = *request.tensor_parallel * *request.pipeline_parallel * *request.data_parallel;
  request.gpus = std::max(needed, count_of(row, "num_gpus", most_gpus).value_or(needed));
  request.enable_expert_parallel = row.boolean_or("ep", false);
}

// A block of another size than vLLM lets users choose is what the log said of a hybrid model.
std::optional<std::int64_t> asked_block_size(const JsonReader& row) {
  const auto tokens = count_of(row, "block_size", most_tokens);
  if (!tokens || *tokens > 256 || (*tokens & (*tokens - 1)) != 0) return std::nullopt;
  return tokens;
}

void read_engine(const JsonReader& row, ObservedRow& into) {
  Request& request = into.request;
  request.dtype = row.string_or("dtype", "auto");
  request.kv_cache_dtype = row.string_or("kv_cache_dtype", "auto");
  request.max_model_len = count_of(row, "max_model_len", most_tokens);
  if (row.has("gpu_memory_utilization"))
    request.gpu_memory_utilization = row.at("gpu_memory_utilization").number(0.001, 1);
  request.max_num_seqs = count_of(row, "max_num_seqs", 1000000);
  request.max_num_batched_tokens = count_of(row, "max_num_batched_tokens", most_tokens);
  request.block_size = asked_block_size(row);
  request.enforce_eager = row.boolean_or("enforce_eager", false);
  const std::string version = text_or(row, "vllm_version"), notes = text_or(row, "notes");
  request.vllm_version = release_of_version(version);
  if (request.vllm_version.empty()) request.vllm_version = release_of_words(version + " " + notes);
}

std::map<std::string, double> read_observed(const JsonReader& row) {
  std::map<std::string, double> observed;
  if (row.has("started")) observed[metric::starts] = row.at("started").boolean() ? 1 : 0;
  if (!row.has("observed")) return observed;
  const JsonReader logged = row.at("observed");
  for (const std::string& id : all_metrics())
    if (id != metric::starts && logged.has(id))
      observed[id] = logged.at(id).number(-most_gib, static_cast<double>(most_tokens));
  return observed;
}

// Models that score or embed are told by their names; a row does not say so.
bool is_named_pooling(const std::string& model) {
  const std::string name = lower(model);
  return name.find("embedding") != std::string::npos || name.find("rerank") != std::string::npos ||
         name.find("reward") != std::string::npos;
}

void read_args(const JsonReader& row, ObservedRow& into) {
  const SpokenOptions options = read_options(text_or(row, "args") + "; " + text_or(row, "entry_point"));
  Request& request = into.request;
  request.serving = options.serving;
  if (options.is_chunked_prefill_off && !request.max_num_batched_tokens && request.max_model_len)
    request.max_num_batched_tokens = std::max<std::int64_t>(2048, *request.max_model_len);
  if (read_options(text_or(row, "notes")).serving.contains("offline_class")) request.serving["offline_class"] = true;
  if (is_named_pooling(text_or(row, "model"))) request.serving["pooling"] = true;
  if (into.skip.empty() && !options.unsupported.empty()) into.skip = "asks for " + options.unsupported;
}

// Why this start-up is not scored, empty when it is; the first reason counts.
std::string reason_to_skip(const JsonReader& row, const ObservedRow& read) {
  for (const LeftOut& known : left_out)
    if (read.id.starts_with(known.id)) return known.why;
  if (!row.boolean_or("complete", true)) return "not complete: model, card, context or utilization is not known";
  if (row.string_or("engine", "v1") != "v1") return "the V0 engine";
  if (read.request.gpu.empty()) return "the card is not known";
  if (read.request.vllm_version.empty()) return "neither release nor date is known";
  return "";
}

ObservedRow read_line(const JsonReader& row) {
  ObservedRow read;
  read.id = row.at("id").string();
  read.source = source_of(text_or(row, "source"));
  if (read.source.empty()) read.source = read.id;
  read.observed = read_observed(row);
  const std::string checkpoint = text_or(row, "model");
  read.request.model = row.string_or("architecture_of", checkpoint);
  read_machine(row, read.request);
  read_engine(row, read);
  read.skip = reason_to_skip(row, read);
  if (read.skip.empty() && read.request.model.empty()) read.skip = "the model is not known";
  const std::string words = text_or(row, "quantization");
  const auto format = format_of_words(words, checkpoint);
  if (!format && read.skip.empty()) read.skip = "no format is known for " + quote(words);
  read.stored_as = format.value_or("");
  read_args(row, read);
  return read;
}

void check(const ObservedRow& row, const std::string& where) {
  if (!row.skip.empty()) return;
  try {
    check_request(row.request);
  } catch (const Error& wrong) {
    throw wrong.within(where);
  }
}

}  // namespace

std::vector<ObservedRow> read_startup_lines(const std::string& text, const std::string& path) {
  std::vector<ObservedRow> rows;
  std::size_t number = 0;
  for (const std::string& line : split(text, '\n')) {
    ++number;
    if (trimmed(line).empty()) continue;
    const std::string where = fmt::format("{}:{}", path, number);
    const Json json = parse_json(line, where);
    rows.push_back(read_line(JsonReader(json, where)));
    check(rows.back(), where);
  }
  return rows;
}

}  // namespace vw

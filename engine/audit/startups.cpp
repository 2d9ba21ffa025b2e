// Our own format of start-ups, closed to unknown keys; tests/validation/README.md lists the fields.
#include "audit/observed_row.hpp"
#include "base/error.hpp"
#include "facts/serving.hpp"

#include <fmt/format.h>

namespace vw {
namespace {

constexpr std::int64_t most_gpus = 100000;
constexpr std::int64_t most_tokens = std::int64_t{1} << 40;
constexpr double most_gib = 1e6;

std::optional<std::int64_t> count_of(const JsonReader& row, const char* key, std::int64_t most) {
  if (!row.has(key)) return std::nullopt;
  return row.at(key).integer(1, most);
}

std::map<std::string, double> read_logged(const JsonReader& row) {
  std::map<std::string, double> observed;
  if (row.has("started")) observed[metric::starts] = row.at("started").boolean() ? 1 : 0;
  if (!row.has("logged")) return observed;
  const JsonReader logged = row.at("logged");
  logged.expect_only({metric::weights, metric::kv_available, metric::kv_tokens, metric::concurrency, metric::context,
                      "kv_cache_blocks", "activation_gib", "non_torch_gib", "cuda_graph_gib"});
  for (const std::string& id : all_metrics())
    if (logged.has(id)) observed[id] = logged.at(id).number(-most_gib, static_cast<double>(most_tokens));
  return observed;
}

void read_model(const JsonReader& row, ObservedRow& into) {
  Request& request = into.request;
  request.model = row.string_or("config_of", row.string_or("checkpoint", ""));
  into.stored_as = row.string_or("stored_as", "");
  request.dtype = row.string_or("dtype", "auto");
  request.kv_cache_dtype = row.string_or("kv_cache_dtype", "auto");
  request.max_model_len = count_of(row, "context_tokens", most_tokens);
}

void read_machine(const JsonReader& row, Request& request) {
  request.gpu = row.string_or("gpu", "");
  if (row.has("gpu_total_gib")) request.vram_gib = row.at("gpu_total_gib").number(0.01, most_gib);
  request.gpus = count_of(row, "gpus", most_gpus);
  request.tensor_parallel = count_of(row, "tensor_parallel", most_gpus).value_or(1);
  request.pipeline_parallel = count_of(row, "pipeline_parallel", most_gpus).value_or(1);
  request.data_parallel = count_of(row, "data_parallel", most_gpus).value_or(1);
  request.enable_expert_parallel = row.boolean_or("expert_parallel", false);
}

void read_engine(const JsonReader& row, Request& request) {
  request.vllm_version = row.string_or("vllm_version", "");
  if (row.has("gpu_memory_utilization"))
    request.gpu_memory_utilization = row.at("gpu_memory_utilization").number(0.001, 1);
  request.max_num_seqs = count_of(row, "max_sequences", 1000000);
  request.max_num_batched_tokens = count_of(row, "max_batched_tokens", most_tokens);
  request.block_size = count_of(row, "block_tokens", most_tokens);
  request.enforce_eager = row.boolean_or("enforce_eager", false);
  if (!row.has("serving")) return;
  check_serving(row.at("serving"));
  request.serving = row.at("serving").value();
}

ObservedRow read_startup(const JsonReader& row) {
  row.expect_only({"id",
                   "source",
                   "citation",
                   "note",
                   "skip",
                   "started",
                   "logged",
                   "checkpoint",
                   "config_of",
                   "stored_as",
                   "dtype",
                   "kv_cache_dtype",
                   "context_tokens",
                   "gpu",
                   "gpu_total_gib",
                   "gpus",
                   "tensor_parallel",
                   "pipeline_parallel",
                   "data_parallel",
                   "expert_parallel",
                   "vllm_version",
                   "gpu_memory_utilization",
                   "max_sequences",
                   "max_batched_tokens",
                   "block_tokens",
                   "enforce_eager",
                   "serving"});
  ObservedRow read;
  read.id = row.at("id").string();
  read.source = row.at("source").string();
  read.skip = row.string_or("skip", "");
  read.observed = read_logged(row);
  read_model(row, read);
  read_machine(row, read.request);
  read_engine(row, read.request);
  if (!read.skip.empty()) return read;
  for (const char* key : {"checkpoint", "gpu", "gpus", "vllm_version"})
    if (!row.has(key)) row.fail(fmt::format("has no '{}', expected it or a reason to 'skip' the row", key));
  try {
    check_request(read.request);
  } catch (const Error& wrong) {
    throw wrong.within(row.where() + ": " + row.path());
  }
  return read;
}

}  // namespace

std::vector<ObservedRow> read_startups(const Json& file, const std::string& path) {
  const JsonReader reader(file, path);
  reader.expect_only({"startups_version", "startups"});
  reader.at("startups_version").integer(1, 1);
  std::vector<ObservedRow> rows;
  for (const JsonReader& row : reader.at("startups").items()) rows.push_back(read_startup(row));
  return rows;
}

}  // namespace vw

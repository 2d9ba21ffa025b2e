// Logs, read and diagnosed with the shipped tables and the shipped memory model, as the commands do it.
#pragma once

#include "audit/observed_row.hpp"
#include "audit/served_validation.hpp"
#include "base/files.hpp"
#include "logs/diagnosis.hpp"
#include "memory/vllm_lab.hpp"
#include "support/log_writer.hpp"
#include "support/shipped.hpp"

#include <optional>
#include <string>
#include <vector>

namespace vw::test {

// The shipped tables and scripts with the plugin that reads folders.
class Lab {
 public:
  Lab() {
    const lua::Host host{&disk_files(), &catalog_, nullptr};
    lua::index_scripts(shipped_scripts, Origin::Rank::installed, host, catalog_);
    index_gpu_db(shipped_gpu_db, Origin::Rank::installed, disk_files(), catalog_);
    native::index_plugins(VW_BINARY_DIR "/plugins", Origin::Rank::installed, catalog_);
    catalog_.seal();
    defaults_ = read_defaults(catalog_);
    defaults_.sources = {"local-files", "catalogue"};
  }
  Lab(const Lab&) = delete;
  Lab& operator=(const Lab&) = delete;

  const Catalog& catalog() const { return catalog_; }
  const Defaults& defaults() const { return defaults_; }

 private:
  Catalog catalog_;
  Defaults defaults_;
};

inline const Lab& lab() {
  static const Lab made;
  return made;
}

inline const LogBook& log_book() {
  static const LogBook book(lab().catalog());
  return book;
}

inline CaseBench case_bench() { return {lab().catalog(), lab().defaults(), vllm_memory()}; }

inline LogFacts facts_of(const std::string& text) {
  LogReader reader(log_book());
  reader.feed(text);
  return reader.finish();
}

struct DiagnosedLog {
  LogFacts facts;
  RootCause cause;
  std::string id;  // of the failure, empty: none
  LoggedRequest logged;
  LoggedCase judged;
  Diagnosis diagnosis;
};

// `over`: what the user says over the log.
inline DiagnosedLog diagnosed(const std::string& text, const std::function<void(Request&)>& over = {}) {
  DiagnosedLog done;
  done.facts = facts_of(text);
  const LoggedStart& start = done.facts.starts.back();
  done.cause = root_cause(log_book(), start);
  if (done.cause.seen == nullptr) return done;
  done.id = done.cause.what->id;
  done.logged = request_of(lab().catalog(), start);
  Request request = done.logged.request;
  request.offline = true;
  if (over) over(request);
  done.judged = judge_case(case_bench(), done.logged, request);
  const Comparison comparison = compare(done.judged, logged_terms(start));
  const auto correction = correction_of(done.judged, comparison, "vllm", lab().defaults().repeatability);
  const CaseBench bench = case_bench();
  done.diagnosis = diagnose(MendBench{bench, done.logged, start, done.cause, correction}, done.judged);
  return done;
}

inline const std::string startups_file = VW_ROOT "/tests/validation/startups.json",
                         models_folder = VW_ROOT "/tests/validation/models";

// A start-up of tests/validation, and what else its row holds.
struct Row {
  ObservedRow read;
  Json json;
  double logged(const char* name, double otherwise = 0) const {
    return json.contains("logged") ? json.at("logged").value(name, otherwise) : otherwise;
  }
  std::optional<double> maybe(const char* name) const {
    if (!json.contains("logged") || !json.at("logged").contains(name)) return std::nullopt;
    return json.at("logged").at(name).get<double>();
  }
};

inline std::vector<Row> rows_to_score() {
  const std::string text = read_file(disk_files(), startups_file, startups_file);
  const Json file = parse_json(text, startups_file);
  const std::vector<ObservedRow> read = read_observed_rows(text, startups_file);
  std::vector<Row> rows;
  for (std::size_t at = 0; at < read.size(); ++at)
    if (read[at].skip.empty()) rows.push_back({read[at], file.at("startups").at(at)});
  return rows;
}

// What nobody can read in a log: which config and format stand behind the name of a checkpoint, and the card.
inline void tell_row(const Row& row, Request& request) {
  request.model = place_of_model(disk_files(), models_folder, row.read.request.model);
  request.gpu = row.read.request.gpu;
  request.serving = row.read.request.serving;
  if (row.read.request.vram_gib) request.vram_gib = row.read.request.vram_gib;
  if (row.read.stored_as.empty()) return;
  const ModelQuestion question{request.model, "", "", "", {}, request.dtype, true};
  const bool is_declared = load_model(lab().catalog(), lab().defaults().sources, question).is_quantized();
  if (!is_declared) request.quantization = row.read.stored_as;
}

inline Json arguments_of(const Row& row) {
  const Request& request = row.read.request;
  Json arguments = {{"model", row.json.at("checkpoint")}, {"host", "0.0.0.0"}, {"port", 8000}};
  const auto put = [&](const char* name, const auto& value) {
    if (value) arguments[name] = *value;
  };
  if (request.dtype != "auto") arguments["dtype"] = request.dtype;
  if (request.kv_cache_dtype != "auto") arguments["kv_cache_dtype"] = request.kv_cache_dtype;
  put("max_model_len", request.max_model_len);
  put("gpu_memory_utilization", request.gpu_memory_utilization);
  put("max_num_seqs", request.max_num_seqs);
  put("max_num_batched_tokens", request.max_num_batched_tokens);
  put("block_size", request.block_size);
  if (request.tensor_parallel.value_or(1) > 1) arguments["tensor_parallel_size"] = *request.tensor_parallel;
  if (request.pipeline_parallel.value_or(1) > 1) arguments["pipeline_parallel_size"] = *request.pipeline_parallel;
  if (request.enforce_eager) arguments["enforce_eager"] = true;
  if (request.serving.value("enable_prefix_caching", false)) arguments["enable_prefix_caching"] = true;
  return arguments;
}

inline WrittenLog log_of(const Row& row) {
  WrittenLog log;
  log.version = row.read.request.vllm_version;
  log.arguments = arguments_of(row);
  log.total_gib = row.read.request.vram_gib;
  log.utilization = row.read.request.gpu_memory_utilization;
  log.weights_gib = row.maybe("model_loading_gib");
  log.activation_gib = row.maybe("activation_gib");
  log.non_torch_gib = row.maybe("non_torch_gib");
  log.graph_gib = row.maybe("cuda_graph_gib");
  log.kv_available_gib = row.maybe("available_kv_gib");
  log.kv_tokens = row.maybe("kv_cache_tokens");
  log.concurrency = row.maybe("max_concurrency");
  log.context_tokens = row.read.request.max_model_len.value_or(0);
  return log;
}

}  // namespace vw::test

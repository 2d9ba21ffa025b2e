#include "audit/served_row.hpp"

#include "audit/spoken.hpp"
#include "base/error.hpp"
#include "base/text.hpp"

#include <array>
#include <cstdlib>

namespace vw {
namespace {

// What one row says, by the words of our own format.
using Words = std::map<std::string, std::string>;

struct Column {
  const char *theirs, *ours;
};

// Columns of public tables of serving measurements, and what we call them.
constexpr Column columns[] = {{"id", "id"},
                              {"source", "source"},
                              {"measured", "measured"},
                              {"model", "checkpoint"},
                              {"gpu", "gpu"},
                              {"gemm_quant", "linears"},
                              {"moe_quant", "experts"},
                              {"tp", "tensor_parallel"},
                              {"pp", "pipeline_parallel"},
                              {"dp", "data_parallel"},
                              {"moe_ep", "expert_ranks"},
                              {"isl", "prompt_tokens"},
                              {"osl", "generated_tokens"},
                              {"length_mode", "lengths"},
                              {"concurrency", "concurrency"},
                              {"ttft_ms", "ttft_ms"},
                              {"tpot_ms", "tpot_ms"},
                              {"vllm_version", "vllm_version"},
                              {"kv_cache_dtype", "kv_cache_dtype"},
                              {"max_num_batched_tokens", "max_batched_tokens"},
                              {"max_num_seqs", "max_sequences"},
                              {"gpu_memory_utilization", "gpu_memory_utilization"},
                              {"suspect_reason", "skip"}};

// Names of formats and cards there, where ours are others.
constexpr std::array<std::pair<const char*, const char*>, 8> their_formats = {{{"bfloat16", "bf16"},
                                                                               {"float16", "bf16"},
                                                                               {"fp8_block", "fp8-block"},
                                                                               {"int4_wo", "w4a16"},
                                                                               {"fp8_static", "fp8"},
                                                                               {"w4a16_mxfp4", "mxfp4"},
                                                                               {"w4a8_mxfp4_mxfp8", "mxfp4"},
                                                                               {"int8_wo", "w8a16"}}};
constexpr std::array<std::pair<const char*, const char*>, 2> their_cards = {
    {{"A100-SXM-80GB", "a100-sxm4-80gb"}, {"RTX-PRO-6000-Server", "rtx-pro-6000-blackwell-server"}}};

template <class Pairs>
std::string translated(const Pairs& pairs, const std::string& word) {
  for (const auto& [theirs, ours] : pairs)
    if (word == theirs) return ours;
  return word;
}

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells(1);
  bool is_quoted = false;
  for (const char c : line) {
    if (c == '"')
      is_quoted = !is_quoted;
    else if (c == ',' && !is_quoted)
      cells.emplace_back();
    else if (c != '\r')
      cells.back() += c;
  }
  return cells;
}

class WordReader {
 public:
  WordReader(const Words& words, std::string where) : words_(words), where_(std::move(where)) {}

  std::string text(const char* key, const std::string& otherwise = "") const {
    const auto found = words_.find(key);
    return found == words_.end() || found->second.empty() ? otherwise : found->second;
  }

  double number(const char* key, double otherwise) const {
    const std::string word = text(key);
    if (word.empty()) return otherwise;
    char* end = nullptr;
    const double value = std::strtod(word.c_str(), &end);
    if (*end != '\0' || !(value >= 0) || value > 1e12)
      throw Error(where_, std::string(key) + " is " + quote(word) + ", expected a number from 0 to 1e12");
    return value;
  }

  std::int64_t count(const char* key, double otherwise) const {
    const double value = number(key, otherwise);
    if (value < 1) throw Error(where_, std::string(key) + " is " + text(key) + ", expected at least 1");
    return static_cast<std::int64_t>(value);
  }

 private:
  const Words& words_;
  std::string where_;
};

// "nightly-5b8c" and the like tell no release: the one that was current when the row was measured.
std::string version_of(const std::string& told, const std::string& measured) {
  if (const std::string release = release_of_version(told); !release.empty()) return release;
  static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  constexpr std::size_t date_size = 10;
  if (measured.size() < date_size) return "";
  const int month = std::atoi(measured.substr(5, 2).c_str());
  return month < 1 || month > 12 ? "" : release_of_words(std::string(months[month - 1]) + " " + measured.substr(0, 4));
}

constexpr double usual_batched_tokens = 8192, usual_sequences = 1024, usual_utilization = 0.9;

void read_server(const WordReader& row, ServedRow& served) {
  Request& request = served.request;
  request.model = row.text("checkpoint");
  request.gpu = translated(their_cards, row.text("gpu"));
  request.tensor_parallel = row.count("tensor_parallel", 1);
  request.pipeline_parallel = row.count("pipeline_parallel", 1);
  request.data_parallel = row.count("data_parallel", 1);
  request.gpus = *request.tensor_parallel * *request.pipeline_parallel * *request.data_parallel;
  request.enable_expert_parallel = row.number("expert_ranks", 1) > 1;
  request.vllm_version = version_of(row.text("vllm_version"), row.text("measured"));
  const std::string kv = row.text("kv_cache_dtype", "auto");
  request.kv_cache_dtype = kv == "bf16" ? "auto" : kv;
  request.max_num_batched_tokens = row.count("max_batched_tokens", usual_batched_tokens);
  request.max_num_seqs = row.count("max_sequences", usual_sequences);
  request.gpu_memory_utilization = row.number("gpu_memory_utilization", usual_utilization);
  served.linears = translated(their_formats, row.text("linears"));
  served.experts = translated(their_formats, row.text("experts"));
}

void read_load(const WordReader& row, ServedRow& served) {
  Request& request = served.request;
  request.prompt_tokens = row.count("prompt_tokens", 1);
  request.generated_tokens = row.count("generated_tokens", 1);
  request.concurrency = row.count("concurrency", 1);
  // lengths drawn evenly from 0.8 to 1 times the nominal one
  const double mean = row.text("lengths") == "uniform_0.8_1.0" ? 0.9 : 1;
  served.prompt_tokens = mean * static_cast<double>(request.prompt_tokens);
  served.generated_tokens = mean * static_cast<double>(request.generated_tokens);
  for (const char* metric : {metric::tpot, metric::ttft})
    if (const double value = row.number(metric, 0); value > 0) served.observed[metric] = value;
}

ServedRow row_of(const Words& words, const std::string& where) {
  const WordReader row(words, where);
  ServedRow served;
  served.id = row.text("id");
  served.source = row.text("source");
  served.skip = row.text("skip");
  read_server(row, served);
  read_load(row, served);
  if (served.request.model.empty() || served.request.gpu.empty())
    throw Error(where, "names no model or no gpu, expected both");
  return served;
}

std::vector<ServedRow> read_table(const std::string& text, const std::string& path) {
  std::vector<ServedRow> rows;
  const std::vector<std::string> lines = split(text, '\n');
  const std::vector<std::string> head = cells_of(lines.front());
  for (std::size_t at = 1; at < lines.size(); ++at) {
    if (trimmed(lines[at]).empty()) continue;
    const std::vector<std::string> cells = cells_of(lines[at]);
    const std::string where = path + ":" + std::to_string(at + 1);
    if (cells.size() != head.size())
      throw Error(where, "has " + std::to_string(cells.size()) + " cells, expected " + std::to_string(head.size()));
    Words words;
    for (const Column& column : columns)
      for (std::size_t cell = 0; cell < head.size(); ++cell)
        if (head[cell] == column.theirs) words[column.ours] = cells[cell];
    rows.push_back(row_of(words, where));
  }
  return rows;
}

std::vector<ServedRow> read_own(const std::string& text, const std::string& path) {
  std::vector<std::string> known;
  for (const Column& column : columns) known.emplace_back(column.ours);
  std::vector<ServedRow> rows;
  const Json file = parse_json(text, path);
  const JsonReader root(file, path);
  root.expect_only({"about", "servers"});
  for (const JsonReader& entry : root.at("servers").items()) {
    entry.expect_only(known);
    Words words;
    for (const auto& [key, value] : entry.value().items())
      words[key] = value.is_string() ? value.get<std::string>() : to_text(value);
    rows.push_back(row_of(words, path + ": " + entry.path()));
  }
  return rows;
}

}  // namespace

std::string ServedRow::layout_key() const {
  return join({request.model, request.gpu, linears, experts, request.vllm_version, request.kv_cache_dtype,
               std::to_string(*request.tensor_parallel), std::to_string(*request.pipeline_parallel),
               std::to_string(*request.data_parallel), std::to_string(request.enable_expert_parallel)},
              "|");
}

std::string ServedRow::workload_key() const {
  return join({request.model, request.gpu, linears, experts, std::to_string(request.prompt_tokens),
               std::to_string(request.generated_tokens)},
              "|");
}

bool holds_served_rows(const std::string& text) {
  const std::string head = text.substr(0, text.find('\n'));
  return (head.find("tpot_ms") != std::string::npos && head.find("ttft_ms") != std::string::npos &&
          head.find('{') == std::string::npos) ||
         text.find("\"servers\"") < 2000;
}

std::vector<ServedRow> read_served_rows(const std::string& text, const std::string& path) {
  return trimmed(text).starts_with('{') ? read_own(text, path) : read_table(text, path);
}

}  // namespace vw

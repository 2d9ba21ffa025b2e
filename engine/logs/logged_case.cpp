#include "logs/logged_case.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "facts/serve_request.hpp"
#include "logs/python_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace vw {
namespace {

// "0.11.1rc2.dev141+g38658ec6f" -> "0.11.1".
std::string numbers_of_version(const std::string& version) {
  const std::size_t end = version.find_first_not_of("0123456789.");
  std::string numbers = version.substr(0, end);
  while (!numbers.empty() && numbers.back() == '.') numbers.pop_back();
  return numbers;
}

// Values that are printed for what nobody gave are no news, however deep they lie.
Json without_defaults(const Json& arguments) {
  Json given = Json::object();
  for (const auto& [name, value] : arguments.items()) {
    const Json kept = value.is_object() ? without_defaults(value) : value;
    if (!kept.is_null() && kept != Json::array() && kept != Json::object()) given[name] = kept;
  }
  return given;
}

// What an engine prints of its configuration, in the names of options. Offline engines print nothing else.
Json options_of_config(const Json& config) {
  Json options = Json::object();
  const auto copy = [&](const char* from, const char* to) {
    if (config.contains(from) && !config.at(from).is_null()) options[to] = config.at(from);
  };
  for (const char* same : {"model", "revision", "trust_remote_code", "tensor_parallel_size", "pipeline_parallel_size",
                           "data_parallel_size", "enforce_eager", "kv_cache_dtype", "enable_prefix_caching"})
    copy(same, same);
  copy("max_seq_len", "max_model_len");
  const std::string dtype = config.value("dtype", Json()).is_string() ? config.at("dtype").get<std::string>() : "";
  if (dtype.starts_with("torch.")) options["dtype"] = dtype.substr(6);
  return options;
}

// Options by their names. What the program alone knows is no option, and what is secret is nobody's to repeat.
Json arguments_of(const LoggedStart& start, LoggedRequest& logged) {
  const std::string arguments = start.word("arguments"), config = start.word("config");
  if (!arguments.empty()) {
    Json given = without_defaults(read_python_values(arguments));
    if (given.contains("model_tag")) {
      given["model"] = given.at("model_tag");
      given.erase("model_tag");
    }
    for (const char* inner : {"subparser", "dispatch_function", "config", "api_server_count"}) given.erase(inner);
    for (const char* secret : {"api_key", "hf_token"})
      if (given.erase(secret) > 0) logged.notes.push_back(std::string("not repeated here: ") + secret);
    if (!given.contains("model")) {
      const Json engine = read_python_values(config);
      if (engine.contains("model") && engine.at("model").is_string()) given["model"] = engine.at("model");
    }
    return given;
  }
  if (config.empty()) return Json::object();
  logged.notes.emplace_back("the log has no arguments: read from the engine's configuration");
  return options_of_config(read_python_values(config));
}

std::string card_named(const LoggedStart& start) {
  std::string name = start.word("gpu");
  std::replace(name.begin(), name.end(), '_', ' ');
  return trimmed(name);
}

// Cards whose total in CUDA is this, the nearest first.
std::vector<std::string> cards_with(const Catalog& catalog, double total_gib, const std::string& vendor) {
  constexpr double least_tolerance_mib = 64;
  const TotalRules rules(catalog);
  std::vector<std::pair<double, std::string>> found;
  for (const Gpu& gpu : GpuTable(catalog).all()) {
    const MemoryTotals totals = rules.of(gpu);
    const double off = std::abs(totals.cuda.mib - total_gib * 1024);
    if (gpu.vendor == vendor && totals.cuda.mib > 0 && gpu.vllm != "no" &&
        off <= std::max(least_tolerance_mib, totals.cuda.spread_mib))
      found.emplace_back(off, gpu.id);
  }
  std::sort(found.begin(), found.end());
  std::vector<std::string> ids;
  for (const auto& [off, id] : found) ids.push_back(id);
  return ids;
}

std::string vendor_of(const LoggedStart& start) {
  const std::string platform = start.word("platform");
  return platform.starts_with("rocm") ? "AMD" : platform.starts_with("xpu") ? "Intel" : "NVIDIA";
}

void find_card(const Catalog& catalog, const LoggedStart& start, LoggedRequest& logged) {
  logged.request.gpu.clear();
  const NotedNumber* const total = start.smallest("total_gib");
  if (total != nullptr) logged.request.vram_gib = total->value;
  if (const std::string name = card_named(start); !name.empty()) {
    logged.request.gpu = name;
    return;
  }
  if (total == nullptr) return;
  constexpr std::size_t most_named = 6;
  std::vector<std::string> cards = cards_with(catalog, total->value, vendor_of(start));
  if (cards.empty()) return;
  logged.request.gpu = cards.front();
  logged.cards = cards;
  if (cards.size() == 1) {
    logged.card_note =
        fmt::format("the log names no card: {:.2f} GiB (line {}) is a {}", total->value, total->line, cards.front());
    return;
  }
  const std::size_t count = cards.size();
  cards.resize(std::min(count, most_named));
  logged.card_note = fmt::format(
      "the log names no card; {:.2f} GiB (line {}) have {}{}: planned for the first, "
      "--gpu says which",
      total->value, total->line, join(cards, ", "),
      count > most_named ? fmt::format(" and {} more", count - most_named) : "");
}

std::optional<std::int64_t> count_noted(const LoggedStart& start, const char* name) {
  const NotedNumber* const noted = start.last(name);
  if (noted == nullptr || noted->value < 1 || noted->value > 1e12) return std::nullopt;
  return static_cast<std::int64_t>(noted->value);
}

// The user may ask about another card than the one that the log has; then its total is of no use.
void drop_total_of_another_card(const Catalog& catalog, const LoggedRequest& logged, Request& request) {
  const bool is_of_log = request.vram_gib && request.vram_gib == logged.request.vram_gib;
  if (!is_of_log || request.gpu == logged.request.gpu) return;
  const double table_gib = TotalRules(catalog).of(GpuTable(catalog, request.gpu).find(request.gpu).gpu).cuda.mib / 1024;
  if (table_gib > 0 && !is_total_of(table_gib, *request.vram_gib)) request.vram_gib.reset();
}

}  // namespace

bool is_total_of(double card_gib, double logged_gib) {
  constexpr double alike = 0.1;
  return std::abs(logged_gib / card_gib - 1) <= alike;
}

LoggedRequest request_of(const Catalog& catalog, const LoggedStart& start, const std::string& version) {
  LoggedRequest logged;
  logged.request.vllm_version = version.empty() ? numbers_of_version(start.word("version")) : version;
  if (logged.request.vllm_version.empty())
    logged.notes.emplace_back("the log names no release: taken for the newest, --vllm-version says which");
  const Json arguments = arguments_of(start, logged);
  const Release release = find_release(catalog, logged.request.vllm_version);
  const ServeCommand command = read_serve_settings(JsonReader(arguments, "arguments of the log"), flag_syntax(release));
  std::vector<WrongOption> wrong;
  logged.request = request_of(command, logged.request, wrong);
  for (const WrongOption& one : wrong) logged.notes.push_back("left out: " + std::string(one.error.what()));
  if (start.word("runner") == "2") logged.request.serving["runner"] = "v2";
  find_card(catalog, start, logged);
  logged.context_tokens = count_noted(start, "context_tokens");
  logged.batched_tokens = count_noted(start, "batched_tokens");
  logged.max_sequences = count_noted(start, "max_sequences");
  if (const NotedNumber* const share = start.first("utilization"); share != nullptr && share->value > 0)
    logged.utilization = std::min(1.0, share->value);
  return logged;
}

vw_candidate as_it_runs(const Scenario& scenario, const LoggedRequest& logged) {
  const Request& request = scenario.request;
  const double utilization =
      request.gpu_memory_utilization.value_or(logged.utilization.value_or(scenario.release.gpu_memory_utilization));
  Parallel parallel;  // as given, even where vLLM refuses it: that may be what failed
  parallel.tensor = request.tensor_parallel.value_or(1);
  parallel.pipeline = request.pipeline_parallel.value_or(1);
  parallel.data = request.data_parallel.value_or(1);
  vw_candidate candidate = requested_candidate(scenario, parallel, utilization);
  const double card_gib = scenario.hardware.memory_mib / 1024;
  const auto or_own = [&](const std::optional<std::int64_t>& given, const std::optional<std::int64_t>& noted,
                          std::int64_t own) { return static_cast<std::uint64_t>(given.value_or(noted.value_or(own))); };
  candidate.context_tokens = or_own(request.max_model_len, logged.context_tokens, scenario.model.max_context_tokens);
  candidate.max_batched_tokens =
      or_own(request.max_num_batched_tokens, logged.batched_tokens, scenario.own_batched_tokens);
  candidate.max_sequences = or_own(request.max_num_seqs, logged.max_sequences,
                                   scenario.release.default_of("max_num_seqs", scenario.hardware.gpu, card_gib));
  candidate.format = scenario.running_weights;
  candidate.kv_format = scenario.running_kv;
  return candidate;
}

LoggedCase judge_case(const CaseBench& bench, const LoggedRequest& logged, const Request& request) {
  if (request.model.empty())
    throw Error("--model", "is not given, and the log does not name the model", "give it with -m");
  if (request.gpu.empty())
    throw Error("--gpu", "is not given, and the log does not tell the card", "give it with --gpu");
  LoggedCase judged;
  Request asked = request;
  drop_total_of_another_card(bench.catalog, logged, asked);
  judged.scenario = gather(bench.catalog, bench.defaults, asked);
  judged.scenario.corrections.clear();
  judged.candidate = as_it_runs(judged.scenario, logged);
  MemoryJudge judge(bench.memory_model, judged.scenario);
  judged.memory = judge.judge(judged.candidate);
  return judged;
}

}  // namespace vw

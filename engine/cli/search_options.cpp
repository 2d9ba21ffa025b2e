#include "cli/search_options.hpp"

#include "base/text.hpp"
#include "base/units.hpp"
#include "base/yaml.hpp"
#include "cli/options.hpp"
#include "cli/planning.hpp"
#include "cli/request_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <thread>

namespace vw::cli {
namespace {

constexpr std::int64_t most_gpus = 4096, most_sequences = 1000000;

// The words of a list, each once.
std::vector<std::string> words_of(const Arguments& arguments, const std::string& option) {
  std::vector<std::string> words;
  for (const std::string& piece : split(arguments.text(option), ',')) {
    const std::string word = trimmed(piece);
    if (word.empty())
      throw Error("--" + option, "is " + quote(arguments.text(option)) + ", expected values between the commas");
    if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
  }
  if (words.size() > 1 && std::find(words.begin(), words.end(), "all") != words.end())
    throw Error("--" + option, "has 'all' beside other values, expected it alone");
  return words;
}

bool is_all(const std::vector<std::string>& words) { return words.size() == 1 && words.front() == "all"; }

using ReadNumber = std::function<std::int64_t(const Arguments& one)>;

class AxisReader {
 public:
  AxisReader(const Workspace& workspace, const Arguments& arguments, const Request& request, const Model& model)
      : catalog_(workspace.catalog()), arguments_(arguments), request_(request), model_(model) {}

  Axes read() const {
    Axes axes;
    axes.gpus = names("gpu", request_.gpu == "auto" ? "all" : request_.gpu, [&] { return all_gpus(catalog_); });
    axes.releases = names("vllm-version", request_.vllm_version, [&] { return all_releases(catalog_); });
    axes.quantizations =
        names("quantization", request_.quantization, [&] { return all_quantizations(catalog_, model_); });
    axes.kv_cache_dtypes =
        names("kv-cache-dtype", request_.kv_cache_dtype, [&] { return all_kv_cache_dtypes(catalog_); });
    axes.tensor = counts("tensor-parallel-size", request_.tensor_parallel);
    axes.pipeline = counts("pipeline-parallel-size", request_.pipeline_parallel);
    axes.gpus_per_node = counts("gpus", request_.gpus);
    axes.contexts = contexts();
    axes.max_num_seqs = sequences();
    axes.prompts = tokens("prompt-tokens", request_.prompt_tokens, {128, 512, 2048, 8192, 32768});
    axes.generated = tokens("gen-tokens", request_.generated_tokens, {128, 512, 2048});
    axes.concurrencies = numbers("concurrency", {request_.concurrency}, powers_of_two(1, 2048),
                                 [](const Arguments& one) { return *one.integer("concurrency", 1, most_sequences); });
    return axes;
  }

 private:
  std::vector<std::string> names(const std::string& option, const std::string& otherwise,
                                 const std::function<std::vector<std::string>()>& all) const {
    const auto words = arguments_.has(option) ? words_of(arguments_, option) : std::vector<std::string>{otherwise};
    return is_all(words) ? all() : words;
  }

  std::vector<std::int64_t> numbers(const std::string& option, const std::vector<std::int64_t>& otherwise,
                                    const std::vector<std::int64_t>& all, const ReadNumber& read) const {
    if (!arguments_.has(option)) return otherwise;
    const auto words = words_of(arguments_, option);
    if (is_all(words)) return all;
    std::vector<std::int64_t> values;
    for (const std::string& word : words) {
      const std::int64_t value = read(arguments_.with(option, word));
      if (std::find(values.begin(), values.end(), value) == values.end()) values.push_back(value);
    }
    return values;
  }

  Counts counts(const std::string& option, const std::optional<std::int64_t>& otherwise) const {
    if (arguments_.has(option) && is_all(words_of(arguments_, option))) return {{}, true};
    const std::vector<std::int64_t> usual = otherwise ? std::vector{*otherwise} : std::vector<std::int64_t>{};
    return {numbers(option, usual, {}, [&](const Arguments& one) { return *one.integer(option, 1, most_gpus); }),
            false};
  }

  std::vector<std::int64_t> tokens(const std::string& option, std::int64_t otherwise,
                                   const std::vector<std::int64_t>& all) const {
    return numbers(option, {otherwise}, all, [&](const Arguments& one) { return *one.tokens(option); });
  }

  std::vector<std::int64_t> contexts() const {
    const auto read = [&](const Arguments& one) {
      if (one.text("max-model-len") == "auto") return automatic;
      return std::min(*one.tokens("max-model-len"), model_.max_context_tokens);
    };
    return numbers("max-model-len", {request_.max_model_len.value_or(as_needed)}, all_contexts(model_), read);
  }

  std::vector<std::int64_t> sequences() const {
    const std::int64_t usual = request_.solve_max_num_seqs ? automatic : request_.max_num_seqs.value_or(as_needed);
    constexpr std::int64_t least = 16, most = 1024;
    return numbers("max-num-seqs", {usual}, powers_of_two(least, most), [](const Arguments& one) {
      return one.text("max-num-seqs") == "auto" ? automatic : *one.integer("max-num-seqs", 1, most_sequences);
    });
  }

  const Catalog& catalog_;
  const Arguments& arguments_;
  const Request& request_;
  const Model& model_;
};

// Whatever the axes hold is no part of the request any more.
void forget_axes(Request& request) {
  request.max_model_len.reset();
  request.gpus.reset();
  request.tensor_parallel.reset();
  request.pipeline_parallel.reset();
  request.max_num_seqs.reset();
  request.solve_max_num_seqs = false;
  request.quantization = "none";
  request.kv_cache_dtype = "auto";
}

// vLLM refuses fewer tokens in a step than sequences.
void check_sequences(const Search& search) {
  for (const std::int64_t sequences : search.axes.max_num_seqs) {
    Request request = search.request;
    if (sequences > 0) request.max_num_seqs = sequences;
    check_request(request);
  }
}

std::vector<Hardware> hardware_of(const Workspace& workspace, const Arguments& arguments, Search& search) {
  const bool is_named = arguments.has("gpu") && arguments.text("gpu") != "all";
  std::vector<Hardware> found;
  std::set<std::string> ids;
  std::optional<GpuTable> table;
  if (search.axes.gpus.size() > 1) table.emplace(workspace.catalog());
  for (const std::string& name : search.axes.gpus) {
    Request request = search.request;
    request.gpu = name;
    Hardware hardware =
        resolve_hardware(workspace.catalog(), workspace.defaults().detectors, request, table ? &*table : nullptr);
    if (!ids.insert(hardware.gpu.id).second) continue;
    if (is_named) search.warnings.insert(search.warnings.end(), hardware.warnings.begin(), hardware.warnings.end());
    hardware.warnings.clear();
    found.push_back(std::move(hardware));
  }
  return found;
}

[[noreturn]] void fail_layouts(const Search& search) {
  const Model& model = search.model;
  throw Error("--tensor-parallel-size",
              fmt::format("no value spreads the {} attention heads ({} kv heads) and {} layers of {} over the gpus "
                          "that are given, expected one that divides the heads",
                          model.attention_heads, model.kv_heads, model.layers, quote(model.id)));
}

void find_lanes(const Workspace& workspace, const Arguments& arguments, Search& search) {
  const Prices prices = read_prices(workspace, arguments);
  for (const std::string& version : search.axes.releases) find_release(workspace.catalog(), version);
  bool has_any = false;
  for (const Hardware& hardware : hardware_of(workspace, arguments, search)) {
    const std::vector<Layout> layouts = layouts_on(search.axes, search.model, hardware, search.request);
    has_any |= !layouts.empty();
    for (const std::string& version : search.axes.releases)
      search.lanes.push_back({hardware, version, layouts, prices.of(hardware.gpu)});
  }
  if (!has_any) fail_layouts(search);
}

void check_formats(const Workspace& workspace, Search& search) {
  const std::string dtype = "bf16";
  for (const std::string& id : search.axes.quantizations)
    weights_asked_for(workspace.catalog(), {search.model, dtype, id}, search.warnings);
  for (const std::string& id : search.axes.kv_cache_dtypes)
    if (id != "auto") find_kv_format(workspace.catalog(), id);
}

// What a plan takes, and a search would pass over in silence.
void refuse_options_of_plan(const Arguments& arguments) {
  if (arguments.has("target-latency-ms"))
    throw Error("--target-latency-ms",
                "chooses the configuration of one plan, expected --max-ttft-ms or --max-tpot-ms");
}

// Lengths of which not the shortest request fits into the longest context are nothing to look through.
void expect_room(const Search& search) {
  const Axes& axes = search.axes;
  const auto least = [](const std::vector<std::int64_t>& values) {
    return *std::min_element(values.begin(), values.end());
  };
  Request shortest;
  shortest.prompt_tokens = least(axes.prompts);
  shortest.generated_tokens = least(axes.generated);
  expect_room(shortest, search.model.max_context_tokens, "the model's");
  if (least(axes.contexts) > 0)  // else one of them is as long as it has to be
    expect_room(shortest, *std::max_element(axes.contexts.begin(), axes.contexts.end()), "--max-model-len");
}

void expect_one_card(const Arguments& arguments, const Search& search) {
  if (arguments.has("vram-gb") && search.axes.gpus.size() > 1)
    throw Error("--vram-gb", fmt::format("is the memory of one card, but {} are looked at, expected one --gpu",
                                         search.axes.gpus.size()));
}

}  // namespace

Search read_search(const Workspace& workspace, const Arguments& arguments) {
  refuse_options_of_plan(arguments);
  Search search;
  search.request = to_request(arguments.without(axis_options), workspace.files());
  check_request(search.request);
  search.model = load_model(workspace.catalog(), workspace.defaults().sources, model_question(search.request));
  search.axes = AxisReader(workspace, arguments, search.request, search.model).read();
  expect_room(search);
  forget_axes(search.request);
  expect_one_card(arguments, search);
  check_sequences(search);
  check_formats(workspace, search);
  find_lanes(workspace, arguments, search);
  return search;
}

Prices read_prices(const Workspace& workspace, const Arguments& arguments) {
  const std::string path = arguments.text("prices");
  if (path.empty()) return {};
  const std::string text = read_file(workspace.files(), path, "--prices");
  return {JsonReader(parse_json(text, path), path), workspace.catalog()};
}

OpenJudges judges_of(const Workspace& workspace, const Search& search) {
  const HotParts parts = hot_parts(workspace, search.request);
  const auto known = std::make_shared<std::map<std::string, Efficiency>>();  // read before workers start
  for (const LaneKey& key : search.lanes)
    known->emplace(key.hardware.gpu.id, find_efficiency(workspace.catalog(), *parts.perf, key.hardware.gpu));
  OpenJudges open = [parts, known](const Scenario& scenario) {
    return open_judges(parts, scenario, [&](const Gpu& gpu) { return known->at(gpu.id); });
  };
  open.for_many_cards = !parts.memory->is_script() && !parts.perf->is_script();
  return open;
}

std::optional<double> positive(const Arguments& arguments, const std::string& option) {
  const auto value = arguments.number(option);
  if (value && *value <= 0) throw Error("--" + option, "is " + arguments.text(option) + ", expected more than 0");
  return value;
}

unsigned threads_of(const Arguments& arguments) {
  const unsigned cores = std::max(1u, std::thread::hardware_concurrency());
  return static_cast<unsigned>(arguments.integer("threads", 1, 1024).value_or(cores));
}

ShowProgress search_progress(const Workspace& workspace, const Space& space) {
  const Progress& progress = workspace.catalog().progress();
  if (!progress) return nullptr;
  return [&progress, all = space.size()](const Progressed& so_far) {
    const bool is_over = so_far.candidates == all;
    progress(is_over ? ""
                     : fmt::format("{} of {} candidates, {} fit", show_count(std::int64_t(so_far.candidates)),
                                   show_count(std::int64_t(all)), show_count(std::int64_t(so_far.fitting))));
  };
}

std::string plan_command(const Arguments& arguments, const Row& row) {
  std::string command = "vllm-wizard plan";
  const auto add = [&](const std::string& option, const std::string& value) {
    command += " " + option + (value.empty() ? "" : " " + shell_quoted(value));
  };
  static constexpr const char* groups[] = {"Model", "Hardware", "Workload", "Engine", "Policy", "Parts", "Search"};
  const Arguments kept = arguments.without(axis_options);
  const bool has_limit = arguments.has("max-num-batched-tokens");
  const bool has_profile = arguments.has("profile");
  if (has_profile) add("--profile", arguments.text("profile"));
  for (const Option* option : options_of(groups))
    for (const std::string& value : kept.texts(option->name)) add("--" + std::string(option->name), value);
  // what a plan takes by itself is left out, unless a profile may say otherwise
  const auto add_unless = [&](const std::string& usual, const std::string& option, const std::string& value) {
    if (value != usual || (has_profile && !value.empty())) add(option, value);
  };
  const Place& place = row.place;
  add("--gpu", row.lane->scenario.hardware.gpu.id);
  if (has_profile || place.layout.gpus_per_node != place.layout.tensor)
    add("--gpus", std::to_string(row.candidate.gpus));
  add("--tp", std::to_string(place.layout.tensor));
  add_unless("1", "--pp", std::to_string(place.layout.pipeline));
  add_unless("none", "-q", row.lane->weights[place.weights].word);
  add_unless("auto", "--kv-cache-dtype", row.lane->kv[place.kv].word);
  add_unless("auto", "--max-model-len",
             place.context == automatic ? "auto" : std::to_string(row.candidate.context_tokens));
  if (place.max_num_seqs != as_needed)
    add("--max-num-seqs", place.max_num_seqs == automatic ? "auto" : std::to_string(place.max_num_seqs));
  // a plan would search for better ones
  if (place.max_num_seqs != automatic && row.candidate.max_batched_tokens > 0 && !has_limit)
    add("--max-num-batched-tokens", std::to_string(row.candidate.max_batched_tokens));
  add("--prompt-tokens", std::to_string(place.prompt_tokens));
  add("--gen-tokens", std::to_string(place.generated_tokens));
  add("-c", std::to_string(place.concurrency));
  add_unless("", "--vllm-version", row.lane->scenario.request.vllm_version);
  return command;
}

}  // namespace vw::cli

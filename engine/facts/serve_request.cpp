#include "facts/serve_request.hpp"

#include "base/text.hpp"
#include "facts/option_values.hpp"
#include "facts/serving.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace vw {
namespace {

constexpr std::int64_t most_gpus = 100000, most_sequences = 1000000;

// What several flags say together.
struct Reading {
  Request request;
  bool has_adapters = false;
  std::optional<std::int64_t> adapters, adapter_rank, ranks_per_node;
  Json speculative = Json::object();  // as vLLM has it
};

std::string value_of(const ServeOption& option) {
  if (!option.value) throw Error(option.flag, "has no value, expected one");
  return *option.value;
}

std::int64_t number_of(const ServeOption& option, std::int64_t most) {
  return whole_number(option.flag, value_of(option), 1, most);
}

Json object_of(const ServeOption& option) {
  Json object = parse_json(value_of(option), option.flag);
  if (!object.is_object()) throw Error(option.flag, "is " + quote(*option.value) + ", expected a JSON object");
  return object;
}

// Whether the option was understood as a whole; else it is kept as vLLM's own.
using Read = bool (*)(const ServeOption&, Reading&);

template <std::string Request::*Field>
bool text(const ServeOption& option, Reading& reading) {
  reading.request.*Field = value_of(option);
  return true;
}

template <std::optional<std::int64_t> Request::*Field, std::int64_t Most>
bool number(const ServeOption& option, Reading& reading) {
  reading.request.*Field = number_of(option, Most);
  return true;
}

template <bool Request::*Field, bool IsOn>
bool toggle(const ServeOption&, Reading& reading) {
  reading.request.*Field = IsOn;
  return true;
}

bool model_length(const ServeOption& option, Reading& reading) {
  const std::string value = value_of(option);
  reading.request.max_model_len.reset();
  // vllm/config/model.py: -1 and auto are the largest that fits
  if (value != "auto" && value != "-1") reading.request.max_model_len = token_count(option.flag, value);
  return true;
}

bool batched_tokens(const ServeOption& option, Reading& reading) {
  reading.request.max_num_batched_tokens = token_count(option.flag, value_of(option));
  return true;
}

bool utilization(const ServeOption& option, Reading& reading) {
  const double share = finite_number(option.flag, value_of(option));
  if (share <= 0 || share > 1) throw Error(option.flag, "is " + *option.value + ", expected more than 0 and at most 1");
  reading.request.gpu_memory_utilization = share;
  return true;
}

bool dtype(const ServeOption& option, Reading& reading) {
  const std::string value = value_of(option);
  const std::vector<std::string> known = {"auto", "half", "float16", "bfloat16", "float", "float32"};
  if (std::find(known.begin(), known.end(), value) == known.end()) {
    const std::string near = did_you_mean(value, known);
    throw Error(option.flag, "is " + quote(value) + ", expected " + join_or(known) + (near.empty() ? "" : "; " + near));
  }
  reading.request.dtype = value;
  return true;
}

bool quantization(const ServeOption& option, Reading& reading) {
  const std::string method = value_of(option);
  reading.request.quantization = method == "None" || method == "null" ? "none" : method;
  return true;
}

bool ranks_per_node(const ServeOption& option, Reading& reading) {
  reading.ranks_per_node = whole_number(option.flag, value_of(option), 0, most_gpus);
  return false;
}

bool nodes(const ServeOption& option, Reading& reading) {
  reading.request.nodes = number_of(option, most_gpus);
  return false;
}

// ---- serving

bool offload(const ServeOption& option, Reading& reading) {
  const double gib = finite_number(option.flag, value_of(option));
  if (gib < 0 || gib > 1e6) throw Error(option.flag, "is " + *option.value + ", expected 0 to 1000000 GiB");
  if (gib > 0) reading.request.serving["cpu_offload_gib"] = gib;
  return true;
}

bool cache_bytes(const ServeOption& option, Reading& reading) {
  reading.request.serving["kv_cache_memory_bytes"] = byte_count(option.flag, value_of(option));
  return true;
}

bool graph_size(const ServeOption& option, Reading& reading) {
  reading.request.serving["max_cudagraph_capture_size"] =
      whole_number(option.flag, value_of(option), 0, most_sequences);
  return true;
}

// "async_scheduling" of "--async-scheduling" and "--no-async-scheduling": members are named like their flags.
std::string member_of(const std::string& flag) {
  std::string name = flag.substr(std::string_view(flag.starts_with("--no-") ? "--no-" : "--").size());
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

bool serving_switch(const ServeOption& option, Reading& reading) {
  reading.request.serving[member_of(option.flag)] = !option.flag.starts_with("--no-");
  return true;
}

// One of few words.
bool serving_word(const ServeOption& option, Reading& reading) {
  const Json word = {{member_of(option.flag), value_of(option)}};
  try {
    check_serving(JsonReader(word, ""));
  } catch (const Error& wrong) {
    throw Error(option.flag, wrong.message());
  }
  reading.request.serving.update(word);
  return true;
}

bool adapters_on(const ServeOption& option, Reading& reading) {
  reading.has_adapters = option.flag == "--enable-lora";
  return true;
}

bool adapter_slots(const ServeOption& option, Reading& reading) {
  reading.adapters = number_of(option, most_sequences);
  return true;
}

bool adapter_rank(const ServeOption& option, Reading& reading) {
  reading.adapter_rank = number_of(option, 4096);
  return true;
}

bool speculative_config(const ServeOption& option, Reading& reading) {
  reading.speculative.update(object_of(option));
  return true;
}

bool speculative_member(const ServeOption& option, Reading& reading) {
  if (option.flag == "--spec-method") reading.speculative["method"] = value_of(option);
  if (option.flag == "--spec-model") reading.speculative["model"] = value_of(option);
  if (option.flag == "--spec-tokens") reading.speculative["num_speculative_tokens"] = number_of(option, 1000);
  return true;
}

// "image=2,video=0", as it was once written.
Json older_limits(const ServeOption& option) {
  Json limits = Json::object();
  for (const std::string& pair : split(value_of(option), ',')) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string::npos)
      throw Error(option.flag, "is " + quote(*option.value) + ", expected JSON like {\"image\": 2} or image=2");
    limits[trimmed(pair.substr(0, equals))] = whole_number(option.flag, pair.substr(equals + 1), 0, most_sequences);
  }
  return limits;
}

// A limit is a number, or since v0.11 an object with a count and the size of the items.
bool item_limits(const ServeOption& option, Reading& reading) {
  const Json given = value_of(option).starts_with('{') ? object_of(option) : older_limits(option);
  Json limits = Json::object();
  bool is_whole = true;
  for (const auto& [modality, limit] : given.items()) {
    const bool is_known = modality == "image" || modality == "video" || modality == "audio";
    const Json count = limit.is_object() ? limit.value("count", Json(nullptr)) : limit;
    is_whole = is_whole && is_known && !limit.is_object();
    if (!is_known || count.is_null()) continue;
    limits[modality] = JsonReader(count, option.flag, "/" + modality).integer(0, most_sequences);
  }
  if (!limits.empty()) reading.request.serving["limit_mm_per_prompt"] = limits;
  return is_whole;
}

bool pooling(const ServeOption& option, Reading& reading) {
  static const std::vector<std::string> tasks = {"pooling", "embed", "embedding", "classify", "score", "reward"};
  const std::string value = value_of(option);
  const bool is_pooling = std::find(tasks.begin(), tasks.end(), value) != tasks.end();
  if (is_pooling) reading.request.serving["pooling"] = true;
  return is_pooling && option.flag == "--runner";
}

struct Known {
  const char* flag;
  Read read;
};
constexpr std::array known_options = std::to_array<Known>({
    {"--tensor-parallel-size", number<&Request::tensor_parallel, most_gpus>},
    {"--pipeline-parallel-size", number<&Request::pipeline_parallel, most_gpus>},
    {"--data-parallel-size", number<&Request::data_parallel, most_gpus>},
    {"--data-parallel-size-local", ranks_per_node},
    {"--nnodes", nodes},
    {"--enable-expert-parallel", toggle<&Request::enable_expert_parallel, true>},
    {"--no-enable-expert-parallel", toggle<&Request::enable_expert_parallel, false>},
    {"--max-model-len", model_length},
    {"--gpu-memory-utilization", utilization},
    {"--max-num-seqs", number<&Request::max_num_seqs, most_sequences>},
    {"--max-num-batched-tokens", batched_tokens},
    {"--block-size", number<&Request::block_size, 65536>},
    {"--dtype", dtype},
    {"--quantization", quantization},
    {"--kv-cache-dtype", text<&Request::kv_cache_dtype>},
    {"--revision", text<&Request::revision>},
    {"--tokenizer", text<&Request::tokenizer>},
    {"--trust-remote-code", toggle<&Request::trust_remote_code, true>},
    {"--no-trust-remote-code", toggle<&Request::trust_remote_code, false>},
    {"--enforce-eager", toggle<&Request::enforce_eager, true>},
    {"--no-enforce-eager", toggle<&Request::enforce_eager, false>},
    {"--cpu-offload-gb", offload},
    {"--kv-cache-memory-bytes", cache_bytes},
    {"--max-cudagraph-capture-size", graph_size},
    {"--enable-prefix-caching", serving_switch},
    {"--no-enable-prefix-caching", serving_switch},
    {"--async-scheduling", serving_switch},
    {"--no-async-scheduling", serving_switch},
    {"--disable-hybrid-kv-cache-manager", serving_switch},
    {"--no-disable-hybrid-kv-cache-manager", serving_switch},
    {"--skip-mm-profiling", serving_switch},
    {"--no-skip-mm-profiling", serving_switch},
    {"--language-model-only", serving_switch},
    {"--no-language-model-only", serving_switch},
    {"--performance-mode", serving_word},
    {"--mm-encoder-tp-mode", serving_word},
    {"--enable-lora", adapters_on},
    {"--no-enable-lora", adapters_on},
    {"--max-loras", adapter_slots},
    {"--max-lora-rank", adapter_rank},
    {"--speculative-config", speculative_config},
    {"--spec-method", speculative_member},
    {"--spec-model", speculative_member},
    {"--spec-tokens", speculative_member},
    {"--limit-mm-per-prompt", item_limits},
    {"--runner", pooling},
    {"--task", pooling},
});

// ---- what several flags say together

// vllm/config/lora.py: one adapter of rank 16 unless told
void finish_adapters(Reading& reading) {
  if (!reading.has_adapters) return;
  reading.request.serving["lora"] = {{"slots", reading.adapters.value_or(1)},
                                     {"rank", reading.adapter_rank.value_or(16)}};
}

// Our name for a method of vLLM's (vllm/config/speculative.py); empty: planning cannot be told of it.
std::string method_of(const Json& speculative) {
  std::string method = speculative.value("method", "");
  const std::string model = lower(speculative.value("model", ""));
  if (method.empty() && model == "[ngram]") method = "ngram";
  if (method.empty() && model.find("eagle") != std::string::npos)
    method = model.find("eagle3") != std::string::npos ? "eagle3" : "eagle";
  if ((method.empty() && !model.empty()) || method == "draft_model") return "draft";
  if (method.ends_with("_mtp")) return "mtp";
  const std::vector<std::string> known = {"mtp", "eagle", "eagle3", "ngram", "suffix"};
  return std::find(known.begin(), known.end(), method) == known.end() ? "" : method;
}

void finish_speculation(Reading& reading) {
  const Json& given = reading.speculative;
  if (given.empty()) return;
  const JsonReader reader(given, "--speculative-config");
  const std::string model = reader.string_or("model", "");
  reader.string_or("method", "");
  const std::string method = method_of(given);
  const bool is_known = !method.empty() && given.contains("num_speculative_tokens");
  if (!is_known && method != "suffix") {
    reading.request.vllm_args.insert(reading.request.vllm_args.end(), {"--speculative-config", to_text(given)});
    return;
  }
  // vllm/config/speculative.py: suffix decoding drafts up to 24 tokens unless told
  Json speculative = {{"method", method}, {"tokens", reader.integer_or("num_speculative_tokens", 24, 1, 1000)}};
  const bool has_model = method == "draft" || method.starts_with("eagle") || (method == "mtp" && !model.empty());
  if (has_model) speculative["model"] = model;
  const Json serving = {{"speculative", speculative}};
  check_serving(JsonReader(serving, "--speculative-config"));
  reading.request.serving.update(serving);
}

void drop_argument(std::vector<std::string>& words, const std::string& flag) {
  const auto found = std::find(words.begin(), words.end(), flag);
  if (found == words.end()) return;
  words.erase(found, found + 1 + (found + 1 != words.end() && !(found + 1)->starts_with("--") ? 1 : 0));
}

// Copies spread over nodes; artifacts say the rest of it again by themselves.
void finish_nodes(Reading& reading) {
  Request& request = reading.request;
  const std::int64_t copies = request.data_parallel.value_or(1), local = reading.ranks_per_node.value_or(0);
  if (local > 0 && local < copies && copies % local == 0) request.nodes = copies / local;
  if (request.nodes <= 1) return;
  for (const char* flag : {"--data-parallel-size-local", "--data-parallel-backend", "--distributed-executor-backend"})
    drop_argument(request.vllm_args, flag);
}

// vllm/distributed/utils.py, vllm/envs.py
void read_environment(const ServeCommand& command, Reading& reading) {
  const auto& environment = command.environment;
  if (const auto split_by = environment.find("VLLM_PP_LAYER_PARTITION"); split_by != environment.end()) {
    Json layers = Json::array();
    for (const std::string& count : split(split_by->second, ','))
      layers.push_back(whole_number(split_by->first, trimmed(count), 1, most_gpus));
    reading.request.serving["pipeline_layers"] = layers;
  }
  if (const auto runner = environment.find("VLLM_USE_V2_MODEL_RUNNER"); runner != environment.end())
    reading.request.serving["runner"] = runner->second == "1" ? "v2" : "v1";
}

// Runs one step of reading; an Error becomes an entry of `wrong`.
template <class Step>
void attempt(std::size_t word, std::vector<WrongOption>& wrong, Step&& step) {
  try {
    step();
  } catch (const Error& error) {
    if (error.kind() == Error::Kind::internal) throw;
    wrong.push_back({word, error});
  }
}

auto find_known(const std::string& flag) {
  return std::find_if(known_options.begin(), known_options.end(), [&](const Known& one) { return flag == one.flag; });
}

void read_option(const ServeOption& option, Reading& reading) {
  const auto known = find_known(option.flag);
  if (known != known_options.end() && known->read(option, reading)) return;
  std::vector<std::string>& left = reading.request.vllm_args;
  for (std::string& word : to_words(option)) left.push_back(std::move(word));
}

}  // namespace

bool is_planned(const std::string& flag) { return find_known(flag) != known_options.end(); }

Request request_of(const ServeCommand& command, Request base, std::vector<WrongOption>& wrong) {
  Reading reading;
  reading.request = std::move(base);
  if (!command.model.empty()) reading.request.model = command.model;
  for (const ServeOption& option : command.options) attempt(option.word, wrong, [&] { read_option(option, reading); });
  for (auto* size :
       {&reading.request.tensor_parallel, &reading.request.pipeline_parallel, &reading.request.data_parallel})
    if (!*size) *size = 1;
  finish_adapters(reading);
  const ServeOption* speculative = command.find("--speculative-config");
  attempt(speculative == nullptr ? 0 : speculative->word, wrong, [&] { finish_speculation(reading); });
  finish_nodes(reading);
  attempt(command.first_word, wrong, [&] { read_environment(command, reading); });
  return std::move(reading.request);
}

Request request_of(const ServeCommand& command, const Request& base) {
  std::vector<WrongOption> wrong;
  Request request = request_of(command, base, wrong);
  if (!wrong.empty()) throw wrong.front().error;
  return request;
}

}  // namespace vw

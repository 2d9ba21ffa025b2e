#include "facts/scenario.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace vw {
namespace {

// Unless told otherwise vLLM runs 32-bit checkpoints in 16 bit, and in fp16 what the card cannot do in bf16
// (vllm/config/model.py: _resolve_auto_dtype).
std::string resolve_dtype(const Catalog& catalog, Scenario& scenario) {
  const std::string asked = short_dtype(scenario.request.dtype);
  if (asked != "auto") return asked;
  if (scenario.model.model_dtype == "fp16") return "fp16";
  const Gpu& gpu = scenario.hardware.gpu;
  if (find_format(catalog, "bf16", "--dtype").obstacle(gpu).empty()) return "bf16";
  if (scenario.model.model_dtype == "bf16")
    scenario.warnings.push_back(gpu.name + " has no bfloat16: vLLM runs the model in fp16");
  return "fp16";
}

bool same_method(const Format& format, const Model& model) {
  return format.id == model.declared_format || std::find(format.vllm_names.begin(), format.vllm_names.end(),
                                                         model.declared_method) != format.vllm_names.end();
}

WeightChoice declared_choice(const Catalog& catalog, const Model& model) {
  if (model.declared_format.empty())
    throw Error("model " + quote(model.id),
                "the checkpoint is quantized by " + quote(model.declared_method) +
                    ", which no format script recognises, expected one",
                "say which it is like with --quantization ID, or teach it in scripts/quantization/<id>.lua");
  return {find_format(catalog, model.declared_format, "quantization"), "", ""};
}

// The pre-quantized checkpoint of this format, if a source named one.
std::string variant_with(const Model& model, const Format& format) {
  for (const Json& variant : model.variants) {
    const JsonReader reader(variant, "variants of " + quote(model.id));
    const std::string method = reader.string_or("quantization", "");
    if (method == format.id || method == reader.string_or("format", "-")) return reader.at("id").string();
    if (std::find(format.vllm_names.begin(), format.vllm_names.end(), method) != format.vllm_names.end())
      return reader.at("id").string();
  }
  return "";
}

WeightChoice requested_choice(const Catalog& catalog, Scenario& scenario) {
  const Request& request = scenario.request;
  const Model& model = scenario.model;
  if (request.quantization == "none" || request.quantization.empty())
    return model.is_quantized() ? declared_choice(catalog, model)
                                : WeightChoice{find_format(catalog, scenario.dtype, "--dtype"), "", ""};
  Format format = find_format(catalog, request.quantization, "--quantization");
  if (model.is_quantized()) {
    if (!model.declared_format.empty() && !same_method(format, model))
      throw Error("--quantization", "is " + quote(format.id) + ", but the checkpoint is already " +
                                        quote(model.declared_format) + ", expected none or that one");
    return {std::move(format), "", ""};
  }
  if (format.is_plain()) return {std::move(format), "", ""};
  if (format.from_16_bit) return {format, "", format.flag};
  const std::string variant = variant_with(model, format);
  scenario.warnings.push_back(
      variant.empty()
          ? "vLLM cannot make " + quote(format.id) + " from a 16-bit checkpoint: serve one that is stored so"
          : "vLLM cannot make " + quote(format.id) + " from a 16-bit checkpoint: planned with " + quote(variant));
  return {std::move(format), variant, ""};
}

double bits_of(const Format& format) { return format.classic_bytes_per_parameter.value_or(2.0) * 8; }

// What could be served instead when 16 bit does not fit: on-the-fly FP8 and the checkpoints that sources know.
void add_alternatives(const Catalog& catalog, Scenario& scenario) {
  if (scenario.model.is_quantized() || !scenario.weights.front().format.is_plain()) return;
  std::vector<WeightChoice> found;
  if (scenario.hardware.gpu.has_fp8() && catalog.has(table_kind::quantization, "fp8")) {
    Format fp8 = find_format(catalog, "fp8", "--quantization");
    if (fp8.from_16_bit && fp8.obstacle(scenario.hardware.gpu).empty()) found.push_back({fp8, "", fp8.flag});
  }
  for (const Json& variant : scenario.model.variants) {
    const JsonReader reader(variant, "variants of " + quote(scenario.model.id));
    const std::string id = reader.string_or("format", reader.string_or("quantization", ""));
    if (!catalog.has(table_kind::quantization, id)) continue;
    Format format = find_format(catalog, id, "--quantization");
    if (format.obstacle(scenario.hardware.gpu).empty()) found.push_back({format, reader.at("id").string(), ""});
  }
  std::stable_sort(found.begin(), found.end(), [](const WeightChoice& left, const WeightChoice& right) {
    return bits_of(left.format) > bits_of(right.format);
  });
  for (WeightChoice& choice : found) scenario.weights.push_back(std::move(choice));
}

Format automatic_kv() {
  Format format;
  format.id = "auto";
  format.summary = "as the model's dtype";
  format.json = {{"id", "auto"}};
  return format;
}

bool knows_kv_format(const Release& release, const Format& format) {
  const auto& known = release.kv_cache_dtypes;
  return known.empty() || std::find(known.begin(), known.end(), format.kv->vllm_name) != known.end();
}

void add_requested_kv(const Catalog& catalog, Scenario& scenario) {
  Format format = find_kv_format(catalog, scenario.request.kv_cache_dtype);
  if (!knows_kv_format(scenario.release, format))
    scenario.warnings.push_back("vLLM " + scenario.release.version + " has no --kv-cache-dtype " +
                                format.kv->vllm_name + ": the files say 'auto'");
  const std::string obstacle = format.kv_obstacle(scenario.hardware.gpu);
  if (!obstacle.empty()) scenario.warnings.push_back("KV cache format " + quote(format.id) + " " + obstacle);
  scenario.kv_formats.push_back(std::move(format));
}

// [1]: fp8 beside "auto", where card and release offer it.
void choose_kv_formats(const Catalog& catalog, Scenario& scenario) {
  if (scenario.request.kv_cache_dtype != "auto") return add_requested_kv(catalog, scenario);
  scenario.kv_formats.push_back(automatic_kv());
  const Gpu& gpu = scenario.hardware.gpu;
  if (!gpu.has_fp8() || !catalog.has(table_kind::quantization, "fp8")) return;
  Format fp8 = find_kv_format(catalog, "fp8");
  if (knows_kv_format(scenario.release, fp8) && fp8.kv_obstacle(gpu).empty())
    scenario.kv_formats.push_back(std::move(fp8));
}

void warn_about_requests(Scenario& scenario) {
  const Request& request = scenario.request;
  if (request.gpu_memory_utilization &&
      (*request.gpu_memory_utilization < 0.5 || *request.gpu_memory_utilization > 0.98))
    scenario.warnings.push_back(
        fmt::format("--gpu-memory-utilization {} is unusual, expected 0.5 to 0.98", *request.gpu_memory_utilization));
  const std::string obstacle = scenario.weights.front().format.obstacle(scenario.hardware.gpu);
  if (!obstacle.empty())
    scenario.warnings.push_back("format " + quote(scenario.weights.front().format.id) + " " + obstacle);
}

// As the files say, else counted, and scaled when the user gives another number of parameters.
double all_weights_bytes(const Catalog& catalog, const Model& model, const Request& request) {
  if (!request.params_b) return model.exact_weights_bytes.value_or(stored_weights_bytes(model, catalog));
  return stored_weights_bytes(model, catalog) * model.params / std::max(model.counted_params, 1.0);
}

Json policy_of(const Request& request) {
  Json policy = Json::object();
  if (request.overhead_gib) policy["overhead_gib"] = *request.overhead_gib;
  if (request.fragmentation_factor) policy["fragmentation_factor"] = *request.fragmentation_factor;
  if (request.headroom_gib) policy["headroom_gib"] = *request.headroom_gib;
  return policy;
}

// What a release says of memory and defaults, without the names of its flags, which are half of it.
Json release_for_models(Json release) {
  for (const char* names : {"flags", "removed_flags", "kv_cache_dtypes", "quantizations"}) release.erase(names);
  return release;
}

}  // namespace

std::string short_dtype(const std::string& dtype) {
  if (dtype == "float16" || dtype == "half") return "fp16";
  if (dtype == "bfloat16") return "bf16";
  if (dtype == "float32" || dtype == "float") return "fp32";
  return dtype;
}

Json Scenario::settings() const {
  Json gpu = hardware.gpu.json;
  gpu["memory_mib"] = hardware.memory_mib;
  if (request.vram_gib) gpu["memory_visible_mib"] = gpu["memory_cuda_mib"] = hardware.memory_mib;
  Json settings = {{"model", model.normal_form},
                   {"params", model.params},
                   {"active_params", model.active_params},
                   {"gpus", Json::array({gpu})},
                   {"formats", Json::array()},
                   {"kv_formats", Json::array()},
                   {"releases", Json::array({release_for_models(release.json)})}};
  for (const WeightChoice& choice : weights) settings["formats"].push_back(choice.format.json);
  for (const Format& format : kv_formats) settings["kv_formats"].push_back(format.json);
  settings["dtype"] = dtype;
  settings["link"] = hardware.link;
  settings["policy"] = policy_of(request);
  settings["memory_used_mib"] = hardware.memory_used_mib;
  if (model.exact_weights_bytes) settings["weights_bytes"] = *model.exact_weights_bytes;
  return settings;
}

Scenario gather(const Catalog& catalog, const Defaults& defaults, const Request& request) {
  check_request(request);
  Scenario scenario;
  scenario.request = request;
  scenario.rules = defaults.rules;
  scenario.release = find_release(catalog, request.vllm_version);
  scenario.hardware = resolve_hardware(catalog, defaults.detectors, request);
  scenario.model = load_model(catalog, defaults.sources,
                              {request.model, request.revision, request.source, request.family, request.params_b,
                               request.dtype, request.offline});
  if (scenario.model.is_estimated)
    scenario.warnings.insert(scenario.warnings.end(), scenario.model.notes.begin(), scenario.model.notes.end());
  scenario.dtype = resolve_dtype(catalog, scenario);
  scenario.weights.push_back(requested_choice(catalog, scenario));
  add_alternatives(catalog, scenario);
  choose_kv_formats(catalog, scenario);
  scenario.weights_bytes = all_weights_bytes(catalog, scenario.model, request);
  warn_about_requests(scenario);
  return scenario;
}

}  // namespace vw

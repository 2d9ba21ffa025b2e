#include "facts/scenario.hpp"

#include "base/text.hpp"
#include "facts/dtype.hpp"
#include "facts/refusals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace vw {
namespace {

// Whether the user's word stands for this format: its id, or a name that vLLM has for it.
bool goes_by(const Format& format, const std::string& word) {
  return format.id == word ||
         std::find(format.vllm_names.begin(), format.vllm_names.end(), word) != format.vllm_names.end();
}

WeightChoice declared_choice(const Catalog& catalog, const Model& model) {
  if (model.declared_format.empty())
    throw Error("model " + quote(model.id),
                "the checkpoint is quantized by " + quote(model.declared_method) +
                    ", which no format script recognises, expected one",
                "say which it is like with --quantization ID, or teach it in scripts/quantization/<id>.lua");
  return {find_format(catalog, model.declared_format, "quantization"), "", ""};
}

// A quantized checkpoint is served as it is stored. The user may name its format, or say it where nobody recognised it.
WeightChoice stored_choice(const Catalog& catalog, const Model& model, const Format& asked) {
  if (model.declared_format.empty()) return {asked, "", ""};
  WeightChoice declared = declared_choice(catalog, model);
  if (!goes_by(declared.format, asked.id))
    throw Error("--quantization", "is " + quote(asked.id) + ", but the checkpoint is already " +
                                      quote(model.declared_format) + ", expected none or that one");
  return declared;
}

// By id or alias; or by a name of vLLM's, which may stand for several formats: the one that the checkpoint declares,
// else what vLLM makes of 16 bit under this name.
Format format_asked_for(const Catalog& catalog, const Model& model, const std::string& word) {
  if (is_format(catalog, word)) return find_format(catalog, word, "--quantization");
  if (model.is_quantized() && !model.declared_format.empty()) {
    Format declared = find_format(catalog, model.declared_format, "quantization");
    if (goes_by(declared, word)) return declared;
  }
  std::vector<Format> called;
  for (const std::string& id : catalog.ids_mentioning(table_kind::quantization, word)) {
    Format format = find_format(catalog, id, "--quantization");
    if (format.flag == word) return format;
    if (goes_by(format, word)) called.push_back(std::move(format));
  }
  if (called.empty()) return find_format(catalog, word, "--quantization");  // tells that there is none
  return called.front();
}

// The pre-quantized checkpoint of exactly this format, if a source named one.
std::string variant_with(const Model& model, const std::string& format) {
  for (const Variant& variant : model.variants)
    if (variant.format == format) return variant.id;
  return "";
}

WeightChoice unquantized(const Catalog& catalog, const std::string& dtype) {
  return {find_format(catalog, dtype, "--dtype"), "", ""};
}

WeightChoice requested_choice(const Catalog& catalog, Scenario& scenario) {
  const WeightQuestion question{scenario.model, scenario.dtype, scenario.request.quantization};
  return weights_asked_for(catalog, question, scenario.warnings);
}

double bits_of(const Format& format) { return format.classic_bytes_per_parameter.value_or(2.0) * 8; }

// The first of each format.
void add_refused(Scenario& scenario, const RefusedWeights& weights) {
  const auto is_same = [&](const RefusedWeights& known) { return known.format == weights.format; };
  if (std::none_of(scenario.refused_weights.begin(), scenario.refused_weights.end(), is_same))
    scenario.refused_weights.push_back(weights);
}

// What could be served instead when 16 bit does not fit: on-the-fly FP8 and the checkpoints that sources know, one way
// for each format.
void add_alternatives(const Catalog& catalog, Scenario& scenario) {
  if (scenario.model.is_quantized() || !scenario.weights.front().format.is_plain()) return;
  const Gpu& gpu = scenario.hardware.gpu;
  std::vector<WeightChoice> found;
  const auto offer = [&](Format format, const std::string& checkpoint) {
    const bool is_new = std::none_of(found.begin(), found.end(),
                                     [&](const WeightChoice& choice) { return choice.format.id == format.id; });
    if (!is_new) return;
    if (const std::string why = format.obstacle(gpu); !why.empty()) {
      add_refused(scenario, {format.id, checkpoint, why});
      return;
    }
    const std::string flag = checkpoint.empty() ? format.flag : "";
    found.push_back({std::move(format), checkpoint, flag});
  };
  if (gpu.has_fp8() && catalog.has(table_kind::quantization, "fp8"))
    if (Format fp8 = find_format(catalog, "fp8", "--quantization"); fp8.from_16_bit) offer(std::move(fp8), "");
  for (const Variant& variant : scenario.model.variants)
    if (!variant.format.empty()) offer(find_format(catalog, variant.format, "--quantization"), variant.id);
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

// Where it cannot run, "auto" takes its place.
void add_requested_kv(const Catalog& catalog, Scenario& scenario) {
  Format format = find_kv_format(catalog, scenario.request.kv_cache_dtype);
  const std::string what = "--kv-cache-dtype " + format.kv->vllm_name, mend = "--kv-cache-dtype auto";
  const std::string obstacle = format.kv_obstacle(scenario.hardware.gpu);
  const bool is_known = knows_kv_format(scenario.release, format);
  if (!is_known)
    scenario.obstacles.push_back({what, "is not known to vLLM " + scenario.release.version, mend, false});
  else if (!obstacle.empty())
    scenario.obstacles.push_back({what, obstacle, mend, true});
  scenario.running_kv = is_known && obstacle.empty() ? 0 : 1;
  scenario.kv_formats.push_back(std::move(format));
}

// fp8 beside "auto", where card and release offer it.
void choose_kv_formats(const Catalog& catalog, Scenario& scenario) {
  if (scenario.request.kv_cache_dtype != "auto") {
    add_requested_kv(catalog, scenario);
    if (scenario.running_kv == 0) return;
  }
  scenario.kv_formats.push_back(automatic_kv());
  const Gpu& gpu = scenario.hardware.gpu;
  scenario.has_own_fp8_kv = brings_fp8_kv(scenario.model, scenario.release);
  if (!gpu.has_fp8() || scenario.has_own_fp8_kv) return;
  std::optional<Format> fp8 = smaller_kv_format(catalog);
  if (fp8 && knows_kv_format(scenario.release, *fp8) && fp8->kv_obstacle(gpu).empty())
    scenario.kv_formats.push_back(std::move(*fp8));
}

// A format of weights that the card cannot run gives way to 16 bit; a checkpoint that is stored so has nothing else.
void check_weights(const Catalog& catalog, Scenario& scenario) {
  const Format& format = scenario.weights.front().format;
  const bool is_dtype = format.id == scenario.dtype;
  const std::string why = format.obstacle(scenario.hardware.gpu);
  const bool is_refused_dtype = is_dtype && scenario.running_dtype != scenario.dtype;
  if (why.empty() && !is_refused_dtype) return;
  const bool is_stored = scenario.model.is_quantized();
  WeightChoice instead = unquantized(catalog, scenario.running_dtype);
  const bool can_run = !is_stored && instead.format.obstacle(scenario.hardware.gpu).empty();
  if (!is_dtype)
    scenario.obstacles.push_back({is_stored ? "a checkpoint stored as " + format.id : "--quantization " + format.id,
                                  why, can_run ? "--quantization none" : "", true});
  if (!can_run) return;
  scenario.running_weights = 1;
  scenario.weights.insert(scenario.weights.begin() + 1, std::move(instead));
}

void find_obstacles(const Catalog& catalog, Scenario& scenario) {
  scenario.running_dtype = scenario.dtype;
  choose_kv_formats(catalog, scenario);
  check_dtype(catalog, scenario);
  check_weights(catalog, scenario);
  find_release_gaps(scenario);
  find_refusals(scenario);
  for (const Obstacle& obstacle : scenario.obstacles) scenario.warnings.push_back(obstacle.what + " " + obstacle.why);
}

void warn_about_requests(Scenario& scenario) {
  const Request& request = scenario.request;
  const double lowest = scenario.rules.lowest_usual_utilization, highest = scenario.rules.highest_usual_utilization;
  if (request.gpu_memory_utilization &&
      (*request.gpu_memory_utilization < lowest || *request.gpu_memory_utilization > highest))
    scenario.warnings.push_back(fmt::format("--gpu-memory-utilization {} is unusual, expected {} to {}",
                                            *request.gpu_memory_utilization, lowest, highest));
  constexpr double noticeable = 0.02;
  const double counted = scenario.model.counted_params;
  if (request.params_b && counted > 0 && std::abs(scenario.model.params / counted - 1) > noticeable)
    scenario.warnings.push_back(
        fmt::format("--params-b {:g} is not the {:.4g} B that the layers of this model have: only "
                    "models that go by the count look at it",
                    *request.params_b, counted / 1e9));
}

// As the files say, else counted, and scaled when the user gives another number of parameters.
double all_weights_bytes(const Catalog& catalog, const Model& model, const Request& request) {
  if (!request.params_b) return model.exact_weights_bytes.value_or(stored_weights_bytes(model, catalog));
  return stored_weights_bytes(model, catalog) * model.params / std::max(model.counted_params, 1.0);
}

// Tables of the formats that matrices are stored in beside plain 16 and 32 bit.
std::vector<Json> stored_formats(const Catalog& catalog, const Model& model) {
  std::set<std::string> ids;
  const auto add = [&](const std::vector<Matrix>& matrices) {
    for (const Matrix& matrix : matrices) ids.insert(matrix.stored_as);
  };
  add(model.matrices);
  add(model.tower_matrices);
  for (const LayerGroup& group : model.groups) add(group.matrices);
  std::vector<Json> tables;
  for (const std::string& id : ids)
    if (!id.empty() && id != "bf16" && id != "fp16" && id != "fp32")
      tables.push_back(find_format(catalog, id, "model-family " + quote(model.family) + ": stored_as").json);
  return tables;
}

// As asked for, with the draft model in its normal form.
Json resolve_serving(const Catalog& catalog, const Defaults& defaults, const Request& request) {
  Json serving = request.serving;
  const JsonReader reader(request.serving, "serving");
  if (!reader.has("speculative") || !reader.at("speculative").has("model")) return serving;
  ModelQuestion question;
  question.model = reader.at("speculative").at("model").string();
  question.offline = request.offline;
  serving["speculative"]["model"] = load_model(catalog, defaults.sources, question).normal_form;
  return serving;
}

}  // namespace

WeightChoice weights_asked_for(const Catalog& catalog, const WeightQuestion& question,
                               std::vector<std::string>& warnings) {
  const Model& model = question.model;
  if (question.quantization == "none" || question.quantization.empty())
    return model.is_quantized() ? declared_choice(catalog, model) : unquantized(catalog, question.dtype);
  Format format = format_asked_for(catalog, model, question.quantization);
  if (format.applies_to == "none")
    throw Error("--quantization", quote(format.id) + " stores only a KV cache, expected a format of weights",
                "--kv-cache-dtype " + format.id + " asks for it");
  if (model.is_quantized()) return stored_choice(catalog, model, format);
  if (format.is_plain()) return {std::move(format), "", ""};
  if (format.from_16_bit) return {format, "", format.flag};
  const std::string variant = variant_with(model, format.id);
  warnings.push_back(variant.empty()
                         ? "no checkpoint of " + quote(model.id) + " stored as " + quote(format.id) +
                               " is known, and vLLM cannot make one from 16 bit: these numbers are a what-if"
                         : "vLLM cannot make " + quote(format.id) + " from a 16-bit checkpoint: planned with " +
                               quote(variant));
  return {std::move(format), variant, "", variant.empty()};
}

std::optional<Format> smaller_kv_format(const Catalog& catalog) {
  if (!catalog.has(table_kind::quantization, "fp8")) return std::nullopt;
  return find_kv_format(catalog, "fp8");
}

bool knows_kv_format(const Release& release, const Format& format) {
  const auto& known = release.kv_cache_dtypes;
  return known.empty() || std::find(known.begin(), known.end(), format.kv->vllm_name) != known.end();
}

bool brings_fp8_kv(const Model& model, const Release& release) {
  const JsonReader form(model.normal_form, "model"), table(release.json, "release");
  return form.has("quantization") && form.at("quantization").string_or("kv_cache_format", "").starts_with("fp8") &&
         table.at("defaults").boolean_or("checkpoint_kv_cache_dtype", false);
}

bool Scenario::is_mendable() const {
  return std::none_of(obstacles.begin(), obstacles.end(), [](const Obstacle& one) { return one.mend.empty(); });
}

std::optional<std::uint32_t> Scenario::smaller_kv() const {
  const std::uint32_t next = running_kv + 1;
  if (kv_formats[running_kv].kv || next >= kv_formats.size()) return std::nullopt;
  return next;
}

void read_checkpoints(const Catalog& catalog, const Defaults& defaults, Scenario& scenario) {
  for (WeightChoice& choice : scenario.weights) {
    if (choice.checkpoint.empty() || choice.own) continue;
    ModelQuestion question;
    question.model = choice.checkpoint;
    question.offline = true;
    try {
      Model model = load_model(catalog, defaults.sources, question);
      std::vector<Json> formats = stored_formats(catalog, model);
      const double bytes = all_weights_bytes(catalog, model, {});
      choice.own = std::make_shared<const StoredModel>(StoredModel{std::move(model), std::move(formats), bytes});
    } catch (const Error&) {
      scenario.warnings.push_back(quote(choice.checkpoint) + " is planned as this model's matrices in " +
                                  choice.format.id + ": what it says of itself could not be read");
    }
  }
}

ModelQuestion model_question(const Request& request) {
  return {request.model,    request.revision, request.source, request.family,
          request.params_b, request.dtype,    request.offline};
}

Scenario gather(const Catalog& catalog, const Defaults& defaults, const Request& request, const Known& known) {
  check_request(request);
  Scenario scenario;
  scenario.request = request;
  scenario.rules = defaults.rules;
  scenario.release = known.release != nullptr ? *known.release : find_release(catalog, request.vllm_version);
  scenario.hardware =
      known.hardware != nullptr ? *known.hardware : resolve_hardware(catalog, defaults.detectors, request);
  scenario.model =
      known.model != nullptr ? *known.model : load_model(catalog, defaults.sources, model_question(request));
  expect_room(request, scenario.model.max_context_tokens, "the model's");
  if (scenario.model.is_estimated)
    scenario.warnings.insert(scenario.warnings.end(), scenario.model.notes.begin(), scenario.model.notes.end());
  const std::vector<std::string>& disagreements = scenario.model.warnings;
  scenario.warnings.insert(scenario.warnings.end(), disagreements.begin(), disagreements.end());
  scenario.own_batched_tokens =
      scenario.release.default_of("max_num_batched_tokens", scenario.hardware.gpu, scenario.hardware.memory_mib / 1024);
  scenario.dtype = resolve_dtype(catalog, scenario);
  if (scenario.dtype == "fp32") widen_to_fp32(scenario.model);
  scenario.weights.push_back(requested_choice(catalog, scenario));
  add_alternatives(catalog, scenario);
  scenario.corrections =
      corrections_for(catalog, {defaults.memory_model_of(request), scenario.model.family, scenario.release.table});
  scenario.serving = resolve_serving(catalog, defaults, request);
  find_obstacles(catalog, scenario);
  scenario.stored_formats = stored_formats(catalog, scenario.model);
  scenario.weights_bytes = all_weights_bytes(catalog, scenario.model, request);
  warn_about_requests(scenario);
  warn_of_own_kv_cache(catalog, scenario);
  warn_of_offload(scenario);
  return scenario;
}

}  // namespace vw

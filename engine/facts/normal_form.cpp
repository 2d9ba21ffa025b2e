// Reading the normal form: every number is checked here once, so that nobody after it needs to.
#include "base/text.hpp"
#include "facts/model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace vw {
namespace {

constexpr double most_size = 1e9;
constexpr std::int64_t most_layers = 1000;

void expect_word(const JsonReader& json, const char* key, const std::string& word,
                 const std::vector<std::string>& known) {
  if (std::find(known.begin(), known.end(), word) != known.end()) return;
  std::vector<std::string> quoted;
  for (const std::string& name : known) quoted.push_back(quote(name));
  const std::string near = did_you_mean(word, known);
  json.at(key).fail("is " + quote(word) + ", expected " + join_or(quoted) + (near.empty() ? "" : "; " + near));
}

Matrix read_matrix(const JsonReader& json) {
  json.expect_only({"role", "outputs", "inputs", "copies", "split", "stored_as", "group_size", "names", "buffer"});
  Matrix matrix;
  matrix.role = json.at("role").string();
  matrix.outputs = json.at("outputs").number(0, most_size);
  matrix.inputs = json.number_or("inputs", 1, 0, most_size);
  matrix.copies = json.number_or("copies", 1, 0, 1e6);
  matrix.split = json.string_or("split", "none");
  matrix.stored_as = json.string_or("stored_as", "");
  matrix.group_size = json.number_or("group_size", 0, 0, 1e6);
  matrix.is_buffer = json.boolean_or("buffer", false);
  static const std::vector<std::string> splits = {"columns", "rows", "kv-heads", "experts", "vocabulary", "none"};
  expect_word(json, "split", matrix.split, splits);
  return matrix;
}

std::vector<Matrix> read_matrices(const JsonReader& json, const char* key) {
  std::vector<Matrix> matrices;
  if (json.has(key))
    for (const JsonReader& item : json.at(key).items()) matrices.push_back(read_matrix(item));
  return matrices;
}

void read_feed_forward(const JsonReader& json, LayerGroup& group) {
  if (!json.has("feed_forward")) return;
  const JsonReader feed_forward = json.at("feed_forward");
  const std::string kind = feed_forward.string_or("kind", "none");
  expect_word(feed_forward, "kind", kind, {"dense", "moe", "none"});
  if (kind != "moe") return;
  group.experts = feed_forward.at("experts").number(1, 1e6);
  group.experts_per_token = feed_forward.at("experts_per_token").number(1, group.experts);
}

// Each KV head serves the same number of query heads.
void expect_shared_evenly(const JsonReader& attention) {
  if (attention.is_null() || !attention.has("query_heads") || !attention.has("kv_heads")) return;
  const std::int64_t query_heads = attention.at("query_heads").integer(0, 100000);
  const std::int64_t kv_heads = attention.at("kv_heads").integer(0, 100000);
  if (kv_heads > 0 && query_heads % kv_heads != 0)
    attention.at("kv_heads")
        .fail(fmt::format("is {}, expected a divisor of the {} query heads", kv_heads, query_heads));
}

LayerGroup read_group(const JsonReader& json) {
  json.expect_only({"name", "role", "layers", "attention", "state", "feed_forward", "matrices"});
  LayerGroup group;
  group.name = json.string_or("name", "layers");
  group.role = json.string_or("role", "target");
  for (const JsonReader& layer : json.at("layers").items()) group.layers.push_back(layer.integer(0, most_layers));
  const std::string attention = json.has("attention") ? json.at("attention").at("kind").string() : "none";
  static const std::vector<std::string> kinds = {"full",  "sliding", "chunked", "latent",
                                                 "state", "cross",   "shared",  "none"};
  expect_word(json.find("attention"), "kind", attention, kinds);
  expect_word(json, "role", group.role, {"target", "mtp", "draft"});
  expect_shared_evenly(json.find("attention"));
  read_feed_forward(json, group);
  group.matrices = read_matrices(json, "matrices");
  return group;
}

void read_shape(const JsonReader& form, Model& model) {
  model.family = form.at("family").string();
  model.hidden_size = form.at("hidden_size").integer(1, 1000000);
  model.vocab_size = form.at("vocab_size").integer(1, 100000000);
  model.max_context_tokens = form.at("max_context_tokens").integer(1, std::int64_t{1} << 40);
  model.layers = form.at("layers").integer(1, most_layers);
  model.attention_heads = form.at("attention_heads").integer(0, 100000);
  model.kv_heads = form.at("kv_heads").integer(0, 100000);
  model.head_dim = form.at("head_dim").integer(0, 100000);
  model.model_dtype = form.string_or("model_dtype", "bf16");
  model.is_estimated = form.boolean_or("estimated", false);
}

void read_quantization(const JsonReader& form, Model& model) {
  if (!form.has("quantization")) return;
  const JsonReader quantization = form.at("quantization");
  model.declared_method = quantization.string_or("method", "");
  model.declared_format = quantization.string_or("format", "");
  model.group_size = quantization.number_or("group_size", 0, -1, 1e6);
  if (model.group_size < 0) model.group_size = 0;
}

// How the tensors of the files were placed: what is left over is no part of a matrix.
void read_tensors(const JsonReader& form, Model& model) {
  if (!form.has("tensors")) return;
  const JsonReader tensors = form.at("tensors");
  tensors.expect_only({"count", "placed", "exact", "unexplained", "warnings"});
  for (const JsonReader& row : tensors.at("unexplained").items()) {
    row.expect_only({"pattern", "role", "bytes", "at"});
    const std::string role = row.at("role").string();
    expect_word(row, "role", role, {"target", "mtp", "tower"});
    double places = 1;
    if (row.has("at")) {
      const std::vector<JsonReader> run = row.at("at").items();
      if (run.size() != 2) row.at("at").fail("is no pair of layers, expected the first and the last");
      places += run[1].number(0, 1e9) - run[0].number(0, 1e9);
    }
    const double bytes = row.at("bytes").number(0, 1e16) * places;
    if (role == "target") model.unexplained_bytes += bytes;
  }
  if (tensors.has("warnings"))
    for (const std::string& warning : tensors.at("warnings").strings()) model.warnings.push_back(warning);
}

// Each layer of the target lies in exactly one group.
void expect_all_layers(const JsonReader& groups, const Model& model) {
  std::vector<int> count(static_cast<std::size_t>(model.layers), 0);
  for (const LayerGroup& group : model.groups)
    for (const std::int64_t layer : group.layers) {
      if (group.role != "target") continue;
      if (layer >= model.layers)
        groups.fail(fmt::format("layer {} is beyond the {} layers of the model", layer, model.layers));
      ++count[static_cast<std::size_t>(layer)];
    }
  const auto wrong = std::find_if(count.begin(), count.end(), [](int groups_of_layer) { return groups_of_layer != 1; });
  if (wrong == count.end()) return;
  groups.fail(fmt::format("layer {} lies in {}, expected each of the {} layers in one", wrong - count.begin(),
                          *wrong == 0 ? "no group" : fmt::format("{} groups", *wrong), model.layers));
}

double elements_of(const std::vector<Matrix>& matrices) {
  double elements = 0;
  for (const Matrix& matrix : matrices)
    if (!matrix.is_buffer) elements += matrix.elements();
  return elements;
}

// Experts count by the share of them that one token passes through.
double active_elements_of(const LayerGroup& group) {
  double elements = 0;
  for (const Matrix& matrix : group.matrices) {
    if (matrix.is_buffer) continue;
    const bool routed = matrix.is_expert() && group.experts > 0;
    elements += matrix.elements() * (routed ? group.experts_per_token / group.experts : 1.0);
  }
  return elements;
}

void count_parameters(Model& model) {
  const double outside = elements_of(model.matrices) + elements_of(model.tower_matrices);
  model.params = model.active_params = outside;
  for (const LayerGroup& group : model.groups) {
    if (group.role != "target") continue;
    const auto layers = static_cast<double>(group.layers.size());
    model.params += layers * elements_of(group.matrices);
    model.active_params += layers * active_elements_of(group);
  }
  model.counted_params = model.params;
  model.params_basis = model.is_estimated ? "estimated" : "counted from layer shapes";
}

}  // namespace

Model read_normal_form(const Json& json, const std::string& where) {
  const JsonReader form(json, where);
  form.expect_only(
      {"family",          "hidden_size", "vocab_size", "max_context_tokens", "tied_embeddings", "model_dtype", "layers",
       "attention_heads", "kv_heads",    "head_dim",   "estimated",          "quantization",    "rope",        "groups",
       "matrices",        "towers",      "unmodelled", "warnings",           "tensors",         "needs"});
  Model model;
  read_shape(form, model);
  read_quantization(form, model);
  model.needs = read_needs(form);
  for (const JsonReader& group : form.at("groups").items()) model.groups.push_back(read_group(group));
  expect_all_layers(form.at("groups"), model);
  model.matrices = read_matrices(form, "matrices");
  if (form.has("towers"))
    for (const JsonReader& tower : form.at("towers").items())
      for (Matrix& matrix : read_matrices(tower, "matrices")) model.tower_matrices.push_back(std::move(matrix));
  if (form.has("unmodelled")) model.notes = form.at("unmodelled").strings();
  if (form.has("warnings")) model.warnings = form.at("warnings").strings();
  read_tensors(form, model);
  count_parameters(model);
  model.normal_form = json;
  return model;
}

}  // namespace vw

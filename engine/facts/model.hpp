// facts: a model in its normal form. A source tells what the checkpoint says, a family reduces it to numbers, and from
// here on everything is arithmetic.
#pragma once

#include "facts/format.hpp"
#include "parts/catalog.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vw {

// A stored weight matrix, fused as vLLM stores it; one-dimensional tensors have inputs = 1.
struct Matrix {
  std::string role, split, stored_as;
  double outputs = 0, inputs = 1, copies = 1;
  double group_size = 0;   // inputs that share a scale, 0: as the checkpoint says for all
  bool is_buffer = false;  // no parameter (tables, masks)

  double elements() const { return outputs * inputs * copies; }
  bool is_expert() const { return role.starts_with("experts_"); }
};

// Layers of one shape.
struct LayerGroup {
  std::string name, role;  // role: target, mtp, draft
  std::vector<std::int64_t> layers;
  double experts = 0, experts_per_token = 0;
  std::vector<Matrix> matrices;  // of one layer
};

// A pre-quantized checkpoint of the same model.
struct Variant {
  std::string id;
  std::string method;  // in the words of the source: "awq", "gptq-int4", "compressed-tensors"
  std::string format;  // the exact format, empty where nobody knows it
};

struct Model {
  std::string architecture;                                         // as config.json says; empty when it does not
  std::string id, source, location, revision, family, model_dtype;  // model_dtype: bf16, fp16, fp32
  std::int64_t hidden_size = 0, vocab_size = 0, max_context_tokens = 0;
  std::int64_t layers = 0, attention_heads = 0, kv_heads = 0, head_dim = 0;  // the config's own
  std::vector<LayerGroup> groups;
  std::vector<Matrix> matrices;        // of the model
  std::vector<Matrix> tower_matrices;  // of all towers
  std::string declared_method;         // quant_method of the checkpoint, empty when it is not quantized
  std::string declared_format;         // our format for it, empty when unknown or none
  double group_size = 0;               // of the checkpoint's quantization, 0: the format's own
  double params = 0, active_params = 0;
  double counted_params = 0;  // of the shapes, whatever params says
  std::string params_basis;   // "counted from layer shapes", "safetensors headers", "published", ...
  bool is_estimated = false;
  std::optional<double> exact_weights_bytes;  // from files
  double unexplained_bytes = 0;               // tensors of the files that no matrix explains
  std::vector<std::string> notes;             // what the source and the family want said
  std::vector<std::string> warnings;          // where the files and the family disagree
  std::vector<Variant> variants;              // of a model in 16 bit
  std::string base;                           // of a quantized one, the model in 16 bit; empty: nobody knows
  std::vector<std::string> sizes;             // others of its family, stored in the same way, nearest first
  Needs needs;                                // of its kernels
  Json normal_form;

  bool is_quantized() const { return !declared_method.empty(); }
};

// What the user said about the model.
struct ModelQuestion {
  std::string model, revision, source, family;  // source and family: ids of parts, empty: any
  std::optional<double> params_b;
  std::string dtype = "auto";
  bool offline = false;
};

// A source that could not find out whether it knows a model, why, and what to do about it.
struct Unanswered {
  std::string source, why, hint;
};

// The first source that knows it, and the record it gave. `order`: ids of sources; stronger origins' other sources are
// asked first. Empty when none knows the model. Sources that may know it but could not find out (no network, say) are
// passed over; what they said is added to `unanswered`, if given.
std::optional<Json> ask_sources(const Catalog& catalog, const std::vector<std::string>& order,
                                const ModelQuestion& question, std::vector<Unanswered>* unanswered = nullptr);

// Finds, recognises, reduces, counts. Throws vw::Error: unknown model (did you mean), unknown architecture (names the
// file to write), a config that lacks what the family needs.
Model load_model(const Catalog& catalog, const std::vector<std::string>& source_order, const ModelQuestion& question);

// Reads a normal form (the reply of a family). `where` names the family in messages.
Model read_normal_form(const Json& form, const std::string& where);

// Bytes of the stored weights: matrices in their own format, the rest in `dtype_bytes`. MTP layers left out.
double stored_weights_bytes(const Model& model, const Catalog& catalog);

}  // namespace vw

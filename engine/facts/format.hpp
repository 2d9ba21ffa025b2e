// facts: how numbers are stored. Quantization formats and KV cache types are one table kind; a format with a `kv` part
// may hold the KV cache.
#pragma once

#include "facts/gpu.hpp"
#include "parts/catalog.hpp"

#include <optional>
#include <string>
#include <vector>

namespace vw {

// What a card must be able to do; gfx: prefixes of AMD targets.
struct Needs {
  std::optional<double> compute_capability;        // at least
  std::optional<double> compute_capability_below;  // the first that is too new
  std::vector<std::string> gfx;
  std::string reason;

  // Empty when the card can, else why not.
  std::string obstacle(const Gpu& card) const;
};

struct KvFormat {
  double bits = 0;        // per element
  std::string vllm_name;  // --kv-cache-dtype
  Needs needs;
};

// The member "needs" of a table.
Needs read_needs(const JsonReader& table);

// One format. Bits are per logical weight; see scripts/README.md for the fields.
struct Format {
  std::string id, summary;
  std::vector<std::string> vllm_names, aliases, keeps_16_bit;
  std::string flag;   // value of --quantization when vLLM makes it from a 16-bit checkpoint; empty: it cannot
  std::string dtype;  // vLLM's --dtype for plain number formats
  std::string applies_to;
  bool from_16_bit = false;
  std::optional<double> classic_bytes_per_parameter;
  Needs needs;
  std::optional<KvFormat> kv;
  Json json;

  bool is_plain() const { return !dtype.empty(); }
  // Whether the card can run it; empty when it can, else why not.
  std::string obstacle(const Gpu& gpu) const { return needs.obstacle(gpu); }
  // The same for a KV cache stored so; empty for formats without a kv part.
  std::string kv_obstacle(const Gpu& gpu) const { return kv ? kv->needs.obstacle(gpu) : ""; }
  // Stored bytes of a matrix of outputs x inputs, with scales and zero points, padding left out. `group_size` (0: the
  // format's own) replaces the inputs that share a scale.
  double stored_bytes(double outputs, double inputs, bool is_expert, double group_size) const;
};

// Whether there is a format of this id or alias.
bool is_format(const Catalog& catalog, const std::string& id);
// By id or alias. `option` names the option in messages. Throws vw::Error with did-you-mean.
Format find_format(const Catalog& catalog, const std::string& id, const std::string& option);
// The same for the KV cache: formats without a kv part are unknown here. "auto" is not a format.
Format find_kv_format(const Catalog& catalog, const std::string& id);

// All formats of the catalog, sorted by id.
std::vector<Format> all_formats(const Catalog& catalog);

// The format that a checkpoint declares: the one with most matching `recognised_by` conditions. `declared` is
// quantization_config with hf_quant_config under that key. Empty when none matches.
std::optional<Format> recognise_format(const Catalog& catalog, const Json& declared);

}  // namespace vw

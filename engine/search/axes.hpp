// search: what a search varies, and what `all` means on each axis.
#pragma once

#include "facts/scenario.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace vw {

// In place of a number of tokens or sequences: what the request needs; what a plan would choose.
inline constexpr std::int64_t as_needed = 0, automatic = -1;

struct Counts {
  std::vector<std::int64_t> values;
  bool all = false;

  bool is_given() const { return all || !values.empty(); }
};

// Every list has at least one value; only the counts may be empty.
struct Axes {
  std::vector<std::string> gpus, releases;                  // as --gpu and --vllm-version name them
  std::vector<std::string> quantizations, kv_cache_dtypes;  // as the options name them: none, auto, ids
  Counts tensor, pipeline, gpus_per_node;
  std::vector<std::int64_t> contexts;      // tokens, as_needed or automatic
  std::vector<std::int64_t> max_num_seqs;  // sequences, as_needed (the rule of the batching mode) or automatic
  std::vector<std::int64_t> prompts, generated, concurrencies;
};

// Ids of the accelerators that vLLM runs on by itself and whose memory is known.
std::vector<std::string> all_gpus(const Catalog& catalog);
// Versions of the releases that are known, oldest first.
std::vector<std::string> all_releases(const Catalog& catalog);
// What vLLM really offers for this model: as it is stored, what it makes at load time, checkpoints that are known.
std::vector<std::string> all_quantizations(const Catalog& catalog, const Model& model);
std::vector<std::string> all_kv_cache_dtypes(const Catalog& catalog);
// Round numbers of tokens up to what the model takes, that one included.
std::vector<std::int64_t> all_contexts(const Model& model);
std::vector<std::int64_t> powers_of_two(std::int64_t least, std::int64_t most);

// A way to spread the model: gpus of a node, and the sizes of the groups.
struct Layout {
  std::int64_t gpus_per_node = 1, tensor = 1, pipeline = 1;
};

// The ways that this model can be spread over cards like these, data parallelism as requested. Without any axis of GPUs
// given: tensor parallel in powers of two up to the cards of a node.
std::vector<Layout> layouts_on(const Axes& axes, const Model& model, const Hardware& hardware, const Request& request);

}  // namespace vw

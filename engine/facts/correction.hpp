// facts: what a start-up log taught about a memory model, for one card, model family and release (vw.correction).
#pragma once

#include "base/json_reader.hpp"
#include "parts/catalog.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace vw {

// A term that is logged otherwise than predicted: predicted x ratio + add_gib, never below 0.
struct CorrectedPart {
  double ratio = 1, add_gib = 0;
  std::optional<double> spread_gib;  // half of its interval, for the load that was logged; empty: it moves with it

  bool changes() const { return ratio != 1 || add_gib != 0; }
};

struct Correction {
  std::string id, summary, memory_model, gpu, family, release;  // ids; release: of the table that describes the version
  std::vector<std::string> sources;
  std::optional<double> total_gib;  // what CUDA reported of the card
  std::int64_t tensor_parallel = 1, pipeline_parallel = 1;
  std::optional<std::int64_t> max_num_seqs, max_num_batched_tokens;
  bool enforce_eager = false;
  std::map<std::string, CorrectedPart> parts;  // weights, activation, non_torch, cuda_graph
  std::optional<double> kv_cache_spread_gib;
};

// Throws vw::Error naming the path.
Correction read_correction(const JsonReader& table);
Json to_json(const Correction& correction);

struct CorrectionQuestion {
  std::string memory_model, family, release;  // ids; release: of the table
};

// Those for any card, the strongest origin of each id; one for each card, which is the last by id.
std::vector<Correction> corrections_for(const Catalog& catalog, const CorrectionQuestion& question);

}  // namespace vw

// facts: measured efficiency of cards, from gpu-db/efficiency: one file a card, read when that card is planned with a
// performance heuristic that takes it.
#pragma once

#include "base/files.hpp"
#include "facts/gpu.hpp"
#include "parts/catalog.hpp"

#include <functional>
#include <memory>
#include <string>

namespace vw {

struct Efficiency {
  std::shared_ptr<const Json> record;         // of the card, or of its nearest relative; null: nothing is known
  std::string related_by;                     // why this relative: capability or vendor; empty: it is the card's own
  std::shared_ptr<const Json> serving_costs;  // what the engine itself costs and how relatives are found: _shared.json
};

// For a performance heuristic that is a plugin; a script would pay for a large table that it never reads. Both are null
// for scripts, and where gpu-db has no efficiency at all.
Efficiency find_efficiency(const Catalog& catalog, const Part& heuristic, const Gpu& gpu);

// How one who opens a heuristic asks for it, card by card.
using EfficiencyOf = std::function<Efficiency(const Gpu& gpu)>;
EfficiencyOf efficiency_from(const Catalog& catalog, const Part& heuristic);

// What heuristics need of a file that holds what was measured of this card. Throws vw::Error naming file and path for
// keys that are unknown or missing and for numbers out of range.
Json read_efficiency_file(const Json& file, const std::string& where, const std::string& gpu);

// Adds <folder>/efficiency/*.json to the catalog, each by the id of its card.
void index_efficiency(const std::string& folder, Origin::Rank rank, const Files& files, Catalog& catalog);

}  // namespace vw

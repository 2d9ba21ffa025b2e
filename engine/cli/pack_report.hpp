// cli: what `pack` prints, and the JSON of it.
#pragma once

#include "cli/pack_alternatives.hpp"

#include <string>
#include <vector>

namespace vw::cli {

// Of the first server: vllm/entrypoints/openai/cli_args.py, --port; the others count on in the order they were named.
inline constexpr std::int64_t first_port = 8000;

struct PackReport {
  const SharedGround& ground;
  const PackedSet& set;
  std::vector<Planned> servers;  // of each model; none where they do not fit
  std::vector<std::string> commands;
  std::vector<PackAlternative> alternatives;
};

// --gpu-memory-utilization of a server.
double utilization_of(const SharedGround& ground, const PackedSet& set, std::size_t at);

std::string pack_text(const PackReport& report, bool explain);
// Schema vllm-wizard/pack/1; additions only.
Json pack_json(const PackReport& report);

}  // namespace vw::cli

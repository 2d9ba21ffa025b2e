// cli: the same set otherwise: all models in 16, 8 or 4 bit, and other sizes of one of them.
#pragma once

#include "cli/tenants.hpp"

#include <string>
#include <vector>

namespace vw::cli {

struct PackAlternative {
  std::string what;  // "all 8 bit", "another size"
  PackedSet set;     // without tenants: `why` says why there is none
  std::string why;
  std::optional<std::size_t> other_size;  // of which model
};

// What vLLM really offers: checkpoints that are known, and formats that are made at load time.
std::vector<PackAlternative> pack_alternatives(const SharedGround& ground, const PackedSet& set);

}  // namespace vw::cli

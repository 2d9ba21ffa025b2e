// cli: models that were named become tenants of the cards of a node.
#pragma once

#include "cli/planning.hpp"
#include "pack/packing.hpp"

#include <optional>
#include <string>
#include <vector>

namespace vw::cli {

// What is the same for every model of a set.
struct SharedGround {
  const Workspace& workspace;
  Request request;  // without a model
  std::optional<std::int64_t> concurrency;
  Hardware hardware;
  Release release;
};

// Models, opened and placed. They stay in the order in which they were named.
struct PackedSet {
  std::vector<SharedModel> models;
  std::vector<Tenant> tenants;
  Node node;
  Packing packing;
  std::vector<std::int64_t>
      most_requests;  // of each at its context, were all that is left given to all of them; 0: none
};

// Throws vw::Error naming the model.
PackedSet pack_set(const SharedGround& ground, std::vector<SharedModel> models);

// The server of a seat as a plan, with what started before it as memory that others use.
Planned plan_seat(const SharedGround& ground, const PackedSet& set, std::size_t at, const Arguments& arguments);

}  // namespace vw::cli

// search: one accelerator and one release, with every format of the axes.
#pragma once

#include "search/space.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace vw {

// A value of a format axis on this lane.
struct Offered {
  std::string word;         // as the option names it
  std::uint32_t index = 0;  // in the scenario's list
  std::string obstacle;     // why card or release cannot, empty: they can
};

struct Lane {
  Scenario scenario;  // its lists hold what any value of the axes needs
  std::vector<Offered> weights, kv;
  std::string obstacle;                     // of every row
  std::optional<std::uint32_t> smaller_kv;  // what `auto` becomes where the KV cache is much of the memory
  std::optional<Price> price;

  // What card or release cannot run, empty: nothing.
  const std::string& obstacle_of(const Place& place) const;
};

// Lanes are made when a worker comes to them, and kept as long as a worker or a row of the result holds them.
class Lanes {
 public:
  Lanes(const Catalog& catalog, const Defaults& defaults, const Request& request, const Model& model,
        const Space& space);

  // Throws vw::Error for a format that is not known. [any thread]
  std::shared_ptr<const Lane> open(std::size_t lane) const;

 private:
  Lane make(const LaneKey& key) const;
  void offer_weights(Lane& lane) const;
  void offer_kv(Lane& lane) const;
  const std::vector<WeightChoice>& choices_for(Scenario& scenario) const;
  const Release& release_of(const LaneKey& key) const;
  std::shared_ptr<const StoredModel> describe(const WeightChoice& choice) const;

  const Catalog& catalog_;
  const Defaults& defaults_;
  const Request& request_;
  const Model& model_;
  const Space& space_;
  mutable std::mutex mutex_;  // the catalog serves one thread at a time
  mutable std::vector<std::weak_ptr<const Lane>> opened_;
  // The same for every card, so each is read once: checkpoints by id, releases as they are asked for, the values of
  // the axis of weights by the dtype of what is not quantized.
  mutable std::map<std::string, std::shared_ptr<const StoredModel>> described_;
  mutable std::map<std::string, Release> releases_;
  mutable std::map<std::string, std::vector<WeightChoice>> choices_;
};

}  // namespace vw

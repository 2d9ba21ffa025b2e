// search: what an accelerator costs. A price list of the user's wins over gpu-db, whose prices age.
#pragma once

#include "facts/gpu.hpp"

#include <map>
#include <optional>
#include <string>

namespace vw {

class Prices {
 public:
  Prices() = default;
  // { "usd_per_hour": { "<GPU>": 2.5, ... }, "source": "..." }; names as `--gpu` takes them. Throws vw::Error: unknown
  // key or card, a price that is negative.
  Prices(const JsonReader& list, const Catalog& catalog);

  // USD per hour of one card; the dearer end where gpu-db has a range. Empty: not known.
  std::optional<double> of(const Gpu& gpu) const;

 private:
  std::map<std::string, double> given_;  // by id
};

}  // namespace vw

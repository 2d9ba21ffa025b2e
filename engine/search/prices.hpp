// search: what an accelerator costs. A price list of the user's wins over gpu-db, whose prices age.
#pragma once

#include "facts/gpu.hpp"

#include <map>
#include <optional>
#include <string>

namespace vw {

struct Price {
  double usd_per_gpu_hour = 0;
  std::string source;  // who says so, and when
};

class Prices {
 public:
  Prices() = default;
  // { "usd_per_hour": { "<GPU>": 2.5, ... }, "source": "..." }; names as `--gpu` takes them. Throws vw::Error: unknown
  // key or card, a price that is negative.
  Prices(const JsonReader& list, const Catalog& catalog);

  // The dearer end where gpu-db has a range. Empty: not known.
  std::optional<Price> of(const Gpu& gpu) const;

 private:
  std::map<std::string, double> given_;  // by id
  std::string source_;
};

}  // namespace vw

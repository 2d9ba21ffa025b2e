// The tables and scripts of this repository as a catalog, without plugins.
#pragma once

#include "base/files.hpp"
#include "facts/defaults.hpp"
#include "facts/efficiency.hpp"
#include "facts/gpu.hpp"
#include "lua/scripts.hpp"

#include <string>

namespace vw::test {

inline const std::string shipped_scripts = VW_ROOT "/scripts", shipped_gpu_db = VW_ROOT "/gpu-db";

class Shipped {
 public:
  Shipped() {
    const lua::Host host{&disk_files(), &catalog_, nullptr};
    lua::index_scripts(shipped_scripts, Origin::Rank::installed, host, catalog_);
    index_gpu_db(shipped_gpu_db, Origin::Rank::installed, disk_files(), catalog_);
    index_efficiency(shipped_gpu_db, Origin::Rank::installed, disk_files(), catalog_);
    catalog_.seal();
    defaults_ = read_defaults(catalog_);
  }
  Shipped(const Shipped&) = delete;
  Shipped& operator=(const Shipped&) = delete;

  const Catalog& catalog() const { return catalog_; }
  const Defaults& defaults() const { return defaults_; }

 private:
  Catalog catalog_;
  Defaults defaults_;
};

// Indexed once for a test binary; what is loaded stays loaded.
inline const Shipped& shipped() {
  static const Shipped instance;
  return instance;
}

}  // namespace vw::test

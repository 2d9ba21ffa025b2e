// The accelerators that come with the program.
#pragma once

#include "facts/gpu.hpp"
#include "support/shipped.hpp"

namespace vw::test {

inline const GpuTable& shipped_gpus() {
  static const GpuTable table(shipped().catalog());
  return table;
}

}  // namespace vw::test

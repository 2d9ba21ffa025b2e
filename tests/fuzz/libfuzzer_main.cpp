// One fuzzer a target: VW_FUZZ_TARGET names the function of targets.hpp.
#include "fuzz/targets.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  vw::fuzz::VW_FUZZ_TARGET({reinterpret_cast<const char*>(data), size});
  return 0;
}

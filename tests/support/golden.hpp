// Golden files: expected texts under tests/data. VW_UPDATE_GOLDEN=1 rewrites them; read the difference before you keep
// it.
#pragma once

#include "support/catch.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace vw::test {

inline std::string read_golden(const std::string& name) {
  std::ifstream file(VW_ROOT "/tests/data/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// `name` is relative to tests/data.
inline void expect_golden(const std::string& name, const std::string& actual) {
  if (std::getenv("VW_UPDATE_GOLDEN") != nullptr) {
    const std::filesystem::path file = VW_ROOT "/tests/data/" + name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << actual;
  }
  INFO("golden file tests/data/" << name << " (VW_UPDATE_GOLDEN=1 rewrites it)");
  CHECK(actual == read_golden(name));
}

}  // namespace vw::test

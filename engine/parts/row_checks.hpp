// parts: what a hot part may return. Checked for every row, so it has to be quick.
#pragma once

#include "parts/rows.hpp"

#include <optional>
#include <span>

namespace vw {

// The first value that no part may return.
struct BadValue {
  std::size_t row = 0;
  const RowField* field = nullptr;
  double value = 0;
};

// Allowed are finite values that are not negative (headroom_bytes may be), and the values of plugin.h where a field is
// an enumeration. Never fail.
std::optional<BadValue> find_bad(std::span<const vw_memory> rows) noexcept;
std::optional<BadValue> find_bad(std::span<const vw_perf> rows) noexcept;

}  // namespace vw

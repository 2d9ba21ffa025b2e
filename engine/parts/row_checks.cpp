#include "parts/row_checks.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

namespace vw {
namespace {

constexpr double largest = std::numeric_limits<double>::max();

// NaN and the infinities fail every comparison with these bounds.
bool is_allowed_number(double value, bool may_be_negative = false) {
  return value >= (may_be_negative ? -largest : 0.0) && value <= largest;
}

// True when the doubles from first_offset to the end of the row surely are finite and positive or zero: the sign bit is
// clear, and adding one to the exponent does not carry into it, as it does for NaN and infinity. Integers without
// branches take a third of the time of comparisons, and a row is checked a million times in a search.
template <std::size_t first_offset, class Row>
bool tail_is_plain(const Row& row) {
  constexpr std::uint64_t one_exponent = std::uint64_t{1} << 52;
  std::array<std::uint64_t, (sizeof(Row) - first_offset) / sizeof(std::uint64_t)> words;
  std::memcpy(words.data(), reinterpret_cast<const char*>(&row) + first_offset, sizeof words);
  std::uint64_t seen = 0;
  for (const std::uint64_t word : words) seen |= word | (word + one_exponent);
  return seen >> 63 == 0;
}

// The same with comparisons; minus zero passes.
template <std::size_t first_offset, class Row>
bool tail_is_allowed(const Row& row) {
  if (tail_is_plain<first_offset>(row)) return true;
  std::array<double, (sizeof(Row) - first_offset) / sizeof(double)> values;
  std::memcpy(values.data(), reinterpret_cast<const char*>(&row) + first_offset, sizeof values);
  return std::all_of(values.begin(), values.end(), [](double value) { return is_allowed_number(value); });
}

bool is_allowed(const vw_memory& row) {
  constexpr std::size_t head = offsetof(vw_memory, reason_value), tail = offsetof(vw_memory, weights_bytes);
  static_assert(tail - head == 4 * sizeof(double));
  return row.verdict <= VW_UNSUPPORTED && row.reason <= VW_REASON_OTHER && row.starts <= VW_NO &&
         row.survives <= VW_NO && is_allowed_number(row.reason_value) && is_allowed_number(row.total_bytes) &&
         is_allowed_number(row.capacity_bytes) && is_allowed_number(row.headroom_bytes, true) &&
         tail_is_allowed<tail>(row);
}

bool is_allowed(const vw_perf& row) {
  return (row.verdict == VW_VERDICT_BY_BYTES || row.verdict == VW_UNSUPPORTED) &&
         row.bottleneck <= VW_BOUND_KV_CAPACITY && tail_is_allowed<offsetof(vw_perf, ttft_ms)>(row);
}

// Puts one field of `row` into an otherwise empty row and asks again: one rule, no second list of fields.
template <class Row>
bool is_allowed_alone(const Row& row, const RowField& field) {
  Row alone{};
  const std::size_t size = field.type == RowField::Type::u32 ? sizeof(std::uint32_t) : sizeof(std::uint64_t);
  std::memcpy(reinterpret_cast<char*>(&alone) + field.offset, reinterpret_cast<const char*>(&row) + field.offset, size);
  return is_allowed(alone);
}

template <class Row>
std::optional<BadValue> first_bad(std::span<const Row> rows, std::span<const RowField> fields) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (is_allowed(rows[i])) continue;
    for (const RowField& field : fields)
      if (!is_allowed_alone(rows[i], field)) return BadValue{i, &field, read_field(&rows[i], field)};
  }
  return std::nullopt;
}

}  // namespace

std::optional<BadValue> find_bad(std::span<const vw_memory> rows) noexcept { return first_bad(rows, memory_fields()); }
std::optional<BadValue> find_bad(std::span<const vw_perf> rows) noexcept { return first_bad(rows, perf_fields()); }

}  // namespace vw

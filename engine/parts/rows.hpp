// parts: the rows of the hot path by name. One table per row struct of abi/plugin.h, for messages that name a field
// and for scripts, whose tables use these very names.
#pragma once

#include "abi/plugin.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace vw {

struct RowField {
  enum class Type { u32, u64, f64 };
  const char* name;
  std::size_t offset;  // bytes from the start of the row
  Type type;
};

// Every field, in the order of the struct.
std::span<const RowField> candidate_fields() noexcept;  // vw_candidate
std::span<const RowField> memory_fields() noexcept;     // vw_memory
std::span<const RowField> perf_fields() noexcept;       // vw_perf
// The field of that name, or nullptr.
const RowField* find_field(std::span<const RowField> fields, std::string_view name) noexcept;

// One field of one row as a number. u64 values above 2^53 are rounded.
double read_field(const void* row, const RowField& field) noexcept;
// Stores a number; returns false and stores nothing when an integer field cannot hold it (negative, fraction, NaN,
// too large).
bool write_field(void* row, const RowField& field, double value) noexcept;

// A value of one of the enumerations of abi/plugin.h and its id in scripts and JSON.
struct NamedValue {
  std::uint32_t value;
  const char* name;
};

std::span<const NamedValue> verdicts() noexcept;     // by-bytes, fits, does-not-fit, unsupported
std::span<const NamedValue> reasons() noexcept;      // none, weights-exceed-capacity, ..., other
std::span<const NamedValue> bottlenecks() noexcept;  // unknown, weights-bandwidth, kv-bandwidth, ...
std::span<const NamedValue> answers() noexcept;      // unknown, yes, no: `starts` and `survives`

// The id of a value; nullptr when the list does not know it.
const char* name_of(std::span<const NamedValue> values, std::uint32_t value) noexcept;
// The reverse; empty when the list does not know the id.
std::optional<std::uint32_t> value_of(std::span<const NamedValue> values, std::string_view name) noexcept;

}  // namespace vw

#include "parts/rows.hpp"

#include <array>
#include <cmath>
#include <cstring>
#include <type_traits>

namespace vw {
namespace {

template <class Field>
constexpr RowField::Type type_of() {
  static_assert(std::is_same_v<Field, std::uint32_t> || std::is_same_v<Field, std::uint64_t> ||
                std::is_same_v<Field, double>);
  if (std::is_same_v<Field, std::uint32_t>) return RowField::Type::u32;
  return std::is_same_v<Field, std::uint64_t> ? RowField::Type::u64 : RowField::Type::f64;
}

constexpr std::size_t size_of(RowField::Type type) { return type == RowField::Type::u32 ? 4 : 8; }

#define VW_FIELD(row, field) \
  RowField { #field, offsetof(row, field), type_of < decltype(row::field)>() }

#define VW_TRIPLE(row, stem, unit) \
  VW_FIELD(row, stem##_##unit), VW_FIELD(row, stem##_low_##unit), VW_FIELD(row, stem##_high_##unit)

constexpr std::array candidate_table{
    VW_FIELD(vw_candidate, gpu),
    VW_FIELD(vw_candidate, format),
    VW_FIELD(vw_candidate, kv_format),
    VW_FIELD(vw_candidate, release),
    VW_FIELD(vw_candidate, gpus),
    VW_FIELD(vw_candidate, nodes),
    VW_FIELD(vw_candidate, tensor_parallel),
    VW_FIELD(vw_candidate, pipeline_parallel),
    VW_FIELD(vw_candidate, data_parallel),
    VW_FIELD(vw_candidate, expert_parallel),
    VW_FIELD(vw_candidate, block_tokens),
    VW_FIELD(vw_candidate, flags),
    VW_FIELD(vw_candidate, context_tokens),
    VW_FIELD(vw_candidate, concurrency),
    VW_FIELD(vw_candidate, prompt_tokens),
    VW_FIELD(vw_candidate, generated_tokens),
    VW_FIELD(vw_candidate, max_sequences),
    VW_FIELD(vw_candidate, max_batched_tokens),
    VW_FIELD(vw_candidate, utilization),
};

constexpr std::array memory_table{
    VW_FIELD(vw_memory, verdict),
    VW_FIELD(vw_memory, reason),
    VW_FIELD(vw_memory, starts),
    VW_FIELD(vw_memory, survives),
    VW_FIELD(vw_memory, scope_gpus),
    VW_FIELD(vw_memory, block_tokens),
    VW_FIELD(vw_memory, reason_value),
    VW_FIELD(vw_memory, total_bytes),
    VW_FIELD(vw_memory, capacity_bytes),
    VW_FIELD(vw_memory, headroom_bytes),
    VW_TRIPLE(vw_memory, weights, bytes),
    VW_TRIPLE(vw_memory, overhead, bytes),
    VW_TRIPLE(vw_memory, activation, bytes),
    VW_TRIPLE(vw_memory, non_torch, bytes),
    VW_TRIPLE(vw_memory, cuda_graph, bytes),
    VW_TRIPLE(vw_memory, kv_available, bytes),
    VW_FIELD(vw_memory, kv_required_bytes),
    VW_FIELD(vw_memory, kv_sequence_bytes),
    VW_FIELD(vw_memory, kv_per_token_bytes),
    VW_FIELD(vw_memory, kv_blocks),
    VW_FIELD(vw_memory, kv_tokens),
    VW_FIELD(vw_memory, max_concurrency),
    VW_FIELD(vw_memory, max_context_tokens),
};

constexpr std::array perf_table{
    VW_FIELD(vw_perf, verdict),
    VW_FIELD(vw_perf, bottleneck),
    VW_TRIPLE(vw_perf, ttft, ms),
    VW_TRIPLE(vw_perf, tpot, ms),
    VW_TRIPLE(vw_perf, decode, tokens_per_s),
    VW_TRIPLE(vw_perf, prefill, tokens_per_s),
    VW_TRIPLE(vw_perf, output, tokens_per_s),
    VW_TRIPLE(vw_perf, requests, per_s),
    VW_FIELD(vw_perf, weights_share),
    VW_FIELD(vw_perf, kv_share),
    VW_FIELD(vw_perf, compute_share),
    VW_FIELD(vw_perf, all_reduce_share),
    VW_FIELD(vw_perf, overhead_share),
};

#undef VW_TRIPLE
#undef VW_FIELD

// True when the fields lie one behind the other and fill the row: none is missing, none is named twice.
template <std::size_t count>
constexpr bool covers(const std::array<RowField, count>& fields, std::size_t row_bytes) {
  std::size_t end = 0;
  for (const RowField& field : fields) {
    if (field.offset != end) return false;
    end += size_of(field.type);
  }
  return end == row_bytes;
}
static_assert(covers(candidate_table, sizeof(vw_candidate)));
static_assert(covers(memory_table, sizeof(vw_memory)));
static_assert(covers(perf_table, sizeof(vw_perf)));

constexpr std::array verdict_names{
    NamedValue{VW_VERDICT_BY_BYTES, "by-bytes"},
    NamedValue{VW_FITS, "fits"},
    NamedValue{VW_DOES_NOT_FIT, "does-not-fit"},
    NamedValue{VW_UNSUPPORTED, "unsupported"},
};

constexpr std::array reason_names{
    NamedValue{VW_REASON_NONE, "none"},
    NamedValue{VW_REASON_WEIGHTS_EXCEED_CAPACITY, "weights-exceed-capacity"},
    NamedValue{VW_REASON_KV_CACHE_EXCEEDS_CAPACITY, "kv-cache-exceeds-capacity"},
    NamedValue{VW_REASON_HEADROOM_TOO_SMALL, "headroom-too-small"},
    NamedValue{VW_REASON_HEADS_NOT_DIVISIBLE, "heads-not-divisible"},
    NamedValue{VW_REASON_NOT_ENOUGH_GPUS, "not-enough-gpus"},
    NamedValue{VW_REASON_FORMAT_NEEDS_NEWER_GPU, "format-needs-newer-gpu"},
    NamedValue{VW_REASON_UTILIZATION_ABOVE_FREE, "utilization-above-free"},
    NamedValue{VW_REASON_OTHER, "other"},
};

constexpr std::array bottleneck_names{
    NamedValue{VW_BOUND_UNKNOWN, "unknown"},           NamedValue{VW_BOUND_WEIGHTS_BANDWIDTH, "weights-bandwidth"},
    NamedValue{VW_BOUND_KV_BANDWIDTH, "kv-bandwidth"}, NamedValue{VW_BOUND_COMPUTE, "compute"},
    NamedValue{VW_BOUND_ALL_REDUCE, "all-reduce"},     NamedValue{VW_BOUND_OVERHEAD, "overhead"},
    NamedValue{VW_BOUND_KV_CAPACITY, "kv-capacity"},
};

constexpr std::array answer_names{
    NamedValue{VW_UNKNOWN, "unknown"},
    NamedValue{VW_YES, "yes"},
    NamedValue{VW_NO, "no"},
};

template <class Stored>
Stored load(const void* row, std::size_t offset) {
  Stored value;
  std::memcpy(&value, static_cast<const char*>(row) + offset, sizeof value);
  return value;
}

template <class Stored>
bool store(void* row, std::size_t offset, Stored value) {
  std::memcpy(static_cast<char*>(row) + offset, &value, sizeof value);
  return true;
}

bool is_whole_below(double value, double limit) { return value >= 0 && value < limit && std::floor(value) == value; }

}  // namespace

std::span<const RowField> candidate_fields() noexcept { return candidate_table; }
std::span<const RowField> memory_fields() noexcept { return memory_table; }
std::span<const RowField> perf_fields() noexcept { return perf_table; }

const RowField* find_field(std::span<const RowField> fields, std::string_view name) noexcept {
  for (const RowField& field : fields)
    if (field.name == name) return &field;
  return nullptr;
}

double read_field(const void* row, const RowField& field) noexcept {
  switch (field.type) {
    case RowField::Type::u32:
      return load<std::uint32_t>(row, field.offset);
    case RowField::Type::u64:
      return static_cast<double>(load<std::uint64_t>(row, field.offset));
    case RowField::Type::f64:
      break;
  }
  return load<double>(row, field.offset);
}

bool write_field(void* row, const RowField& field, double value) noexcept {
  if (field.type == RowField::Type::f64) return store(row, field.offset, value);
  constexpr double two_32 = 4294967296.0, two_64 = 18446744073709551616.0;
  if (field.type == RowField::Type::u32)
    return is_whole_below(value, two_32) && store(row, field.offset, static_cast<std::uint32_t>(value));
  return is_whole_below(value, two_64) && store(row, field.offset, static_cast<std::uint64_t>(value));
}

std::span<const NamedValue> verdicts() noexcept { return verdict_names; }
std::span<const NamedValue> reasons() noexcept { return reason_names; }
std::span<const NamedValue> bottlenecks() noexcept { return bottleneck_names; }
std::span<const NamedValue> answers() noexcept { return answer_names; }

const char* name_of(std::span<const NamedValue> values, std::uint32_t value) noexcept {
  for (const NamedValue& known : values)
    if (known.value == value) return known.name;
  return nullptr;
}

std::optional<std::uint32_t> value_of(std::span<const NamedValue> values, std::string_view name) noexcept {
  for (const NamedValue& known : values)
    if (known.name == name) return known.value;
  return std::nullopt;
}

}  // namespace vw

// base: numbers with units, at the edges only. Inside, everything is bytes, seconds, tokens as doubles or integers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vw {

inline constexpr double bytes_per_gib = 1073741824.0;
inline constexpr double bytes_per_mib = 1048576.0;

constexpr double to_gib(double bytes) noexcept { return bytes / bytes_per_gib; }
constexpr double from_gib(double gib) noexcept { return gib * bytes_per_gib; }
constexpr double from_mib(double mib) noexcept { return mib * bytes_per_mib; }

// A count of tokens or bytes as vLLM writes it: "8192", "8k" (8000), "8K" (8192), "1m" (10^6), "1M" (2^20), "25.6k"
// (25600). Lower-case suffixes are decimal, upper-case binary (vllm/engine/arg_utils.py: human_readable_int). Empty
// when it is not such a number, is zero, negative, not whole, or above 2^40.
std::optional<std::int64_t> parse_count(std::string_view text);

// "13.04 GiB", "512.00 MiB", "17 B".
std::string show_bytes(double bytes);
// "131,072".
std::string show_count(std::int64_t count);
// A limit in a message, in plain digits: "0.000001", "1000000"; with an exponent only outside of 1e-12 to 1e18.
std::string show_number(double value);

}  // namespace vw

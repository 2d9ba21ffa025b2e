// What the tables of formats, families and releases say, where it means the same to memory and to speed.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace vw::settings {

// Bytes of one number of "bf16", "fp16" or "fp32".
double bytes_of_dtype(const std::string& dtype);

enum class Split { none, columns, rows, kv_heads, experts, vocabulary };
Split split_of(const std::string& name);

// Which matrices a format stores.
struct FormatScope {
  std::string id;
  bool is_plain = false;  // fp16, bf16, fp32
  bool experts_only = false;
  std::vector<std::string> keeps_16_bit;  // roles, with * at either end

  // Does this format, put on a 16-bit model, change matrices of this role?
  bool changes(const std::string& role) const;
};
FormatScope read_scope(const nlohmann::json& format);

// A value from a size of the card on, in GiB, but for cards with a word in their name.
struct Tier {
  double least_gib = 0, value = 0;
  std::string unless_name;
};
Tier read_tier(const nlohmann::json& json);
// Of the largest size that the card reaches, of equal ones the last; `otherwise` where it reaches none.
double tier_value(const std::vector<Tier>& tiers, const std::string& card, double total_gib, double otherwise);

}  // namespace vw::settings

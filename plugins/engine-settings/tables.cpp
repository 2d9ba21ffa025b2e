#include "tables.hpp"

#include "json_fields.hpp"

#include <string_view>

namespace vw::settings {

double bytes_of_dtype(const std::string& dtype) { return dtype == "fp32" ? 4 : 2; }

Split split_of(const std::string& name) {
  if (name == "columns") return Split::columns;
  if (name == "rows") return Split::rows;
  if (name == "kv-heads") return Split::kv_heads;
  if (name == "experts") return Split::experts;
  return name == "vocabulary" ? Split::vocabulary : Split::none;
}

bool FormatScope::changes(const std::string& role) const {
  if (is_plain) return false;
  if (experts_only) return role == "experts_gate_up" || role == "experts_up" || role == "experts_down";
  for (const std::string& kept : keeps_16_bit) {
    const bool prefix = !kept.empty() && kept.back() == '*', suffix = !kept.empty() && kept.front() == '*';
    if (prefix && role.starts_with(std::string_view(kept).substr(0, kept.size() - 1))) return false;
    if (suffix && role.ends_with(std::string_view(kept).substr(1))) return false;
    if (role == kept) return false;
  }
  return true;
}

FormatScope read_scope(const Json& format) {
  FormatScope scope;
  scope.id = text(format, "id");
  scope.is_plain = scope.id == "bf16" || scope.id == "fp16" || scope.id == "fp32";
  scope.experts_only = text(format, "applies_to") == "experts";
  for (const Json& role : member(format, "keeps_16_bit"))
    if (role.is_string()) scope.keeps_16_bit.push_back(role);
  return scope;
}

Tier read_tier(const Json& json) {
  return {number(json, "least_gib"), number(json, "value"), text(json, "unless_name")};
}

double tier_value(const std::vector<Tier>& tiers, const std::string& card, double total_gib, double otherwise) {
  std::string name = card;
  for (char& c : name) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  const Tier* best = nullptr;
  for (const Tier& tier : tiers) {
    if (tier.least_gib > total_gib) continue;
    if (!tier.unless_name.empty() && name.find(tier.unless_name) != std::string::npos) continue;
    if (best == nullptr || tier.least_gib >= best->least_gib) best = &tier;
  }
  return best == nullptr ? otherwise : best->value;
}

}  // namespace vw::settings

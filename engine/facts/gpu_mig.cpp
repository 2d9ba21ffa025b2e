#include "facts/gpu_mig.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace vw {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) { return is_digit(c) || (c >= 'a' && c <= 'z'); }

std::size_t after_digits(const std::string& text, std::size_t at) {
  while (at < text.size() && is_digit(text[at])) ++at;
  return at;
}

// The end of "3g.40gb" when it begins at `at`, else 0.
std::size_t profile_end(const std::string& text, std::size_t at) {
  const std::size_t slices = after_digits(text, at);
  if (slices == at || text.compare(slices, 2, "g.") != 0) return 0;
  const std::size_t gib = after_digits(text, slices + 2);
  if (gib == slices + 2 || text.compare(gib, 2, "gb") != 0) return 0;
  const std::size_t end = gib + 2;
  return end == text.size() || !is_word(text[end]) ? end : 0;
}

bool take_off(std::string& text, std::string_view end) {
  const auto is_separator = [](char c) { return c == ' ' || c == '-' || c == '_' || c == '/' || c == '.'; };
  while (!text.empty() && is_separator(text.back())) text.pop_back();
  if (!text.ends_with(end)) return false;
  if (text.size() > end.size() && is_word(text[text.size() - end.size() - 1])) return false;
  text.resize(text.size() - end.size());
  return true;
}

// "nvidia.com/mig-" and "h100 mig 1c." without what belongs to the slice.
std::string card_before(std::string text) {
  for (std::size_t at = text.size(); at > 1 && text.ends_with("c.");) {
    at = text.size() - 2;
    while (at > 0 && is_digit(text[at - 1])) --at;
    text.resize(at);
  }
  take_off(text, "mig");
  take_off(text, "nvidia.com");
  take_off(text, "");
  return trimmed(text);
}

double compute_slices_of(const JsonReader& name) {
  const std::string text = name.string();
  if (profile_end(text, 0) != text.size()) name.fail("is " + quote(text) + ", expected a profile such as '3g.40gb'");
  double slices = 0;
  std::from_chars(text.data(), text.data() + text.size(), slices);
  return slices;
}

void scale(std::optional<double>& number, Json& json, const char* key, double share) {
  if (!number) return;
  *number *= share;
  json[key] = *number;
}

void scale(Json& json, const char* key, double share) {
  if (json.contains(key) && json.at(key).is_number()) json[key] = json.at(key).get<double>() * share;
}

void put_memory(const Gpu& parent, const MigProfile& profile, double share, Gpu& slice) {
  slice.memory_cuda_mib = slice.memory_cuda_spread_mib = std::nullopt;
  slice.memory_cuda_grade.clear();
  slice.memory_visible_mib = profile.memory_mib;
  slice.memory_visible_grade = profile.memory_mib ? "from-memory" : "";
  if (parent.memory_mib) slice.memory_mib = parent.memory_visible_mib.value_or(*parent.memory_mib) * share;
  for (const char* key :
       {"memory_visible_mib", "memory_visible_grade", "memory_cuda_mib", "memory_cuda_grade", "memory_cuda_spread_mib"})
    slice.json.erase(key);
  if (slice.memory_mib) slice.json["memory_mib"] = *slice.memory_mib;
}

void put_rates(const MigProfile& profile, double compute_share, double memory_share, Gpu& slice) {
  scale(slice.memory_bandwidth_gb_s, slice.json, "memory_bandwidth_gb_s", memory_share);
  scale(slice.fp16_tflops, slice.json, "fp16_tflops", compute_share);
  scale(slice.bf16_tflops, slice.json, "bf16_tflops", compute_share);
  scale(slice.fp8_tflops, slice.json, "fp8_tflops", compute_share);
  for (const char* key : {"int8_tops", "fp4_tflops", "classic_prefill_tok_s"}) scale(slice.json, key, compute_share);
  scale(slice.json, "classic_decode_tok_s", memory_share);
  for (const char* key :
       {"usd_per_hour", "usd_per_hour_spot", "price_source", "tdp_w", "max_gpus_per_node", "aliases", "mig_profiles"})
    slice.json.erase(key);
  slice.json["link"] = {{"type", "none"}};
  slice.json["mig"] = {{"parent", slice.slice->parent_id}, {"profile", profile.name}};
}

}  // namespace

std::optional<MigName> split_mig_name(const std::string& text) {
  const std::string words = lower(text);
  for (std::size_t at = 0; at < words.size(); ++at) {
    if (!is_digit(words[at]) || (at > 0 && is_word(words[at - 1]))) continue;
    const std::size_t end = profile_end(words, at);
    if (end == 0) continue;
    const std::size_t rest = std::min(words.find(' ', end), words.size());
    return MigName{trimmed(card_before(words.substr(0, at)) + words.substr(rest)), words.substr(at, end - at)};
  }
  std::string card = words;
  if (take_off(card, "mig")) return MigName{card_before(card), ""};
  return std::nullopt;
}

const MigProfile* find_profile(const Gpu& gpu, const std::string& name) {
  const auto found = std::find_if(gpu.mig_profiles.begin(), gpu.mig_profiles.end(),
                                  [&](const MigProfile& profile) { return profile.name == name; });
  return found == gpu.mig_profiles.end() ? nullptr : &*found;
}

std::vector<MigProfile> read_mig_profiles(const JsonReader& list) {
  std::vector<MigProfile> profiles;
  for (const JsonReader& json : list.items()) {
    json.expect_only({"name", "memory_slices", "memory_mib"});
    MigProfile profile;
    profile.name = json.at("name").string();
    profile.compute_slices = compute_slices_of(json.at("name"));
    profile.memory_slices = json.at("memory_slices").number(1, 64);
    if (json.has("memory_mib")) profile.memory_mib = json.at("memory_mib").number(1, 1e9);
    profiles.push_back(std::move(profile));
  }
  return profiles;
}

Gpu slice_of(const Gpu& parent, const MigProfile& profile) {
  double compute_slices = 1, memory_slices = 1;  // of the whole card
  for (const MigProfile& other : parent.mig_profiles) {
    compute_slices = std::max(compute_slices, other.compute_slices);
    memory_slices = std::max(memory_slices, other.memory_slices);
  }
  const double memory_share = profile.memory_slices / memory_slices;
  Gpu slice = parent;
  slice.id = parent.id + "-mig-" + profile.name;
  slice.name = slice.product = parent.name + " MIG " + profile.name;
  slice.aliases.clear();
  slice.mig_profiles.clear();
  slice.link_type = "none";
  slice.slice = MigSlice{parent.id, profile.name, profile.memory_slices};
  slice.json["id"] = slice.id;
  slice.json["name"] = slice.json["product"] = slice.name;
  put_memory(parent, profile, memory_share, slice);
  put_rates(profile, profile.compute_slices / compute_slices, memory_share, slice);
  return slice;
}

}  // namespace vw

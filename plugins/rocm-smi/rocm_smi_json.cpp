#include "rocm_smi_json.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace vw::amd {

namespace {

const std::string tool = "rocm-smi";

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  return text;
}

// A value by its label: "Card series" became "Card Series" in ROCm 6. Empty when missing or "N/A".
std::string labelled(const Json& card, const std::string& label) {
  if (!card.is_object()) return "";
  for (const auto& [name, value] : card.items())
    if (lower(name) == label && value.is_string() && value != "N/A") return value.get<std::string>();
  return "";
}

Json mib_of_bytes(const std::string& text) {
  const auto bytes = tools::number_of(text);
  constexpr double bytes_per_mib = 1048576, most_mib = 1e9;
  return bytes && *bytes / bytes_per_mib <= most_mib ? Json(std::llround(std::floor(*bytes / bytes_per_mib))) : Json();
}

// The model is an id ("0x74a1") where the series is a name; older releases have it the other way round.
std::string name_of(const Json& card) {
  for (const char* label : {"card series", "card model"})
    if (const auto name = labelled(card, label); !name.empty() && !name.starts_with("0x")) return name;
  return labelled(card, "card sku");
}

Json card_of(const Json& card, const Json& index) {
  Json gpu = {{"index", index}, {"name", name_of(card)}};
  gpu["vram_mib"] = mib_of_bytes(labelled(card, "vram total memory (b)"));
  gpu["vram_used_mib"] = mib_of_bytes(labelled(card, "vram total used memory (b)"));
  if (const auto gfx = labelled(card, "gfx version"); !gfx.empty()) gpu["gfx"] = gfx;
  return gpu;
}

// "card10" -> 10; null for "system" and others.
Json card_number(const std::string& name) {
  const auto number = name.starts_with("card") && name.size() < 10 ? tools::number_of(name.substr(4)) : std::nullopt;
  return number ? Json(std::llround(*number)) : Json();
}

Json cards_in(const Json& printed) {
  Json gpus = Json::array();
  for (const auto& [name, card] : printed.items())
    if (const auto number = card_number(name); !number.is_null()) gpus.push_back(card_of(card, number));
  std::sort(gpus.begin(), gpus.end(), [](const Json& a, const Json& b) { return a["index"] < b["index"]; });
  return gpus;
}

std::string kind_of(const std::string& type) {
  if (type == "XGMI") return "infinity-fabric";
  return type == "PCIE" ? "pcie" : "unknown";
}

// "(Topology) Link type between DRM devices 0 and 1": "XGMI"
Json links_in(const tools::ToolResult& result) {
  Json links = Json::array();
  const auto printed = tools::json_in(result.output);
  if (!printed || !printed->is_object() || !printed->contains("system")) return links;
  for (const auto& [label, value] : (*printed)["system"].items()) {
    const auto words = tools::words_of(label);
    if (words.size() < 4 || !tools::contains(label, "Link type") || !value.is_string()) continue;
    const auto a = tools::number_of(words[words.size() - 3]), b = tools::number_of(words.back());
    if (!a || !b || *a >= *b || *b > 4096) continue;
    links.push_back({{"a", std::llround(*a)}, {"b", std::llround(*b)}, {"kind", kind_of(value)}, {"detail", value}});
  }
  std::sort(links.begin(), links.end());
  return links;
}

Json without_cards(const std::string& status, const std::string& message) {
  return {{"status", status}, {"tool", tool}, {"message", message}, {"gpus", Json::array()}, {"links", Json::array()}};
}

bool says_none(const tools::ToolResult& result) {
  const auto text = result.output + result.errors;
  return tools::contains(text, "No JSON data to report") || tools::contains(text, "No AMD GPUs");
}

void add_driver(const Json& printed, Json& detection) {
  const auto version = printed.contains("system") ? labelled(printed["system"], "driver version") : "";
  if (version.empty()) return;
  detection["driver_version"] = version;
  for (auto& gpu : detection["gpus"]) gpu["driver_version"] = version;
}

}  // namespace

Json ask_rocm_smi(const tools::Deadline& deadline) {
  const auto result =
      tools::run_tool({tool, "--showproductname", "--showmeminfo", "vram", "--showdriverversion", "--json"}, deadline);
  const auto reason = tools::reason_of(result, tool, deadline);
  if (result.end == tools::ToolResult::End::not_found) return without_cards("absent", reason);
  if (says_none(result)) return without_cards("no-gpu", "rocm-smi lists no devices");
  if (!result.succeeded()) return without_cards("failed", reason);
  const auto printed = tools::json_in(result.output);
  if (!printed || !printed->is_object())
    return without_cards("failed", "unexpected output of rocm-smi: '" + reason + "', expected JSON");

  Json detection = {{"status", "ok"}, {"tool", tool}, {"gpus", cards_in(*printed)}, {"links", Json::array()}};
  if (detection["gpus"].empty()) return without_cards("no-gpu", "rocm-smi lists no devices");
  if (detection["gpus"].size() > 1)
    detection["links"] = links_in(tools::run_tool({tool, "--showtopotype", "--json"}, deadline));
  add_driver(*printed, detection);
  return detection;
}

}  // namespace vw::amd

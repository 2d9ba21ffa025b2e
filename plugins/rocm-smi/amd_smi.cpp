#include "amd_smi.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string>

namespace vw::amd {

namespace {

const std::string tool = "amd-smi";

// The list of cards: ROCm 6 prints it bare, ROCm 7 as the member "gpu_data".
Json cards_in(const tools::ToolResult& result) {
  auto value = tools::json_in(result.output);
  if (!value) return Json(Json::value_t::discarded);
  if (value->is_object() && value->contains("gpu_data")) return (*value)["gpu_data"];
  return value->is_array() ? *value : Json::array({*value});
}

Json member(const Json& object, std::initializer_list<const char*> path) {
  const Json* at = &object;
  for (const char* name : path) {
    if (!at->is_object() || !at->contains(name)) return nullptr;
    at = &(*at)[name];
  }
  return *at;
}

// 196592, "196592 MB" or {"value": 196592, "unit": "MB"}; the tool divides by 1024 twice and calls it MB.
Json mib_in(const Json& value) {
  if (value.is_object()) return mib_in(member(value, {"value"}));
  std::optional<double> number;
  if (value.is_number()) number = value.get<double>();
  if (value.is_string()) {
    const auto words = tools::words_of(value.get<std::string>());
    if (!words.empty()) number = tools::number_of(words.front());
  }
  constexpr double most_mib = 1e9;
  return number && *number >= 0 && *number <= most_mib ? Json(std::llround(*number)) : Json();
}

// A text that says something: the tool prints "N/A" for what it does not know.
std::string text_in(const Json& value) {
  const auto text = value.is_string() ? value.get<std::string>() : "";
  return text == "N/A" ? "" : text;
}

Json card_of(const Json& item, std::size_t position) {
  Json gpu = {{"index", position}, {"name", text_in(member(item, {"asic", "market_name"}))}};
  if (const auto index = member(item, {"gpu"}); index.is_number_integer()) gpu["index"] = index;
  if (const auto gfx = text_in(member(item, {"asic", "target_graphics_version"})); !gfx.empty()) gpu["gfx"] = gfx;
  if (const auto driver = text_in(member(item, {"driver", "version"})); !driver.empty()) gpu["driver_version"] = driver;
  gpu["vram_mib"] = mib_in(member(item, {"vram", "size"}));
  gpu["vram_used_mib"] = nullptr;
  return gpu;
}

Json* find_card(Json& gpus, const Json& index) {
  const auto found = std::find_if(gpus.begin(), gpus.end(), [&](const Json& gpu) { return gpu["index"] == index; });
  return found == gpus.end() ? nullptr : &*found;
}

void add_usage(const Json& items, Json& gpus) {
  if (!items.is_array()) return;
  for (const auto& item : items) {
    Json* gpu = find_card(gpus, member(item, {"gpu"}));
    if (gpu == nullptr) continue;
    (*gpu)["vram_used_mib"] = mib_in(member(item, {"mem_usage", "used_vram"}));
    if (const auto total = mib_in(member(item, {"mem_usage", "total_vram"})); !total.is_null())
      (*gpu)["vram_mib"] = total;
    if (const auto free = mib_in(member(item, {"mem_usage", "free_vram"})); !free.is_null())
      (*gpu)["vram_free_mib"] = free;
  }
}

std::string kind_of(const std::string& type) {
  if (type == "XGMI") return "infinity-fabric";
  return type == "PCIE" || type == "PCIe" ? "pcie" : "unknown";
}

Json links_in(const Json& items) {
  Json links = Json::array();
  if (!items.is_array()) return links;
  for (const auto& item : items) {
    const auto a = member(item, {"gpu"});
    for (const auto& other : member(item, {"links"})) {
      const auto b = member(other, {"gpu"});
      const auto type = text_in(member(other, {"link_type"}));
      if (a.is_number_integer() && b.is_number_integer() && a < b)
        links.push_back({{"a", a}, {"b", b}, {"kind", kind_of(type)}, {"detail", type}});
    }
  }
  return links;
}

void add_version(Json& detection, const tools::Deadline& deadline) {
  const auto printed = cards_in(tools::run_tool({tool, "version", "--json"}, deadline));
  if (!printed.is_array() || printed.empty()) return;
  if (const auto version = text_in(member(printed.front(), {"rocm_version"})); !version.empty())
    detection["rocm_version"] = version;
}

Json without_cards(const std::string& status, const std::string& message) {
  return {{"status", status}, {"tool", tool}, {"message", message}, {"gpus", Json::array()}, {"links", Json::array()}};
}

}  // namespace

Json ask_amd_smi(const tools::Deadline& deadline) {
  const auto printed = tools::run_tool({tool, "static", "--asic", "--vram", "--driver", "--json"}, deadline);
  const auto reason = tools::reason_of(printed, tool, deadline);
  if (printed.end == tools::ToolResult::End::not_found) return without_cards("absent", reason);
  if (!printed.succeeded()) return without_cards("failed", reason);
  const auto items = cards_in(printed);
  if (items.is_discarded())
    return without_cards("failed", "unexpected output of amd-smi: '" + reason + "', expected JSON");
  if (items.empty()) return without_cards("no-gpu", "amd-smi lists no devices");

  Json detection = {{"status", "ok"}, {"tool", tool}, {"gpus", Json::array()}, {"links", Json::array()}};
  for (const auto& item : items) detection["gpus"].push_back(card_of(item, detection["gpus"].size()));
  add_usage(cards_in(tools::run_tool({tool, "metric", "--mem-usage", "--json"}, deadline)), detection["gpus"]);
  if (items.size() > 1)
    detection["links"] = links_in(cards_in(tools::run_tool({tool, "topology", "--link-type", "--json"}, deadline)));
  add_version(detection, deadline);
  return detection;
}

}  // namespace vw::amd

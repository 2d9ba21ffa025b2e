#include "base/text.hpp"
#include "base/units.hpp"
#include "cli/commands.hpp"
#include "cli/terminal.hpp"
#include "cli/workspace.hpp"
#include "facts/hardware.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <set>

namespace vw::cli {
namespace {

std::string shown(const JsonReader& gpu, const char* key) {
  if (!gpu.has(key)) return "-";
  const Json& value = gpu.at(key).value();
  return value.is_string() ? value.get<std::string>() : to_text(value);
}

std::string memory_of(const JsonReader& gpu, const char* key) {
  return gpu.has(key) ? fmt::format("{:.1f} GiB", gpu.at(key).number(0, 1e9) / 1024) : "-";
}

std::string show_cards(const JsonReader& reply) {
  std::vector<std::vector<std::string>> rows = {{"#", "name", "memory", "used", "capability", "driver", "cuda/rocm"}};
  for (const JsonReader& gpu : reply.at("gpus").items()) {
    const std::string capability = gpu.has("compute_capability") ? shown(gpu, "compute_capability") : shown(gpu, "gfx");
    const std::string runtime = gpu.has("cuda_version") ? shown(gpu, "cuda_version") : shown(gpu, "rocm_version");
    rows.push_back({shown(gpu, "index"), shown(gpu, "name"), memory_of(gpu, "vram_mib"),
                    memory_of(gpu, "vram_used_mib"), capability, shown(gpu, "driver_version"), runtime});
    if (!gpu.has("mig_slices")) continue;
    for (const JsonReader& slice : gpu.at("mig_slices").items())
      rows.push_back({"", "  MIG " + shown(slice, "profile"), memory_of(slice, "vram_mib")});
  }
  return table(rows);
}

std::string show_links(const JsonReader& reply) {
  if (!reply.has("links") || reply.at("links").items().empty()) return "";
  std::vector<std::vector<std::string>> rows = {{"link", "kind", "detail"}};
  std::set<std::string> sorts;
  for (const JsonReader& link : reply.at("links").items()) {
    rows.push_back({shown(link, "a") + " - " + shown(link, "b"), shown(link, "kind"), shown(link, "detail")});
    sorts.insert(rows.back()[1] + " (" + rows.back()[2] + ")");
  }
  if (sorts.size() == 1 && rows.size() > 2)
    return fmt::format("\nall {} links are {}\n", rows.size() - 1, *sorts.begin());
  return "\n" + table(rows);
}

// The array of product.md: one object per card, with what the tool said of the machine repeated in each.
Json as_array(const Json& reply) {
  Json cards = reply.at("gpus");
  for (Json& card : cards)
    for (const char* key :
         {"name", "vram_mib", "vram_used_mib", "compute_capability", "driver_version", "cuda_version"})
      if (!card.contains(key)) card[key] = reply.contains(key) ? reply.at(key) : Json(nullptr);
  return cards;
}

int detect(const Workspace& workspace, const Arguments& arguments) {
  const Detection found = detect_gpus(workspace.catalog(), workspace.defaults().detectors, "");
  workspace.warn_of_refusals(arguments);
  if (found.status == Detection::Status::ok) {
    const JsonReader reply(found.reply, "gpu-detector " + quote(found.detector));
    print_result(arguments,
                 arguments.has("json") ? to_pretty_text(as_array(found.reply)) : show_cards(reply) + show_links(reply));
    return exit_ok;
  }
  if (arguments.has("json")) print_result(arguments, "[]\n");
  if (found.status == Detection::Status::no_gpu) {
    fmt::print(stderr, "vllm-wizard: {} found no gpu on this machine\n", found.tool);
    return exit_no;
  }
  if (found.status == Detection::Status::failed)
    throw Error(found.tool, found.message,
                "the driver or its tool does not work; name a card with --gpu to plan for it all the same");
  throw Error("detect", "found no tool that lists gpus, expected nvidia-smi, rocm-smi or amd-smi on PATH",
              "name a card with --gpu to plan for one that is not here");
}

}  // namespace

int run_detect(const Arguments& arguments) { return with_workspace(arguments, detect); }

}  // namespace vw::cli

// The commands that list what is known: gpus, models, quantizations, parts.
#include "base/text.hpp"
#include "base/units.hpp"
#include "cli/commands.hpp"
#include "cli/terminal.hpp"
#include "cli/workspace.hpp"
#include "facts/format.hpp"
#include "facts/gpu_mig.hpp"
#include "facts/gpu_totals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace vw::cli {
namespace {

using Rows = std::vector<std::vector<std::string>>;

bool holds(const std::string& text, const std::string& filter) {
  return lower(text).find(lower(filter)) != std::string::npos;
}

// Prints rows or JSON; a filter that fits nothing says so and exits with 1.
int finish(const Arguments& arguments, const Rows& rows, const Json& json, const std::string& what) {
  if (arguments.has("json")) {
    print_result(arguments, to_pretty_text(json));
    return json.empty() ? exit_no : exit_ok;
  }
  if (rows.size() <= 1) {
    fmt::print(stderr, "vllm-wizard: no {} whose name holds {}\n", what, quote(arguments.positional(0)));
    return exit_no;
  }
  print_result(arguments, table(rows));
  return exit_ok;
}

bool gpu_fits(const Gpu& gpu, const std::string& filter) {
  if (filter.empty() || holds(gpu.id, filter) || holds(gpu.name, filter) || holds(gpu.architecture, filter))
    return true;
  const std::string key = gpu_key(filter);
  return !key.empty() && (gpu_key(gpu.name).find(key) != std::string::npos ||
                          std::any_of(gpu.aliases.begin(), gpu.aliases.end(), [&](const std::string& alias) {
                            return gpu_key(alias).find(key) != std::string::npos;
                          }));
}

// With the word MIG in the filter the slices of the cards that fit the rest, else the cards.
std::vector<Gpu> listed_gpus(const GpuTable& table, const std::string& filter) {
  const std::optional<MigName> slice = split_mig_name(filter);
  std::vector<Gpu> gpus;
  for (const Gpu& gpu : table.all()) {
    if (!gpu_fits(gpu, slice ? slice->card : filter)) continue;
    if (!slice) {
      gpus.push_back(gpu);
      continue;
    }
    for (const MigProfile& profile : gpu.mig_profiles)
      if (profile.name.starts_with(slice->profile)) gpus.push_back(slice_of(gpu, profile));
  }
  return gpus;
}

std::string bits_per_weight(const Format& format) {
  if (format.id == "gguf") return "by block";
  const JsonReader table(format.json, "quantization " + quote(format.id));
  if (!table.has("weights") && !table.has("experts")) return "-";
  constexpr double rows = 4096, columns = 4096;  // a usual matrix: per-tensor and per-channel scales vanish
  return fmt::format("{:.3f}", format.stored_bytes(rows, columns, !table.has("weights"), 0) * 8 / (rows * columns));
}

std::string need_of(const Format& format) {
  if (format.needs.compute_capability) return fmt::format("sm {:.1f}+", *format.needs.compute_capability);
  return format.needs.gfx.empty() ? "-" : join(format.needs.gfx, " ");
}

std::string gib_of(double mib) { return mib > 0 ? fmt::format("{:.4g}", std::round(mib / 1024 * 100) / 100) : "-"; }

// The entry with what the rules say of its totals.
Json with_totals(const Gpu& gpu, const MemoryTotals& totals) {
  Json json = gpu.json;
  if (totals.cuda.mib > 0) put_totals(totals, json);
  return json;
}

int gpus(const Workspace& workspace, const Arguments& arguments) {
  Rows rows = {{"id", "GiB", "driver", "CUDA", "known by", "bandwidth", "compute", "vllm", "name"}};
  const TotalRules rules(workspace.catalog());
  Json json = Json::array();
  for (const Gpu& gpu : listed_gpus(GpuTable(workspace.catalog()), arguments.positional(0))) {
    const MemoryTotals totals = rules.of(gpu);
    const std::string bandwidth =
        gpu.memory_bandwidth_gb_s ? fmt::format("{:g} GB/s", *gpu.memory_bandwidth_gb_s) : "-";
    const std::string compute = gpu.compute_capability ? fmt::format("sm {:.1f}", *gpu.compute_capability)
                                : gpu.gfx.empty()      ? "-"
                                                       : gpu.gfx;
    rows.push_back({gpu.id, gib_of(gpu.memory_mib.value_or(0)), gib_of(totals.visible.mib), gib_of(totals.cuda.mib),
                    gpu.memory_mib ? totals.cuda.grade : "the machine", bandwidth, compute, gpu.vllm, gpu.name});
    json.push_back(with_totals(gpu, totals));
  }
  workspace.warn_of_refusals(arguments);
  return finish(arguments, rows, json, "gpu");
}

int models(const Workspace& workspace, const Arguments& arguments) {
  Rows rows = {{"model", "parameters", "quantization", "source"}};
  Json json = Json::array();
  for (const std::string& source : workspace.defaults().sources) {
    if (!workspace.catalog().has(VW_KIND_METADATA_SOURCE, source)) continue;
    const auto part = workspace.catalog().part(VW_KIND_METADATA_SOURCE, source);
    const Json reply = part->open(Json::object()).ask({{"verb", "list"}, {"filter", arguments.positional(0)}});
    if (!reply.is_array()) continue;
    for (const JsonReader& entry : JsonReader(reply, part->label()).items()) {
      const std::string id = entry.at("id").string();
      if (!holds(id, arguments.positional(0))) continue;
      const double params = entry.number_or("params", 0, 0, 1e15);
      rows.push_back(
          {id, params > 0 ? fmt::format("{:.2f} B", params / 1e9) : "-", entry.string_or("quantization", "-"), source});
      json.push_back(entry.value());
      json.back()["source"] = source;
    }
  }
  workspace.warn_of_refusals(arguments);
  return finish(arguments, rows, json, "model");
}

int quantizations(const Workspace& workspace, const Arguments& arguments) {
  Rows rows = {{"id", "bits/weight", "kv bits", "needs", "on the fly", "summary"}};
  Json json = Json::array();
  for (const Format& format : all_formats(workspace.catalog())) {
    if (!holds(format.id, arguments.positional(0)) && !holds(format.summary, arguments.positional(0))) continue;
    rows.push_back({format.id, bits_per_weight(format), format.kv ? fmt::format("{:g}", format.kv->bits) : "-",
                    need_of(format), format.from_16_bit ? "yes" : "-", format.summary});
    json.push_back(format.json);
  }
  workspace.warn_of_refusals(arguments);
  return finish(arguments, rows, json, "format");
}

int parts(const Workspace& workspace, const Arguments& arguments) {
  Rows rows = {{"kind", "id", "origin", "state", "summary or reason", "file"}};
  Json json = Json::array();
  constexpr bool load_all = true;
  for (const Listing& listing : workspace.catalog().listings(load_all)) {
    if (!holds(listing.kind + " " + listing.id, arguments.positional(0))) continue;
    const std::string state = !listing.refusal.empty() ? "refused" : listing.shadowed_by.empty() ? "used" : "shadowed";
    const std::string text = !listing.refusal.empty()      ? listing.refusal
                             : listing.shadowed_by.empty() ? listing.summary
                                                           : "shadowed by " + listing.shadowed_by;
    rows.push_back({listing.kind, listing.id, listing.origin.label(), state, text, listing.origin.path});
    json.push_back({{"kind", listing.kind},
                    {"id", listing.id},
                    {"origin", listing.origin.label()},
                    {"state", state},
                    {"summary", listing.summary},
                    {"file", listing.origin.path},
                    {"provider", listing.origin.provider},
                    {"shadowed_by", listing.shadowed_by.empty() ? Json(nullptr) : Json(listing.shadowed_by)},
                    {"refusal", listing.refusal.empty() ? Json(nullptr) : Json(listing.refusal)}});
  }
  return finish(arguments, rows, json, "part");
}

}  // namespace

int run_gpus(const Arguments& arguments) { return with_workspace(arguments, gpus); }
int run_models(const Arguments& arguments) { return with_workspace(arguments, models); }
int run_quantizations(const Arguments& arguments) { return with_workspace(arguments, quantizations); }
int run_parts(const Arguments& arguments) { return with_workspace(arguments, parts); }

}  // namespace vw::cli

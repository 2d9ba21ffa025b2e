#include "facts/hardware.hpp"

#include "base/text.hpp"
#include "base/units.hpp"
#include "facts/gpu_mig.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace vw {
namespace {

Detection::Status status_of(const std::string& word, const JsonReader& reply) {
  if (word == "ok") return Detection::Status::ok;
  if (word == "absent") return Detection::Status::absent;
  if (word == "failed") return Detection::Status::failed;
  if (word == "no-gpu") return Detection::Status::no_gpu;
  reply.at("status").fail("is " + quote(word) + ", expected 'ok', 'absent', 'failed' or 'no-gpu'");
}

Detection ask_detector(const Catalog& catalog, const std::string& id) {
  const auto part = catalog.part(VW_KIND_GPU_DETECTOR, id);
  constexpr double timeout_s = 10;
  Detection detection;
  detection.reply = part->open(Json::object()).ask({{"verb", "detect"}, {"timeout_s", timeout_s}});
  const JsonReader reply(detection.reply, part->label());
  detection.detector = id;
  detection.status = status_of(reply.at("status").string(), reply);
  detection.tool = reply.string_or("tool", id);
  detection.message = reply.string_or("message", "");
  if (detection.status == Detection::Status::ok && reply.at("gpus").items().empty())
    detection.status = Detection::Status::no_gpu;
  return detection;
}

int telling(Detection::Status status) {
  switch (status) {
    case Detection::Status::ok:
      return 3;
    case Detection::Status::failed:
      return 2;
    case Detection::Status::no_gpu:
      return 1;
    case Detection::Status::absent:
      break;
  }
  return 0;
}

std::int64_t gpus_needed(const Request& request) {
  return request.tensor_parallel.value_or(1) * request.pipeline_parallel.value_or(1) *
         request.data_parallel.value_or(1);
}

std::int64_t gpus_of_node(const Request& request) {
  return request.gpus.value_or((gpus_needed(request) + request.nodes - 1) / request.nodes);
}

struct FoundCard {
  Gpu gpu;
  double total_mib = 0, used_mib = 0;
};

// A card that no table knows is planned from what the driver says of it.
Gpu unknown_card(const std::string& name, const JsonReader& found, double total_mib) {
  Gpu gpu;
  gpu.id = "unknown";
  gpu.name = gpu.product = name;
  gpu.vllm = "supported";
  gpu.memory_mib = total_mib;
  if (found.has("compute_capability") && found.at("compute_capability").value().is_number())
    gpu.compute_capability = found.at("compute_capability").number(0, 99);
  gpu.gfx = found.string_or("gfx", "");
  gpu.vendor = gpu.compute_capability ? "NVIDIA" : gpu.gfx.empty() ? "" : "AMD";
  gpu.unified_memory = found.boolean_or("unified_memory", false);
  gpu.json = {{"id", gpu.id}, {"name", name}, {"memory_mib", total_mib}};
  if (gpu.compute_capability) gpu.json["compute_capability"] = *gpu.compute_capability;
  if (!gpu.vendor.empty()) gpu.json["vendor"] = gpu.vendor;
  if (gpu.unified_memory) gpu.json["unified_memory"] = true;
  return gpu;
}

FoundCard read_card(const GpuTable& table, const JsonReader& found, std::vector<std::string>& warnings) {
  const std::string name = found.at("name").string();
  FoundCard card;
  card.total_mib = found.number_or("vram_mib", 0, 0, 1e9);
  card.used_mib = found.number_or("vram_used_mib", 0, 0, 1e9);
  if (const auto match = table.find_detected(name, card.total_mib)) {
    card.gpu = match->gpu;
  } else {
    card.gpu = unknown_card(name, found, card.total_mib);
    warnings.push_back("gpu " + quote(name) + " is not in gpu-db: planned from what the driver says of it");
  }
  return card;
}

std::string detected_link(const Json& reply, std::size_t gpus) {
  if (gpus < 2 || !reply.contains("links") || !reply.at("links").is_array()) return "";
  bool all_fast = !reply.at("links").empty();
  for (const Json& link : reply.at("links")) {
    const std::string kind = link.value("kind", "unknown");
    if (kind == "unknown") return "unknown";
    all_fast = all_fast && (kind == "nvlink" || kind == "infinity-fabric");
  }
  return reply.at("links").empty() ? "" : all_fast ? "nvlink" : "pcie";
}

// A slice that its card's table does not know has the memory that the driver says, and nothing else is known of it.
FoundCard read_slice(const FoundCard& parent, const JsonReader& found) {
  const std::string name = found.at("profile").string();
  const std::optional<MigName> words = split_mig_name(name);
  const MigProfile* const profile = find_profile(parent.gpu, words ? words->profile : name);
  FoundCard card;
  card.total_mib = found.number_or("vram_mib", 0, 0, 1e9);
  card.used_mib = found.number_or("vram_used_mib", 0, 0, 1e9);
  card.gpu = profile != nullptr ? slice_of(parent.gpu, *profile)
                                : slice_of(parent.gpu, MigProfile{name, 1, 1, card.total_mib});
  return card;
}

bool is_split(const JsonReader& found) { return found.string_or("mig_mode", "") == "enabled"; }

struct FoundCards {
  std::vector<FoundCard> whole, slices;
};

FoundCards read_cards(const GpuTable& table, const JsonReader& reply, std::vector<std::string>& warnings) {
  FoundCards cards;
  for (const JsonReader& found : reply.at("gpus").items()) {
    const FoundCard card = read_card(table, found, warnings);
    if (!is_split(found)) {
      cards.whole.push_back(card);
      continue;
    }
    if (found.has("mig_slices"))
      for (const JsonReader& slice : found.at("mig_slices").items()) cards.slices.push_back(read_slice(card, slice));
  }
  return cards;
}

std::string profiles_of(const std::vector<FoundCard>& slices) {
  std::vector<std::string> names;
  for (const FoundCard& card : slices) names.push_back(card.gpu.slice->profile);
  return join(names, ", ");
}

// A server runs on one slice: the largest has the best chance.
Hardware hardware_of_slices(const std::vector<FoundCard>& slices, const Request& request) {
  const FoundCard& largest = *std::max_element(
      slices.begin(), slices.end(), [](const FoundCard& a, const FoundCard& b) { return a.total_mib < b.total_mib; });
  Hardware hardware;
  hardware.gpu = largest.gpu;
  hardware.is_detected = true;
  hardware.memory_mib = largest.total_mib;
  hardware.memory_used_mib = largest.used_mib;
  hardware.gpus_per_node = gpus_of_node(request);
  if (slices.size() > 1)
    hardware.warnings.push_back("MIG splits this machine's cards into " + profiles_of(slices) +
                                ": planned for one slice, the largest");
  return hardware;
}

Hardware hardware_from(const GpuTable& table, const Detection& detection, const Request& request) {
  Hardware hardware;
  const JsonReader reply(detection.reply, "gpu-detector " + quote(detection.detector));
  const FoundCards found = read_cards(table, reply, hardware.warnings);
  const std::vector<FoundCard>& cards = found.whole;
  if (cards.empty() && !found.slices.empty()) return hardware_of_slices(found.slices, request);
  if (cards.empty())
    throw Error("--gpu auto", "MIG is on and no slice was made, expected at least one",
                "nvidia-smi mig -lgip lists the profiles, -cgi PROFILE -C makes a slice");
  if (!found.slices.empty())
    hardware.warnings.push_back(
        "planned for the cards that are not split; MIG slices are left out: " + profiles_of(found.slices) + " (--gpu " +
        shell_quoted(found.slices.front().gpu.id) + " plans for one)");
  const auto smallest = std::min_element(
      cards.begin(), cards.end(), [](const FoundCard& a, const FoundCard& b) { return a.total_mib < b.total_mib; });
  const auto equal =
      std::count_if(cards.begin(), cards.end(), [&](const FoundCard& card) { return card.gpu.id == smallest->gpu.id; });
  if (equal != static_cast<std::ptrdiff_t>(cards.size()))
    hardware.warnings.push_back(fmt::format("the {} detected cards are not equal: planned for the smallest, {}",
                                            cards.size(), quote(smallest->gpu.name)));
  hardware.gpu = smallest->gpu;
  hardware.is_detected = true;
  hardware.memory_mib = smallest->total_mib > 0 ? smallest->total_mib : hardware.gpu.memory_mib.value_or(0);
  for (const FoundCard& card : cards) hardware.memory_used_mib = std::max(hardware.memory_used_mib, card.used_mib);
  hardware.gpus_per_node = request.gpus.value_or(static_cast<std::int64_t>(cards.size()));
  if (hardware.gpus_per_node > static_cast<std::int64_t>(cards.size()))
    hardware.warnings.push_back(
        fmt::format("--gpus {} asks for more cards than the {} found", hardware.gpus_per_node, cards.size()));
  hardware.link = detected_link(detection.reply, cards.size());
  return hardware;
}

[[noreturn]] void fail_no_gpu(const Detection& detection) {
  const std::string hint = "name the card you plan for: --gpu \"RTX 4090\", or give its memory: --vram-gb 24";
  switch (detection.status) {
    case Detection::Status::failed:
      throw Error("--gpu auto", detection.tool + " failed: " + detection.message, hint);
    case Detection::Status::no_gpu:
      throw Error("--gpu auto", detection.tool + " found no gpu on this machine", hint);
    default:
      throw Error("--gpu auto", "found no tool that lists gpus (nvidia-smi, rocm-smi, amd-smi)", hint);
  }
}

// --vram-gb alone is enough for a card that no table knows, and for none at all.
Hardware hardware_of_memory(const Request& request, const std::string& name, const std::string& warning) {
  Hardware hardware;
  hardware.memory_mib = *request.vram_gib * 1024;
  hardware.gpu = unknown_card(name, JsonReader(Json::object(), "--gpu"), hardware.memory_mib);
  hardware.gpus_per_node = gpus_of_node(request);
  hardware.warnings.push_back(warning);
  return hardware;
}

Hardware hardware_named(const Catalog& catalog, const Request& request, const GpuTable* table) {
  Hardware hardware;
  try {
    const GpuMatch match =
        table != nullptr ? table->find(request.gpu) : GpuTable(catalog, request.gpu).find(request.gpu);
    hardware.gpu = match.gpu;
    hardware.warnings = match.warnings;
  } catch (const Error&) {
    if (!request.vram_gib) throw;
    return hardware_of_memory(request, request.gpu,
                              "gpu " + quote(request.gpu) + " is not known: planned for its memory only");
  }
  hardware.gpus_per_node = gpus_of_node(request);
  hardware.memory_mib = hardware.gpu.memory_mib.value_or(0);
  return hardware;
}

// NCCL connects cards, not slices of them (NVIDIA MIG User Guide, application considerations).
void expect_slices_apart(const Hardware& hardware, const Request& request) {
  if (!hardware.gpu.slice) return;
  const std::string hint = "plan for a whole card, --gpu " + shell_quoted(hardware.gpu.slice->parent_id) +
                           ", or for servers of their own: --data-parallel-size";
  const auto refuse = [&](const char* option, std::int64_t size) {
    throw Error(option, fmt::format("is {} on MIG slices, expected 1: slices cannot exchange data through NCCL", size),
                hint);
  };
  if (request.tensor_parallel.value_or(1) > 1) refuse("--tensor-parallel-size", *request.tensor_parallel);
  if (request.pipeline_parallel.value_or(1) > 1) refuse("--pipeline-parallel-size", *request.pipeline_parallel);
  if (request.nodes > 1) refuse("--nodes", request.nodes);
}

MemoryTotals totals_of(const TotalRules& rules, const Hardware& hardware, const Request& request) {
  if (request.vram_gib) return rules.given(hardware.gpu, hardware.memory_mib);
  if (!hardware.is_detected) return rules.of(hardware.gpu);
  return rules.detected(hardware.gpu, hardware.memory_mib, hardware.memory_used_mib);
}

std::string gib(double mib) { return fmt::format("{:.1f} GiB", mib / 1024); }

void warn_about_memory(Hardware& hardware) {
  const MemoryTotal& cuda = hardware.totals.cuda;
  const std::string& name = hardware.gpu.name;
  if (hardware.totals.is_setting)
    hardware.warnings.push_back(
        fmt::format("how much memory the GPU of {} may use is a setting of the machine: planned for {} +- {}, "
                    "--vram-gb says what yours has",
                    name, gib(cuda.mib), gib(cuda.spread_mib)));
  if (hardware.gpu.unified_memory)
    hardware.warnings.push_back(
        fmt::format("{} shares its {} with the operating system and all other programs: vLLM refuses to start when "
                    "less than utilization x total is available",
                    name, gib(cuda.mib)));
}

void expect_usable(const Hardware& hardware) {
  const Gpu& gpu = hardware.gpu;
  if (gpu.vllm == "no")
    throw Error("--gpu", "vLLM does not run on " + gpu.name + ": " + gpu.vllm_reason + ", expected another card",
                "vllm-wizard gpus lists the cards that it runs on");
  if (hardware.memory_mib <= 0)
    throw Error("--gpu", "the memory of " + gpu.name + " is not known, expected --vram-gb", gpu.vllm_reason);
}

}  // namespace

Detection detect_gpus(const Catalog& catalog, const std::vector<std::string>& order, const std::string& only) {
  std::vector<std::string> ids = only.empty() ? catalog.ids(VW_KIND_GPU_DETECTOR) : std::vector<std::string>{only};
  const auto position = [&](const std::string& id) {
    const auto found = std::find(order.begin(), order.end(), id);
    return found == order.end() ? -1 : found - order.begin();  // the user's own come first
  };
  std::stable_sort(ids.begin(), ids.end(), [&](const auto& a, const auto& b) { return position(a) < position(b); });
  Detection best;
  for (const std::string& id : ids) {
    Detection detection = ask_detector(catalog, id);
    if (detection.status == Detection::Status::ok) return detection;
    if (best.detector.empty() || telling(detection.status) > telling(best.status)) best = std::move(detection);
  }
  return best;
}

Hardware resolve_hardware(const Catalog& catalog, const std::vector<std::string>& detector_order,
                          const Request& request, const GpuTable* table) {
  Hardware hardware;
  if (!request.detector.empty()) catalog.part(VW_KIND_GPU_DETECTOR, request.detector);  // throws for an unknown one
  if (request.gpu != "auto") {
    hardware = hardware_named(catalog, request, table);
  } else if (const Detection detection = detect_gpus(catalog, detector_order, request.detector);
             detection.status == Detection::Status::ok) {
    hardware = hardware_from(GpuTable(catalog), detection, request);
    if (request.cards_are_idle) hardware.memory_used_mib = 0;
  } else if (request.vram_gib) {
    hardware = hardware_of_memory(
        request, fmt::format("GPU of {:g} GiB", *request.vram_gib),
        "no gpu was found on this machine and none was named: planned for the memory of --vram-gb only; --gpu NAME "
        "says what else the card can do");
  } else {
    fail_no_gpu(detection);
  }
  hardware.nodes = request.nodes;
  if (request.vram_gib) hardware.memory_mib = *request.vram_gib * 1024;
  if (!request.interconnect.empty()) hardware.link = request.interconnect;
  if (hardware.link.empty()) hardware.link = hardware.gpu.link();
  expect_usable(hardware);
  expect_slices_apart(hardware, request);
  hardware.totals = totals_of(TotalRules(catalog), hardware, request);
  if (hardware.gpu.vllm == "plugin")
    hardware.warnings.push_back("vLLM runs on " + hardware.gpu.name +
                                " through a plugin of its own: " + hardware.gpu.vllm_reason);
  warn_about_memory(hardware);
  return hardware;
}

}  // namespace vw

// facts: the machine that is planned for: named by the user, or found on this one.
#pragma once

#include "facts/gpu_totals.hpp"
#include "facts/request.hpp"

#include <string>
#include <vector>

namespace vw {

// What one detector found; see the detector's reply in plugins/README.md.
struct Detection {
  enum class Status { ok, absent, failed, no_gpu };
  Status status = Status::absent;
  std::string detector, tool, message;
  Json reply;  // as the detector gave it
};

// Asks detectors in order until one finds a GPU. Otherwise the most telling answer: failed before no_gpu before absent.
Detection detect_gpus(const Catalog& catalog, const std::vector<std::string>& order, const std::string& only);

struct Hardware {
  Gpu gpu;
  std::int64_t gpus_per_node = 1, nodes = 1;
  std::string link;  // nvlink, pcie, unknown: what --interconnect says, else what was found, else the card's
  bool is_detected = false;
  double memory_mib = 0;       // per GPU, nominal, or --vram-gb, or as the driver says
  double memory_used_mib = 0;  // per GPU, held by other processes
  MemoryTotals totals;
  std::vector<std::string> warnings;

  std::int64_t total_gpus() const { return gpus_per_node * nodes; }
};

// Resolves --gpu, --gpus, --vram-gb. Throws vw::Error: unknown card, no GPU found, memory unknown, a card vLLM cannot
// run on. `table`: the whole one, for one who resolves many names; null: what the name needs of it is read.
Hardware resolve_hardware(const Catalog& catalog, const std::vector<std::string>& detector_order,
                          const Request& request, const GpuTable* table = nullptr);

}  // namespace vw

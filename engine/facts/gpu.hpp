// facts: accelerators. The table is read from gpu-db and scripts/gpus; only the card that is asked for becomes a
// struct.
#pragma once

#include "base/files.hpp"
#include "parts/catalog.hpp"

#include <optional>
#include <string>
#include <vector>

namespace vw {

// Part of a card's memory and multiprocessors that MIG (Multi-Instance GPU) gives to one program.
struct MigProfile {
  std::string name;  // as nvidia-smi prints it: "3g.40gb"
  double compute_slices = 0, memory_slices = 0;
  std::optional<double> memory_mib;  // what nvidia-smi prints for the instance
};

// What makes a Gpu a slice of another one.
struct MigSlice {
  std::string parent_id, profile;
  double memory_slices = 0;
};

// One accelerator; absent numbers are empty. Sizes in MiB (2^20), rates in 10^9 bytes/s and 10^12 operations/s.
struct Gpu {
  std::string id, name, product, vendor, architecture, gfx, market;
  std::optional<double> compute_capability;  // CUDA only
  std::optional<double> memory_mib, memory_visible_mib, memory_cuda_mib, memory_cuda_spread_mib;
  std::string memory_visible_grade, memory_cuda_grade, memory_type;
  std::optional<double> memory_bandwidth_gb_s, fp16_tflops, bf16_tflops, fp8_tflops;
  bool unified_memory = false;
  std::int64_t gpus_per_node = 8;  // usual in one server
  std::string link_type;           // nvlink, nvlink-bridge, pcie, infinity-fabric, ...
  std::string vllm;                // supported, plugin, no
  std::string vllm_reason;         // for plugin and no
  std::vector<std::string> aliases, sources;
  std::vector<MigProfile> mig_profiles;  // least first, empty: the card has no MIG
  std::optional<MigSlice> slice;
  std::string where;  // file and path of the entry
  Json json;          // the entry as read: settings of hot parts carry it

  bool is_consumer() const { return market == "consumer"; }
  // NVIDIA compute capability 8.9 and up, AMD gfx942 (MI300) and up: FP8 in the matrix units.
  bool has_fp8() const;
  // The link between equal cards as `--interconnect` names it: nvlink, pcie or unknown.
  std::string link() const;
};

struct MigName;

// Reads and checks one entry. Throws vw::Error naming file and path.
Gpu read_gpu(const JsonReader& entry);

struct GpuMatch {
  Gpu gpu;
  std::vector<std::string> warnings;  // which variant was taken and which others there are
};

class GpuTable {
 public:
  // Reads gpu-db files and scripts/gpus of the catalog; a stronger origin's id shadows. Throws vw::Error for a
  // broken installed file. With `name` only the files that may hold that card are read.
  explicit GpuTable(const Catalog& catalog, const std::string& name = "");

  // By id, name or alias, without case, vendor and punctuation; exact before partial; several variants of one product
  // give the usual one (SXM before PCIe, then the smallest memory) with a warning. Throws vw::Error when the text fits
  // different products (lists them) or nothing (did you mean). A text with a MIG profile gives that slice.
  GpuMatch find(const std::string& text) const;
  // A card as a driver named it: variants with one name are told apart by their total. Empty when unknown.
  std::optional<GpuMatch> find_detected(const std::string& name, double total_mib) const;

  std::vector<Gpu> all() const;          // every entry, read and checked
  std::vector<std::string> ids() const;  // sorted

 private:
  struct Entry {
    const Json* json;
    Origin::Rank rank;
    std::string where, path, id, product;
    std::vector<std::string> keys;  // normalised id, name and aliases
  };
  std::vector<const Entry*> exact(const std::string& key) const;
  std::vector<const Entry*> partial(const std::string& key) const;
  std::vector<const Entry*> fitting(const std::string& text) const;  // the one to take comes first
  void put_usual_first(std::vector<const Entry*>& entries) const;
  GpuMatch find_slice(const std::string& text, const MigName& name) const;
  void add(const TableLayer& layer, const Json& json, const std::string& where, const std::string& path);
  Gpu read(const Entry& entry) const;
  GpuMatch choose(const std::string& text, const std::vector<const Entry*>& fitting) const;
  [[noreturn]] void fail_ambiguous(const std::string& text, const std::vector<const Entry*>& fitting) const;
  [[noreturn]] void fail_unknown(const std::string& text) const;

  std::vector<Entry> entries_;
  std::vector<std::shared_ptr<const Json>> owners_;
};

// "NVIDIA A100-SXM4-80GB" -> "a100sxm480gb".
std::string gpu_key(std::string_view name);

// Indexes the *.json files of a gpu-db folder.
void index_gpu_db(const std::string& folder, Origin::Rank rank, const Files& files, Catalog& catalog);

}  // namespace vw

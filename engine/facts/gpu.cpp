#include "facts/gpu.hpp"

#include "base/text.hpp"
#include "facts/gpu_mig.hpp"
#include "facts/gpu_totals.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace vw {
namespace {

constexpr double most_memory_mib = 64.0 * 1024 * 1024;
constexpr double most_rate = 1e9;

std::optional<double> optional_number(const JsonReader& entry, const char* key, double least, double most) {
  if (!entry.has(key)) return std::nullopt;
  return entry.at(key).number(least, most);
}

std::vector<std::string> optional_strings(const JsonReader& entry, const char* key) {
  return entry.has(key) ? entry.at(key).strings() : std::vector<std::string>{};
}

const std::vector<std::string>& gpu_keys() {
  static const std::vector<std::string> keys = {"id",
                                                "name",
                                                "summary",
                                                "product",
                                                "aliases",
                                                "vendor",
                                                "architecture",
                                                "compute_capability",
                                                "gfx",
                                                "memory_mib",
                                                "memory_visible_mib",
                                                "memory_visible_grade",
                                                "memory_cuda_mib",
                                                "memory_cuda_grade",
                                                "memory_cuda_spread_mib",
                                                "memory_type",
                                                "unified_memory",
                                                "memory_bandwidth_gb_s",
                                                "fp16_tflops",
                                                "bf16_tflops",
                                                "fp8_tflops",
                                                "int8_tops",
                                                "fp4_tflops",
                                                "peak_basis",
                                                "tdp_w",
                                                "link",
                                                "mig_profiles",
                                                "max_gpus_per_node",
                                                "market",
                                                "usd_per_hour",
                                                "usd_per_hour_spot",
                                                "price_source",
                                                "classic_decode_tok_s",
                                                "classic_prefill_tok_s",
                                                "vllm",
                                                "vllm_reason",
                                                "sources",
                                                "notes",
                                                "api"};
  return keys;
}

// A number that was measured says how.
std::string optional_grade(const JsonReader& entry, const char* number, const char* key,
                           const std::vector<std::string>& grades) {
  if (!entry.has(number)) return "";
  const std::string grade = entry.string_or(key, "given");
  if (grade == "given") return grade;
  if (std::find(grades.begin(), grades.end(), grade) == grades.end())
    entry.at(key).fail("is " + quote(grade) + ", expected one of: " + join(grades, ", "));
  return grade;
}

// Of the three totals of a card each holds something back from the one before.
void expect_at_most(const JsonReader& entry, const char* key, std::optional<double> value, std::optional<double> most) {
  if (value && most && *value > *most)
    entry.at(key).fail(fmt::format("is {}, expected at most the {} MiB that the card has before it", *value, *most));
}

void read_memory(const JsonReader& entry, Gpu& gpu) {
  gpu.memory_mib = optional_number(entry, "memory_mib", 1, most_memory_mib);
  gpu.memory_visible_mib = optional_number(entry, "memory_visible_mib", 1, most_memory_mib);
  gpu.memory_cuda_mib = optional_number(entry, "memory_cuda_mib", 1, most_memory_mib);
  expect_at_most(entry, "memory_visible_mib", gpu.memory_visible_mib, gpu.memory_mib);
  expect_at_most(entry, "memory_cuda_mib", gpu.memory_cuda_mib,
                 gpu.memory_visible_mib ? gpu.memory_visible_mib : gpu.memory_mib);
  gpu.memory_cuda_spread_mib = optional_number(entry, "memory_cuda_spread_mib", 0, most_memory_mib);
  gpu.memory_visible_grade = optional_grade(entry, "memory_visible_mib", "memory_visible_grade", visible_grades());
  gpu.memory_cuda_grade = optional_grade(entry, "memory_cuda_mib", "memory_cuda_grade", cuda_grades());
  gpu.memory_type = entry.string_or("memory_type", "");
  gpu.unified_memory = entry.boolean_or("unified_memory", false);
}

void read_rates(const JsonReader& entry, Gpu& gpu) {
  gpu.memory_bandwidth_gb_s = optional_number(entry, "memory_bandwidth_gb_s", 0.001, most_rate);
  gpu.fp16_tflops = optional_number(entry, "fp16_tflops", 0.001, most_rate);
  gpu.bf16_tflops = optional_number(entry, "bf16_tflops", 0.001, most_rate);
  gpu.fp8_tflops = optional_number(entry, "fp8_tflops", 0.001, most_rate);
  for (const char* key : {"int8_tops", "fp4_tflops", "tdp_w", "classic_decode_tok_s", "classic_prefill_tok_s"})
    optional_number(entry, key, 0.001, most_rate);
}

void read_support(const JsonReader& entry, Gpu& gpu) {
  gpu.vllm = entry.string_or("vllm", "supported");
  gpu.vllm_reason = entry.string_or("vllm_reason", "");
  if (gpu.vllm != "supported" && gpu.vllm != "plugin" && gpu.vllm != "no")
    entry.at("vllm").fail("is " + quote(gpu.vllm) + ", expected 'supported', 'plugin' or 'no'");
  if (gpu.vllm != "supported" && gpu.vllm_reason.empty())
    entry.fail("has no 'vllm_reason', expected one because 'vllm' is " + quote(gpu.vllm));
}

bool starts_with_any(const std::string& text, std::initializer_list<const char*> prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(), [&](const char* prefix) { return text.starts_with(prefix); });
}

}  // namespace

bool Gpu::has_fp8() const {
  if (compute_capability) return *compute_capability >= 8.9;
  return starts_with_any(gfx, {"gfx942", "gfx950", "gfx12"});
}

std::string Gpu::link() const {
  if (link_type == "nvlink") return "nvlink";
  if (link_type == "infinity-fabric") return "nvlink";
  if (link_type == "pcie" || link_type == "nvlink-bridge") return "pcie";
  return "unknown";
}

Gpu read_gpu(const JsonReader& entry) {
  entry.expect_only(gpu_keys());
  Gpu gpu;
  gpu.id = entry.at("id").string();
  if (!is_id(gpu.id)) entry.at("id").fail("is " + quote(gpu.id) + ", expected kebab-case");
  gpu.name = entry.at("name").string();
  gpu.product = entry.string_or("product", gpu.name);
  gpu.vendor = entry.string_or("vendor", "");
  gpu.architecture = entry.string_or("architecture", "");
  gpu.gfx = entry.string_or("gfx", "");
  gpu.market = entry.string_or("market", "");
  gpu.compute_capability = optional_number(entry, "compute_capability", 1.0, 99.0);
  gpu.gpus_per_node = entry.integer_or("max_gpus_per_node", gpu.gpus_per_node, 1, 1000000);
  if (entry.has("mig_profiles")) gpu.mig_profiles = read_mig_profiles(entry.at("mig_profiles"));
  if (entry.has("link")) gpu.link_type = entry.at("link").string_or("type", "");
  gpu.aliases = optional_strings(entry, "aliases");
  gpu.sources = optional_strings(entry, "sources");
  read_memory(entry, gpu);
  read_rates(entry, gpu);
  read_support(entry, gpu);
  gpu.where = entry.where() + (entry.path().empty() ? "" : ": " + entry.path());
  gpu.json = entry.value();
  return gpu;
}

}  // namespace vw

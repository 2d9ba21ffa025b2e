// What must hold for every entry of gpu-db and scripts/gpus.
#include "base/text.hpp"
#include "facts/gpu_totals.hpp"
#include "support/catch.hpp"
#include "support/shipped.hpp"

#include <algorithm>
#include <map>
#include <set>

using namespace vw;
using test::shipped;

namespace {

const std::vector<Gpu>& all_gpus() {
  static const std::vector<Gpu> gpus = GpuTable(shipped().catalog()).all();
  return gpus;
}

std::set<std::string> keys_of(const Gpu& gpu) {
  std::set<std::string> keys = {gpu_key(gpu.id), gpu_key(gpu.name)};
  for (const std::string& alias : gpu.aliases) keys.insert(gpu_key(alias));
  return keys;
}

}  // namespace

TEST_CASE("every card of gpu-db can be read and no name means two cards", "[facts]") {
  CHECK(all_gpus().size() > 100);
  std::map<std::string, std::string> owners;
  for (const Gpu& gpu : all_gpus()) {
    INFO(gpu.where << ": " << gpu.id);
    for (const std::string& key : keys_of(gpu)) {
      INFO("name: " << key);
      CHECK(key != "");
      const auto [owner, added] = owners.emplace(key, gpu.id);
      CHECK(owner->second == gpu.id);
    }
  }
}

TEST_CASE("no id appears in two gpu-db files", "[facts]") {
  std::set<std::string> ids;
  const Catalog& catalog = shipped().catalog();
  for (const std::string& file : catalog.ids(table_kind::gpu_file))
    for (const Json& entry : catalog.table(table_kind::gpu_file, file)->at("gpus")) {
      INFO(file << ": " << entry.at("id"));
      CHECK(ids.insert(entry.at("id")).second);
    }
}

namespace {

bool cites(const Gpu& gpu, const std::string& key) {
  return std::any_of(gpu.sources.begin(), gpu.sources.end(),
                     [&](const std::string& source) { return source.starts_with(key + ": "); });
}

bool is_one_of(const std::vector<std::string>& grades, const std::string& grade) {
  return std::find(grades.begin(), grades.end(), grade) != grades.end();
}

}  // namespace

TEST_CASE("memory shrinks from the label to the driver to CUDA", "[facts]") {
  for (const Gpu& gpu : all_gpus()) {
    INFO(gpu.where << ": " << gpu.id);
    const double nominal = gpu.memory_mib.value_or(1e12), visible = gpu.memory_visible_mib.value_or(nominal);
    CHECK(visible <= nominal);
    CHECK(gpu.memory_cuda_mib.value_or(0) <= visible);
    if (gpu.memory_mib) CHECK(gpu.memory_visible_mib.value_or(*gpu.memory_mib) > 0.85 * *gpu.memory_mib);
  }
}

TEST_CASE("every total that was read has a grade and a source of its own", "[facts]") {
  for (const Gpu& gpu : all_gpus()) {
    INFO(gpu.where << ": " << gpu.id);
    CHECK(gpu.memory_visible_mib.has_value() == is_one_of(visible_grades(), gpu.memory_visible_grade));
    CHECK(gpu.memory_cuda_mib.has_value() == is_one_of(cuda_grades(), gpu.memory_cuda_grade));
    if (gpu.memory_visible_mib) CHECK(cites(gpu, "memory_visible"));
    if (gpu.memory_cuda_mib) CHECK(cites(gpu, "memory_cuda"));
    if (!gpu.mig_profiles.empty()) CHECK(cites(gpu, "mig"));
  }
}

TEST_CASE("every card cites its sources and says why vLLM does not simply run on it", "[facts]") {
  for (const Gpu& gpu : all_gpus()) {
    INFO(gpu.where << ": " << gpu.id);
    CHECK_FALSE(gpu.sources.empty());
    CHECK((gpu.vllm == "supported" || !gpu.vllm_reason.empty()));
    CHECK_FALSE(gpu.product.empty());
    CHECK_FALSE(gpu.vendor.empty());
    CHECK_FALSE(gpu.architecture.empty());
    static const std::set<std::string> markets = {"consumer", "workstation", "datacenter", "cloud", "embedded"};
    CHECK(markets.contains(gpu.market));
    if (gpu.vllm == "supported") CHECK(gpu.memory_mib.has_value());
  }
}

TEST_CASE("a card has the numbers of its maker's kind and no others", "[facts]") {
  for (const Gpu& gpu : all_gpus()) {
    INFO(gpu.where << ": " << gpu.id);
    const std::string vendor = lower(gpu.vendor);
    CHECK(gpu.compute_capability.has_value() == (vendor == "nvidia"));
    CHECK(!gpu.gfx.empty() == (vendor == "amd"));
    if (gpu.memory_mib && gpu.vllm == "supported") CHECK(gpu.memory_bandwidth_gb_s.has_value());
    if (gpu.fp16_tflops && gpu.bf16_tflops) CHECK(*gpu.bf16_tflops <= *gpu.fp16_tflops);
    if (gpu.fp8_tflops) CHECK(*gpu.fp8_tflops >= gpu.fp16_tflops.value_or(0));
  }
}

TEST_CASE("every card is found again by its id, its name and each alias", "[facts]") {
  const GpuTable table(shipped().catalog());
  for (const Gpu& gpu : all_gpus()) {
    INFO(gpu.where << ": " << gpu.id);
    CHECK(table.find(gpu.id).gpu.id == gpu.id);
    CHECK(table.find(gpu.name).gpu.id == gpu.id);
    for (const std::string& alias : gpu.aliases) CHECK(table.find(alias).gpu.id == gpu.id);
  }
}

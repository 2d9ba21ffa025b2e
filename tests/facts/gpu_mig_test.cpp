#include "facts/gpu_mig.hpp"

#include "facts/gpu_totals.hpp"
#include "support/catch.hpp"
#include "support/message_of.hpp"
#include "support/shipped_gpus.hpp"

#include <cmath>

using namespace vw;
using test::message_of;
using test::shipped;
using test::shipped_gpus;

namespace {

std::string found(const std::string& text) { return shipped_gpus().find(text).gpu.id; }
std::string refusal_of(const std::string& text) {
  return message_of([&] { shipped_gpus().find(text); });
}

std::string parts(const std::string& text) {
  const auto name = split_mig_name(text);
  return name ? name->card + "|" + name->profile : "none";
}

}  // namespace

TEST_CASE("a name of a slice is a card and a profile, however it is written", "[facts]") {
  CHECK(parts("H100 MIG 3g.40gb") == "h100|3g.40gb");
  CHECK(parts("A100 1g.10gb") == "a100|1g.10gb");
  CHECK(parts("NVIDIA A100-SXM4-40GB MIG 1g.5gb") == "nvidia a100-sxm4-40gb|1g.5gb");
  CHECK(parts("h100-sxm5-80gb-mig-3g.40gb") == "h100-sxm5-80gb|3g.40gb");
  CHECK(parts("NVIDIA-A100-SXM4-40GB-MIG-1g.5gb-SHARED") == "nvidia-a100-sxm4-40gb|1g.5gb");
  CHECK(parts("H200 1g.18gb+me") == "h200|1g.18gb");
  CHECK(parts("A100 MIG 1c.3g.20gb") == "a100|3g.20gb");
  CHECK(parts("nvidia.com/mig-3g.40gb") == "|3g.40gb");
  CHECK(parts("H100 nvidia.com/mig-1g.10gb.me") == "h100|1g.10gb");
  CHECK(parts("H100 MIG") == "h100|");
  for (const char* card : {"H100", "RTX 4090", "A100 80GB", "GTX 1080 Ti", "3g.40", "g.40gb", "3g.40gbx", "Amig", ""})
    CHECK(parts(card) == "none");
}

TEST_CASE("a slice is found by card and profile, as tools and clusters name it", "[facts]") {
  CHECK(found("H100 MIG 3g.40gb") == "h100-sxm5-80gb-mig-3g.40gb");
  CHECK(found("h100-sxm5-80gb-mig-3g.40gb") == "h100-sxm5-80gb-mig-3g.40gb");
  CHECK(found("H200 4g.71gb") == "h200-sxm-141gb-mig-4g.71gb");
  CHECK(found("NVIDIA A100-SXM4-40GB MIG 1g.5gb") == "a100-sxm4-40gb-mig-1g.5gb");
  CHECK(found("A30 2g.12gb") == "a30-mig-2g.12gb");
  CHECK(found("H100 nvidia.com/mig-1g.10gb.me") == "h100-sxm5-80gb-mig-1g.10gb");
}

TEST_CASE("of several variants that have the profile the usual one is taken, with a warning", "[facts]") {
  CHECK(found("A100 1g.10gb") == "a100-sxm4-40gb-mig-1g.10gb");
  CHECK(found("A100 4g.40gb") == "a100-sxm4-80gb-mig-4g.40gb");
  CHECK(shipped_gpus().find("A100 4g.40gb").warnings ==
        std::vector<std::string>{"gpu 'A100 4g.40gb' fits several cards; took 'a100-sxm4-80gb' (80 GiB), others: "
                                 "'a100-pcie-80gb'"});
  CHECK(shipped_gpus().find("H100 PCIe 3g.40gb").warnings.empty());
}

TEST_CASE("a slice has its share of memory, bandwidth and rates, and no link", "[facts]") {
  const Gpu whole = shipped_gpus().find("a100-sxm4-40gb").gpu,
            slice = shipped_gpus().find("a100-sxm4-40gb 3g.20gb").gpu;
  CHECK(slice.name == whole.name + " MIG 3g.20gb");
  CHECK(slice.memory_mib == 20480);
  CHECK(slice.memory_visible_mib == 20096);
  CHECK(*slice.memory_bandwidth_gb_s == *whole.memory_bandwidth_gb_s / 2);
  CHECK(*slice.bf16_tflops == *whole.bf16_tflops * (3.0 / 7));
  CHECK(slice.link() == "unknown");
  CHECK(slice.json.at("memory_bandwidth_gb_s") == *slice.memory_bandwidth_gb_s);
  CHECK(slice.json.at("mig") == Json{{"parent", "a100-sxm4-40gb"}, {"profile", "3g.20gb"}});
  CHECK_FALSE(slice.json.contains("usd_per_hour"));
  const TotalRules rules(shipped().catalog());
  CHECK(rules.of(slice).cuda.mib == 20096);
  CHECK(rules.of(slice).visible.grade == "from-memory");
  const MemoryTotals unread = rules.of(shipped_gpus().find("H100 3g.40gb").gpu);
  CHECK(unread.cuda.grade == "derived");
  CHECK(std::lround(unread.cuda.mib) == 39964);
}

TEST_CASE("a profile that the card does not have is an error with those that it has", "[facts]") {
  CHECK(refusal_of("H100 MIG 5g.40gb") ==
        "--gpu: NVIDIA H100 SXM5 80GB has no MIG profile '5g.40gb', expected one of: 1g.10gb, 1g.20gb, 2g.20gb, "
        "3g.40gb, 4g.40gb, 7g.80gb\nhint: did you mean '3g.40gb' or '4g.40gb'?");
  CHECK(refusal_of("A30 MIG") ==
        "--gpu: a MIG slice of NVIDIA A30 needs a profile, expected one of: 1g.6gb, 2g.12gb, 4g.24gb");
  CHECK(refusal_of("RTX 4090 1g.10gb") ==
        "--gpu: MIG profiles of NVIDIA GeForce RTX 4090 are not known, expected the whole card\n"
        "hint: vllm-wizard gpus mig lists the slices of all cards that have MIG");
  CHECK(refusal_of("nvidia.com/mig-3g.40gb") ==
        "--gpu: 'nvidia.com/mig-3g.40gb' names a MIG profile and no card, expected both\n"
        "hint: as in --gpu 'H100 MIG 3g.40gb'");
  CHECK_THAT(refusal_of("H101 3g.40gb"), StartsWith("--gpu: unknown gpu 'h101', did you mean 'H100'"));
}

TEST_CASE("a profile of gpu-db that is no profile is refused with file and path", "[facts]") {
  const Json entry = {{"id", "lab"}, {"name", "Lab"}, {"mig_profiles", {{{"name", "half"}, {"memory_slices", 4}}}}};
  CHECK(message_of([&] { read_gpu(JsonReader(entry, "gpu-db/lab.json", "/gpus/0")); }) ==
        "gpu-db/lab.json: /gpus/0/mig_profiles/0/name: is 'half', expected a profile such as '3g.40gb'");
}

TEST_CASE("slices of every card are named for their memory and fit into it", "[facts]") {
  int cards = 0;
  for (const Gpu& gpu : shipped_gpus().all()) {
    if (gpu.mig_profiles.empty()) continue;
    ++cards;
    for (const MigProfile& profile : gpu.mig_profiles) {
      INFO(gpu.id << " " << profile.name);
      const double named_gib = std::stod(profile.name.substr(profile.name.find('.') + 1));
      const Gpu slice = slice_of(gpu, profile);
      CHECK(std::abs(*slice.memory_mib / 1024 - named_gib) < 1.1);
      CHECK(profile.memory_mib.value_or(1) <= *slice.memory_mib);
      CHECK(found(slice.id) == slice.id);
    }
  }
  CHECK(cards > 20);
}

#include "plugins/ask_plugin.hpp"
#include "plugins/fake_tools.hpp"
#include "support/catch.hpp"

#include <fstream>

namespace vw::test {

namespace {

Json detect(double timeout_s = 10) {
  return ask_plugin("detectors/nvidia-smi", {{"verb", "detect"}, {"timeout_s", timeout_s}});
}

Json detect_scene(const std::string& scene) {
  FakeTools tools;
  tools.put("nvidia-smi", replay_nvidia_smi(scene));
  return detect();
}

Json link(int a, int b, const std::string& kind, const std::string& detail) {
  return {{"a", a}, {"b", b}, {"kind", kind}, {"detail", detail}};
}

Json nothing(const std::string& status, const std::string& message) {
  return {{"status", status},
          {"tool", "nvidia-smi"},
          {"message", message},
          {"gpus", Json::array()},
          {"links", Json::array()}};
}

}  // namespace

TEST_CASE("one card is described with memory, driver, CUDA version and compute capability", "[plugins]") {
  CHECK(detect_scene("one-gpu") == Json::parse(R"({"status": "ok", "tool": "nvidia-smi",
    "driver_version": "550.54.15", "cuda_version": "12.4", "links": [],
    "gpus": [{"index": 0, "name": "NVIDIA GeForce RTX 4090", "uuid": "GPU-602e8117-3c1e-9b52-7d4a-0f6e21c8a501",
      "vram_mib": 24564, "vram_used_mib": 412, "compute_capability": 8.9, "driver_version": "550.54.15",
      "cuda_version": "12.4"}]})"));
}

TEST_CASE("eight cards on NVLink have 28 links, network cards left out", "[plugins]") {
  const auto detection = detect_scene("eight-h100");
  REQUIRE(detection["gpus"].size() == 8);
  CHECK(detection["gpus"][7]["index"] == 7);
  CHECK(detection["gpus"][7]["name"] == "NVIDIA H100 80GB HBM3");
  CHECK(detection["gpus"][7]["vram_mib"] == 81559);
  CHECK(detection["gpus"][7]["mig_mode"] == "disabled");
  CHECK(detection["gpus"][7]["cuda_version"] == "12.8");
  REQUIRE(detection["links"].size() == 28);
  for (const auto& pair : detection["links"]) {
    CHECK(pair["kind"] == "nvlink");
    CHECK(pair["detail"] == "NV18");
    CHECK(pair["a"] < pair["b"]);
  }
}

TEST_CASE("cards on PCIe are linked by the path between them, bridges by NVLink", "[plugins]") {
  const auto links = detect_scene("six-pcie")["links"];
  CHECK(links == Json{link(0, 1, "nvlink", "NV12"), link(0, 2, "pcie", "PXB"), link(0, 3, "pcie", "PHB"),
                      link(0, 4, "pcie", "SYS"), link(0, 5, "pcie", "SYS"), link(1, 2, "pcie", "PXB"),
                      link(1, 3, "pcie", "PHB"), link(1, 4, "pcie", "SYS"), link(1, 5, "pcie", "SYS"),
                      link(2, 3, "pcie", "PHB"), link(2, 4, "pcie", "SYS"), link(2, 5, "pcie", "SYS"),
                      link(3, 4, "pcie", "SYS"), link(3, 5, "pcie", "SYS"), link(4, 5, "nvlink", "NV12")});
}

TEST_CASE("a card in MIG mode lists its slices with the memory that the table gives them", "[plugins]") {
  const auto gpus = detect_scene("mig")["gpus"];
  CHECK(gpus[0]["mig_mode"] == "enabled");
  CHECK(gpus[0]["mig_slices"] == Json::parse(R"([
    {"profile": "3g.20gb", "vram_mib": 19968, "vram_used_mib": 19, "uuid": "MIG-c6d4f1ef-42e4-5de3-91c7-45d71c87eb3f"},
    {"profile": "2g.10gb", "vram_mib": 9856, "vram_used_mib": 13, "uuid": "MIG-cba663e8-9bed-5b25-b243-5985ef7c9beb"},
    {"profile": "1g.5gb+me", "vram_mib": 4864, "vram_used_mib": 7,
     "uuid": "MIG-0c757cd7-e942-5726-a0b8-0e8fb7067135"}])"));
  CHECK(gpus[1]["mig_mode"] == "disabled");
  CHECK_FALSE(gpus[1].contains("mig_slices"));
}

TEST_CASE("without the table, a slice has the memory that its profile is named for", "[plugins]") {
  FakeTools tools;
  tools.put("nvidia-smi", "if [ $# = 0 ]; then exit 1; fi\n" + replay_nvidia_smi("mig"));
  const auto detection = detect();
  CHECK(detection["gpus"][0]["mig_slices"][0]["vram_mib"] == 20480);
  CHECK(detection["gpus"][0]["mig_slices"][2]["vram_mib"] == 5120);
  CHECK(detection["gpus"][0]["mig_slices"][2]["vram_basis"] == "profile");
  CHECK_FALSE(detection.contains("cuda_version"));
}

TEST_CASE("what others hold of a busy card is told", "[plugins]") {
  CHECK(detect_scene("busy")["gpus"][0]["vram_used_mib"] == 43817);
}

TEST_CASE("a card without memory of its own has that of the machine, and says so", "[plugins]") {
  std::ifstream meminfo("/proc/meminfo");
  std::string label;
  long long kib = 0;
  meminfo >> label >> kib;
  const auto gpu = detect_scene("unified-memory")["gpus"][0];
  CHECK(gpu["name"] == "NVIDIA GB10");
  CHECK(gpu["vram_mib"] == kib / 1024);
  CHECK(gpu["vram_basis"] == "/proc/meminfo");
  CHECK(gpu["unified_memory"] == true);
  CHECK(gpu["vram_used_mib"].get<long long>() + gpu["vram_free_mib"].get<long long>() == kib / 1024);
}

TEST_CASE("memory that the driver hides is unknown, not zero", "[plugins]") {
  const auto gpu = detect_scene("hidden-memory")["gpus"][0];
  CHECK(gpu["vram_mib"].is_null());
  CHECK(gpu["vram_used_mib"].is_null());
  CHECK(gpu["problem"] == "memory.total is [Insufficient Permissions]");
}

TEST_CASE("fields that an old driver refuses are left out one by one", "[plugins]") {
  FakeTools tools;
  tools.put("nvidia-smi",
            "case \"$1\" in\n"
            "  *compute_cap*) echo 'Field \"compute_cap\" is not a valid field to query.'; echo; exit 2 ;;\n"
            "  *mig.mode*) echo 'Field \"mig.mode.current\" is not a valid field to query.'; echo; exit 2 ;;\n"
            "esac\n" +
                replay_nvidia_smi("old-driver"));
  const auto detection = detect();
  CHECK(detection["cuda_version"] == "10.1");
  CHECK(detection["gpus"] == Json::parse(R"([{"index": 0, "name": "Tesla V100-SXM2-16GB",
    "uuid": "GPU-ba3b4086-3c1e-9b52-7d4a-0f6e21c8a55a", "vram_mib": 16160, "vram_used_mib": 0,
    "driver_version": "418.226.00", "cuda_version": "10.1"}])"));
}

TEST_CASE("a tool that refuses every field is not asked for ever", "[plugins]") {
  FakeTools tools;
  tools.put("nvidia-smi", "echo 'Field \"name\" is not a valid field to query.'; exit 2");
  CHECK(detect() == nothing("failed", "Field \"name\" is not a valid field to query."));
}

TEST_CASE("what is in use of a card is asked in one call, without what never changes", "[plugins]") {
  FakeTools tools;
  tools.put("nvidia-smi",
            "case \"$1 $2\" in\n"
            "  '--query-gpu=index,name,memory.total,memory.used,utilization.gpu --format=csv,noheader,nounits')\n"
            "    echo '0, NVIDIA L4, 23034, 21011, 87'; echo '1, NVIDIA L4, 23034, [N/A], [N/A]' ;;\n"
            "  *) exit 9 ;;\n"
            "esac");
  const auto usage = [] { return ask_plugin("detectors/nvidia-smi", {{"verb", "usage"}, {"timeout_s", 10}}); };
  CHECK(usage() == Json::parse(R"({"status": "ok", "tool": "nvidia-smi", "gpus": [
    {"index": 0, "name": "NVIDIA L4", "vram_mib": 23034, "vram_used_mib": 21011, "busy_ratio": 0.87},
    {"index": 1, "name": "NVIDIA L4", "vram_mib": 23034, "vram_used_mib": null}]})"));
  tools.put("nvidia-smi", "echo lost >&2; exit 15");
  CHECK(usage().at("status") == "failed");
}

TEST_CASE("a machine without nvidia-smi says that it is absent", "[plugins]") {
  const FakeTools none;
  CHECK(detect() == nothing("absent", "nvidia-smi is not on the PATH"));
}

TEST_CASE("a failing driver is told in the tool's own first line", "[plugins]") {
  CHECK(detect_scene("no-driver") ==
        nothing("failed",
                "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the "
                "latest NVIDIA driver is installed and running."));
  CHECK(detect_scene("version-mismatch") ==
        nothing("failed", "Failed to initialize NVML: Driver/library version mismatch"));
  CHECK(detect_scene("lost-gpu") ==
        nothing("failed", "Unable to determine the device handle for GPU0000:3B:00.0: Unknown Error"));
}

TEST_CASE("a driver without a device is no failure", "[plugins]") {
  CHECK(detect_scene("no-devices") == nothing("no-gpu", "No devices were found"));
  FakeTools silent;
  silent.put("nvidia-smi", "exit 0");
  CHECK(detect() == nothing("no-gpu", "nvidia-smi lists no devices"));
}

TEST_CASE("output that makes no sense is shown without its control characters", "[plugins]") {
  CHECK(detect_scene("garbage") ==
        nothing("failed",
                "unexpected output of nvidia-smi: 'Segmentation fault (core dumped)', expected 8 values with an index "
                "first"));
}

TEST_CASE("other verbs are not answered", "[plugins]") {
  CHECK(ask_plugin("detectors/nvidia-smi", {{"verb", "sing"}}).is_null());
}

}  // namespace vw::test

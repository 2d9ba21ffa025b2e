#include "plugins/ask_plugin.hpp"
#include "plugins/fake_tools.hpp"
#include "support/catch.hpp"

namespace vw::test {

namespace {

// amd-smi and rocm-smi that print the files of tests/data/rocm-smi/<scene>.
std::string replay_amd_smi(const std::string& scene) {
  return "cd '" VW_ROOT "/tests/data/rocm-smi/" + scene + "' && exec /bin/cat \"$1.json\"";
}
std::string replay_rocm_smi(const std::string& scene) {
  return "cd '" VW_ROOT "/tests/data/rocm-smi/" + scene +
         "' || exit 1\n"
         "case \"$1\" in\n"
         "  --showtopotype) exec /bin/cat rocm-smi-topology.json ;;\n"
         "  *) exec /bin/cat rocm-smi.json ;;\n"
         "esac";
}

struct Scene {
  FakeTools tools;
  Environment rocm{"ROCM_PATH", tools.path("rocm")};

  Json detect(double timeout_s = 10) const {
    return ask_plugin("detectors/rocm-smi", {{"verb", "detect"}, {"timeout_s", timeout_s}});
  }
};

Json nothing(const std::string& status, const std::string& tool, const std::string& message) {
  return {{"status", status}, {"tool", tool}, {"message", message}, {"gpus", Json::array()}, {"links", Json::array()}};
}

}  // namespace

TEST_CASE("amd-smi of ROCm 6 gives cards, use, links and version", "[plugins]") {
  Scene scene;
  scene.tools.put("amd-smi", replay_amd_smi("two-mi300x"));
  CHECK(scene.detect() == Json::parse(R"({"status": "ok", "tool": "amd-smi", "rocm_version": "6.3.1",
    "driver_version": "6.10.5", "links": [{"a": 0, "b": 1, "kind": "infinity-fabric", "detail": "XGMI"}],
    "gpus": [
      {"index": 0, "name": "AMD Instinct MI300X", "gfx": "gfx942", "vram_mib": 196592, "vram_used_mib": 283,
       "vram_free_mib": 196309, "driver_version": "6.10.5", "rocm_version": "6.3.1"},
      {"index": 1, "name": "AMD Instinct MI300X", "gfx": "gfx942", "vram_mib": 196592, "vram_used_mib": 171034,
       "vram_free_mib": 25558, "driver_version": "6.10.5", "rocm_version": "6.3.1"}]})"));
}

TEST_CASE("amd-smi of ROCm 7 wraps its list", "[plugins]") {
  Scene scene;
  scene.tools.put("amd-smi", replay_amd_smi("mi355x-rocm-7"));
  const auto detection = scene.detect();
  REQUIRE(detection["gpus"].size() == 1);
  CHECK(detection["gpus"][0]["name"] == "AMD Instinct MI355X");
  CHECK(detection["gpus"][0]["gfx"] == "gfx950");
  CHECK(detection["gpus"][0]["vram_mib"] == 294896);
  CHECK(detection["gpus"][0]["vram_used_mib"] == 297);
  CHECK(detection["rocm_version"] == "7.0.1");
}

TEST_CASE("rocm-smi answers where there is no amd-smi, its warnings skipped", "[plugins]") {
  Scene scene;
  scene.tools.put("rocm-smi", replay_rocm_smi("two-mi250"));
  scene.tools.write("rocm/.info/version", "6.0.2-115\n");
  CHECK(scene.detect() == Json::parse(R"({"status": "ok", "tool": "rocm-smi", "driver_version": "6.3.6",
    "rocm_version": "6.0.2",
    "links": [{"a": 0, "b": 1, "kind": "infinity-fabric", "detail": "XGMI"}],
    "gpus": [
      {"index": 0, "name": "AMD INSTINCT MI250 (MCM) OAM AC MBA", "vram_mib": 65520, "vram_used_mib": 10,
       "driver_version": "6.3.6", "rocm_version": "6.0.2"},
      {"index": 1, "name": "AMD INSTINCT MI250 (MCM) OAM AC MBA", "vram_mib": 65520, "vram_used_mib": 10,
       "driver_version": "6.3.6", "rocm_version": "6.0.2"}]})"));
}

TEST_CASE("rocm-smi of ROCm 6 spells its labels otherwise and knows the target", "[plugins]") {
  Scene scene;
  scene.tools.put("rocm-smi", replay_rocm_smi("rx7900"));
  const auto gpu = scene.detect()["gpus"][0];
  CHECK(gpu["name"] == "Radeon RX 7900 XTX");
  CHECK(gpu["gfx"] == "gfx1100");
  CHECK(gpu["vram_mib"] == 24560);
  CHECK(gpu["vram_used_mib"] == 1154);
}

TEST_CASE("rocm-smi is asked when amd-smi fails", "[plugins]") {
  Scene scene;
  scene.tools.put("amd-smi", "echo 'ImportError: libamd_smi.so' >&2; exit 1");
  scene.tools.put("rocm-smi", replay_rocm_smi("rx7900"));
  CHECK(scene.detect()["tool"] == "rocm-smi");
}

TEST_CASE("without AMD's tools the detector says that they are absent", "[plugins]") {
  const Scene scene;
  CHECK(scene.detect() == nothing("absent", "rocm-smi", "neither amd-smi nor rocm-smi is on the PATH"));
}

TEST_CASE("a driver that is not loaded is told in the tool's own words", "[plugins]") {
  Scene scene;
  const std::string words = "ERROR:root:Driver not initialized (amdgpu not found in modules)";
  scene.tools.put("rocm-smi", "echo '" + words + "' >&2; exit 1");
  CHECK(scene.detect() == nothing("failed", "rocm-smi", words));
  scene.tools.put("amd-smi",
                  "echo 'Unable to detect any GPU devices, check amdgpu version and module status'; exit 255");
  CHECK(scene.detect() ==
        nothing("failed", "amd-smi", "Unable to detect any GPU devices, check amdgpu version and module status"));
}

TEST_CASE("AMD's tools without a device are no failure", "[plugins]") {
  Scene scene;
  scene.tools.put("rocm-smi", "echo 'WARNING: No JSON data to report'");
  CHECK(scene.detect() == nothing("no-gpu", "rocm-smi", "rocm-smi lists no devices"));
  scene.tools.put("amd-smi", "echo '[]'");
  CHECK(scene.detect()["status"] == "no-gpu");
}

TEST_CASE("AMD output that is no JSON, or other JSON, is a failure and no crash", "[plugins]") {
  Scene scene;
  scene.tools.put("rocm-smi", "echo 'what is this'");
  CHECK(scene.detect() ==
        nothing("failed", "rocm-smi", "unexpected output of rocm-smi: 'what is this', expected JSON"));
  scene.tools.put("rocm-smi", R"(echo '{"card0": 7, "cardx": {}, "system": []}')");
  CHECK(scene.detect()["gpus"] ==
        Json::parse(R"([{"index": 0, "name": "", "vram_mib": null, "vram_used_mib": null}])"));
  scene.tools.put("amd-smi", R"(echo '[7, {"gpu": "x", "asic": [], "vram": {"size": {"value": {"value": "9e99"}}}}]')");
  CHECK(scene.detect()["gpus"].size() == 2);
}

TEST_CASE("AMD's tools share one deadline", "[plugins]") {
  Scene scene;
  scene.tools.put("amd-smi", "/bin/sleep 60").put("rocm-smi", "/bin/sleep 60");
  const Stopwatch watch;
  CHECK(scene.detect(0.5) == nothing("failed", "amd-smi", "amd-smi gave no answer within 0.5 s and was stopped"));
  CHECK(watch.seconds() < 5);
}

}  // namespace vw::test

// rocm-smi: a GPU detector that asks AMD's own tools, the newer one first.
#include "amd_smi.hpp"
#include "plugin.hpp"
#include "rocm_smi_json.hpp"

#include <cstdlib>
#include <fstream>
#include <string>

namespace {

using vw::amd::Json;
namespace tools = vw::tools;

// Installed ROCm writes its version to a file, "6.2.4-109".
std::string installed_rocm_version() {
  const char* root = std::getenv("ROCM_PATH");
  std::ifstream file(std::string(root != nullptr && *root != '\0' ? root : "/opt/rocm") + "/.info/version");
  std::string version;
  std::getline(file, version);
  return tools::first_line(version.substr(0, version.find('-')));
}

Json asked(const tools::Deadline& deadline) {
  auto newer = vw::amd::ask_amd_smi(deadline);
  if (newer["status"] == "ok") return newer;
  auto older = vw::amd::ask_rocm_smi(deadline);
  if (older["status"] == "ok" || newer["status"] == "absent") {
    if (older["status"] == "absent") older["message"] = "neither amd-smi nor rocm-smi is on the PATH";
    return older;
  }
  return newer;
}

Json detect(double timeout_s) {
  auto detection = asked(tools::Deadline(timeout_s));
  if (detection["status"] != "ok") return detection;
  if (!detection.contains("rocm_version"))
    if (const auto version = installed_rocm_version(); !version.empty()) detection["rocm_version"] = version;
  for (auto& gpu : detection["gpus"]) {
    if (detection.contains("rocm_version")) gpu["rocm_version"] = detection["rocm_version"];
    if (gpu.contains("driver_version") && !detection.contains("driver_version"))
      detection["driver_version"] = gpu["driver_version"];
  }
  return detection;
}

class RocmSmi {
 public:
  explicit RocmSmi(std::string_view /*settings*/) {}

  std::string ask(std::string_view request_text) const {
    const auto request = Json::parse(request_text);
    if (request.value("verb", Json()) != "detect") return "null";
    return detect(tools::timeout_s(request)).dump(-1, ' ', false, Json::error_handler_t::replace);
  }
};

constexpr vw_part rocm_smi = vw::asking_part<RocmSmi>::make(
    VW_KIND_GPU_DETECTOR, "rocm-smi", "AMD GPUs of this machine, as amd-smi or rocm-smi lists them");

}  // namespace

VW_PLUGIN("rocm-smi", "0.1.0", &rocm_smi)

// nvidia-smi: a GPU detector that asks NVIDIA's own tool.
#include "mig.hpp"
#include "plugin.hpp"
#include "query.hpp"
#include "tool-runner/text.hpp"
#include "tool-runner/tool_runner.hpp"
#include "topology.hpp"

#include <algorithm>
#include <string>

namespace {

using namespace vw::nvidia;
namespace tools = vw::tools;

// "12.4" of "| NVIDIA-SMI 550.54.15   Driver Version: 550.54.15   CUDA Version: 12.4 |"; empty when there is none.
std::string cuda_version(const std::string& table) {
  for (const std::string label : {"CUDA Version:", "CUDA UMD Version:"}) {
    const auto at = table.find(label);
    if (at == std::string::npos) continue;
    const auto words = tools::words_of(table.substr(at + label.size(), 20));
    if (!words.empty() && tools::number_of(words.front())) return words.front();
  }
  return "";
}

bool has_mig(const std::vector<Json>& gpus) {
  return std::any_of(gpus.begin(), gpus.end(), [](const Json& gpu) { return gpu.value("mig_mode", "") == "enabled"; });
}

// What only other calls tell. Each may fail without costing the cards.
void add_details(Cards& cards, Json& detection, const tools::Deadline& deadline) {
  const auto table = tools::run_tool({"nvidia-smi"}, deadline);
  if (const auto version = cuda_version(table.output); !version.empty()) {
    detection["cuda_version"] = version;
    for (auto& gpu : cards.gpus) gpu["cuda_version"] = version;
  }
  if (cards.gpus.size() > 1)
    detection["links"] = read_topology(tools::run_tool({"nvidia-smi", "topo", "-m"}, deadline).output);
  if (has_mig(cards.gpus))
    add_mig_slices(tools::run_tool({"nvidia-smi", "-L"}, deadline).output, table.output, cards.gpus);
}

Json detect(double timeout_s) {
  const tools::Deadline deadline(timeout_s);
  auto cards = query_cards(deadline);
  Json detection = {{"status", cards.status}, {"tool", "nvidia-smi"}, {"links", Json::array()}};
  if (!cards.message.empty()) detection["message"] = cards.message;
  if (cards.status == "ok") {
    add_details(cards, detection, deadline);
    if (cards.gpus.front().contains("driver_version"))
      detection["driver_version"] = cards.gpus.front()["driver_version"];
  }
  detection["gpus"] = std::move(cards.gpus);
  return detection;
}

Json usage(double timeout_s) {
  auto cards = query_usage(tools::Deadline(timeout_s));
  Json reply = {{"status", cards.status}, {"tool", "nvidia-smi"}, {"gpus", std::move(cards.gpus)}};
  if (!cards.message.empty()) reply["message"] = cards.message;
  return reply;
}

class NvidiaSmi {
 public:
  explicit NvidiaSmi(std::string_view /*settings*/) {}

  std::string ask(std::string_view request_text) const {
    const auto request = Json::parse(request_text);
    const auto verb = request.value("verb", Json());
    if (verb != "detect" && verb != "usage") return "null";
    const double timeout_s = tools::timeout_s(request);
    return (verb == "usage" ? usage(timeout_s) : detect(timeout_s))
        .dump(-1, ' ', false, Json::error_handler_t::replace);
  }
};

constexpr vw_part nvidia_smi = vw::asking_part<NvidiaSmi>::make(
    VW_KIND_GPU_DETECTOR, "nvidia-smi", "NVIDIA GPUs of this machine, as nvidia-smi lists them");

}  // namespace

VW_PLUGIN("nvidia-smi", "0.1.0", &nvidia_smi)

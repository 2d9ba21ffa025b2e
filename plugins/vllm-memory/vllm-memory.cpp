// Plugin vllm-memory: the memory of a vLLM V1 server as its start-up log will show it.
#include "estimate.hpp"
#include "explain.hpp"

#include "engine-settings/candidate.hpp"
#include "plugin.hpp"

#include <nlohmann/json.hpp>

#include <stdexcept>

namespace {

class VllmMemory {
 public:
  explicit VllmMemory(std::string_view settings) : estimator_(vllm_memory::read_settings(settings)) {}

  vw_memory estimate(const vw_candidate& candidate) const { return estimator_.estimate(candidate); }

  std::string ask(std::string_view request) const {
    const auto json = nlohmann::json::parse(request);
    const std::string verb = json.value("verb", "");
    if (verb == "explain") return vllm_memory::explain(estimator_, vw::settings::read_candidate(json.at("candidate")));
    if (verb == "policy") return R"({"headroom_gib": 0, "fragmentation_factor": 1, "reads_corrections": true})";
    throw std::runtime_error("does not know the verb '" + verb + "', expected 'explain' or 'policy'");
  }

 private:
  vllm_memory::Estimator estimator_;
};

constexpr vw_part vllm = vw::memory_model_part<VllmMemory>::make("vllm", "predicts what vLLM logs at start-up");

}  // namespace

VW_PLUGIN("vllm", "0.1.0", &vllm)

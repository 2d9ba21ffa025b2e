// Plugin roofline: the time of one engine step from measured operations, composed into what users of a server see.
#include "explain.hpp"

#include <nlohmann/json.hpp>

#include "plugin.hpp"

#include <stdexcept>

namespace {

class Roofline {
 public:
  explicit Roofline(std::string_view settings) : estimator_(roofline::read_settings(settings)) {}

  vw_perf estimate(const vw_candidate& candidate, const vw_memory& memory) const {
    return estimator_.estimate(candidate, memory);
  }

  std::string ask(std::string_view request) const {
    const auto json = nlohmann::json::parse(request);
    const std::string verb = json.value("verb", "");
    if (verb == "explain") return roofline::explain(estimator_, roofline::read_question(json)).dump();
    if (verb == "benchmark") return roofline::benchmark(estimator_, roofline::read_question(json)).dump();
    if (verb == "simulate") return roofline::simulate(estimator_, json).dump();
    throw std::runtime_error("does not know the verb '" + verb + "', expected 'explain', 'benchmark' or 'simulate'");
  }

 private:
  roofline::Estimator estimator_;
};

constexpr vw_part part = vw::perf_heuristic_part<Roofline>::make(
    "roofline", "time of a step from measured operations of the card, composed for continuous batching");

}  // namespace

VW_PLUGIN("roofline", "0.1.0", &part)

// vllm-metrics: a server probe that asks a running vLLM over HTTP for the metrics it shows to Prometheus.
#include "complaints.hpp"
#include "exposition.hpp"
#include "model-folder/files.hpp"
#include "model-folder/json_text.hpp"
#include "plugin.hpp"
#include "server.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace {

using namespace vw::metrics;
using vw::checkpoint::Json;
using vw::checkpoint::text_or_empty;
namespace http = vw::http;

constexpr std::uint64_t most_page_bytes = std::uint64_t{8} << 20;
constexpr std::uint64_t most_detail_bytes = std::uint64_t{1} << 20;

// A server is asked again soon: nothing is tried twice.
const http::Patience usual_patience = {.connect_s = 5, .stall_s = 5, .total_s = 5, .retries = 0};

// The metric that a sample is of: "x" for x_bucket, x_sum and x_count of a histogram. Empty: none of those wanted.
std::string family_of(const std::string& sample, const std::set<std::string>& wanted) {
  if (wanted.contains(sample)) return sample;
  for (const char* ending : {"_bucket", "_sum", "_count"})
    if (sample.ends_with(ending))
      if (const auto name = sample.substr(0, sample.size() - std::string_view(ending).size()); wanted.contains(name))
        return name;
  return "";
}

// JSON has neither NaN nor infinities: null.
Json value_of(double value) { return std::isfinite(value) ? Json(value) : Json(); }

Json families_of(const std::vector<Sample>& samples, const std::set<std::string>& wanted) {
  Json families = Json::object();
  for (const auto& sample : samples) {
    const auto family = wanted.empty() ? sample.name : family_of(sample.name, wanted);
    if (!family.empty())
      families[family].push_back({{"name", sample.name}, {"labels", sample.labels}, {"value", value_of(sample.value)}});
  }
  return families;
}

bool is_of_vllm(const Sample& sample) { return sample.name.starts_with("vllm:"); }

std::set<std::string> wanted_in(const Json& request) {
  std::set<std::string> wanted;
  const auto names = request.find("families");
  if (names == request.end() || !names->is_array()) return wanted;
  for (const auto& name : *names)
    if (name.is_string()) wanted.insert(name.get<std::string>());
  return wanted;
}

Json failed(const Complaint& complaint) {
  return {{"status", "failed"}, {"message", complaint.what}, {"hint", complaint.hint}};
}

Json read_page(const std::string& page, const std::set<std::string>& wanted) {
  try {
    const auto samples = parse_exposition(page);
    if (std::none_of(samples.begin(), samples.end(), is_of_vllm)) return failed(no_metrics_of_vllm());
    return {{"status", "ok"}, {"families", families_of(samples, wanted)}};
  } catch (const Malformed& malformed) {
    return failed(malformed_page(malformed.what()));
  }
}

// What only a vLLM server answers; null where it does not.
Json detail(http::Transfers& transfers, const std::string& url) {
  const auto reply = transfers.get({{.url = url, .most_bytes = most_detail_bytes}}).front();
  if (!reply.is_good() || reply.is_longer) return nullptr;
  try {
    return vw::checkpoint::parse_json(reply.body, url);
  } catch (const vw::checkpoint::Failure&) {
    return nullptr;
  }
}

Json models_of(const Json& answer) {
  Json models = Json::array();
  const auto data = answer.find("data");
  if (data == answer.end() || !data->is_array()) return models;
  for (const auto& entry : *data) {
    if (text_or_empty(entry, "id").empty()) continue;
    Json model = {{"id", text_or_empty(entry, "id")}};
    if (const auto root = text_or_empty(entry, "root"); !root.empty()) model["root"] = root;
    if (const auto length = entry.find("max_model_len"); length != entry.end() && length->is_number_unsigned())
      model["max_model_len"] = *length;
    models.push_back(std::move(model));
  }
  return models;
}

class VllmMetrics {
 public:
  explicit VllmMetrics(std::string_view settings)
      : patience_(http::read_patience(Json::parse(settings), usual_patience)) {}

  std::string ask(std::string_view request_text) const {
    const auto request = Json::parse(request_text);
    const auto verb = text_or_empty(request, "verb");
    if (verb != "probe" && verb != "describe") return "null";
    const auto server = read_server(text_or_empty(request, "url"));
    const auto patience = patience_for(request);
    http::Transfers transfers(server.caller, patience);
    auto reply = verb == "probe" ? probe(transfers, server, wanted_in(request)) : describe(transfers, server);
    reply["address"] = server.address;
    reply["is_local"] = server.is_local;
    return reply.dump(-1, ' ', false, Json::error_handler_t::replace);
  }

 private:
  http::Patience patience_for(const Json& request) const {
    auto patience = patience_;
    const auto timeout = request.find("timeout_s");
    if (timeout == request.end() || !timeout->is_number() || !(timeout->get<double>() > 0)) return patience;
    const double seconds = timeout->get<double>();
    patience.connect_s = std::min(patience.connect_s, seconds);
    patience.total_s = std::min(patience.total_s, seconds);
    return patience;
  }

  static Json probe(http::Transfers& transfers, const Server& server, const std::set<std::string>& wanted) {
    const auto reply = transfers.get({{.url = server.address + "/metrics", .most_bytes = most_page_bytes}}).front();
    const auto complaint = complaint_of(reply, server);
    return complaint ? failed(*complaint) : read_page(reply.body, wanted);
  }

  static Json describe(http::Transfers& transfers, const Server& server) {
    const auto version = detail(transfers, server.address + "/version");
    const auto models = detail(transfers, server.address + "/v1/models");
    return {{"status", "ok"}, {"version", text_or_empty(version, "version")}, {"models", models_of(models)}};
  }

  http::Patience patience_;
};

constexpr vw_part vllm_metrics = vw::asking_part<VllmMetrics>::make(VW_KIND_SERVER_PROBE, "vllm-metrics",
                                                                    "the metrics of a running vLLM server, over HTTP");

}  // namespace

VW_PLUGIN("vllm-metrics", "0.1.0", &vllm_metrics)

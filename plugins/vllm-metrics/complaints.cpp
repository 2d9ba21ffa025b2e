#include "complaints.hpp"

#include "model-folder/files.hpp"

#include <regex>

namespace vw::metrics {

namespace {

const std::string own_address = "give the address of the server itself, not of a gateway before it";

Complaint refused(const http::Reply& reply, const Server& server) {
  const auto status = std::to_string(reply.status);
  if (server.caller.token.empty())
    return {"answered " + status + ", expected 200",
            "set VLLM_API_KEY to the key that the server wants (its --api-key)"};
  return {"refused the key in VLLM_API_KEY (" + status + "), expected the one that the server wants",
          "it is the value of the server's --api-key, or of VLLM_API_KEY where it was started"};
}

// libcurl's words without how long it took, so that the same trouble reads the same.
std::string lasting(const std::string& trouble) {
  static const std::regex duration(" after [0-9]+ (ms|milliseconds)");
  return std::regex_replace(trouble, duration, "");
}

std::optional<Complaint> complaint_of_body(const http::Reply& reply) {
  if (reply.is_longer) return Complaint{"sent more than 8 MiB, expected a page of metrics", own_address};
  if (reply.is_web_page()) return Complaint{"answered with a web page, expected metrics", own_address};
  if (reply.body.find_first_not_of(" \t\r\n") == std::string::npos)
    return Complaint{"answered with an empty page, expected metrics", own_address};
  return std::nullopt;
}

}  // namespace

std::optional<Complaint> complaint_of(const http::Reply& reply, const Server& server) {
  if (!reply.trouble.empty())
    return Complaint{"no answer: " + lasting(reply.trouble) + ", expected a running vLLM server",
                     "is it up, and is this its port (vllm serve --port, 8000)? It listens once the model is loaded"};
  if (reply.status == 401 || reply.status == 403) return refused(reply, server);
  if (reply.status == 404) return Complaint{"has no page /metrics (404), expected a vLLM server", own_address};
  if (reply.status >= 300 && reply.status < 400)
    return Complaint{"sends elsewhere (" + std::to_string(reply.status) + "), expected metrics",
                     reply.redirect.empty() ? own_address : "is it " + checkpoint::shown(reply.redirect) + "?"};
  if (reply.status != 200)
    return Complaint{"answered " + std::to_string(reply.status) + ", expected 200",
                     reply.status >= 500 ? "its own log says why; vllm-wizard diagnose reads it" : own_address};
  return complaint_of_body(reply);
}

Complaint no_metrics_of_vllm() {
  return {"shows metrics, but none of vLLM's, expected some like vllm:num_requests_running",
          "was it started with --disable-log-stats, which turns them off? Is it a vLLM server?"};
}

Complaint malformed_page(const std::string& why) {
  return {"shows metrics that cannot be read: " + why, "is it a vLLM server? " + own_address};
}

}  // namespace vw::metrics

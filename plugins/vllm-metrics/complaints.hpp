// vllm-metrics: what to tell people when a server did not show its metrics.
#pragma once

#include "server.hpp"

#include <optional>
#include <string>

namespace vw::metrics {

struct Complaint {
  std::string what, hint;
};

// Empty: the reply is a page to be read.
std::optional<Complaint> complaint_of(const http::Reply& reply, const Server& server);
// A page that is whole and in the right format, but without a metric of vLLM's.
Complaint no_metrics_of_vllm();
Complaint malformed_page(const std::string& why);

}  // namespace vw::metrics

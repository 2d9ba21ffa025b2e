// vllm-metrics: which server is asked, and as whom.
#pragma once

#include "http-transfers/transfers.hpp"

#include <string>

namespace vw::metrics {

struct Server {
  std::string address;    // "http://localhost:8000": no slash at the end, no /metrics
  bool is_local = false;  // on this machine, so that its cards are those of this machine
  http::Caller caller;
};

// `url`: as the user wrote it, "localhost:8000" and ".../metrics" included. The key is VLLM_API_KEY's, vLLM's own name
// for it. Throws checkpoint::Failure where it is no address or holds a password, and where the key can be none.
Server read_server(const std::string& url);

}  // namespace vw::metrics

// hf-hub: requests to the Hub, made by http-transfers.
#pragma once

#include "access.hpp"
#include "http-transfers/transfers.hpp"

namespace vw::hub {

using http::escaped;
using http::escaped_segment;
using http::Get;
using http::Patience;
using http::Reply;
using http::Transfers;

inline http::Caller caller_of(const Access& access) {
  return {.token = access.token, .stays_secure = access.endpoint.starts_with("https:")};
}

}  // namespace vw::hub

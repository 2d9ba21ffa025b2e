// http-transfers: where a server is.
#pragma once

#include <optional>
#include <string>

namespace vw::http {

// The parts of an http or https URL as they were written; empty: not given.
struct Address {
  std::string scheme, host, port, path;
  bool has_user = false, has_query = false;
};

// Empty when the text is no URL, or of another scheme.
std::optional<Address> parse_address(const std::string& text);

// A host of this machine: localhost, 127.0.0.1 and the like.
bool is_loopback(const std::string& host);

}  // namespace vw::http

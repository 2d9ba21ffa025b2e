#include "http-transfers/address.hpp"

#include <curl/curl.h>

#include <memory>

namespace vw::http {

namespace {

using Handle = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

std::string part_of(const Handle& handle, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(handle.get(), part, &text, 0) != CURLUE_OK) return "";
  const std::string result = text;
  curl_free(text);
  return result;
}

}  // namespace

std::optional<Address> parse_address(const std::string& text) {
  const Handle handle(curl_url(), &curl_url_cleanup);
  if (!handle || curl_url_set(handle.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) return std::nullopt;
  Address address{part_of(handle, CURLUPART_SCHEME),
                  part_of(handle, CURLUPART_HOST),
                  part_of(handle, CURLUPART_PORT),
                  part_of(handle, CURLUPART_PATH),
                  !part_of(handle, CURLUPART_USER).empty() || !part_of(handle, CURLUPART_PASSWORD).empty(),
                  !part_of(handle, CURLUPART_QUERY).empty() || !part_of(handle, CURLUPART_FRAGMENT).empty()};
  if (address.scheme != "https" && address.scheme != "http") return std::nullopt;
  return address;
}

bool is_loopback(const std::string& host) {
  return host == "localhost" || host == "[::1]" || host == "0.0.0.0" || host.starts_with("127.");
}

}  // namespace vw::http

#include "server.hpp"

#include "http-transfers/address.hpp"
#include "model-folder/files.hpp"
#include "model-folder/hub_names.hpp"

#include <algorithm>
#include <string_view>

namespace vw::metrics {

namespace {

using checkpoint::Failure;

constexpr const char* key_name = "VLLM_API_KEY";
const std::string expected = ", expected an address like http://localhost:8000";

std::string read_key() {
  const auto key = checkpoint::environment(key_name);
  const auto is_plain = [](char c) { return c > 0x20 && c < 0x7f; };
  if (!std::all_of(key.begin(), key.end(), is_plain))
    throw Failure(key_name, "holds characters that no key has, expected one word");
  return key;
}

std::string without_page(std::string url) {
  constexpr std::string_view page = "/metrics";
  while (url.ends_with('/')) url.pop_back();
  if (url.ends_with(page)) url.resize(url.size() - page.size());
  while (url.ends_with('/')) url.pop_back();
  return url;
}

}  // namespace

Server read_server(const std::string& url) {
  constexpr std::size_t most_bytes = 2000;
  Server server;
  server.address = without_page(url.find("://") == std::string::npos ? "http://" + url : url);
  const auto address = http::parse_address(server.address);
  // never shown: it may hold a password
  if (address && address->has_user)
    throw Failure("the server's address", "holds a user name, expected none\nhint: give a key in VLLM_API_KEY");
  if (!address || url.size() > most_bytes || address->has_query)
    throw Failure(checkpoint::shown(url), "is no address of a server" + expected);
  server.is_local = http::is_loopback(address->host);
  server.caller = {.token = read_key(), .most_redirects = 0, .goes_round_proxy = server.is_local};
  return server;
}

}  // namespace vw::metrics

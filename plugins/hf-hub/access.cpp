#include "access.hpp"

#include "http-transfers/address.hpp"
#include "model-folder/files.hpp"
#include "model-folder/hub_names.hpp"

#include <algorithm>
#include <cctype>

namespace vw::hub {

namespace {

using checkpoint::environment;
using checkpoint::Failure;

std::string trimmed(std::string text) {
  const auto is_space = [](char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; };
  while (!text.empty() && is_space(text.back())) text.pop_back();
  text.erase(text.begin(), std::find_if_not(text.begin(), text.end(), is_space));
  return text;
}

void read_endpoint(Access& access) {
  access.endpoint = trimmed(environment("HF_ENDPOINT"));
  if (access.endpoint.empty()) access.endpoint = "https://huggingface.co";
  while (access.endpoint.ends_with('/')) access.endpoint.pop_back();
  const auto address = http::parse_address(access.endpoint);
  const std::string expected = "expected an address like https://huggingface.co";
  if (address && address->has_user)
    throw Failure("HF_ENDPOINT", "holds a user name, " + expected + "\nhint: give the token in HF_TOKEN");
  if (!address) throw Failure("HF_ENDPOINT", checkpoint::shown(access.endpoint) + " is no address, " + expected);
  access.host = address->host + (address->port.empty() ? "" : ":" + address->port);
}

std::string token_path() {
  if (const auto path = environment("HF_TOKEN_PATH"); !path.empty()) return checkpoint::expanded(path);
  const auto home = checkpoint::huggingface_home();
  return home.empty() ? "" : home + "/token";
}

void read_token(Access& access) {
  constexpr std::uint64_t most_token_bytes = 4096;
  for (const char* name : {"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"}) {
    if (!access.token.empty()) break;
    access.token = trimmed(environment(name));
    access.token_source = name;
  }
  if (const auto path = token_path(); access.token.empty() && checkpoint::disk().is_file(path)) {
    access.token = trimmed(checkpoint::read_text(checkpoint::disk(), path, most_token_bytes));
    access.token_source = path;
  }
  const auto is_plain = [](char c) { return c > 0x20 && c < 0x7f; };
  if (!std::all_of(access.token.begin(), access.token.end(), is_plain))
    throw Failure(access.token_source, "holds characters that no token has, expected one word like hf_...");
}

}  // namespace

Access read_access() {
  Access access;
  read_endpoint(access);
  read_token(access);
  return access;
}

bool is_offline_here() {
  auto value = environment("HF_HUB_OFFLINE");
  std::transform(value.begin(), value.end(), value.begin(), [](unsigned char c) { return std::toupper(c); });
  return value == "1" || value == "ON" || value == "YES" || value == "TRUE";
}

}  // namespace vw::hub

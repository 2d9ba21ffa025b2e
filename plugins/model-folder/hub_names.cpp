#include "model-folder/hub_names.hpp"

#include <algorithm>
#include <cstdlib>

namespace vw::checkpoint {

namespace {

// What the Hub allows in a name, and nothing that climbs out of a folder.
bool is_name(const std::string& text) {
  constexpr std::size_t most_bytes = 96;
  const auto is_allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
  };
  return !text.empty() && text.size() <= most_bytes && text.front() != '.' && text.front() != '-' &&
         text.find("--") == std::string::npos && text.find("..") == std::string::npos &&
         std::all_of(text.begin(), text.end(), is_allowed);
}

}  // namespace

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string expanded(const std::string& path) {
  const bool is_home = path == "~" || path.starts_with("~/");
  const auto home = is_home ? environment("HOME") : "";
  return home.empty() ? path : home + path.substr(1);
}

std::string huggingface_home() {
  if (const auto home = environment("HF_HOME"); !home.empty()) return expanded(home);
  if (const auto cache = environment("XDG_CACHE_HOME"); !cache.empty()) return expanded(cache) + "/huggingface";
  const auto home = environment("HOME");
  return home.empty() ? "" : home + "/.cache/huggingface";
}

bool is_hub_id(const std::string& id) { return !hub_folder(id).empty(); }

std::string hub_folder(const std::string& id) {
  const std::string prefix = "models--";
  const auto slash = id.find('/');
  if (slash == std::string::npos) return is_name(id) ? prefix + id : "";
  const auto organisation = id.substr(0, slash), name = id.substr(slash + 1);
  return is_name(organisation) && is_name(name) ? prefix + organisation + "--" + name : "";
}

bool is_hub_revision(const std::string& text) {
  return !text.empty() && text.front() != '/' && text.back() != '/' && text.find("..") == std::string::npos &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

}  // namespace vw::checkpoint

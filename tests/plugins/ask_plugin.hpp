// Plugins are tested as the engine uses them: opened as shared objects and asked through their one door.
#pragma once

#include "base/error.hpp"
#include "native/loader.hpp"

#include <string>
#include <vector>

namespace vw::test {

// `plugin` is its folder and id: "sources/local-files".
inline Json ask_plugin(const std::string& plugin, const Json& request, const Json& settings = Json::object()) {
  std::vector<std::string> notes;
  const auto parts = native::load_plugin(VW_BINARY_DIR "/plugins/" + plugin + ".so", Origin::Rank::installed, notes);
  return parts.at(0).open(settings).ask(request);
}

// The message of the Error that asking ends in; empty when there is none.
inline std::string plugin_failure(const std::string& plugin, const Json& request) {
  try {
    ask_plugin(plugin, request);
    return "";
  } catch (const Error& error) {
    return error.message();
  }
}

}  // namespace vw::test

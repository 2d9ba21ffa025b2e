// A Hub, a home and an environment of a test's own, and the plugin that asks the one from the other.
#pragma once

#include "plugins/ask_plugin.hpp"
#include "plugins/checkpoint_bytes.hpp"
#include "plugins/environment.hpp"
#include "support/hub_server.hpp"
#include "support/temp_dir.hpp"

#include <cstdio>
#include <map>
#include <string>

namespace vw::test {

inline const std::string tiny_config = R"({"architectures": ["LlamaForCausalLM"], "hidden_size": 64})";

struct HubLab {
  HubServer server;
  TempDir dir;
  Environment endpoint{"HF_ENDPOINT", server.url()};
  Environment home{"HOME", dir.path("home")}, hf_home{"HF_HOME", dir.path("hf")};
  Environment cache{"XDG_CACHE_HOME", dir.path("cache")}, offline{"HF_HUB_OFFLINE", std::nullopt};
  Environment token{"HF_TOKEN", std::nullopt}, old_token{"HUGGING_FACE_HUB_TOKEN", std::nullopt};
  Environment token_path{"HF_TOKEN_PATH", std::nullopt}, proxy{"no_proxy", "127.0.0.1,localhost"};
  // Users wait longer.
  Json patience = {{"first_wait_s", 0.01}, {"longest_wait_s", 1.5}, {"connect_s", 2}, {"total_s", 5}};

  std::string listing(const std::string& id = "org/tiny") const { return HubServer::listing_target(id); }
  std::string file(const std::string& name, const std::string& id = "org/tiny") const {
    return HubServer::file_target(id, name);
  }

  Json describe(const std::string& model = "org/tiny", const Json& more = Json::object()) const {
    Json request = {{"verb", "describe"}, {"model", model}};
    request.update(more);
    return ask_plugin("sources/hf-hub", request, patience);
  }

  // The error that describing ends in, with its hint; the host is called <hub>. Empty when there is none.
  std::string failure(const std::string& model = "org/tiny", const Json& more = Json::object()) const {
    try {
      describe(model, more);
      return "";
    } catch (const Error& error) {
      return masked(error.message() + (error.hint().empty() ? "" : "\nhint: " + error.hint()));
    }
  }

  // Why the plugin does not know whether it knows, in the same form.
  std::string unanswered(const std::string& model = "org/tiny", const Json& more = Json::object()) const {
    const auto reply = describe(model, more);
    return reply.contains("unanswered")
               ? masked(reply["unanswered"].get<std::string>() + "\nhint: " + reply["hint"].get<std::string>())
               : "answered " + reply.dump();
  }

  std::string masked(std::string text) const {
    for (auto at = text.find(server.host()); at != std::string::npos; at = text.find(server.host()))
      text.replace(at, server.host().size(), "<hub>");
    return text;
  }

  // How often this was asked for.
  std::size_t times(const std::string& target) const {
    std::size_t count = 0;
    for (const auto& seen : server.seen()) count += seen.target == target ? 1 : 0;
    return count;
  }
};

// "model-00001-of-00003.safetensors".
inline std::string shard_name(unsigned number, unsigned count) {
  char text[64];
  std::snprintf(text, sizeof text, "model-%05u-of-%05u.safetensors", number, count);
  return text;
}

// A checkpoint in `count` shards, each a matrix and data behind it.
inline std::map<std::string, std::string> sharded(unsigned count, std::uint64_t elements) {
  std::map<std::string, std::string> files = {{"config.json", tiny_config}};
  Json map = Json::object();
  for (unsigned i = 1; i <= count; ++i) {
    const auto tensor = "model.layers." + std::to_string(i) + ".weight";
    files[shard_name(i, count)] = safetensors({{tensor, "BF16", {elements}, elements * 2}});
    map[tensor] = shard_name(i, count);
  }
  files["model.safetensors.index.json"] =
      Json{{"metadata", {{"total_size", count * elements * 2}}}, {"weight_map", map}}.dump();
  return files;
}

}  // namespace vw::test

// A server of the test's own that replays pages of metrics (tests/data/metrics), and the program that watches it.
#pragma once

#include "support/golden.hpp"
#include "support/hub_server.hpp"
#include "support/run_cli.hpp"

#include "base/json_reader.hpp"

#include <string>
#include <vector>

namespace vw::test {

struct WatchedServer {
  HubServer server;
  Cli cli;

  // Pages by name, one a look; the last one stays.
  explicit WatchedServer(const std::vector<std::string>& pages = {}) {
    std::vector<Answer> answers;
    for (const std::string& page : pages) answers.push_back({.body = read_golden("metrics/" + page + ".txt")});
    replay(answers);
    server.put("/version", R"({"version": "0.11.0"})");
    server.put("/v1/models", R"({"object": "list", "data": [{"id": "meta-llama/Llama-3.1-8B-Instruct",
      "object": "model", "owned_by": "vllm", "max_model_len": 8192}]})");
  }

  void replay(const std::vector<Answer>& answers) {
    if (!answers.empty()) server.always("/metrics", answers.back());
    server.answer("/metrics", answers);
  }

  // The plan of README.md.
  static std::vector<std::string> plan() {
    return {"-m", "meta-llama/Llama-3.1-8B-Instruct", "--gpu", "RTX 4090", "--max-model-len", "8192", "-c", "4"};
  }

  std::vector<std::string> words(const std::vector<std::string>& more) const {
    std::vector<std::string> all = {"watch", server.url()};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  // The address is called http://localhost:8000.
  Ran watch(const std::vector<std::string>& more) const {
    Ran ran = cli.run(words(more));
    ran.out = shown(ran.out);
    ran.err = shown(ran.err);
    return ran;
  }
  std::string shown(std::string text) const {
    for (auto at = text.find(server.host()); at != std::string::npos; at = text.find(server.host()))
      text.replace(at, server.host().size(), "localhost:8000");
    return text;
  }
};

// A card whose memory in use grows by `mib` from one look to the next.
inline std::string growing_nvidia_smi(int mib) {
  return "if [ -f used ]; then read -r used <used; else used=20000; fi\n"
         "case \"$1\" in\n"
         "  *utilization*) echo \"0, NVIDIA GeForce RTX 4090, 24564, $used, 97\"; echo $((used + " +
         std::to_string(mib) +
         ")) >used ;;\n"
         "  --query-gpu=*) echo \"0, NVIDIA GeForce RTX 4090, GPU-1, 24564, $used, 550.54.15, 8.9, [N/A]\" ;;\n"
         "  *) echo \"no table\" ;;\n"
         "esac";
}

}  // namespace vw::test

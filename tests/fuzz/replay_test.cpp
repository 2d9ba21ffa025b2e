// What fuzzing found, and the files it began with, once more on every run of the tests.
#include "fuzz/targets.hpp"
#include "support/catch.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

namespace fs = std::filesystem;

namespace {

// Runs a target on every file of tests/data/fuzz/<name>.
void replay(const std::string& name, void (*target)(std::string_view)) {
  int files = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator(VW_ROOT "/tests/data/fuzz/" + name)) {
    std::ostringstream bytes;
    bytes << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    INFO(entry.path().string());
    CHECK_NOTHROW(target(bytes.str()));
    ++files;
  }
  CHECK(files > 0);
}

}  // namespace

TEST_CASE("bytes that once broke a reader are read or refused", "[fuzz]") {
  replay("safetensors", vw::fuzz::safetensors);
  replay("shard_index", vw::fuzz::shard_index);
  replay("gguf", vw::fuzz::gguf);
  replay("config", vw::fuzz::config);
  replay("profile", vw::fuzz::profile);
  replay("hub_reply", vw::fuzz::hub_reply);
  replay("metrics_page", vw::fuzz::metrics_page);
  replay("gpu_db", vw::fuzz::gpu_db);
  replay("efficiency", vw::fuzz::efficiency);
  replay("startups", vw::fuzz::startups);
  replay("servers", vw::fuzz::servers);
  replay("launches", vw::fuzz::launches);
  replay("server_log", vw::fuzz::server_log);
}

// Runs the tests of scripts through the engine's own Lua room, and loads every script there is.
#include "lua/scripts.hpp"
#include "base/text.hpp"
#include "support/catch.hpp"

#include <filesystem>

using namespace vw;

namespace {

const std::string scripts = std::string(VW_ROOT) + "/scripts", tests = std::string(VW_ROOT) + "/tests/scripts";

lua::Host disk_host() { return {&disk_files(), nullptr, nullptr}; }

// Paths below tests/scripts without the ending: "families/llama".
std::vector<std::string> tested_scripts() {
  std::vector<std::string> found;
  constexpr std::string_view ending = "_test.lua";
  for (const auto& file : std::filesystem::recursive_directory_iterator(tests)) {
    const std::string path = file.path().string();
    if (path.ends_with(ending))
      found.push_back(path.substr(tests.size() + 1, path.size() - tests.size() - 1 - ending.size()));
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace

TEST_CASE("the tests of the scripts pass", "[scripts]") {
  for (const std::string& name : tested_scripts()) {
    DYNAMIC_SECTION(name) {
      const auto results =
          lua::run_script_test(tests + "/" + name + "_test.lua", scripts + "/" + name + ".lua", disk_host());
      for (const lua::TestResult& result : results) {
        INFO(name << ": " << result.name);
        CHECK(result.failure == "");
      }
    }
  }
}

TEST_CASE("every shipped script loads", "[scripts]") {
  Catalog catalog;
  lua::index_scripts(scripts, Origin::Rank::installed, disk_host(), catalog);
  catalog.seal();
  const std::vector<Listing> listings = catalog.listings(true);
  CHECK(listings.size() > 10);
  for (const Listing& listing : listings) {
    INFO(listing.origin.path);
    CHECK(listing.refusal == "");
  }
}

TEST_CASE("every shipped table of numbers cites its sources", "[scripts]") {
  Catalog catalog;
  lua::index_scripts(scripts, Origin::Rank::installed, disk_host(), catalog);
  catalog.seal();
  for (const char* kind : {table_kind::quantization, table_kind::release, table_kind::gpu}) {
    for (const std::string& id : catalog.ids(kind)) {
      INFO(kind << " " << id);
      const auto table = catalog.table(kind, id);
      CHECK((table->contains("sources") && !table->at("sources").empty()));
    }
  }
}

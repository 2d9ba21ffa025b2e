#include "parts/origins.hpp"

#include "parts/catalog.hpp"
#include "support/catch.hpp"

using namespace vw;

TEST_CASE("a kind is found by folder, by name with and without revision, and by constructor", "[parts]") {
  for (const KindFolder& known : kind_folders()) {
    CHECK(find_folder(known.folder) == &known);
    CHECK(find_kind(known.kind) == &known);
    CHECK(find_kind(short_kind(known.kind)) == &known);
    CHECK(find_constructor(known.constructor) == &known);
  }
  CHECK(kind_folders().size() == 13);
  CHECK(find_folder("plugins") == nullptr);
  CHECK(find_kind("memory-model/2") == nullptr);
  CHECK(find_constructor("memory-model") == nullptr);
}

TEST_CASE("the defaults lie in no folder of their own", "[parts]") {
  REQUIRE(find_kind("defaults") != nullptr);
  CHECK(find_constructor("defaults") == find_kind("defaults"));
  CHECK(find_folder("") == nullptr);
}

TEST_CASE("part kinds have a revision and table kinds have none", "[parts]") {
  CHECK(is_part_kind("memory-model/1"));
  CHECK_FALSE(is_part_kind("memory-model"));
  CHECK_FALSE(is_part_kind("memory-model/2"));
  CHECK_FALSE(is_part_kind("quantization"));
  CHECK_FALSE(is_part_kind("defaults"));
  CHECK(all_kinds() == std::vector<std::string>{"model-family/1", "metadata-source/1", "gpu-detector/1",
                                                "memory-model/1", "perf-heuristic/1", "renderer/1", "server-probe/1",
                                                "quantization", "release", "models", "gpu", "log", "correction",
                                                "gpu-file", "gpu-totals", "efficiency", "defaults"});
}

TEST_CASE("files belong together when they lie below one search folder", "[parts]") {
  CHECK(search_folder("/u/plugins/memory/x.so") == "/u");
  CHECK(search_folder("/u/plugins/x.so") == "/u");
  CHECK(search_folder("/u/scripts/families/x.lua") == "/u");
  CHECK(search_folder("/u/gpu-db/nvidia-hopper.json") == "/u");
  CHECK(search_folder("/mine/memory/x.lua") == "/mine");
  CHECK(search_folder("/mine/x.lua") == "/mine");
  CHECK(search_folder("/memory/x.lua") == "/");
  CHECK(search_folder("memory/x.lua") == "");
  CHECK(search_folder("x.lua") == "");
}

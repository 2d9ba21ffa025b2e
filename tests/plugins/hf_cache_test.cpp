#include "plugins/ask_plugin.hpp"
#include "plugins/checkpoint_bytes.hpp"
#include "plugins/environment.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"

#include <filesystem>

namespace vw::test {

namespace {

const std::string commit = "8c22764a7e3675c50d4c7c9a4edb474456022b16";
const std::string older = "0123456789abcdef0123456789abcdef01234567";

// A cache as huggingface_hub lays it out: blobs, links to them in snapshots, names of revisions in refs.
struct Cache {
  TempDir dir;
  Environment folder{"HF_HUB_CACHE", dir.path()};

  void add(const std::string& model, const std::string& revision, const std::string& hash,
           const std::string& config) const {
    dir.put(model + "/refs/" + revision, hash);
    dir.put(model + "/blobs/" + hash + "-config", config);
    const auto snapshot = dir.path(model + "/snapshots/" + hash);
    std::filesystem::create_directories(snapshot);
    std::filesystem::create_symlink("../../blobs/" + hash + "-config", snapshot + "/config.json");
  }
};

Json describe(const std::string& model, const Json& revision = nullptr) {
  return ask_plugin("sources/hf-cache", {{"verb", "describe"}, {"model", model}, {"revision", revision}});
}

}  // namespace

TEST_CASE("a cached model is found by its id, on its main branch", "[plugins]") {
  const Cache cache;
  cache.add("models--org--tiny", "main", commit, R"({"hidden_size": 64})");
  const auto snapshot = cache.dir.path("models--org--tiny/snapshots/" + commit);
  cache.dir.put("models--org--tiny/snapshots/" + commit + "/model.safetensors", safetensors({{"w", "BF16", {8}, 16}}));
  const auto record = describe("org/tiny");
  CHECK(record["id"] == "org/tiny");
  CHECK(record["source"] == "hf-cache");
  CHECK(record["location"] == snapshot);
  CHECK(record["revision"] == commit);
  CHECK(record["config"]["hidden_size"] == 64);
  CHECK(record["params"] == 8);
}

TEST_CASE("a revision is a branch, a pull request or a commit", "[plugins]") {
  const Cache cache;
  cache.add("models--org--tiny", "main", commit, R"({"hidden_size": 64})");
  cache.add("models--org--tiny", "refs/pr/1", older, R"({"hidden_size": 32})");
  CHECK(describe("org/tiny", "refs/pr/1")["config"]["hidden_size"] == 32);
  CHECK(describe("org/tiny", older)["config"]["hidden_size"] == 32);
  CHECK(describe("org/tiny", "main")["revision"] == commit);
  CHECK(describe("org/tiny", "v2").is_null());
}

TEST_CASE("a model that is not cached, or only in part, is null", "[plugins]") {
  const Cache cache;
  CHECK(describe("org/tiny").is_null());
  cache.dir.put("models--org--tiny/refs/main", commit);
  CHECK(describe("org/tiny").is_null());
  cache.dir.put("models--org--tiny/snapshots/" + commit + "/tokenizer.json", "{}");
  CHECK(describe("org/tiny").is_null());
  std::filesystem::create_symlink("../../blobs/gone",
                                  cache.dir.path("models--org--tiny/snapshots/" + commit + "/config.json"));
  CHECK(describe("org/tiny").is_null());
  cache.dir.put("models--org--tiny/refs/main", "../../elsewhere\n");
  CHECK(describe("org/tiny").is_null());
}

TEST_CASE("names that the Hub does not allow never touch the disk", "[plugins]") {
  const Cache cache;
  cache.add("models--org--tiny", "main", commit, "{}");
  for (const std::string id : {"", "/", "org/", "/tiny", "../org/tiny", "org/../tiny", "a/b/c", "org--tiny", "./org"})
    CHECK(describe(id).is_null());
  CHECK(describe("org/tiny", "../refs/main").is_null());
}

TEST_CASE("the cache is looked for where huggingface_hub looks for it", "[plugins]") {
  const TempDir dir;
  const Environment hub("HF_HUB_CACHE", std::nullopt), old_hub("HUGGINGFACE_HUB_CACHE", std::nullopt);
  const Environment home("HOME", dir.path("home")), xdg("XDG_CACHE_HOME", std::nullopt), hf("HF_HOME", std::nullopt);
  const auto put = [&](const std::string& folder, const std::string& config) {
    dir.put(folder + "/models--gpt2/refs/main", commit);
    dir.put(folder + "/models--gpt2/snapshots/" + commit + "/config.json", config);
  };
  const auto found = [] { return describe("gpt2").value("/config/from"_json_pointer, ""); };
  put("home/.cache/huggingface/hub", R"({"from": "home"})");
  put("xdg/huggingface/hub", R"({"from": "xdg"})");
  put("hf/hub", R"({"from": "HF_HOME"})");
  put("old", R"({"from": "HUGGINGFACE_HUB_CACHE"})");
  put("home/mine", R"({"from": "HF_HUB_CACHE"})");
  CHECK(found() == "home");
  const Environment xdg_set("XDG_CACHE_HOME", dir.path("xdg"));
  CHECK(found() == "xdg");
  const Environment hf_set("HF_HOME", dir.path("hf"));
  CHECK(found() == "HF_HOME");
  const Environment old_set("HUGGINGFACE_HUB_CACHE", dir.path("old"));
  CHECK(found() == "HUGGINGFACE_HUB_CACHE");
  const Environment hub_set("HF_HUB_CACHE", "~/mine");
  CHECK(found() == "HF_HUB_CACHE");
}

TEST_CASE("cached models are listed with what their configuration says", "[plugins]") {
  const Cache cache;
  cache.add("models--Org--Tiny-AWQ", "main", commit, R"({"quantization_config": {"quant_method": "awq"}})");
  cache.add("models--gpt2", "v1", older, "{}");
  cache.add("datasets--org--set", "main", commit, "{}");
  cache.dir.put("models--org--broken/refs/main", commit);
  const auto list = [](const Json& filter) {
    return ask_plugin("sources/hf-cache", {{"verb", "list"}, {"filter", filter}});
  };
  const auto all = list(nullptr);
  REQUIRE(all.size() == 2);
  CHECK(all[0]["id"] == "Org/Tiny-AWQ");
  CHECK(all[0]["quantization"] == "awq");
  CHECK(all[1]["id"] == "gpt2");
  CHECK(all[1]["quantization"].is_null());
  CHECK(list("tiny").size() == 1);
  CHECK(list("nothing").empty());
}

TEST_CASE("a broken configuration costs a listing one row's details", "[plugins]") {
  const Cache cache;
  cache.add("models--org--tiny", "main", commit, "{");
  const auto list = ask_plugin("sources/hf-cache", {{"verb", "list"}});
  CHECK(list[0]["problem"] == cache.dir.path("models--org--tiny/snapshots/" + commit + "/config.json") +
                                  ": line 1 column 2: unexpected end of input, expected string literal");
}

TEST_CASE("names near the one wanted are suggested from the cache", "[plugins]") {
  const Cache cache;
  cache.add("models--meta-llama--Llama-3.1-8B-Instruct", "main", commit, "{}");
  cache.add("models--gpt2", "main", commit, "{}");
  CHECK(ask_plugin("sources/hf-cache", {{"verb", "suggest"}, {"model", "meta/llama-3.1-8b"}}) ==
        Json{"meta-llama/Llama-3.1-8B-Instruct"});
}

}  // namespace vw::test

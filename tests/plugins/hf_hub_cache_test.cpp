#include "plugins/hub_lab.hpp"
#include "support/catch.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

namespace vw::test {

namespace {

using Catch::Matchers::EndsWith;

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

// A Hub with org/tiny in two shards, described once: the cache holds all that a plan needs.
struct FilledLab : HubLab {
  FilledLab() {
    server.add_model("org/tiny", sharded(2, 100'000));
    first = describe();
    server.forget();
  }
  Json first;

  std::vector<fs::path> entries() const {
    std::vector<fs::path> paths;
    for (const auto& entry : fs::recursive_directory_iterator(dir.path("cache/vllm-wizard/hub")))
      if (entry.is_regular_file()) paths.push_back(entry.path());
    return paths;
  }
};

const Json offline = {{"offline", true}};

}  // namespace

TEST_CASE("a model that was read before costs one small request", "[plugins]") {
  FilledLab lab;
  CHECK(lab.describe() == lab.first);
  REQUIRE(lab.server.seen().size() == 1);
  CHECK(lab.server.seen()[0].target == lab.listing());
}

TEST_CASE("offline, the cache answers and the Hub is not asked", "[plugins]") {
  FilledLab lab;
  auto record = lab.describe("org/tiny", offline);
  REQUIRE(record["notes"].size() == 1);
  CHECK_THAT(record["notes"][0].get<std::string>(),
             StartsWith("'main' as the Hub had it on 2") && EndsWith(", when it was last asked"));
  record["notes"] = Json::array();
  CHECK(record == lab.first);
  CHECK(lab.describe("org/tiny", {{"offline", true}, {"revision", HubServer::commit}}) == lab.first);
  const Environment variable("HF_HUB_OFFLINE", "True");
  CHECK(lab.describe()["revision"] == HubServer::commit);
  CHECK(lab.server.seen().empty());
}

TEST_CASE("offline, what the cache lacks is null", "[plugins]") {
  FilledLab lab;
  CHECK(lab.describe("org/other", offline).is_null());
  CHECK(lab.describe("org/tiny", {{"offline", true}, {"revision", "v2"}}).is_null());
  for (const auto& path : lab.entries())
    if (path.filename().string().starts_with("model-00002")) fs::remove(path);
  CHECK(lab.describe("org/tiny", offline).is_null());
  CHECK(lab.server.seen().empty());
}

TEST_CASE("a branch that moved is read anew, a commit that it left is kept", "[plugins]") {
  FilledLab lab;
  const std::string next = "0123456789abcdef0123456789abcdef01234567";
  lab.server.add_model("org/tiny", {{"config.json", R"({"hidden_size": 128})"}}, "main", next);
  CHECK(lab.describe()["revision"] == next);
  CHECK(lab.describe("org/tiny", offline)["config"]["hidden_size"] == 128);
  CHECK(lab.describe("org/tiny", {{"revision", HubServer::commit}}) == lab.first);
}

TEST_CASE("when the Hub does not answer, what was read before is used and said", "[plugins]") {
  FilledLab lab;
  lab.server.always(lab.listing(), {.status = 503});
  const auto record = lab.describe();
  CHECK(record["revision"] == HubServer::commit);
  CHECK_THAT(lab.masked(record["notes"][0].get<std::string>()),
             StartsWith("<hub>: answered 503 4 times, expected 200; planned from what was fetched before: 'main' as"));
  for (const auto& path : lab.entries())
    if (path.filename() == "config.json") fs::remove(path);
  CHECK_THAT(lab.unanswered(), StartsWith("<hub>: answered 503 4 times"));
}

TEST_CASE("a damaged entry of the cache is fetched again, whatever the damage", "[plugins]") {
  FilledLab lab;
  const auto whole = lab.entries();
  REQUIRE(whole.size() == 6);  // the listing, the branch, config, index, two headers
  for (const auto& path : whole) {
    INFO(path);
    const auto content = read(path);
    auto flipped = content;
    flipped[content.size() - 3] = static_cast<char>(flipped[content.size() - 3] ^ 1);
    for (const auto& damaged : {flipped, content.substr(0, content.size() / 2), std::string(), content + "x",
                                std::string("vllm-wizard hub 1 99999999999999999999 "), std::string(300, 'x')}) {
      std::ofstream(path, std::ios::binary) << damaged;
      CHECK(lab.describe() == lab.first);
      CHECK(read(path).size() == content.size());
    }
  }
}

TEST_CASE("an entry that belongs to another file is not taken for this one", "[plugins]") {
  FilledLab lab;
  fs::path config, header;
  for (const auto& path : lab.entries()) {
    if (path.filename() == "config.json") config = path;
    if (path.filename().string().starts_with("model-00001")) header = path;
  }
  fs::copy_file(config, header, fs::copy_options::overwrite_existing);
  CHECK(lab.describe() == lab.first);
  CHECK(lab.times(lab.file(shard_name(1, 2))) == 1);
}

TEST_CASE("what could not be read is not kept", "[plugins]") {
  HubLab lab;
  lab.server.add_model("org/tiny", {{"config.json", "[]"}});
  CHECK(lab.failure() == "org/tiny/config.json: holds array, expected a JSON object");
  CHECK(lab.failure() != "");
  CHECK(lab.times(lab.file("config.json")) == 2);
}

TEST_CASE("the cache is the user's own and holds no half-written file", "[plugins]") {
  FilledLab lab;
  for (const auto& path : lab.entries()) CHECK(path.extension() != ".part");
  fs::path model = lab.entries().front();
  while (model.filename() != "models--org--tiny") model = model.parent_path();
  CHECK((fs::status(model).permissions() & (fs::perms::group_all | fs::perms::others_all)) == fs::perms::none);
}

TEST_CASE("a cache that cannot be written costs nothing but the next request", "[plugins]") {
  HubLab lab;
  lab.dir.put("cache", "a file where a folder should be");
  lab.server.add_model("org/tiny", {{"config.json", tiny_config}});
  CHECK(lab.describe()["config"]["hidden_size"] == 64);
  CHECK(lab.describe()["config"]["hidden_size"] == 64);
}

TEST_CASE("files of a repository cannot climb out of the cache", "[plugins]") {
  HubLab lab;
  const std::string index = R"({"weight_map": {"w": "../../../escaped.safetensors"}})";
  lab.server.add_model(
      "org/tiny",
      {{"config.json", tiny_config}, {"../../../../../escaped.gguf", "GGUF"}, {"model.safetensors.index.json", index}});
  CHECK_THAT(lab.failure(), StartsWith("org/tiny/model.safetensors.index.json: weight_map: tensor 'w' lies in"));
  lab.failure("org/tiny/../../../../../escaped.gguf");
  for (const auto& entry : fs::recursive_directory_iterator(lab.dir.path()))
    CHECK(entry.path().filename().string().find("escaped") == std::string::npos);
}

}  // namespace vw::test

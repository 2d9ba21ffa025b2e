// What is asked of every renderer: an artifact of each sample plan, of a format that the engine can write.
#include "base/yaml.hpp"
#include "conformance/all_parts.hpp"
#include "support/catch.hpp"

using namespace vw;
using test::all_parts;

namespace {

const std::string plans = VW_ROOT "/tests/data/plans/";

Json json_file(const std::string& name) { return parse_json(read_file(disk_files(), plans + name, name), name); }

Json request_for(const std::string& plan, const Json& options) {
  return {{"verb", "render"},
          {"plan", json_file(plan + ".json")},
          {"release", json_file("release.json")},
          {"profile", json_file("profile.json")},
          {"options", options}};
}

// A word is a text, or shell already.
void expect_word(const Json& word) {
  if (word.is_object())
    CHECK(word.at("raw").is_string());
  else
    CHECK(word.is_string());
}

void expect_words(const Json& commands) {
  REQUIRE(commands.is_array());
  for (const Json& command : commands) {
    if (command.is_object()) {
      CHECK(command.at("raw").is_string());
      continue;
    }
    REQUIRE(command.is_array());
    CHECK_FALSE(command.empty());
    for (const Json& word : command) expect_word(word);
  }
}

void expect_yaml(const Json& data) { CHECK(parse_yaml(to_yaml(data), "artifact") == data); }

void expect_file(const Json& artifact) {
  REQUIRE(artifact.is_object());
  const std::string format = artifact.at("format").get<std::string>();
  const Json& data = artifact.at("data");
  if (format == "shell")
    expect_words(data.at("commands"));
  else if (format == "yaml")
    expect_yaml(data);
  else if (format == "yaml-documents")
    for (const Json& document : data) expect_yaml(document);
  else if (format == "text" || format == "report")
    CHECK(data.is_string());
  else
    CHECK((format == "json" || format == "systemd"));
  if (format != "report") CHECK(artifact.at("file").get<std::string>().find('/') == std::string::npos);
}

void expect_artifact(const Json& answer) {
  REQUIRE(answer.is_object());
  if (answer.contains("left_out")) {
    CHECK_FALSE(answer.at("left_out").get<std::string>().empty());
    return;
  }
  const Json files = answer.contains("files") ? answer.at("files") : Json::array({answer});
  CHECK_FALSE(files.empty());
  for (const Json& file : files) expect_file(file);
}

}  // namespace

TEST_CASE("every renderer makes an artifact of every sample plan, the same one twice", "[conformance]") {
  for (const auto& part : all_parts().of_kind(VW_KIND_RENDERER))
    for (const char* plan : {"fits", "does-not-fit", "moe-8-gpus", "two-nodes-amd"})
      for (const Json& options :
           {Json::object(), Json{{"color", true}, {"unicode", true}, {"width", 100}, {"explain", true}}}) {
        INFO(part->label() << " of " << plan << " with " << options);
        Instance renderer = part->open(Json::object());
        const Json artifact = renderer.ask(request_for(plan, options));
        expect_artifact(artifact);
        CHECK(renderer.ask(request_for(plan, options)) == artifact);
        CHECK(part->open(Json::object()).ask(request_for(plan, options)) == artifact);
      }
}

TEST_CASE("every renderer makes an artifact of a set, the same one twice, or says that it makes none",
          "[conformance]") {
  Json servers = Json::array();
  for (const char* name : {"one", "two"}) {
    Json plan = json_file("fits.json");
    plan["config"].update({{"port", 8000 + servers.size()}, {"cards", {0}}});
    servers.push_back({{"name", name}, {"port", 8000 + servers.size()}, {"cards", {0}}, {"plan", plan}});
  }
  Json request = request_for("fits", Json::object());
  request.erase("plan");
  request.update({{"verb", "render-pack"}, {"servers", servers}});
  std::size_t written = 0;
  for (const auto& part : all_parts().of_kind(VW_KIND_RENDERER)) {
    INFO(part->label());
    const Json artifact = part->open(Json::object()).ask(request);
    expect_artifact(artifact);
    CHECK(part->open(Json::object()).ask(request) == artifact);
    written += artifact.contains("left_out") ? 0 : 1;
  }
  CHECK(written >= 6);
}

TEST_CASE("no renderer breaks on a plan without its numbers", "[conformance]") {
  for (const auto& part : all_parts().of_kind(VW_KIND_RENDERER)) {
    INFO(part->label());
    Instance renderer = part->open(Json::object());
    for (const char* section : {"model", "hardware", "feasibility", "memory", "config", "performance"}) {
      Json request = request_for("fits", Json::object());
      request["plan"].erase(section);
      INFO("without " << section);
      const std::string outcome = test::outcome_of([&] { renderer.ask(request); });
      CHECK_THAT(outcome, !ContainsSubstring("misbehaved") && !ContainsSubstring("internal"));
    }
  }
}

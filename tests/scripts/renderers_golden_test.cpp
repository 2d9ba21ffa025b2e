// What every installed renderer makes of the sample plans in tests/data/plans, compared whole. VW_UPDATE_GOLDEN=1
// writes the files anew: read the difference before you keep it.
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/yaml.hpp"
#include "lua/scripts.hpp"
#include "support/catch.hpp"

#include <fmt/format.h>

#include <sstream>

using namespace vw;

namespace {

const std::string plans = VW_ROOT "/tests/data/plans/";

Json json_file(const std::string& path) { return parse_json(read_file(disk_files(), path, path), path); }

Json render(const std::string& renderer, const std::string& plan, const Json& options) {
  lua::Host host;
  host.files = &disk_files();
  const std::string script = fmt::format("{}/scripts/renderers/{}.lua", VW_ROOT, renderer);
  const auto declared = lua::load_script(script, Origin::Rank::installed, host);
  auto instance = std::get<std::shared_ptr<const Part>>(declared.front().loaded)->open(Json::object());
  return instance.ask({{"verb", "render"},
                       {"plan", json_file(plans + plan + ".json")},
                       {"release", json_file(plans + "release.json")},
                       {"profile", json_file(plans + "profile.json")},
                       {"options", options}});
}

void expect_golden(const std::string& name, const std::string& actual) {
  const std::string path = plans + "golden/" + name;
  if (!environment("VW_UPDATE_GOLDEN").empty()) write_atomically(path, actual, true);
  INFO(path);
  CHECK(actual == disk_files().read(path).value_or("(no such file)"));
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

}  // namespace

TEST_CASE("artifacts of the sample plans are as they were", "[scripts]") {
  const std::string plan = GENERATE(as<std::string>(), "fits", "does-not-fit", "moe-8-gpus", "two-nodes-amd");
  const std::string renderer = GENERATE(as<std::string>(), "command", "docker", "compose", "k8s", "profile");
  const Json artifact = render(renderer, plan, Json::object());
  expect_golden(fmt::format("{}-{}.json", plan, renderer), to_pretty_text(artifact));
  if (artifact.value("format", "") == "yaml")
    CHECK(parse_yaml(to_yaml(artifact.at("data")), renderer) == artifact.at("data"));
}

TEST_CASE("what brings the sample plans into service is as it was", "[scripts]") {
  const std::string plan = GENERATE(as<std::string>(), "fits", "tp-4", "two-nodes", "moe-8-gpus", "vlm");
  const std::string renderer =
      GENERATE(as<std::string>(), "config", "kubernetes", "production-stack", "kserve", "leader-worker-set",
               "leader-worker-set-ray", "llm-d", "systemd", "slurm", "skypilot", "download", "load-test", "monitoring");
  expect_golden(fmt::format("{}-{}.json", plan, renderer), to_pretty_text(render(renderer, plan, Json::object())));
}

TEST_CASE("reports of the sample plans are as they were", "[scripts]") {
  const std::string plan = GENERATE(as<std::string>(), "fits", "does-not-fit", "moe-8-gpus", "two-nodes-amd");
  expect_golden(plan + "-report.txt", render("report", plan, {{"width", 80}}).at("data").get<std::string>());
}

TEST_CASE("a report in colour and Unicode with every term is as it was", "[scripts]") {
  const Json options = {{"width", 100}, {"color", true}, {"unicode", true}, {"explain", true}};
  expect_golden("fits-report-explained.txt", render("report", "fits", options).at("data").get<std::string>());
}

TEST_CASE("no report is wider than asked for", "[scripts]") {
  const std::string plan = GENERATE(as<std::string>(), "fits", "does-not-fit", "moe-8-gpus", "two-nodes-amd");
  const auto width = GENERATE(std::size_t{60}, std::size_t{80}, std::size_t{132});
  const Json report = render("report", plan, {{"width", width}, {"explain", true}});
  for (const std::string& line : lines_of(report.at("data").get<std::string>())) {
    INFO(line);
    CHECK(line.size() <= width);
    CHECK((line.empty() || line.back() != ' '));
  }
}

TEST_CASE("the scripts of the sample user folder pass their own tests", "[scripts]") {
  const std::string script = GENERATE(as<std::string>(), "families/lab-decoder", "sources/lab-registry",
                                      "detectors/lab-host", "renderers/lab-unit");
  const std::string path = VW_ROOT "/tests/data/user-scripts/" + script;
  lua::Host host;
  host.files = &disk_files();
  for (const lua::TestResult& result : lua::run_script_test(path + "_test.lua", path + ".lua", host)) {
    INFO(result.name);
    CHECK(result.failure == "");
  }
}

TEST_CASE("the tables of the sample user folder are declared without complaint", "[scripts]") {
  const std::string script = GENERATE(as<std::string>(), "gpus/lab-64", "quantization/lab-4bit");
  lua::Host host;
  host.files = &disk_files();
  const std::string path = VW_ROOT "/tests/data/user-scripts/" + script + ".lua";
  CHECK(lua::load_script(path, Origin::Rank::user, host).size() == 1);
}

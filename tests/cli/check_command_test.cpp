// `check`: all that is shipped is in order, and what is broken is placed and mended in words.
#include "support/golden.hpp"
#include "support/run_cli.hpp"

#include "base/files.hpp"

#include <algorithm>
#include <filesystem>

using namespace vw;
using namespace vw::test;

TEST_CASE("everything that is shipped passes the check", "[cli]") {
  const Ran ran = Cli().run({"check"});
  CHECK(ran.exit_code == 0);
  CHECK(ran.err.empty());
  int notes = 0;
  for (const std::string& line : split(ran.out, '\n')) {
    INFO(line);
    CHECK((line.empty() || line.starts_with("OK       ") || line.starts_with("NOTE     ")));
    notes += line.starts_with("NOTE") ? 1 : 0;
  }
  CHECK(notes <= 1);
}

TEST_CASE("the models of unknown architectures are one note, and told one by one with --verbose", "[cli]") {
  const Cli cli;
  cli.put("scripts/models/lab.lua",
          "return vw.models { organisation = 'lab', sources = { 'me' }, entries = { { id = 'lab/odd', config = {\n"
          "architectures = { 'LabOddForCausalLM' } } } } }\n");
  const auto notes = [&](const std::vector<std::string>& words) {
    std::vector<std::string> lines = split(cli.run(words).out, '\n');
    std::erase_if(lines, [](const std::string& line) { return !line.starts_with("NOTE"); });
    return lines;
  };
  const auto brief = notes({"check", "--script-dir", "scripts"});
  const auto whole = notes({"check", "--script-dir", "scripts", "--verbose"});
  REQUIRE(brief.size() == 1);
  CHECK(brief.front() == "NOTE     " + std::to_string(whole.size()) +
                             " more need --family or --params-b: no family knows their architecture (--verbose lists "
                             "them)");
  CHECK(std::any_of(whole.begin(), whole.end(),
                    [](const std::string& line) { return line.find("'LabOddForCausalLM'") != std::string::npos; }));
}

TEST_CASE("what loads but fails in use is an error with advice", "[cli]") {
  const Cli cli;
  const auto put = [&](const std::string& kind, const std::string& folder, const std::string& fields) {
    cli.put(
        "scripts/" + folder + "/bad.lua",
        "return vw." + kind + " { id = 'bad', summary = 'made for a test', sources = { 'me' },\n  " + fields + " }\n");
  };
  put("memory_model", "memory", "estimate = function(context, candidate) return { weight_bytes = 1 } end");
  put("perf_heuristic", "perf", "estimate = function(context, candidate, memory) return { tpot_ms = 0 / 0 } end");
  put("renderer", "renderers", "render = function(request) return request.plan.nothing.here end");
  put("source", "sources", "ask = function(request) return { id = request.model } end");
  put("detector", "detectors", "ask = function(request) return { status = 'fine' } end");
  const Ran ran = cli.run({"check", "--script-dir", "scripts"});
  CHECK(ran.exit_code == 2);
  std::string text = ran.out.substr(ran.out.find("ERROR"));
  text.erase(text.find("OK       "));
  for (const char* folder : {"memory", "renderers"})
    text += "\n" + transcripts(cli, {{"check", std::string("scripts/") + folder + "/bad.lua"}}, 2);
  expect_golden("transcripts/check-samples.txt", text);
}

// Each folder of broken-scripts is a scripts folder: broken-scripts/<kind>/<what is wrong>.lua.
TEST_CASE("each broken script is told by file, line and mend", "[cli]") {
  const std::string root = VW_ROOT "/tests/data/broken-scripts";
  const Cli cli;
  std::string text;
  int count = 0;
  for (const std::string& kind : disk_files().list(root))
    for (const std::string& name : disk_files().list(root + "/" + kind)) {
      if (!name.ends_with(".lua") || name.starts_with("_") || name.ends_with("_test.lua")) continue;
      const Ran ran = cli.run({"check", root + "/" + kind + "/" + name});
      INFO(kind << "/" << name << "\n" << ran.out << ran.err);
      CHECK(ran.exit_code == 2);
      CHECK(ran.err.empty());
      CHECK(ran.out.starts_with("ERROR    <root>/tests/data/broken-scripts/" + kind + "/"));
      text += kind + "/" + name + "\n" + ran.out + "\n";
      ++count;
    }
  CHECK(count >= 20);
  expect_golden("transcripts/check-broken-scripts.txt", text);
}

TEST_CASE("check loads a user's folder with the rest and finds the broken one", "[cli]") {
  const Cli cli;
  cli.put("scripts/renderers/mine.lua", "return vw.renderer { id = 'mine', summary = 'x' }\n");
  std::filesystem::create_directories(cli.path("plugins"));
  std::filesystem::copy_file(VW_BINARY_DIR "/bad-plugins/wrong-major.so", cli.path("plugins/wrong-major.so"));
  const Ran ran = cli.run({"check", "--script-dir", VW_ROOT "/tests/data/user-scripts", "--script-dir", "scripts",
                           "--plugin-dir", VW_BINARY_DIR "/example-plugins", "--plugin-dir", "plugins"});
  CHECK(ran.exit_code == 2);
  std::string errors;
  for (const std::string& line : split(ran.out, '\n'))
    if (line.starts_with("ERROR")) errors += line + "\n";
  expect_golden("transcripts/check-user-folder.txt", errors);
}

TEST_CASE("check reads gpu-db files, profiles, plugins and script tests, too", "[cli]") {
  const Cli cli;
  cli.put("fine.json",
          R"({"gpus": [{"id": "lab-7", "name": "Lab Seven", "product": "Lab", "vendor": "nvidia", "architecture": "ada",
    "compute_capability": 8.9, "memory_mib": 7168, "vllm": "supported", "sources": ["invented"]}]})");
  cli.put("broken.json",
          R"({"gpus": [{"id": "lab-7", "name": "Lab Seven", "product": "Lab", "vendor": "nvidia", "architecture": "ada",
    "memory_gib": 7, "vllm": "supported", "sources": ["invented"]}, {"id": 8}]})");
  cli.put("names.json",
          R"({"gpus": [{"id": "lab-7", "name": "Lab Seven", "aliases": ["Lab VII"]},
    {"id": "lab-7", "name": "Lab 7a"}, {"id": "lab-8", "name": "Lab Eight", "aliases": ["Lab 8", "RTX 4090"]},
    {"id": "lab-9", "name": "Lab 9", "memory_mib": 7168, "memory_visible_mib": 7000, "memory_cuda_mib": 7001}]})");
  cli.put("profile.json", R"({"model": {"id": "a", "dytpe": "bf16"}})");
  cli.put("failing.lua", "return vw.renderer { id = 'failing', summary = 'x', render = function() return {} end }\n");
  cli.put("failing_test.lua",
          "return { { 'numbers are equal', function() vw.expect(1 + 1, 3) end }, { 'this passes', function() "
          "vw.expect('a', 'a') end } }\n");
  const std::string user = VW_ROOT "/tests/data/user-scripts/";
  expect_golden("transcripts/check-files.txt", transcripts(cli,
                                                           {{"check", "fine.json"},
                                                            {"check", VW_ROOT "/tests/data/profiles/reference.yaml"},
                                                            {"check", VW_BINARY_DIR "/example-plugins/first-plugin.so"},
                                                            {"check", user + "renderers/lab-unit.lua"},
                                                            {"check", user + "families/lab-decoder_test.lua"}},
                                                           0) +
                                                   "\n" +
                                                   transcripts(cli,
                                                               {{"check", "broken.json"},
                                                                {"check", "names.json"},
                                                                {"check", "profile.json"},
                                                                {"check", "failing.lua"},
                                                                {"check", "missing.lua"},
                                                                {"check", "missing.json"},
                                                                {"check", "missing"}},
                                                               2));
}

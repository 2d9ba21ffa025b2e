#include "facts/serve_options.hpp"

#include "base/text.hpp"
#include "support/catch.hpp"
#include "support/message_of.hpp"
#include "support/shipped.hpp"

using namespace vw;

namespace {

const FlagSyntax& syntax() {
  static const FlagSyntax shipped = flag_syntax(find_release(test::shipped().catalog(), ""));
  return shipped;
}

using Words = std::vector<std::string>;

Words words_of(const std::string& line) { return split(line, ' '); }

// "model | --flag value | --switch", and stray words behind.
std::string shown(const ServeCommand& command, const Words& words = {}) {
  std::string text = command.model;
  for (const ServeOption& option : command.options) text += " | " + join(to_words(option), " ");
  for (const std::size_t word : command.stray) text += " | stray " + words.at(word);
  return text;
}

std::string read(const std::string& line) {
  const Words words = words_of(line);
  const auto command = read_serve_words(words, syntax());
  return command ? shown(*command, words) : "no server";
}

std::string read(const Words& words) {
  const auto command = read_serve_words(words, syntax());
  return command ? shown(*command, words) : "no server";
}

}  // namespace

TEST_CASE("options of a serve command are read as people write them", "[facts]") {
  CHECK(read("vllm serve org/model --max-model-len 8192") == "org/model | --max-model-len 8192");
  CHECK(read("vllm serve org/model --max_model_len=8k") == "org/model | --max-model-len 8k");
  CHECK(read("vllm serve --enforce-eager org/model -tp 2 -pp=3") ==
        "org/model | --enforce-eager | --tensor-parallel-size 2 | --pipeline-parallel-size 3");
  CHECK(read("vllm serve org/model --no-enable-prefix-caching --async-scheduling") ==
        "org/model | --no-enable-prefix-caching | --async-scheduling");
  CHECK(read("vllm serve org/model --seed -1 --max-model-len -1") == "org/model | --seed -1 | --max-model-len -1");
  CHECK(read("vllm serve org/model --served-model-name a b --port 80") ==
        "org/model | --served-model-name a b | --port 80");
  CHECK(read("vllm serve --config server.yaml") == " | --config server.yaml");
  CHECK(read("vllm serve org/model --trust-remote-code True --dtype") ==
        "org/model | --trust-remote-code | --dtype | stray True");
  CHECK(read("vllm serve --dtype -- org/model") == "org/model | --dtype");
  CHECK(read("vllm serve org/model --made-up 7 --also-made-up") == "org/model | --made-up 7 | --also-made-up");
}

TEST_CASE("the optimization level and members of JSON options are read", "[facts]") {
  CHECK(read("vllm serve m -O3") == "m | -O 3");
  CHECK(read("vllm serve m -O 2") == "m | -O 2");
  CHECK(read("vllm serve m -O.mode 3 -O.cudagraph_mode=NONE") ==
        R"(m | --compilation-config {"cudagraph_mode":"NONE","mode":3})");
  CHECK(read("vllm serve m --compilation_config.pass_config.fuse true -cc.mode 3") ==
        R"(m | --compilation-config {"mode":3,"pass_config":{"fuse":true}})");
  CHECK(read("vllm serve m -cc.custom_ops+ all -cc.custom_ops+ none") ==
        R"(m | --compilation-config {"custom_ops":["all","none"]})");
  CHECK(read("vllm serve m --hf-overrides.a.b x --hf-overrides.a 1 --hf-overrides.a.c 2") ==
        R"(m | --hf-overrides {"a":{"c":2}})");
}

TEST_CASE("older ways to start the server are read", "[facts]") {
  const char* const read_as = "org/model | --port 8000";
  CHECK(read("python -m vllm.entrypoints.openai.api_server --model org/model --port 8000") == read_as);
  CHECK(read("/usr/bin/python3 -u -m vllm.entrypoints.api_server --model=org/model --port 8000") == read_as);
  CHECK(read("python3 -m vllm.entrypoints.cli.main serve org/model --port 8000") == read_as);
  CHECK(read("python3 /opt/vllm/entrypoints/openai/api_server.py --model org/model --port 8000") == read_as);
  CHECK(read("exec /opt/venv/bin/vllm serve org/model --port 8000") == read_as);
  for (const char* other : {"vllm bench serve --model m", "python -m vllm.benchmarks", "echo vllm", "vllm", "",
                            "python -m", "docker run", "docker run -d", "docker run --rm ubuntu serve"})
    CHECK(read(other) == "no server");
}

TEST_CASE("what stands before the server is read", "[facts]") {
  const auto command =
      read_serve_words(words_of("VLLM_USE_V1=1 env HF_HOME=/data nice -n 5 vllm serve m --port 1"), syntax());
  REQUIRE(command);
  CHECK(command->environment == std::map<std::string, std::string>{{"HF_HOME", "/data"}, {"VLLM_USE_V1", "1"}});
  CHECK(command->first_word == 8);
  CHECK(command->name_word == 8);
  CHECK(command->options.at(0).word == 9);
}

TEST_CASE("the server of a container is read", "[facts]") {
  const auto docker = [](const std::string& rest) {
    return read_serve_words(words_of("sudo docker run " + rest), syntax());
  };
  const auto plain =
      docker("--rm -it --gpus all -v a:b -e HF_TOKEN -e A=1 --env=B=2 vllm/vllm-openai:v0.10.0 --model m --port 1");
  REQUIRE(plain);
  CHECK(shown(*plain) == "m | --port 1");
  CHECK(plain->image == "vllm/vllm-openai:v0.10.0");
  CHECK(plain->gpus == "all");
  CHECK(plain->environment == std::map<std::string, std::string>{{"A", "1"}, {"B", "2"}});
  const auto whole = docker("--gpus=2 --entrypoint vllm registry/vllm:1 serve m");
  REQUIRE(whole);
  CHECK(shown(*whole) == "m");
  const auto other = docker("--gpus=2 registry/mine:1 vllm serve m -tp 2");
  REQUIRE(other);
  CHECK(shown(*other) == "m | --tensor-parallel-size 2");
  CHECK(other->image == "registry/mine:1");
  CHECK_FALSE(docker("--entrypoint bash vllm/vllm-openai:v0.10.0 -c true"));
}

TEST_CASE("names with values are read like words", "[facts]") {
  const auto settings = [](const char* json) {
    const Json value = Json::parse(json);
    return shown(read_serve_settings(JsonReader(value, "settings"), syntax()));
  };
  CHECK(settings(R"({"model": "m", "max_model_len": 8192, "tensor-parallel-size": 2, "dtype": null})") ==
        "m | --max-model-len 8192 | --tensor-parallel-size 2");
  CHECK(settings(R"({"enable_prefix_caching": false, "enforce_eager": true, "made_up": true})") ==
        " | --no-enable-prefix-caching | --enforce-eager | --made-up true");
  CHECK(settings(R"({"served_model_name": ["a", "b"], "limit_mm_per_prompt": {"image": 2}, "middleware": []})") ==
        R"( | --limit-mm-per-prompt {"image":2} | --middleware [] | --served-model-name a b)");
  const Json list = Json::array();
  CHECK(test::message_of([&] { read_serve_settings(JsonReader(list, "settings"), syntax()); }) ==
        "settings: is a list, expected an object");
}

TEST_CASE("a switch has its other form in releases that make one", "[facts]") {
  const auto& catalog = test::shipped().catalog();
  const Release older = find_release(catalog, "0.8.0"), newer = find_release(catalog, "0.9.1");
  CHECK_FALSE(knows_written(older, syntax(), "--no-enforce-eager"));
  CHECK(knows_written(newer, syntax(), "--no-enforce-eager"));
  CHECK(knows_written(older, syntax(), "--no-enable-prefix-caching"));
  CHECK_FALSE(knows_written(newer, syntax(), "--no-max-model-len"));
  CHECK_FALSE(knows_written(newer, syntax(), "--no-enable-dbo"));
  CHECK(knows_written(older, syntax(), "-O"));
}

TEST_CASE("members nest as deep as they may, and odd words crash nothing", "[facts]") {
  std::string deep = "--hf-overrides";
  for (int level = 0; level < 100; ++level) deep += ".a";
  for (const Words& words :
       {Words{"vllm", "serve", deep, "1"}, Words{"vllm", "serve", "--"}, Words{"vllm", "serve", "-"},
        Words{"vllm", "serve", "--=1"}, Words{"vllm", "serve", "-O."}, Words{"vllm", "serve", ""},
        Words{"vllm", "serve", "-tp"}, Words{"-m"}, Words{"docker", "run", "-"}})
    CHECK_NOTHROW(read(words));
}

// No input may crash the program, be called its bug, or make it print what is no number. Inputs are made from a seed,
// so every run tries the same ones.
#include "plugins/environment.hpp"
#include "support/golden.hpp"
#include "support/temp_dir.hpp"

#include "base/text.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/planning.hpp"
#include "cli/request_options.hpp"
#include "cli/workspace.hpp"

#include <cmath>
#include <random>

using namespace vw;
using namespace vw::test;

namespace {

using Words = std::vector<std::string>;

// Planning inside this process, with the scripts and plugins of the build folder.
class Planner {
 public:
  std::string path(const std::string& name) const { return folder_.path(name); }
  const TempDir& folder() const { return folder_; }

  // The plan, or null when the input was refused in words. Anything else that is thrown ends the test.
  Json plan(const Words& words) const {
    const cli::Command& command = *cli::find_command("plan");
    try {
      const cli::Arguments arguments(words, command.groups, command.most_positionals, "plan");
      const Request request = cli::to_request(arguments, workspace_.files());
      return cli::plan_request(workspace_, request, arguments).input.plan();
    } catch (const Error& refused) {
      INFO(join(words, " "));
      CHECK(refused.kind() == Error::Kind::user);
      CHECK_FALSE(std::string(refused.what()).empty());
      return nullptr;
    }
  }

 private:
  TempDir folder_;
  Environment home_{"HOME", folder_.path("home")}, config_{"XDG_CONFIG_HOME", folder_.path("config")},
      hub_{"HF_HOME", folder_.path("hub")}, parts_{"VLLM_WIZARD_PATH", VW_BINARY_DIR};
  cli::Workspace workspace_{cli::Arguments({}, cli::find_command("plan")->groups, 0, "plan")};
};

bool may_be_negative(const std::string& key) { return key == "value" || key == "value_bytes"; }

// Every number of a plan is finite and not negative, and no text speaks of what is no number.
void expect_sane(const Json& value, const std::string& key) {
  INFO(key);
  if (value.is_number()) {
    REQUIRE(std::isfinite(value.get<double>()));
    if (!may_be_negative(key)) REQUIRE(value.get<double>() >= 0);
  } else if (value.is_string()) {
    for (const std::string& word : split(lower(value.get<std::string>()), ' '))
      REQUIRE((word != "nan" && word != "-nan" && word != "inf" && word != "-inf"));
  } else if (value.is_structured()) {
    for (const auto& [name, member] : value.items()) expect_sane(member, value.is_object() ? name : key);
  }
}

class Dice {
 public:
  explicit Dice(unsigned seed) : engine_(seed) {}
  std::size_t below(std::size_t count) { return std::uniform_int_distribution<std::size_t>(0, count - 1)(engine_); }
  template <class T>
  const T& pick(const std::vector<T>& from) {
    return from[below(from.size())];
  }

 private:
  std::mt19937 engine_;
};

const std::vector<Json> odd_values = {nullptr,
                                      true,
                                      0,
                                      -1,
                                      1,
                                      3,
                                      7,
                                      64,
                                      4096,
                                      1000003,
                                      1e18,
                                      -1e300,
                                      0.5,
                                      1e-300,
                                      "",
                                      "64",
                                      "NaN",
                                      "\xc3\xbc",
                                      Json::array(),
                                      Json::array({1, "x"}),
                                      Json::object(),
                                      Json{{"a", 1}},
                                      9223372036854775807,
                                      18446744073709551615u};
const Words odd_words = {
    "",       "0",        "1",    "-1",  "3",    "7",      "64",  "1000000", "99999999999999999999",
    "1e308",  "-1e308",   "nan",  "inf", "0x10", "1e-320", "0.5", "8k",      "128K",
    "2M",     "auto",     "none", "fp8", "bf16", "H100",   "T4",  "\xff",    "a b",
    "--json", "1.0000001"};

Json mutated(Json config, Dice& dice) {
  Json* place = &config;
  while (true) {
    auto member = place->begin();
    std::advance(member, static_cast<std::ptrdiff_t>(dice.below(place->size())));
    if (!member.value().is_structured() || member.value().empty() || dice.below(3) == 0) {
      dice.below(8) == 0 ? static_cast<void>(place->erase(member))
                         : static_cast<void>(member.value() = dice.pick(odd_values));
      return config;
    }
    place = &member.value();
  }
}

}  // namespace

TEST_CASE("mutated config files are planned or refused, never worse", "[cli]") {
  const Planner planner;
  Dice dice(20260101);
  int planned = 0;
  for (const char* family : {"llama", "gemma", "deepseek", "gpt-oss", "qwen3-next", "jamba", "qwen-vl", "moe"}) {
    const Json config = parse_json(read_golden(std::string("configs/") + family + ".json"), family);
    for (int round = 0; round < 40; ++round) {
      Json changed = mutated(config, dice);
      for (std::size_t more = dice.below(3); more > 0 && !changed.empty(); --more) changed = mutated(changed, dice);
      planner.folder().put("model/config.json", to_text(changed));
      INFO(family << ", round " << round << ": " << to_text(changed));
      const Json plan = planner.plan({"-m", planner.path("model"), "--gpu", "H100"});
      if (plan.is_null()) continue;
      ++planned;
      expect_sane(plan, "plan");
    }
  }
  CHECK(planned > 50);
}

TEST_CASE("torn config files are refused", "[cli]") {
  const Planner planner;
  Dice dice(7);
  const std::string whole = read_golden("configs/llama.json");
  for (int round = 0; round < 60; ++round) {
    std::string torn = whole.substr(0, dice.below(whole.size()));
    for (std::size_t hits = dice.below(4); hits > 0 && !torn.empty(); --hits)
      torn[dice.below(torn.size())] = static_cast<char>(dice.below(256));
    planner.folder().put("model/config.json", torn);
    INFO("round " << round);
    CHECK(planner.plan({"-m", planner.path("model"), "--gpu", "H100"}).is_null());
  }
}

TEST_CASE("odd values of options are planned with or refused, never worse", "[cli]") {
  const Planner planner;
  Dice dice(42);
  const Words options = {"--dtype",
                         "-q",
                         "--kv-cache-dtype",
                         "--max-model-len",
                         "--params-b",
                         "--gpus",
                         "--nodes",
                         "--vram-gb",
                         "--tp",
                         "--pp",
                         "--dp",
                         "--prompt-tokens",
                         "--gen-tokens",
                         "-c",
                         "--target-latency-ms",
                         "--vllm-version",
                         "--max-num-seqs",
                         "--max-num-batched-tokens",
                         "--block-size",
                         "--gpu-memory-utilization",
                         "--overhead-gb",
                         "--fragmentation-factor",
                         "--headroom-gb"};
  int planned = 0;
  for (int round = 0; round < 400; ++round) {
    Words words = {"-m", VW_ROOT "/tests/data/checkpoints/tiny-llama", "--gpu", "H100"};
    for (std::size_t count = 1 + dice.below(3); count > 0; --count) {
      words.push_back(dice.pick(options));
      words.push_back(dice.pick(odd_words));
    }
    INFO("round " << round << ": " << join(words, " "));
    const Json plan = planner.plan(words);
    if (plan.is_null()) continue;
    ++planned;
    expect_sane(plan, "plan");
  }
  CHECK(planned > 15);
}

TEST_CASE("the largest and the smallest that options allow make finite plans", "[cli]") {
  const Planner planner;
  const Words base = {"-m", VW_ROOT "/tests/data/checkpoints/tiny-llama"};
  for (const Words& extreme : std::vector<Words>{
           {"--vram-gb", "1000000", "--max-model-len", "1M", "-c", "1000000", "--nodes", "100000"},
           {"--vram-gb", "0.01"},
           {"--vram-gb", "0.01", "--gpu-memory-utilization", "0.000001"},
           {"--vram-gb", "80", "--params-b", "1000000"},
           {"--vram-gb", "80", "--params-b", "0.000001"},
           {"--vram-gb", "80", "--overhead-gb", "1000000", "--headroom-gb", "1000000"},
           {"--vram-gb", "80", "--prompt-tokens", "1099511627776", "--gen-tokens", "1099511627776", "-c", "1000000"}}) {
    Words words = base;
    words.insert(words.end(), extreme.begin(), extreme.end());
    INFO(join(extreme, " "));
    const Json plan = planner.plan(words);
    if (!plan.is_null()) expect_sane(plan, "plan");
  }
}

// What README.md shows is what the program prints.
#include "support/catch.hpp"
#include "support/run_cli.hpp"
#include "support/watched_server.hpp"

#include "base/files.hpp"
#include "base/json_reader.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <sstream>

using namespace vw;
using test::Cli;
using test::Ran;

namespace {

const std::string readme = VW_ROOT "/README.md";

// The same words; numbers that a clock had a hand in may be half as large.
bool is_about(const std::string& left, const std::string& right) {
  const auto number_of = [](std::string word) {
    std::erase_if(word, [](char c) { return c == ',' || c == '(' || c == ')' || c == ';'; });
    char* end = nullptr;
    const double number = std::strtod(word.c_str(), &end);
    return *end == '\0' && !word.empty() ? std::optional(number) : std::nullopt;
  };
  std::istringstream one(left), other(right);
  std::string a, b;
  while (one >> a) {
    if (!(other >> b)) return false;
    const auto x = number_of(a), y = number_of(b);
    if (a != b && !(x && y && std::abs(*x - *y) <= 0.5 * std::max(*x, *y))) return false;
  }
  return !(other >> b);
}

enum class Like { same, about };

// The block behind `$ vllm-wizard <command>`, up to its closing fence.
void expect_shown(const std::string& command, const std::string& printed, Like like = Like::same) {
  std::string text = read_file(disk_files(), readme, readme);
  const std::string opening = "$ vllm-wizard " + command + "\n";
  REQUIRE(text.find(opening) != std::string::npos);
  const std::size_t begin = text.find(opening) + opening.size(), end = text.find("```", begin);
  if (like == Like::about && is_about(text.substr(begin, end - begin), printed)) return;
  if (std::getenv("VW_UPDATE_GOLDEN") != nullptr) {
    text.replace(begin, end - begin, printed);
    std::ofstream(readme, std::ios::binary) << text;
    return;
  }
  INFO("README.md (VW_UPDATE_GOLDEN=1 rewrites it)");
  CHECK(text.substr(begin, end - begin) == printed);
}

// The row of a table that begins with these words has these cells in place of those from `first` on.
void expect_cells(const std::string& beginning, std::size_t first, const std::vector<std::string>& cells) {
  std::string text = read_file(disk_files(), readme, readme);
  const std::size_t begin = text.find("\n" + beginning) + 1, end = text.find('\n', begin);
  REQUIRE(begin != 0);
  std::vector<std::string> row = split(text.substr(begin, end - begin), '|');
  REQUIRE(row.size() > first + cells.size());
  for (std::size_t i = 0; i < cells.size(); ++i) row[first + i] = " " + cells[i] + " ";
  if (std::getenv("VW_UPDATE_GOLDEN") != nullptr) {
    text.replace(begin, end - begin, join(row, "|"));
    std::ofstream(readme, std::ios::binary) << text;
    return;
  }
  INFO("README.md (VW_UPDATE_GOLDEN=1 rewrites it)");
  CHECK(text.substr(begin, end - begin) == join(row, "|"));
}

// What a set uses of its card, what it leaves, how many requests there would be room for.
std::vector<std::string> cells_of(const Json& set) {
  if (!set.at("fits").get<bool>())
    return {"does not fit", fmt::format("{:.1f} GiB missing", set.at("missing_gib").get<double>()), "none"};
  const Json& card = set.at("cards").at(0);
  const double used = card.at("shares").get<double>() + card.at("outside").get<double>();
  std::vector<std::string> rooms;
  for (const Json& model : set.at("models")) rooms.push_back(to_text(model.at("requests_of_all")));
  return {fmt::format("{:.0f} %", used * 100), fmt::format("{:.1f} GiB", card.at("headroom_gib").get<double>()),
          join(rooms, " + ")};
}

}  // namespace

TEST_CASE("the README shows the main job as it is printed", "[cli]") {
  expect_shown("plan -m meta-llama/Llama-3.1-8B-Instruct --gpu \"RTX 4090\" --max-model-len 8192 -c 4",
               Cli()
                   .run({"plan", "-m", "meta-llama/Llama-3.1-8B-Instruct", "--gpu", "RTX 4090", "--max-model-len",
                         "8192", "-c", "4", "--offline"})
                   .out);
}

TEST_CASE("the README shows which GPU to rent as it is printed", "[cli]") {
  const std::vector<std::string> question = {
      "-m", "Qwen/Qwen3-32B", "-q",  "none,fp8",      "-c", "20", "--prompt-tokens",
      "4k", "--gen-tokens",   "500", "--max-tpot-ms", "40"};
  const auto shown = [&](const std::string& command, const std::vector<std::string>& more) {
    std::vector<std::string> words = {command};
    words.insert(words.end(), question.begin(), question.end());
    words.insert(words.end(), more.begin(), more.end());
    expect_shown(join(words, " "), Cli().run(words).out);
  };
  shown("size", {});
  shown("sweep", {"--sort", "cost-per-token", "--pareto", "cost", "--top", "8"});
}

TEST_CASE("the README shows the formats of one case as they are weighed", "[cli]") {
  const std::vector<std::string> words = {
      "plan", "-m",       "Qwen/Qwen2.5-Coder-32B-Instruct", "--gpu", "L40S", "--max-model-len", "8k", "-c",
      "8",    "--explain"};
  const std::string out = Cli().run(words).out;
  const std::size_t begin = out.find("\nFormats\n") + 1;
  expect_shown(join(words, " "), out.substr(begin, out.find("\nWhere the numbers come from") - begin));
}

TEST_CASE("the README shows why a server did not start as it is printed", "[cli]") {
  Cli cli;
  cli.put("tests/data/logs/colours-and-crlf.log",
          read_file(disk_files(), VW_ROOT "/tests/data/logs/colours-and-crlf.log", "the log"));
  expect_shown("diagnose tests/data/logs/colours-and-crlf.log --gpu \"RTX 4090\"",
               cli.run({"diagnose", "tests/data/logs/colours-and-crlf.log", "--gpu", "RTX 4090"}).out);
}

TEST_CASE("the README shows the statistics as they are measured", "[cli]") {
  const Ran ran =
      Cli().run({"validate", VW_ROOT "/tests/validation/startups.json", "--models", VW_ROOT "/tests/validation/models",
                 "--leave-one-out", "--compare", "classic", "--offline"});
  const std::size_t table = ran.out.find("every source weighs the same");
  expect_shown(
      "validate tests/validation/startups.json --models tests/validation/models --leave-one-out --compare classic",
      ran.out.substr(table, ran.out.find("\nset from these", table) - table));
}

TEST_CASE("the README shows which models share a card as it is printed", "[cli]") {
  const std::string gpu = "rtx-pro-6000-blackwell-server", load = ",ctx=4096,c=8";
  const auto words = [&](const std::string& one, const std::string& other) {
    return std::vector<std::string>{"pack", "-m", one + load, "-m", other + load, "--gpu", gpu};
  };
  const std::string coder = "deepseek-ai/deepseek-coder-33b-instruct", mistral = "mistralai/Mistral-7B-v0.1";
  const std::string coder_awq = "TheBloke/deepseek-coder-33B-instruct-AWQ",
                    mistral_awq = "TheBloke/Mistral-7B-v0.1-AWQ";
  const std::vector<std::pair<std::string, std::string>> budgets = {
      {coder_awq, mistral_awq},
      {coder_awq, "Qwen/Qwen2.5-14B-Instruct-AWQ"},
      {"Qwen/Qwen2.5-Coder-32B-Instruct-AWQ", "Qwen/Qwen2.5-7B-Instruct-AWQ"},
      {coder, mistral},
      {coder + ":fp8", mistral + ":fp8"}};
  const Ran ran = Cli().run(words(coder_awq, mistral_awq));
  const std::string shares = ran.out.substr(0, ran.out.find("\nExpected speed"));
  expect_shown(join(words(coder_awq, mistral_awq), " "), shares);
  for (std::size_t at = 0; at < budgets.size(); ++at) {
    std::vector<std::string> asked = words(budgets[at].first, budgets[at].second);
    asked.emplace_back("--json");
    constexpr std::size_t ours = 6;
    expect_cells(fmt::format("| {} | ", at + 1), ours, cells_of(parse_json(Cli().run(asked).out, "pack")));
  }
}

TEST_CASE("the README shows a watched server as it is printed", "[cli]") {
  test::WatchedServer watched({"quiet-1", "quiet-2"});
  watched.cli.tool("nvidia-smi", test::growing_nvidia_smi(0));
  const auto ran = watched.watch(
      {"--once", "-m", "meta-llama/Llama-3.1-8B-Instruct", "--gpu", "RTX 4090", "--max-model-len", "8192", "-c", "4"});
  CHECK(ran.exit_code == 0);
  expect_shown("watch --once -m meta-llama/Llama-3.1-8B-Instruct --gpu \"RTX 4090\" --max-model-len 8192 -c 4", ran.out,
               Like::about);
}

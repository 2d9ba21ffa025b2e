// The border itself: what the header promises to C and C++, and what the first plugin makes of it.
#include "abi/plugin.hpp"
#include "layout.h"
#include "support/catch.hpp"

#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

extern "C" const vw_plugin vw_test_c_plugin;

namespace {

std::string content(const std::string& path) {
  std::ifstream file(std::string(VW_ROOT) + "/" + path);
  REQUIRE(file.good());
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string output_of(const std::string& command) {
  FILE* pipe = popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string output;
  std::array<char, 256> piece;
  while (fgets(piece.data(), piece.size(), pipe) != nullptr) output += piece.data();
  REQUIRE(pclose(pipe) == 0);
  return output;
}

vw_sink into(std::string& text) {
  return {&text,
          [](void* to, const char* piece, std::size_t size) { static_cast<std::string*>(to)->append(piece, size); }};
}

struct Settings {
  explicit Settings(std::string_view json) {
    if (json == "bad") throw std::invalid_argument("these settings are bad\nhint: give others");
    if (json == "odd") throw 42;
  }
  vw_memory estimate(const vw_candidate& candidate) const {
    if (candidate.gpus == 13) throw std::runtime_error("thirteen cards");
    vw_memory memory{};
    memory.weights_bytes = candidate.gpus;
    memory.max_context_tokens = candidate.utilization;
    return memory;
  }
  vw_perf estimate(const vw_candidate& candidate, const vw_memory& memory) const {
    vw_perf perf{};
    perf.ttft_ms = candidate.gpus + memory.weights_bytes;
    return perf;
  }
};
struct Answering : Settings {
  using Settings::Settings;
  std::string ask(std::string_view request) { return "[" + std::string(request) + "]"; }
};

constexpr vw_part memory_part = vw::memory_model_part<Settings>::make("m", "a memory model");
constexpr vw_part perf_part = vw::perf_heuristic_part<Answering>::make("p", "a heuristic");
constexpr vw_part source_part = vw::asking_part<Answering>::make(VW_KIND_METADATA_SOURCE, "s", "a source");

struct Opened {
  const vw_part& part;
  void* self;
  explicit Opened(const vw_part& of) : part(of), self(of.open(&of, "{}", 2, {nullptr, nullptr})) {}
  ~Opened() { part.close(self); }
};

}  // namespace

TEST_CASE("a plugin written in C needs nothing but the header", "[abi]") {
  const vw_part& echo = *vw_test_c_plugin.parts[0];
  std::string reply;
  REQUIRE(echo.ask(nullptr, "{}", 2, into(reply), {nullptr, nullptr}) == VW_OK);
  CHECK(reply == "{}\n");
}

TEST_CASE("the header stays under 250 lines and the helper under 200", "[abi]") {
  const auto lines = [](const std::string& text) { return std::count(text.begin(), text.end(), '\n'); };
  CHECK(lines(content("engine/abi/plugin.h")) < 250);
  CHECK(lines(content("engine/abi/plugin.hpp")) < 200);
}

TEST_CASE("the helper fills the functions that a class can serve and leaves the others null", "[abi]") {
  CHECK(memory_part.ask == nullptr);
  CHECK(memory_part.evaluate != nullptr);
  CHECK(perf_part.ask != nullptr);
  CHECK(perf_part.evaluate != nullptr);
  CHECK(source_part.ask != nullptr);
  CHECK(source_part.evaluate == nullptr);
}

TEST_CASE("what a constructor throws becomes the message of a failed open", "[abi]") {
  std::string error;
  CHECK(memory_part.open(&memory_part, "bad", 3, into(error)) == nullptr);
  CHECK(error == "these settings are bad\nhint: give others");
  error.clear();
  CHECK(memory_part.open(&memory_part, "odd", 3, into(error)) == nullptr);
  CHECK(error == "an exception that is not a std::exception was thrown");
}

TEST_CASE("a failing part survives a sink that takes nothing", "[abi]") {
  CHECK(memory_part.open(&memory_part, "bad", 3, {nullptr, nullptr}) == nullptr);
}

TEST_CASE("the helper answers questions", "[abi]") {
  const Opened source(source_part);
  std::string reply;
  REQUIRE(source_part.ask(source.self, "1", 1, into(reply), {nullptr, nullptr}) == VW_OK);
  CHECK(reply == "[1]");
}

TEST_CASE("the helper walks rows that are longer than it knows", "[abi]") {
  struct LongCandidate {
    vw_candidate known{};
    double later = 1;
  };
  struct LongMemory {
    vw_memory known{};
    double later = 7;
  };
  std::vector<LongCandidate> candidates(3);
  for (std::uint32_t i = 0; i < 3; ++i) candidates[i].known.gpus = i + 1;
  std::vector<LongMemory> results(3);
  const vw_batch batch{sizeof(vw_batch),  3,       sizeof(LongCandidate), 0, sizeof(LongMemory),
                       candidates.data(), nullptr, results.data()};
  const Opened model(memory_part);
  REQUIRE(memory_part.evaluate(model.self, &batch, {nullptr, nullptr}) == VW_OK);
  CHECK(results[0].known.weights_bytes == 1);
  CHECK(results[2].known.weights_bytes == 3);
  CHECK(results[2].later == 7);
}

TEST_CASE("the helper reads and writes only the prefix of rows that are shorter than it knows", "[abi]") {
  std::vector<char> candidates(2 * offsetof(vw_candidate, utilization), 0);  // two rows without their last field
  candidates[offsetof(vw_candidate, gpus)] = 5;
  std::vector<char> results(2 * offsetof(vw_memory, max_context_tokens), 0);
  const vw_batch batch{sizeof(vw_batch),
                       2,
                       offsetof(vw_candidate, utilization),
                       0,
                       offsetof(vw_memory, max_context_tokens),
                       candidates.data(),
                       nullptr,
                       results.data()};
  const Opened model(memory_part);
  REQUIRE(memory_part.evaluate(model.self, &batch, {nullptr, nullptr}) == VW_OK);
  double weights_bytes = 0;
  std::memcpy(&weights_bytes, results.data() + offsetof(vw_memory, weights_bytes), sizeof weights_bytes);
  CHECK(weights_bytes == 5);
}

TEST_CASE("a heuristic sees each candidate with its own memory result", "[abi]") {
  const std::array<vw_candidate, 2> candidates{vw_candidate{}, vw_candidate{}};
  std::array<vw_memory, 2> memory{};
  memory[1].weights_bytes = 9;
  std::array<vw_perf, 2> results{};
  const vw_batch batch{
      sizeof(vw_batch), 2, sizeof(vw_candidate), sizeof(vw_memory), sizeof(vw_perf), candidates.data(), memory.data(),
      results.data()};
  const Opened heuristic(perf_part);
  REQUIRE(perf_part.evaluate(heuristic.self, &batch, {nullptr, nullptr}) == VW_OK);
  CHECK(results[0].ttft_ms == 0);
  CHECK(results[1].ttft_ms == 9);
}

TEST_CASE("what estimate throws fails the batch with its message", "[abi]") {
  vw_candidate candidate{};
  candidate.gpus = 13;
  vw_memory result{};
  const vw_batch batch{sizeof(vw_batch), 1, sizeof(vw_candidate), 0, sizeof(vw_memory), &candidate, nullptr, &result};
  const Opened model(memory_part);
  std::string error;
  CHECK(memory_part.evaluate(model.self, &batch, into(error)) == VW_FAILED);
  CHECK(error == "thirteen cards");
}

TEST_CASE("the first plugin exports one symbol", "[abi]") {
  const std::string plugin = std::string(VW_BINARY_DIR) + "/example-plugins/first-plugin.so";
  const std::string symbols = output_of("nm -D --defined-only '" + plugin + "'");
  CHECK(std::count(symbols.begin(), symbols.end(), '\n') == 1);
  CHECK_THAT(symbols, ContainsSubstring(" vw_plugin_main\n"));
}

TEST_CASE("the pages about the first plugin quote its very code", "[abi]") {
  const std::string quote = "```cpp\n" + content("plugins/first-plugin/first-plugin.cpp") + "```\n";
  CHECK_THAT(content("plugins/README.md"), ContainsSubstring(quote));
  CHECK_THAT(content("plugins/first-plugin/README.md"), ContainsSubstring(quote));
}

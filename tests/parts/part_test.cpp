#include "parts/part.hpp"

#include "support/catch.hpp"
#include "support/fake_part.hpp"
#include "support/message_of.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

using namespace vw;
using test::Fake;
using test::make_part;
using test::message_of;

namespace {

const Origin script{Origin::Rank::user, "memory/mine.lua", ""};

Fake source(std::string answer) {
  Fake fake;
  fake.ask = [answer](const std::string&) { return answer; };
  return fake;
}

Fake memory_model(std::function<vw_memory(const vw_candidate&)> estimate) {
  Fake fake;
  fake.kind = VW_KIND_MEMORY_MODEL;
  fake.memory = std::move(estimate);
  return fake;
}

vw_part descriptor_of_source() {
  vw_part part{};
  part.size = sizeof part;
  part.kind = VW_KIND_METADATA_SOURCE;
  part.id = "plain";
  part.summary = "two\nlines";
  part.ask = [](void* self, const char*, std::size_t, vw_sink reply, vw_sink) {
    const char* text = self == nullptr ? "\"null\"" : "\"self\"";
    reply.write(reply.to, text, 6);
    return VW_OK;
  };
  return part;
}

std::string refusal_of(const vw_part& part) {
  return message_of([&] { Part(part, Origin{Origin::Rank::user, "x.so", "x 1.0.0"}); });
}

}  // namespace

TEST_CASE("a part shows what its descriptor says", "[parts]") {
  const Part part = make_part(source("null"));
  CHECK(part.kind() == "metadata-source/1");
  CHECK(part.id() == "fake");
  CHECK(part.summary() == "made for a test");
  CHECK(part.label() == "metadata-source 'fake'");
  CHECK(part.provider_label() == "plugin 'fake'");
  CHECK(part.origin().label() == "installed");
  CHECK(part.can_ask());
  CHECK_FALSE(part.can_evaluate());
}

TEST_CASE("a malformed descriptor is refused with what is wrong", "[parts]") {
  auto part = descriptor_of_source();
  CHECK(refusal_of(part) == "nothing was thrown");
  part.ask = nullptr;
  CHECK(refusal_of(part) == "x.so: metadata-source 'plain' has no ask");
  part = descriptor_of_source();
  part.kind = VW_KIND_PERF_HEURISTIC;
  CHECK(refusal_of(part) == "x.so: perf-heuristic 'plain' has no evaluate");
  part.kind = "perf-heuristic/2";
  CHECK(refusal_of(part) == "x.so: part 'plain' is of the unknown kind 'perf-heuristic/2'");
  part.kind = nullptr;
  CHECK(refusal_of(part) == "x.so: the kind is null");
  part = descriptor_of_source();
  part.id = nullptr;
  CHECK(refusal_of(part) == "x.so: the id of a metadata-source/1 is null, expected kebab-case");
  part.id = "Not An Id";
  CHECK(refusal_of(part) == "x.so: the id 'Not An Id' is not kebab-case");
  part.size = 8;
  CHECK(refusal_of(part) == "x.so: the part says it has 8 bytes, expected at least 72");
  part = descriptor_of_source();
  part.open = [](const vw_part*, const char*, std::size_t, vw_sink) -> void* { return nullptr; };
  CHECK(refusal_of(part) == "x.so: metadata-source 'plain' has open but no close");
}

TEST_CASE("a part of a longer descriptor is taken by its known prefix", "[parts]") {
  struct Later {
    vw_part known;
    void* more;
  };
  Later later{descriptor_of_source(), nullptr};
  later.known.size = sizeof later;
  const Part part(later.known, script);
  CHECK(part.open(nullptr).ask(nullptr) == "null");
}

TEST_CASE("a summary is one printable line", "[parts]") {
  CHECK(Part(descriptor_of_source(), script).summary() == "two?lines");
}

TEST_CASE("a part without open has nothing to close", "[parts]") {
  auto descriptor = descriptor_of_source();
  descriptor.close = [](void*) { FAIL("close was called"); };
  const Part part(descriptor, script);
  CHECK(part.open(nullptr).ask(nullptr) == "null");
}

TEST_CASE("whoever looks on hears of the work, in text that can be shown", "[parts]") {
  auto descriptor = descriptor_of_source();
  descriptor.watch = [](void*, vw_sink progress) {
    const std::string text = "7 of 20\x1b[2J";
    progress.write(progress.to, text.data(), text.size());
  };
  std::vector<std::string> heard;
  Instance instance = Part(descriptor, script).open(nullptr);
  instance.watch(nullptr);
  CHECK(heard.empty());
  instance.watch([&](const std::string& text) { heard.push_back(text); });
  CHECK(heard == std::vector<std::string>{"7 of 20?[2J"});
}

TEST_CASE("a part of the first ABI tells nobody of its work", "[parts]") {
  auto descriptor = descriptor_of_source();
  descriptor.size = offsetof(vw_part, watch);
  descriptor.watch = [](void*, vw_sink) { FAIL("behind the end of the descriptor"); };
  Part(descriptor, script).open(nullptr).watch([](const std::string&) {});
}

TEST_CASE("settings and questions arrive as JSON text", "[parts]") {
  std::string seen;
  Fake fake = source("[1, 2]");
  fake.open = [&](const std::string& settings) { seen = settings; };
  fake.ask = [&](const std::string& request) { return "{\"asked\": " + request + "}"; };
  Instance instance = make_part(fake).open(Json{{"b", 1}, {"a", nullptr}});
  CHECK(seen == R"({"a":null,"b":1})");
  CHECK(instance.ask(Json{{"verb", "list"}}) == Json{{"asked", {{"verb", "list"}}}});
}

TEST_CASE("an instance outlives the part that it was opened from", "[parts]") {
  std::unique_ptr<Part> part = std::make_unique<Part>(make_part(source("7")));
  Instance instance = part->open(nullptr);
  part.reset();
  CHECK(instance.ask(nullptr) == 7);
  CHECK(instance.part().id() == "fake");
}

TEST_CASE("an instance is closed once, wherever it was moved", "[parts]") {
  static int open_instances;
  open_instances = 0;
  auto descriptor = descriptor_of_source();
  descriptor.open = [](const vw_part*, const char*, std::size_t, vw_sink) -> void* {
    return ++open_instances, &open_instances;
  };
  descriptor.close = [](void*) { --open_instances; };
  const Part part(descriptor, script);
  {
    Instance first = part.open(nullptr);
    Instance second = std::move(first);
    CHECK(open_instances == 1);
    Instance third = part.open(nullptr);
    CHECK(open_instances == 2);
    third = std::move(second);
    CHECK(open_instances == 1);
    CHECK(third.ask(nullptr) == "self");
  }
  CHECK(open_instances == 0);
}

TEST_CASE("a failure names plugin and part and keeps the hint", "[parts]") {
  Fake fake = source("null");
  fake.open = [](const std::string&) { throw std::runtime_error("no such folder\nhint: make one"); };
  CHECK(message_of([&] { make_part(fake).open(nullptr); }) ==
        "plugin 'fake': metadata-source 'fake': no such folder\nhint: make one");
  fake.open = nullptr;
  fake.ask = [](const std::string&) -> std::string { throw std::runtime_error("the hub is away"); };
  CHECK(message_of([&] { make_part(fake).open(nullptr).ask(nullptr); }) ==
        "plugin 'fake': metadata-source 'fake': the hub is away");
}

TEST_CASE("the failure of a script names the part, and the script names its line", "[parts]") {
  Fake fake = source("null");
  fake.origin = script;
  fake.ask = [](const std::string&) -> std::string { throw std::runtime_error("memory/mine.lua:3: no layers"); };
  CHECK(message_of([&] { make_part(fake).open(nullptr).ask(nullptr); }) ==
        "metadata-source 'fake': memory/mine.lua:3: no layers");
}

TEST_CASE("failing without a message is misbehaviour", "[parts]") {
  Fake fake = source("null");
  fake.open = [](const std::string&) { throw std::runtime_error(""); };
  CHECK(message_of([&] { make_part(fake).open(nullptr); }) ==
        "plugin 'fake' misbehaved: metadata-source 'fake' failed to open without a message");
  fake.origin = script;
  CHECK(message_of([&] { make_part(fake).open(nullptr); }) ==
        "script 'memory/mine.lua' misbehaved: metadata-source 'fake' failed to open without a message");
}

TEST_CASE("an answer has to be JSON", "[parts]") {
  CHECK(message_of([&] { make_part(source("")).open(nullptr).ask(nullptr); }) ==
        "plugin 'fake' misbehaved: metadata-source 'fake' answered nothing, expected JSON");
  CHECK_THAT(message_of([&] { make_part(source("{]")).open(nullptr).ask(nullptr); }),
             StartsWith("plugin 'fake' misbehaved: metadata-source 'fake' answered no readable JSON: "
                        "its answer: line 1 column 2: "));
  CHECK(message_of([&] { make_part(source(std::string((64u << 20) + 1, ' '))).open(nullptr).ask(nullptr); }) ==
        "plugin 'fake' misbehaved: metadata-source 'fake' answered with more than 64 MiB");
}

TEST_CASE("asking a part that has no ask says so", "[parts]") {
  CHECK(message_of([&] { make_part(memory_model([](auto&) { return vw_memory{}; })).open(nullptr).ask(nullptr); }) ==
        "plugin 'fake': memory-model 'fake': answers no questions");
}

TEST_CASE("memory results are zeroed before the call", "[parts]") {
  auto descriptor = descriptor_of_source();
  descriptor.kind = VW_KIND_MEMORY_MODEL;
  descriptor.evaluate = [](void*, const vw_batch* batch, vw_sink) {
    const bool zeroed = static_cast<const vw_memory*>(batch->results)->weights_bytes == 0;
    return zeroed && batch->memory == nullptr && batch->size == sizeof(vw_batch) ? VW_OK : VW_FAILED;
  };
  std::vector<vw_candidate> candidates(2);
  std::vector<vw_memory> results(2);
  results[0].weights_bytes = 5;
  Part(descriptor, script).open(nullptr).evaluate(candidates, results);
  CHECK(results[0].weights_bytes == 0);
}

TEST_CASE("each candidate gets its own result", "[parts]") {
  std::vector<vw_candidate> candidates(3);
  for (std::uint32_t i = 0; i < 3; ++i) candidates[i].gpus = i;
  std::vector<vw_memory> memory(3);
  auto model = make_part(memory_model([](const vw_candidate& candidate) {
                 vw_memory row{};
                 row.weights_bytes = candidate.gpus;
                 return row;
               })).open(nullptr);
  model.evaluate(candidates, memory);
  CHECK(memory[2].weights_bytes == 2);

  Fake fake;
  fake.kind = VW_KIND_PERF_HEURISTIC;
  fake.perf = [](const vw_candidate& candidate, const vw_memory& row) {
    vw_perf perf{};
    perf.ttft_ms = candidate.gpus * row.weights_bytes;
    return perf;
  };
  std::vector<vw_perf> perf(3);
  make_part(fake).open(nullptr).evaluate(candidates, memory, perf);
  CHECK(perf[2].ttft_ms == 4);
}

TEST_CASE("a result that nobody may return is blamed on plugin, part, field and candidate", "[parts]") {
  double value = 0;
  const Part part = make_part(memory_model([&](const vw_candidate& candidate) {
    vw_memory row{};
    if (candidate.gpus == 17) row.kv_required_bytes = value;
    return row;
  }));
  std::vector<vw_candidate> candidates(20);
  for (std::uint32_t i = 0; i < 20; ++i) candidates[i].gpus = i;
  std::vector<vw_memory> results(20);
  const auto message = [&](double bad) {
    value = bad;
    return message_of([&] { part.open(nullptr).evaluate(candidates, results); });
  };
  const std::string start = "plugin 'fake' misbehaved: memory-model 'fake' returned ";
  CHECK(message(1.0) == "nothing was thrown");
  CHECK(message(std::nan("")) == start + "NaN for kv_required_bytes at candidate 17");
  CHECK(message(-2.5) == start + "-2.5 for kv_required_bytes at candidate 17");
  CHECK(message(INFINITY) == start + "infinity for kv_required_bytes at candidate 17");
  CHECK(message(-INFINITY) == start + "minus infinity for kv_required_bytes at candidate 17");
}

TEST_CASE("spans of different length and the wrong kind are faults of ours", "[parts]") {
  Instance model = make_part(memory_model([](auto&) { return vw_memory{}; })).open(nullptr);
  std::vector<vw_candidate> candidates(2);
  std::vector<vw_memory> memory(3);
  std::vector<vw_perf> perf(2);
  CHECK(message_of([&] { model.evaluate(candidates, memory); }) == "internal: 2 candidates but 3 rows");
  memory.resize(2);
  CHECK(message_of([&] { model.evaluate(candidates, memory, perf); }) ==
        "internal: memory-model 'fake' is asked for speed");
}

TEST_CASE("no candidates are no call", "[parts]") {
  Instance model =
      make_part(memory_model([](auto&) -> vw_memory { throw std::runtime_error("called"); })).open(nullptr);
  CHECK_NOTHROW(model.evaluate({}, std::span<vw_memory>()));
}

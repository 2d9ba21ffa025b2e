#include "lua/script_part.hpp"

#include "support/catch.hpp"
#include "support/lua_scripts.hpp"

using namespace vw;

namespace {

// A script of one kind, opened. The files outlive it.
struct Opened {
  test::MemoryFiles files;
  std::shared_ptr<const Part> part;
  Instance instance;

  Opened(const std::string& path, const std::string& text, const Json& settings = nullptr,
         const Catalog* catalog = nullptr)
      : part(load(files, path, text, catalog)), instance(part->open(settings)) {}

  static std::shared_ptr<const Part> load(test::MemoryFiles& files, const std::string& path, const std::string& text,
                                          const Catalog* catalog) {
    files.put(path, text);
    const lua::Host host{&files, catalog, nullptr};
    return std::get<std::shared_ptr<const Part>>(lua::load_script(path, Origin::Rank::given, host).front().loaded);
  }
  std::string failure(const Json& request) {
    return test::message_of([&] { instance.ask(request); });
  }
};

Json explain_request() {
  return {{"verb", "explain"},
          {"candidate", {{"gpu", 0}, {"format", 1}, {"kv_format", 2}, {"release", 0}, {"context_tokens", 4096}}}};
}

}  // namespace

TEST_CASE("a family lists its architectures and reduces a config", "[lua]") {
  Opened family("scripts/families/llama.lua", R"(
    return vw.family {
      id = "llama", summary = "llama", architectures = { "LlamaForCausalLM" },
      reduce = function(config, checkpoint)
        return { family = "llama", layers = config.num_hidden_layers, groups = vw.list {}, format = checkpoint.format }
      end,
    })");
  CHECK(family.part->kind() == "model-family/1");
  CHECK(family.part->summary() == "llama");
  CHECK(family.instance.ask({{"verb", "architectures"}}) == Json({{"architectures", {"LlamaForCausalLM"}}}));
  const Json request = {
      {"verb", "reduce"}, {"config", {{"num_hidden_layers", 32}}}, {"checkpoint", {{"format", "awq"}}}};
  CHECK(family.instance.ask(request).dump() == R"({"family":"llama","format":"awq","groups":[],"layers":32})");
  CHECK(family.failure({{"verb", "sing"}}) ==
        "model-family 'llama': scripts/families/llama.lua: does not know the verb '\"sing\"'");
}

TEST_CASE("an error of a script names its file and line", "[lua]") {
  Opened family("scripts/families/x.lua",
                "return vw.family { id = 'x', summary = 'x', architectures = { 'X' },\n"
                "reduce = function(config)\n  return { layers = config.layers.count }\nend }");
  CHECK(family.failure({{"verb", "reduce"}, {"config", Json::object()}}) ==
        "model-family 'x': scripts/families/x.lua:3: attempt to index a nil value (field 'layers')");
}

TEST_CASE("an error of a family without a line of its own is about config.json", "[lua]") {
  Opened family("scripts/families/x.lua",
                "return vw.family { id = 'x', summary = 'x', architectures = { 'X' },\n"
                "reduce = function(config) error('layers is ' .. config.layers .. ', expected some', 0) end }");
  CHECK(family.failure({{"verb", "reduce"}, {"config", {{"layers", 0}}}}) ==
        "model-family 'x': config.json: layers is 0, expected some");
  Opened hog("scripts/families/x.lua",
             "return vw.family { id = 'x', summary = 'x', architectures = { 'X' }, reduce = function(config)\n"
             "local t = {} while true do t[#t + 1] = ('x'):rep(16000000) end end }");
  CHECK(hog.failure({{"verb", "reduce"}}) ==
        "model-family 'x': scripts/families/x.lua: needs more than 64 MiB of memory");
}

TEST_CASE("an answer that is no JSON names the function and the path", "[lua]") {
  Opened family("scripts/families/x.lua",
                "return vw.family { id = 'x', summary = 'x', architectures = { 'X' },\n"
                "reduce = function(config)\n  return { groups = { { size = 0 / 0 } } }\nend }");
  CHECK(family.failure({{"verb", "reduce"}}) ==
        "model-family 'x': scripts/families/x.lua:2: reduce: result.groups[1].size: NaN is no JSON number");
}

TEST_CASE("a source answers nil, reads files and asks the catalog", "[lua]") {
  Catalog catalog;
  for (const auto& [rank, name] : {std::pair(Origin::Rank::installed, "old"), std::pair(Origin::Rank::user, "new")})
    catalog.add("models", "qwen", {rank, std::string(name) + "/models/qwen.lua", ""}, [text = std::string(name)] {
      return std::make_shared<const Json>(Json{{"from", text}});
    });
  Opened source("scripts/sources/mine.lua", R"(
    local read = vw.read_file
    return vw.source { id = "mine", summary = "s", ask = function(request)
      if request.verb == "list" then return { vw.ids("models"), vw.entries("models", "qwen"), vw.ids("gpu") } end
      local text = read(request.model)
      return text and { id = request.model, size = #text }
    end })",
                nullptr, &catalog);
  source.files.put("notes.txt", "hello");
  CHECK(source.instance.ask({{"verb", "describe"}, {"model", "absent.txt"}}).is_null());
  CHECK(source.instance.ask({{"verb", "describe"}, {"model", "notes.txt"}}) ==
        Json({{"id", "notes.txt"}, {"size", 5}}));
  CHECK(source.instance.ask({{"verb", "list"}}).dump() == R"([["qwen"],[{"from":"new"},{"from":"old"}],[]])");
}

TEST_CASE("a file that is too large is an error on the script's line", "[lua]") {
  Opened source("scripts/sources/mine.lua",
                "return vw.source { id = 'mine', summary = 's', ask = function()\n return vw.read_file('big') end }");
  source.files.put("big", std::string((16u << 20) + 1, 'x'));
  CHECK(source.failure({}) == "metadata-source 'mine': scripts/sources/mine.lua:2: big: is too large");
}

TEST_CASE("a source opened without a catalog cannot ask it", "[lua]") {
  Opened source("scripts/sources/mine.lua",
                "return vw.source { id = 'mine', summary = 's', ask = function() return vw.ids('models') end }");
  CHECK(source.failure({}) ==
        "metadata-source 'mine': scripts/sources/mine.lua:1: vw.ids: the catalog is not filled yet");
}

TEST_CASE("a detector runs programs and nobody else does", "[lua]") {
  const std::string ask =
      "ask = function(request) return vw.run({ 'sh', '-c', 'echo out; echo err >&2; exit 3' }, 5) end }";
  Opened detector("scripts/detectors/mine.lua", "return vw.detector { id = 'mine', summary = 's', " + ask);
  CHECK(detector.instance.ask({{"verb", "detect"}}) ==
        Json({{"end", "exited"}, {"exit_code", 3}, {"output", "out\n"}, {"errors", "err\n"}}));
  Opened source("scripts/sources/mine.lua", "return vw.source { id = 'mine', summary = 's', " + ask);
  CHECK(source.failure({}) ==
        "metadata-source 'mine': scripts/sources/mine.lua:1: vw.run is for detectors and probes only");
}

TEST_CASE("waiting for a program does not use up a detector's time", "[lua]") {
  Opened detector(
      "scripts/detectors/mine.lua",
      "return vw.detector { id = 'mine', summary = 's', ask = function() "
      "return { first = vw.run({ 'sleep', '1.2' }, 5)['end'], second = vw.run({ 'sleep', '9' }, 0.2)['end'], "
      "third = vw.run({ 'no-such-program' }, 1)['end'] } end }");
  CHECK(detector.instance.ask({}) == Json({{"first", "exited"}, {"second", "timed-out"}, {"third", "not-found"}}));
}

TEST_CASE("what vw.run is given is checked", "[lua]") {
  const auto failure = [](const std::string& arguments) {
    Opened detector("scripts/detectors/x.lua",
                    "return vw.detector { id = 'x', summary = 's', ask = function() vw.run(" + arguments + ") end }");
    return detector.failure({});
  };
  const std::string place = "gpu-detector 'x': scripts/detectors/x.lua:1: ";
  CHECK(failure("'ls'") == place + "bad argument #1 to 'run' (table expected, got string)");
  CHECK(failure("{}") == place + "vw.run: expected a list of words: vw.run({ \"program\", ... })");
  CHECK(failure("{ 'ls', 1 }") == place + "vw.run: expected a list of words, each a string");
  CHECK(failure("{ 'ls' }, 1e9") == place + "bad argument #2 to 'run' (expected seconds, above 0 and up to 60)");
}

TEST_CASE("a renderer gets the request and returns an artifact", "[lua]") {
  Opened renderer("scripts/renderers/mine.lua", R"(
    return vw.renderer { id = "mine", summary = "s", render = function(request)
      return { file = "mine.yaml", format = "yaml", data = { model = request.plan.model.id } }
    end })");
  CHECK(renderer.instance.ask({{"verb", "render"}, {"plan", {{"model", {{"id", "a/b"}}}}}}) ==
        Json({{"file", "mine.yaml"}, {"format", "yaml"}, {"data", {{"model", "a/b"}}}}));
}

TEST_CASE("explain gets the context and a candidate whose indices count from 1", "[lua]") {
  Opened model("scripts/memory/mine.lua", R"(
    return vw.memory_model { id = "mine", summary = "s",
      prepare = function(settings) return { name = settings.gpus[1].name } end,
      estimate = function() return {} end,
      explain = function(context, c)
        return { terms = vw.list {}, warnings = { context.name, c.gpu .. c.format .. c.kv_format .. c.release } }
      end })",
               {{"gpus", {{{"name", "A100"}}}}});
  CHECK(model.part->can_ask());
  CHECK(model.instance.ask(explain_request()) == Json({{"terms", Json::array()}, {"warnings", {"A100", "1231"}}}));
}

TEST_CASE("explain of a performance heuristic also gets the memory", "[lua]") {
  Opened heuristic("scripts/perf/mine.lua", R"(
    return vw.perf_heuristic { id = "mine", summary = "s", estimate = function() return {} end,
      explain = function(settings, c, memory) return { warnings = { memory.weights_bytes } } end })");
  Json request = explain_request();
  request["memory"] = {{"weights_bytes", 12.5}};
  CHECK(heuristic.instance.ask(request) == Json({{"warnings", {12.5}}}));
}

TEST_CASE("a hot part without explain answers no questions", "[lua]") {
  Opened model("scripts/memory/mine.lua",
               "return vw.memory_model { id = 'mine', summary = 's', estimate = function() return {} end }");
  CHECK_FALSE(model.part->can_ask());
  CHECK(model.part->can_evaluate());
}

TEST_CASE("prepare must return a context and may fail", "[lua]") {
  const auto open = [](const std::string& prepare) {
    return test::message_of([&] {
      Opened("scripts/memory/x.lua",
             "return vw.memory_model { id = 'x', summary = 's', estimate = function() return {} end,\nprepare = " +
                 prepare + " }",
             Json::object());
    });
  };
  CHECK(open("function() end") == "memory-model 'x': scripts/memory/x.lua:2: prepare returned no context");
  CHECK(open("function(s) return s.gpus[1] end") ==
        "memory-model 'x': scripts/memory/x.lua:2: attempt to index a nil value (field 'gpus')");
}

TEST_CASE("every instance has a state of its own", "[lua]") {
  Opened counter("scripts/renderers/counter.lua", R"(
    local count = 0
    return vw.renderer { id = "counter", summary = "s", render = function() count = count + 1 return { count } end })");
  Instance other = counter.part->open(nullptr);
  CHECK(counter.instance.ask({}) == Json({1}));
  CHECK(counter.instance.ask({}) == Json({2}));
  CHECK(other.ask({}) == Json({1}));
}

TEST_CASE("an instance outlives its part and works after it has failed", "[lua]") {
  auto opened = std::make_unique<Opened>("scripts/renderers/x.lua", R"(
    return vw.renderer { id = "x", summary = "s", render = function(r)
      if r.loop then while true do end end
      return { 1 }
    end })");
  Instance instance = opened->part->open(nullptr);
  opened.reset();
  CHECK(test::message_of([&] {
          instance.ask({{"loop", true}});
        }) == "renderer 'x': scripts/renderers/x.lua:3: ran longer than 1 s; look for a loop that does not end");
  CHECK(instance.ask({{"loop", nullptr}}) == Json({1}));
}

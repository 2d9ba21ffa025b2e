// Every way to be wrong, from real shared objects: the sources are in tests/bad-plugins.
#include "native/loader.hpp"

#include "support/catch.hpp"
#include "support/message_of.hpp"
#include "support/temp_dir.hpp"

#include <filesystem>
#include <vector>

using namespace vw;
using native::index_plugins;
using native::load_plugin;
using test::message_of;
using test::TempDir;

namespace {

constexpr auto given = Origin::Rank::given;
const std::string first_plugin = std::string(VW_BINARY_DIR) + "/example-plugins/first-plugin.so";

std::string bad(const std::string& name) { return std::string(VW_BINARY_DIR) + "/bad-plugins/" + name + ".so"; }

std::vector<Part> load(const std::string& path) {
  std::vector<std::string> notes;
  return load_plugin(path, given, notes);
}

// The message of a refused plugin, without the path in front of it.
std::string refusal_of(const std::string& name) {
  const std::string message = message_of([&] { load(bad(name)); });
  const std::string start = bad(name) + ": ";
  return message.starts_with(start) ? message.substr(start.size()) : message;
}

// What goes wrong with the part of that id once it is used.
std::string misbehaviour(const std::string& plugin, const std::string& id) {
  std::vector<vw_candidate> candidates(20);
  std::vector<vw_memory> memory(20);
  std::vector<vw_perf> perf(20);
  for (const Part& part : load(bad(plugin))) {
    if (part.id() != id) continue;
    return message_of([&] {
      Instance instance = part.open(Json::object());
      if (part.kind() == VW_KIND_MEMORY_MODEL)
        instance.evaluate(candidates, memory);
      else if (part.kind() == VW_KIND_PERF_HEURISTIC)
        instance.evaluate(candidates, memory, perf);
      else
        instance.ask(Json::object());
    });
  }
  return "there is no such part";
}

std::string copy_plugin(const std::string& from, const TempDir& folder, const std::string& name) {
  const std::filesystem::path to = folder.path(name);
  std::filesystem::create_directories(to.parent_path());
  std::filesystem::copy_file(from, to);
  return to.string();
}

}  // namespace

TEST_CASE("the first plugin gives one memory model", "[native]") {
  const auto parts = load(first_plugin);
  REQUIRE(parts.size() == 1);
  CHECK(parts[0].kind() == "memory-model/1");
  CHECK(parts[0].id() == "weights-only");
  CHECK(parts[0].summary() == "counts weights, ignores the KV cache");
  CHECK(parts[0].origin().provider == "first 0.1.0");
  CHECK(parts[0].origin().path == first_plugin);
  CHECK(parts[0].origin().label() == "given");
}

TEST_CASE("the first plugin computes what its code says", "[native]") {
  std::vector<vw_candidate> candidates(2);
  candidates[0].tensor_parallel = 1, candidates[0].utilization = 0.5;
  candidates[1].tensor_parallel = 2, candidates[1].utilization = 1.0;
  std::vector<vw_memory> results(2);
  load(first_plugin)[0].open(Json::object()).evaluate(candidates, results);
  CHECK(results[0].weights_bytes == 14e9);
  CHECK(results[0].capacity_bytes == 40e9);
  CHECK(results[1].weights_bytes == 7e9);
  CHECK(results[1].capacity_bytes == 80e9);
  CHECK(results[1].verdict == VW_VERDICT_BY_BYTES);
}

TEST_CASE("a plugin built for another ABI is refused with both versions", "[native]") {
  CHECK(refusal_of("wrong-major") == "built for plugin ABI 2.0; this vllm-wizard speaks 1.1; rebuild it");
  CHECK(refusal_of("newer-minor") == "built for plugin ABI 1.8; this vllm-wizard speaks 1.1; rebuild it");
}

TEST_CASE("what is no plugin is refused with the loader's reason", "[native]") {
  CHECK(refusal_of("no-symbol") == "exports no vw_plugin_main, so it is no plugin of vllm-wizard");
  CHECK(refusal_of("not-a-shared-object") == "cannot be opened as a plugin: invalid ELF header");
  CHECK(refusal_of("not-there") ==
        "cannot be opened as a plugin: cannot open shared object file: No such file or directory");
  CHECK(refusal_of("unresolved") == "cannot be opened as a plugin: undefined symbol: function_that_nobody_has");
}

TEST_CASE("a plugin file without a folder is not searched in the system's folders", "[native]") {
  CHECK(message_of([] { load("libm.so.6"); }) ==
        "libm.so.6: cannot be opened as a plugin: cannot open shared object file: No such file or directory");
}

TEST_CASE("a plugin needs a name, a version and parts", "[native]") {
  CHECK(refusal_of("null-name") == "the plugin's name is null, expected kebab-case");
  CHECK(refusal_of("bad-name") == "the plugin's name 'Bad Name' is not kebab-case");
  CHECK(refusal_of("null-version") == "the version of plugin 'null-version' is null");
  CHECK(refusal_of("no-parts") == "plugin 'no-parts' has no parts, expected at least one");
}

TEST_CASE("a malformed part refuses the plugin and is named by its number", "[native]") {
  CHECK(refusal_of("null-part") == "plugin 'null-part': part 2 is null");
  CHECK(refusal_of("short-part") == "plugin 'short-part': part 1: the part says it has 16 bytes, expected at least 72");
  CHECK(refusal_of("null-kind") == "plugin 'null-kind': part 1: the kind is null");
  CHECK(refusal_of("null-id") ==
        "plugin 'null-id': part 2: the id of a metadata-source/1 is null, expected kebab-case");
  CHECK(refusal_of("not-kebab-id") == "plugin 'not-kebab-id': part 1: the id 'My Source' is not kebab-case");
  CHECK(refusal_of("hot-without-evaluate") ==
        "plugin 'hot-without-evaluate': part 1: memory-model 'talker' has no evaluate");
  CHECK(refusal_of("cold-without-ask") == "plugin 'cold-without-ask': part 1: metadata-source 'mute' has no ask");
  CHECK(refusal_of("open-without-close") ==
        "plugin 'open-without-close': part 1: metadata-source 'ajar' has open but no close");
  CHECK(refusal_of("duplicate-id") == "plugin 'duplicate-id': parts 1 and 3 are both metadata-source 'twin'");
}

TEST_CASE("a part of an unknown kind is skipped with a note and its plugin stays", "[native]") {
  std::vector<std::string> notes;
  const auto parts = load_plugin(bad("unknown-kind"), given, notes);
  REQUIRE(parts.size() == 1);
  CHECK(parts[0].id() == "fine");
  const std::string start = bad("unknown-kind") + ": plugin 'unknown-kind': ";
  CHECK(notes == std::vector<std::string>{
                     start + "part 'next' is skipped: this vllm-wizard does not know the kind 'memory-model/2', only "
                             "'memory-model/1'",
                     start + "part 'crystal' is skipped: this vllm-wizard does not know the kind 'fortune-teller/1'"});
}

TEST_CASE("failing without a message is blamed on the plugin", "[native]") {
  const std::string start = "plugin 'silent' misbehaved: ";
  CHECK(misbehaviour("silent", "in-open") == start + "metadata-source 'in-open' failed to open without a message");
  CHECK(misbehaviour("silent", "in-ask") == start + "metadata-source 'in-ask' failed to answer without a message");
  CHECK(misbehaviour("silent", "in-evaluate") ==
        start + "memory-model 'in-evaluate' failed to evaluate without a message");
}

TEST_CASE("an exception that crosses the border is blamed on the plugin", "[native]") {
  const std::string start = "plugin 'throws' misbehaved: ";
  CHECK(misbehaviour("throws", "in-open") ==
        start + "metadata-source 'in-open' let an exception out of open: no licence");
  CHECK(misbehaviour("throws", "in-ask") == start + "metadata-source 'in-ask' let an exception out of ask");
  CHECK(misbehaviour("throws", "in-evaluate") ==
        start + "memory-model 'in-evaluate' let an exception out of evaluate: no paper");
}

TEST_CASE("answers that are no JSON are blamed on the plugin", "[native]") {
  const std::string start = "plugin 'garbage' misbehaved: ";
  CHECK_THAT(misbehaviour("garbage", "garbage"),
             StartsWith(start + "metadata-source 'garbage' answered no readable JSON: its answer: line 1 column 8: "));
  CHECK(misbehaviour("garbage", "nothing") == start + "metadata-source 'nothing' answered nothing, expected JSON");
  CHECK_THAT(misbehaviour("garbage", "endless"),
             StartsWith(start + "metadata-source 'endless' answered no readable JSON: its answer: line 1 column 65: "));
}

TEST_CASE("results that nobody may return are blamed on the plugin", "[native]") {
  const std::string start = "plugin 'bad-numbers' misbehaved: ";
  CHECK(misbehaviour("bad-numbers", "nan") ==
        start + "memory-model 'nan' returned NaN for kv_required_bytes at candidate 17");
  CHECK(misbehaviour("bad-numbers", "negative") ==
        start + "memory-model 'negative' returned -1 for weights_bytes at candidate 17");
  CHECK(misbehaviour("bad-numbers", "unknown-verdict") ==
        start + "memory-model 'unknown-verdict' returned 9 for verdict at candidate 17");
  CHECK(misbehaviour("bad-numbers", "infinite") ==
        start + "perf-heuristic 'infinite' returned infinity for ttft_ms at candidate 17");
}

TEST_CASE("a missing plugin folder is empty", "[native]") {
  Catalog catalog;
  index_plugins("/nowhere/plugins", given, catalog);
  CHECK(catalog.listings(true).empty());
}

TEST_CASE("a flat plugin is opened at once and brings all of its parts", "[native]") {
  const TempDir folder;
  copy_plugin(first_plugin, folder, "any-name.so");
  const std::string skipping = copy_plugin(bad("unknown-kind"), folder, "later.so");
  folder.put("README.md", "no plugin");
  folder.put(".hidden.so", "no plugin");
  Catalog catalog;
  index_plugins(folder.path(), given, catalog);
  CHECK(catalog.part(VW_KIND_MEMORY_MODEL, "weights-only")->origin().provider == "first 0.1.0");
  CHECK(catalog.has(VW_KIND_METADATA_SOURCE, "fine"));
  REQUIRE(catalog.refusals().size() == 2);
  CHECK(catalog.refusals()[0] == skipping +
                                     ": plugin 'unknown-kind': part 'next' is skipped: this vllm-wizard does not know "
                                     "the kind 'memory-model/2', only 'memory-model/1'");
}

TEST_CASE("a broken flat plugin is refused and does not stop others", "[native]") {
  const TempDir folder;
  const std::string broken = copy_plugin(bad("wrong-major"), folder, "broken.so");
  copy_plugin(first_plugin, folder, "fine.so");
  Catalog catalog;
  index_plugins(folder.path(), given, catalog);
  CHECK(catalog.refusals() ==
        std::vector<std::string>{broken + ": built for plugin ABI 2.0; this vllm-wizard speaks 1.1; rebuild it"});
  CHECK(catalog.has(VW_KIND_MEMORY_MODEL, "weights-only"));
}

TEST_CASE("a plugin in the folder of a kind is opened when its part is asked for", "[native]") {
  const TempDir folder;
  const std::string path = copy_plugin(first_plugin, folder, "memory/weights-only.so");
  const std::string broken = folder.put("perf/broken.so", "no plugin at all");
  Catalog catalog;
  index_plugins(folder.path(), given, catalog);
  CHECK(catalog.ids(VW_KIND_MEMORY_MODEL) == std::vector<std::string>{"weights-only"});
  CHECK(catalog.ids(VW_KIND_PERF_HEURISTIC) == std::vector<std::string>{"broken"});
  CHECK(catalog.refusals().empty());
  CHECK(catalog.part(VW_KIND_MEMORY_MODEL, "weights-only")->origin().path == path);
  CHECK(message_of([&] { catalog.part(VW_KIND_PERF_HEURISTIC, "broken"); }) ==
        broken + ": cannot be opened as a plugin: file too short");
}

TEST_CASE("a plugin in the folder of a kind holds what folder and name say", "[native]") {
  const TempDir folder;
  const std::string other_id = copy_plugin(first_plugin, folder, "memory/other.so");
  const std::string other_kind = copy_plugin(first_plugin, folder, "perf/weights-only.so");
  const std::string many = copy_plugin(bad("garbage"), folder, "sources/garbage.so");
  Catalog catalog;
  index_plugins(folder.path(), given, catalog);
  CHECK(message_of([&] { catalog.part(VW_KIND_MEMORY_MODEL, "other"); }) ==
        other_id + ": holds memory-model 'weights-only', expected memory-model 'other', as its folder and name say");
  CHECK(message_of([&] { catalog.part(VW_KIND_PERF_HEURISTIC, "weights-only"); }) ==
        other_kind +
            ": holds memory-model 'weights-only', expected perf-heuristic 'weights-only', as its folder and name say");
  CHECK(message_of([&] { catalog.part(VW_KIND_METADATA_SOURCE, "garbage"); }) ==
        many + ": holds 3 parts, expected metadata-source 'garbage' alone, as its folder and name say");
}

TEST_CASE("plugins that would never be found are refused", "[native]") {
  const TempDir folder;
  const std::string lost = copy_plugin(first_plugin, folder, "detector/x.so");
  const std::string tabled = copy_plugin(first_plugin, folder, "quantization/awq.so");
  const std::string unnamed = copy_plugin(first_plugin, folder, "memory/My Model.so");
  folder.put("notes/readme.txt", "no plugin");
  Catalog catalog;
  index_plugins(folder.path(), given, catalog);
  CHECK(catalog.refusals() ==
        std::vector<std::string>{lost + ": no plugins lie in a folder named 'detector'; did you mean 'detectors'?",
                                 unnamed + ": the file name 'My Model' is not kebab-case",
                                 tabled + ": no plugins lie in a folder named 'quantization'"});
}

TEST_CASE("the same part in two plugins of one folder is refused, naming both", "[native]") {
  const TempDir folder;
  const std::string first = copy_plugin(first_plugin, folder, "a.so");
  const std::string second = copy_plugin(first_plugin, folder, "b.so");
  Catalog catalog;
  index_plugins(folder.path(), given, catalog);
  CHECK(message_of([&] { catalog.part(VW_KIND_MEMORY_MODEL, "weights-only"); }) ==
        second + ": memory-model 'weights-only' is also declared by " + first + "\nhint: rename or remove one of them");
}

#include "parts/catalog.hpp"

#include "support/catch.hpp"
#include "support/fake_part.hpp"
#include "support/message_of.hpp"

using namespace vw;
using test::message_of;

namespace {

constexpr auto installed = Origin::Rank::installed;
constexpr auto user = Origin::Rank::user;
constexpr auto given = Origin::Rank::given;

Loader table(std::string content) {
  return [content]() -> Loaded { return std::make_shared<const Json>(Json{{"summary", content}}); };
}

Loader broken(std::string where) {
  return [where]() -> Loaded { throw Error(where + ":3", "unknown field 'bit'", "did you mean 'bits'?"); };
}

Loader memory_part(std::string id) {
  return [id]() -> Loaded {
    test::Fake fake;
    fake.kind = VW_KIND_MEMORY_MODEL;
    fake.id = id;
    fake.memory = [](const vw_candidate&) { return vw_memory{}; };
    return std::make_shared<const Part>(test::make_part(fake));
  };
}

void add_format(Catalog& catalog, const std::string& id, Origin::Rank rank, const std::string& path, Loader load) {
  catalog.add("quantization", id, {rank, path, ""}, std::move(load));
}

std::string content(const Catalog& catalog, const std::string& id) {
  return catalog.table("quantization", id)->at("summary");
}

}  // namespace

TEST_CASE("an entry is loaded once, when somebody asks for it", "[parts]") {
  int loads = 0;
  Catalog catalog;
  add_format(catalog, "awq", installed, "awq.lua", [&]() -> Loaded {
    ++loads;
    return std::make_shared<const Json>(1);
  });
  catalog.seal();
  CHECK(catalog.ids("quantization") == std::vector<std::string>{"awq"});
  CHECK(loads == 0);
  const auto first = catalog.table("quantization", "awq");
  CHECK(first == catalog.table("quantization", "awq"));
  CHECK(loads == 1);
}

TEST_CASE("a stronger rank shadows a weaker one whatever the order", "[parts]") {
  Catalog catalog;
  add_format(catalog, "awq", given, "/g/awq.lua", table("given"));
  add_format(catalog, "awq", installed, "/i/awq.lua", table("installed"));
  add_format(catalog, "awq", user, "/u/awq.lua", table("user"));
  CHECK(content(catalog, "awq") == "given");
  const auto listings = catalog.listings(true);
  REQUIRE(listings.size() == 3);
  CHECK(listings[0].summary == "given");
  CHECK(listings[0].shadowed_by == "");
  CHECK(listings[1].summary == "user");
  CHECK(listings[1].shadowed_by == "/g/awq.lua");
  CHECK(listings[2].summary == "installed");
  CHECK(listings[2].shadowed_by == "/g/awq.lua");
}

TEST_CASE("within a rank, a later search folder shadows an earlier one", "[parts]") {
  Catalog catalog;
  add_format(catalog, "awq", given, "/a/quantization/awq.lua", table("first"));
  add_format(catalog, "awq", given, "/b/quantization/awq.lua", table("second"));
  CHECK(content(catalog, "awq") == "second");
  CHECK(catalog.refusals().empty());
}

TEST_CASE("the same id twice in one search folder is refused, naming both files", "[parts]") {
  Catalog catalog;
  catalog.add(VW_KIND_MEMORY_MODEL, "mine", {installed, "/i/memory/mine.so", ""}, memory_part("mine"));
  catalog.add(VW_KIND_MEMORY_MODEL, "mine", {user, "/u/scripts/memory/mine.lua", ""}, memory_part("mine"));
  CHECK(catalog.part(VW_KIND_MEMORY_MODEL, "mine")->id() == "mine");
  catalog.add(VW_KIND_MEMORY_MODEL, "mine", {user, "/u/plugins/all.so", ""}, memory_part("mine"));
  CHECK(
      catalog.refusals() ==
      std::vector<std::string>{"/u/plugins/all.so: memory-model 'mine' is also declared by /u/scripts/memory/mine.lua "
                               "(hint: rename or remove one of them)",
                               "/u/scripts/memory/mine.lua: memory-model 'mine' is also declared by "
                               "/u/plugins/all.so (hint: rename or remove one of them)"});
  CHECK(catalog.has(VW_KIND_MEMORY_MODEL, "mine"));  // the installed one serves

  Catalog alone;
  add_format(alone, "awq", installed, "/i/awq.lua", table("a"));
  add_format(alone, "awq", installed, "/i/more.lua", table("b"));
  CHECK_FALSE(alone.has("quantization", "awq"));
  CHECK(message_of([&] { alone.table("quantization", "awq"); }) ==
        "/i/more.lua: quantization 'awq' is also declared by /i/awq.lua\nhint: rename or remove one of them");
}

TEST_CASE("a user's broken entry is refused once and the next weaker one serves", "[parts]") {
  Catalog catalog;
  add_format(catalog, "awq", user, "/u/awq.lua", broken("/u/awq.lua"));
  add_format(catalog, "awq", installed, "/i/awq.lua", table("installed"));
  CHECK(catalog.refusals().empty());
  CHECK(content(catalog, "awq") == "installed");
  CHECK(content(catalog, "awq") == "installed");
  CHECK(catalog.refusals() ==
        std::vector<std::string>{"/u/awq.lua:3: unknown field 'bit' (hint: did you mean 'bits'?)"});
}

TEST_CASE("asking for a user's entry that is broken and alone gives its reason", "[parts]") {
  Catalog catalog;
  add_format(catalog, "mine", user, "/u/mine.lua", broken("/u/mine.lua"));
  CHECK(catalog.has("quantization", "mine"));  // not yet known to be broken
  const std::string reason = "/u/mine.lua:3: unknown field 'bit'\nhint: did you mean 'bits'?";
  CHECK(message_of([&] { catalog.table("quantization", "mine"); }) == reason);
  CHECK(message_of([&] { catalog.table("quantization", "mine"); }) == reason);
  CHECK_FALSE(catalog.has("quantization", "mine"));
  CHECK(catalog.ids("quantization").empty());
}

TEST_CASE("a broken installed entry is an error at once", "[parts]") {
  Catalog catalog;
  add_format(catalog, "awq", installed, "/i/awq.lua", broken("/i/awq.lua"));
  CHECK(message_of([&] { catalog.table("quantization", "awq"); }) ==
        "/i/awq.lua:3: unknown field 'bit'\nhint: did you mean 'bits'?");
  CHECK(message_of([&] { catalog.layers("quantization", "awq"); }) ==
        "/i/awq.lua:3: unknown field 'bit'\nhint: did you mean 'bits'?");
}

TEST_CASE("a recorded refusal is given back when its id is asked for", "[parts]") {
  Catalog catalog;
  catalog.refuse("quantization", "mine", {user, "/u/mine.lua", ""}, "/u/mine.lua:7: no weights\nhint: add some");
  catalog.refuse("quantization", "other", {user, "/u/other.lua", ""}, "the file name is no id");
  try {
    catalog.table("quantization", "mine");
    FAIL("nothing was thrown");
  } catch (const Error& error) {
    CHECK(error.where() == "/u/mine.lua:7");
    CHECK(error.message() == "no weights");
    CHECK(error.hint() == "add some");
  }
  CHECK(message_of([&] { catalog.table("quantization", "other"); }) == "/u/other.lua: the file name is no id");
}

TEST_CASE("files without a usable id are refused, too", "[parts]") {
  Catalog catalog;
  catalog.refuse("", "", {user, "/u/x.so", ""}, "built for plugin ABI 2.0");
  CHECK(catalog.refusals() == std::vector<std::string>{"/u/x.so: built for plugin ABI 2.0"});
  REQUIRE(catalog.listings(false).size() == 1);
  CHECK(catalog.listings(false)[0].refusal == "/u/x.so: built for plugin ABI 2.0");
}

TEST_CASE("an unknown id is answered with the near ones and with all there is", "[parts]") {
  Catalog catalog;
  add_format(catalog, "awq", installed, "/i/awq.lua", table(""));
  add_format(catalog, "gptq", installed, "/i/gptq.lua", table(""));
  CHECK(message_of([&] { catalog.table("quantization", "awg"); }) ==
        "quantization 'awg': there is no quantization of this name; did you mean 'awq'?\nhint: there are: awq, gptq");
  CHECK(message_of([&] { catalog.table("quantization", "something-else"); }) ==
        "quantization 'something-else': there is no quantization of this name\nhint: there are: awq, gptq");
  CHECK(message_of([&] { catalog.part(VW_KIND_MEMORY_MODEL, "classic"); }) ==
        "memory-model 'classic': there is no memory-model at all");
}

TEST_CASE("a long list of ids is cut", "[parts]") {
  Catalog catalog;
  for (int i = 100; i < 150; ++i) add_format(catalog, "f" + std::to_string(i), installed, "/i/x.lua", table(""));
  CHECK_THAT(message_of([&] { catalog.table("quantization", "zzz"); }), ContainsSubstring("f138, f139 and 10 more"));
}

TEST_CASE("layers are all that is usable, strongest first, and nothing for an unknown id", "[parts]") {
  Catalog catalog;
  const auto add = [&](Origin::Rank rank, const std::string& path, Loader load) {
    catalog.add("models", "qwen", {rank, path, ""}, std::move(load));
  };
  add(installed, "/i/qwen.lua", table("installed"));
  add(user, "/u/qwen.lua", broken("/u/qwen.lua"));
  add(given, "/g/qwen.lua", table("given"));
  const auto layers = catalog.layers("models", "qwen");
  REQUIRE(layers.size() == 2);
  CHECK(layers[0].table->at("summary") == "given");
  CHECK(layers[1].table->at("summary") == "installed");
  CHECK(catalog.layers("models", "nobody").empty());
  for (const Listing& listing : catalog.listings(false)) CHECK(listing.shadowed_by == "");
}

TEST_CASE("listings are sorted, and load only when they should", "[parts]") {
  Catalog catalog;
  catalog.add("release", "0.21.0", {installed, "/i/r.lua", ""}, table("a release"));
  catalog.add(VW_KIND_MEMORY_MODEL, "zeta", {installed, "/i/z.lua", ""}, memory_part("zeta"));
  catalog.add(VW_KIND_MEMORY_MODEL, "alpha", {installed, "/i/a.lua", ""}, broken("/i/a.lua"));
  auto listings = catalog.listings(false);
  REQUIRE(listings.size() == 3);
  CHECK(listings[0].id == "alpha");
  CHECK(listings[0].refusal == "");
  CHECK(listings[1].id == "zeta");
  CHECK(listings[1].summary == "");
  CHECK(listings[2].id == "0.21.0");
  listings = catalog.listings(true);
  CHECK(listings[0].refusal == "/i/a.lua:3: unknown field 'bit'\nhint: did you mean 'bits'?");
  CHECK(listings[1].summary == "made for a test");
  CHECK(listings[1].origin.provider == "fake 1.0.0");
  CHECK(listings[2].summary == "a release");
}

TEST_CASE("a sealed catalog takes nothing", "[parts]") {
  Catalog catalog;
  catalog.seal();
  CHECK(message_of([&] { add_format(catalog, "awq", user, "x.lua", table("")); }) ==
        "internal: quantization 'awq' is added after the catalog was sealed");
  CHECK(message_of([&] {
          catalog.refuse("", "", {user, "x.lua", ""}, "why");
        }) == "internal: an entry is refused after the catalog was sealed");
}

TEST_CASE("an entry that needs itself is a fault of ours and no endless loop", "[parts]") {
  Catalog catalog;
  add_format(catalog, "awq", user, "/u/awq.lua", [&]() -> Loaded { return catalog.table("quantization", "awq"); });
  CHECK(message_of([&] { catalog.table("quantization", "awq"); }) ==
        "internal: quantization 'awq' needs itself to be loaded");
}

TEST_CASE("a table is no part and a part is no table", "[parts]") {
  Catalog catalog;
  add_format(catalog, "awq", installed, "/i/awq.lua", table(""));
  CHECK(message_of([&] { catalog.part("quantization", "awq"); }) == "internal: quantization 'awq' is no part");
  catalog.add(VW_KIND_MEMORY_MODEL, "m", {installed, "/i/m.lua", ""}, memory_part("m"));
  CHECK(message_of([&] { catalog.table(VW_KIND_MEMORY_MODEL, "m"); }) == "internal: memory-model/1 'm' is no table");
}

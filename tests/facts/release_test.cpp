#include "facts/release.hpp"

#include "support/catch.hpp"
#include "support/entries.hpp"
#include "support/message_of.hpp"
#include "support/shipped.hpp"

using namespace vw;
using test::message_of;
using test::shipped;

namespace {

Json table(const std::string& id, const Json& changes = Json::object()) {
  Json json = {{"id", id}, {"summary", "made for a test"}, {"defaults", {{"gpu_memory_utilization", 0.9}}}};
  json.update(changes);
  return json;
}

Catalog& lab() {
  static Catalog catalog;
  if (catalog.ids(table_kind::release).empty()) {
    for (const char* id : {"0.9.1", "0.10.0", "0.21.0"}) test::add_table(catalog, table_kind::release, id, table(id));
    test::add_table(catalog, table_kind::release, "0.28.0",
                    table("0.28.0", {{"latest", "0.31"}, {"flags", {"--seed"}}}));
    catalog.seal();
  }
  return catalog;
}

std::string table_for(const std::string& version) { return find_release(lab(), version).table; }

Gpu named(const std::string& name) {
  Gpu gpu;
  gpu.name = name;
  return gpu;
}

}  // namespace

TEST_CASE("versions compare number by number", "[facts]") {
  CHECK(compare_versions("0.9", "0.10") == -1);
  CHECK(compare_versions("0.21", "0.21.0") == 0);
  CHECK(compare_versions("1", "0.99.9") == 1);
  CHECK(compare_versions("0.21.0.1", "0.21") == 1);
  for (const char* no_version : {"", "0.x", "0..1", "v0.1", "0.1-rc1", "99999999999"}) {
    INFO(no_version);
    CHECK_FALSE(compare_versions(no_version, "0.1"));
    CHECK_FALSE(compare_versions("0.1", no_version));
  }
}

TEST_CASE("a table is valid from its version up to the next", "[facts]") {
  CHECK(table_for("0.9.1") == "0.9.1");
  CHECK(table_for("0.9.99") == "0.9.1");
  CHECK(table_for("0.10") == "0.10.0");
  CHECK(table_for("v0.20.2") == "0.10.0");
  CHECK(table_for("0.21") == "0.21.0");
  CHECK(find_release(lab(), "v0.20.2").version == "0.20.2");
  CHECK(find_release(lab(), "0.20.2").notes.empty());
}

TEST_CASE("without a version it is the newest release that is known", "[facts]") {
  const Release release = find_release(lab(), "");
  CHECK(release.table == "0.28.0");
  CHECK(release.version == "0.31");
  CHECK(release.flags == std::set<std::string>{"--seed"});
  CHECK(release.notes.empty());
}

TEST_CASE("a newer version than any known is planned as the newest, and says so", "[facts]") {
  CHECK(find_release(lab(), "0.31").notes.empty());
  const Release release = find_release(lab(), "0.40.1");
  CHECK(release.table == "0.28.0");
  CHECK(release.version == "0.40.1");
  CHECK(release.notes ==
        std::vector<std::string>{"vLLM 0.40.1 is newer than 0.31, the newest that is known here; planned as that one"});
}

TEST_CASE("a version that is too old or none at all is refused", "[facts]") {
  CHECK(message_of([] { find_release(lab(), "0.8"); }) ==
        "--vllm-version: '0.8' is older than every known release, expected 0.9.1 or newer");
  CHECK(message_of([] { find_release(lab(), "latest"); }) ==
        "--vllm-version: 'latest' is no version, expected one like 0.21 or 0.21.0");
  CHECK(message_of([] { find_release(Catalog(), ""); }) ==
        "scripts/releases: has no release table, expected at least one");
}

TEST_CASE("a table whose id is no version is refused", "[facts]") {
  Catalog catalog;
  test::add_table(catalog, table_kind::release, "nightly", table("nightly"), Origin::Rank::user);
  catalog.seal();
  CHECK(message_of([&] { find_release(catalog, ""); }) ==
        "release 'nightly': its id is no version, expected one like 0.21.0");
}

TEST_CASE("defaults come in tiers by the memory of the card, with exceptions by name", "[facts]") {
  const Release release = find_release(shipped().catalog(), "0.28");
  const Gpu h100 = named("NVIDIA H100 SXM5 80GB"), a100 = named("NVIDIA A100 SXM4 80GB"),
            b200 = named("NVIDIA B200 SXM");
  CHECK(release.default_of("max_num_seqs", named("NVIDIA L4"), 22) == 256);
  CHECK(release.default_of("max_num_seqs", h100, 79.2) == 1024);
  CHECK(release.default_of("max_num_seqs", a100, 79.2) == 256);
  CHECK(release.default_of("max_num_batched_tokens", h100, 79.2) == 8192);
  CHECK(release.default_of("max_num_batched_tokens", a100, 79.2) == 2048);
  CHECK(release.default_of("max_num_batched_tokens", b200, 178) == 16384);
  CHECK(release.default_of("block_tokens", h100, 79.2) == 16);
  CHECK(release.default_of("no_such_setting", h100, 79.2) == 0);
}

TEST_CASE("the share of memory that vLLM takes rose with 0.21", "[facts]") {
  CHECK(find_release(shipped().catalog(), "0.20").gpu_memory_utilization == 0.90);
  CHECK(find_release(shipped().catalog(), "0.21").gpu_memory_utilization == 0.92);
}

TEST_CASE("every shipped release knows the flags that every plan needs", "[facts]") {
  for (const std::string& id : shipped().catalog().ids(table_kind::release)) {
    const Release release = find_release(shipped().catalog(), id);
    INFO(id);
    CHECK(release.table == id);
    for (const char* flag : {"--max-model-len", "--gpu-memory-utilization", "--tensor-parallel-size", "--max-num-seqs",
                             "--max-num-batched-tokens", "--kv-cache-dtype", "--dtype"})
      CHECK(release.flags.contains(flag));
    CHECK_FALSE(release.kv_cache_dtypes.empty());
    CHECK_FALSE(release.quantizations.empty());
    CHECK(release.json.at("memory").at("era").is_string());
  }
}

TEST_CASE("names of metrics are those of the newest release that gives any", "[facts]") {
  Catalog catalog;
  test::add_table(catalog, table_kind::release, "0.9.1", table("0.9.1", {{"metrics", {{"running", {"old"}}}}}));
  test::add_table(catalog, table_kind::release, "0.10.0",
                  table("0.10.0", {{"metrics", {{"running", {"new", "old"}}}}}));
  test::add_table(catalog, table_kind::release, "0.28.0", table("0.28.0"));
  catalog.seal();
  CHECK(metric_names(catalog) == MetricNames{{"running", {"new", "old"}}});
  CHECK(message_of([] { metric_names(lab()); }) ==
        "scripts/releases: no release names its metrics, expected `metrics` in one");
}

TEST_CASE("the shipped releases name every metric that is watched", "[facts]") {
  const MetricNames names = metric_names(shipped().catalog());
  for (const char* key :
       {"running", "waiting", "cache", "cache_config", "prefix_queries", "prefix_hits", "preemptions", "prompt_tokens",
        "generated_tokens", "finished", "first_token", "token_time", "whole_request", "queue_time", "started"}) {
    INFO(key);
    REQUIRE(names.contains(key));
    CHECK_FALSE(names.at(key).empty());
  }
  CHECK(names.at("token_time") == std::vector<std::string>{"vllm:inter_token_latency_seconds",
                                                           "vllm:time_per_output_token_seconds",
                                                           "vllm:request_time_per_output_token_seconds"});
}

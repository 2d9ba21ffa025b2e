#include "watch/sample.hpp"

#include "support/catch.hpp"
#include "support/message_of.hpp"
#include "watch/watch_lab.hpp"

using namespace vw;

namespace {

const MetricNames names = {{"running", {"vllm:num_requests_running"}},
                           {"cache", {"vllm:kv_cache_usage_perc", "vllm:gpu_cache_usage_perc"}},
                           {"cache_config", {"vllm:cache_config_info"}},
                           {"first_token", {"vllm:time_to_first_token_seconds"}}};

Json sample(const std::string& name, const Json& labels, const Json& value) {
  return {{"name", name}, {"labels", labels}, {"value", value}};
}

Look read(const Json& families, const std::string& model = "") {
  return read_look({{"status", "ok"}, {"families", families}}, "probe", names, model);
}

}  // namespace

TEST_CASE("a measure is read by whichever of its names the release shows", "[watch]") {
  const Json old = {{"vllm:gpu_cache_usage_perc", {sample("vllm:gpu_cache_usage_perc", Json::object(), 0.5)}}};
  CHECK(read(old).total("cache") == 0.5);
  Json both = old;
  both["vllm:kv_cache_usage_perc"] = {sample("vllm:kv_cache_usage_perc", Json::object(), 0.75)};
  CHECK(read(both).total("cache") == 0.75);
  CHECK_FALSE(read(Json::object()).total("cache"));
}

TEST_CASE("what is no number on the page is not known, rather than zero", "[watch]") {
  const Json page = {{"vllm:num_requests_running",
                      {sample("vllm:num_requests_running", {{"engine", "0"}}, nullptr),
                       sample("vllm:num_requests_running", {{"engine", "1"}}, -3)}}};
  CHECK_FALSE(read(page).total("running"));
}

TEST_CASE("of several models on a page the planned one counts, and all of them where none is", "[watch]") {
  const Json page = {{"vllm:num_requests_running",
                      {sample("vllm:num_requests_running", {{"model_name", "a"}}, 2),
                       sample("vllm:num_requests_running", {{"model_name", "b"}}, 5)}}};
  CHECK(read(page, "b").total("running") == 5);
  CHECK(read(page, "c").total("running") == 7);
  CHECK(read(page).models == std::vector<std::string>{"a", "b"});
}

TEST_CASE("buckets, sum and count of a histogram belong together", "[watch]") {
  const std::string name = "vllm:time_to_first_token_seconds";
  const Json page = {{name,
                      {sample(name + "_bucket", {{"engine", "0"}, {"le", "0.1"}}, 3),
                       sample(name + "_bucket", {{"engine", "0"}, {"le", "+Inf"}}, 4),
                       sample(name + "_bucket", {{"engine", "0"}, {"le", "NaN"}}, 9),
                       sample(name + "_count", {{"engine", "0"}}, 4), sample(name + "_sum", {{"engine", "0"}}, 0.8)}}};
  const Look look = read(page);
  REQUIRE(look.histograms.at("first_token").size() == 1);
  const Histogram& histogram = look.histograms.at("first_token").begin()->second;
  CHECK(histogram.up_to == std::map<double, double>{{0.1, 3}, {test::inf, 4}});
  CHECK(histogram.mean() == 0.2);
}

TEST_CASE("the size of the KV cache is among the labels of its settings", "[watch]") {
  const Json labels = {
      {"num_gpu_blocks", "2604"}, {"block_size", "16"}, {"gpu_memory_utilization", "0.88"}, {"cache_dtype", "fp8"}};
  const Look look = read({{"vllm:cache_config_info", {sample("vllm:cache_config_info", labels, 1)}}});
  REQUIRE(look.caches.size() == 1);
  CHECK(look.caches[0].tokens() == 41664);
  CHECK(look.caches[0].dtype == "fp8");
  const Look none = read({{"vllm:cache_config_info",
                           {sample("vllm:cache_config_info", {{"num_gpu_blocks", "None"}, {"block_size", "-4"}}, 1)}}});
  CHECK_FALSE(none.caches[0].tokens());
}

TEST_CASE("a probe that failed is a look with a problem, and one that breaks its rules is named", "[watch]") {
  const Look look =
      read_look({{"status", "failed"}, {"message", "no answer"}, {"hint", "is it up?"}}, "probe", names, "");
  CHECK_FALSE(look.has_server());
  CHECK(look.problem == "no answer");
  CHECK(look.hint == "is it up?");
  const auto refused = [](const Json& reply) {
    return test::message_of([&] { read_look(reply, "server-probe 'x'", names, ""); });
  };
  CHECK(refused({{"status", "fine"}}) == "server-probe 'x': /status: is 'fine', expected 'ok' or 'failed'");
  CHECK(refused({{"status", "ok"}}) == "server-probe 'x': /families: is missing");
  CHECK(refused({{"status", "ok"}, {"families", {{"vllm:num_requests_running", 3}}}}) ==
        "server-probe 'x': /families/vllm:num_requests_running: is 3, expected a list");
}

TEST_CASE("cards are read as a detector tells them", "[watch]") {
  const Json reply = {
      {"gpus",
       {{{"index", 1}, {"name", "L4"}, {"vram_mib", 23034}, {"vram_used_mib", 400}, {"busy_ratio", 0.5}},
        {{"vram_mib", nullptr}}}}};
  const auto cards = read_cards(reply, "detector");
  REQUIRE(cards.size() == 2);
  CHECK(cards[0].index == 1);
  CHECK(cards[0].used_mib == 400);
  CHECK(cards[0].busy_ratio == 0.5);
  CHECK_FALSE(cards[1].total_mib);
}

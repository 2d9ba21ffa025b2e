// The probe before a server of the test's own: pages as vLLM writes them (tests/data/metrics), and pages that are none.
#include "plugins/ask_plugin.hpp"
#include "plugins/environment.hpp"
#include "plugins/fake_tools.hpp"
#include "support/golden.hpp"
#include "support/hub_server.hpp"

using namespace vw;
using namespace vw::test;

namespace {

struct Served {
  HubServer server;
  Environment key{"VLLM_API_KEY", std::nullopt};

  explicit Served(const std::string& page = "") { server.put("/metrics", page); }

  Json ask(Json request) const {
    if (!request.contains("url")) request["url"] = server.url();
    return ask_plugin("probes/vllm-metrics", request, {{"stall_s", 2}});
  }
  Json probe(const Json& families = Json::array()) const { return ask({{"verb", "probe"}, {"families", families}}); }

  // "message | hint"; the address is called <server>.
  std::string complaint() const {
    const Json reply = probe();
    CHECK(reply.at("status") == "failed");
    return masked(reply.at("message").get<std::string>() + " | " + reply.at("hint").get<std::string>());
  }
  std::string refusal(const std::string& url) const {
    return plugin_failure("probes/vllm-metrics", {{"verb", "probe"}, {"url", url}});
  }
  std::string masked(std::string text) const {
    for (auto at = text.find(server.host()); at != std::string::npos; at = text.find(server.host()))
      text.replace(at, server.host().size(), "<server>");
    return text;
  }
};

// Whether a page of these lines can be read; "" or why not.
std::string page_problem(const std::string& lines) {
  const Served served("vllm:x 1\n" + lines);
  const Json reply = served.probe();
  return reply.at("status") == "ok" ? "" : reply.at("message").get<std::string>();
}

}  // namespace

TEST_CASE("a page of vLLM's is told family by family, labels and values as they stand", "[plugins]") {
  const Served served(read_golden("metrics/full-2.txt"));
  const Json reply = served.probe({"vllm:kv_cache_usage_perc", "vllm:request_success_total", "vllm:nobody"});
  CHECK(reply.at("status") == "ok");
  CHECK(reply.at("address") == served.server.url());
  CHECK(reply.at("is_local") == true);
  const Json& families = reply.at("families");
  CHECK(families.size() == 2);
  CHECK(families.at("vllm:kv_cache_usage_perc") == Json::parse(R"([{"name": "vllm:kv_cache_usage_perc", "value": 0.9532,
          "labels": {"engine": "0", "model_name": "meta-llama/Llama-3.1-8B-Instruct"}}])"));
  CHECK(families.at("vllm:request_success_total").size() == 4);
}

TEST_CASE("a histogram comes with its buckets, sum and count", "[plugins]") {
  const Served served(read_golden("metrics/old-1.txt"));
  const Json families = served.probe({"vllm:time_per_output_token_seconds"}).at("families");
  const Json& samples = families.at("vllm:time_per_output_token_seconds");
  CHECK(samples.size() == 16);
  CHECK(samples.at(13).at("labels").at("le") == "+Inf");
  CHECK(samples.at(14).at("name") == "vllm:time_per_output_token_seconds_count");
}

TEST_CASE("escapes, time stamps, exemplars, tabs and comments are read as Prometheus reads them", "[plugins]") {
  const Served served(
      "# anything\n\n  vllm:a{ x = \"1\\\"2\\\\3\\n4\" , } \t +5e-1 1700000000\r\n"
      "vllm:b{le=\"+Inf\"} NaN\nvllm:c -Inf\nvllm:d 7 # {trace_id=\"x\"} 1.0\n");
  const Json families = served.probe().at("families");
  CHECK(families.at("vllm:a").at(0).at("labels").at("x") == "1\"2\\3\n4");
  CHECK(families.at("vllm:a").at(0).at("value") == 0.5);
  CHECK(families.at("vllm:b").at(0).at("value").is_null());
  CHECK(families.at("vllm:c").at(0).at("value").is_null());
  CHECK(families.at("vllm:d").at(0).at("value") == 7);
}

TEST_CASE("what is not in the format is told with its line", "[plugins]") {
  const std::string cannot = "shows metrics that cannot be read: line 2: ";
  CHECK(page_problem("vllm:y 1\n") == "");
  CHECK(page_problem("7up 1\n") == cannot + "not in the format of Prometheus, expected a metric's name");
  CHECK(page_problem("vllm:y\n") == cannot + "no number, expected a value");
  CHECK(page_problem("vllm:y one\n") == cannot + "no number, expected a value");
  CHECK(page_problem("vllm:y ++1\n") == cannot + "no number, expected a value");
  CHECK(page_problem("vllm:y{a=\"1\" b=\"2\"} 1\n") == cannot + "labels without an end, expected ',' or '}'");
  CHECK(page_problem("vllm:y{a=1} 1\n") == cannot + "a label's value without quotes, expected '\"'");
  CHECK(page_problem("vllm:y{a=\"1\n") == cannot + "a label's value without an end, expected '\"'");
  CHECK(page_problem("vllm:y{a=\"1\\") == cannot + "the page ends in the middle of it, expected a whole page");
  CHECK(page_problem("vllm:y{a} 1\n") == cannot + "a label without a value, expected '='");
  CHECK(page_problem("vllm:y{a=\"1\",a=\"2\"} 1\n") == cannot + "a label twice, expected each once");
  CHECK(page_problem("vllm:x 2\n") == cannot + "vllm:x with the same labels again, expected each series once");
}

TEST_CASE("a page that is cut off anywhere is never half believed", "[plugins]") {
  const std::string page = read_golden("metrics/old-1.txt");
  for (std::size_t bytes = 1; bytes < page.size(); bytes += 997) {
    if (page[bytes - 1] == '\n') continue;
    INFO(bytes);
    CHECK(Served(page.substr(0, bytes)).probe().at("status") == "failed");
  }
}

TEST_CASE("pages that are no metrics of vLLM's say what else they are", "[plugins]") {
  const std::string gateway = "give the address of the server itself, not of a gateway before it";
  CHECK(Served(" \n").complaint() == "answered with an empty page, expected metrics | " + gateway);
  CHECK(Served("<!DOCTYPE html><html></html>").complaint() ==
        "answered with a web page, expected metrics | " + gateway);
  CHECK(Served("up 1\n").complaint() ==
        "shows metrics, but none of vLLM's, expected some like vllm:num_requests_running | was it started with "
        "--disable-log-stats, which turns them off? Is it a vLLM server?");
  CHECK(Served(std::string(std::size_t{20} << 20, 'a')).complaint() ==
        "sent more than 8 MiB, expected a page of metrics | " + gateway);
}

TEST_CASE("answers other than a page say what to do", "[plugins]") {
  Served served;
  const auto answered = [&](const Answer& answer) {
    served.server.always("/metrics", answer);
    return served.complaint();
  };
  const std::string gateway = "give the address of the server itself, not of a gateway before it";
  CHECK(answered({.status = 401}) ==
        "answered 401, expected 200 | set VLLM_API_KEY to the key that the server wants (its --api-key)");
  CHECK(answered({.status = 404}) == "has no page /metrics (404), expected a vLLM server | " + gateway);
  CHECK(answered({.status = 503}) ==
        "answered 503, expected 200 | its own log says why; vllm-wizard diagnose reads it");
  CHECK(answered({.status = 307, .headers = {{"Location", "/elsewhere"}}}) ==
        "sends elsewhere (307), expected metrics | is it 'http://<server>/elsewhere'?");
  CHECK(served.server.seen().back().target == "/metrics");  // nothing was followed
}

TEST_CASE("the key goes to the server and into no message", "[plugins]") {
  const Environment key("VLLM_API_KEY", "secret-key");
  Served served;
  const Environment again("VLLM_API_KEY", "secret-key");
  served.server.always("/metrics", {.status = 403});
  const std::string complaint = served.complaint();
  CHECK(
      complaint ==
      "refused the key in VLLM_API_KEY (403), expected the one that the server wants | it is the value of the server's "
      "--api-key, or of VLLM_API_KEY where it was started");
  CHECK(served.server.seen().back().authorization == "Bearer secret-key");
}

TEST_CASE("a server that is not there, or silent, is given up in time", "[plugins]") {
  const Served served;
  const Json gone = served.ask({{"verb", "probe"}, {"url", "http://127.0.0.1:9"}});
  CHECK(gone.at("message") ==
        "no answer: Failed to connect to 127.0.0.1 port 9: Couldn't connect to server, expected a running vLLM server");
  CHECK(gone.at("hint") ==
        "is it up, and is this its port (vllm serve --port, 8000)? It listens once the model is loaded");
  Served silent("vllm:x 1\n");
  silent.server.delay(30);
  const Stopwatch watch;
  const Json late = silent.ask({{"verb", "probe"}, {"timeout_s", 0.3}});
  CHECK(late.at("message") == "no answer: Operation timed out with 0 bytes received, expected a running vLLM server");
  CHECK(watch.seconds() < 5);
}

TEST_CASE("addresses are taken as people write them, and others refused", "[plugins]") {
  const Served served("vllm:x 1\n");
  for (const std::string& url : {served.server.host(), served.server.url() + "/", served.server.url() + "/metrics",
                                 served.server.url() + "/metrics/"}) {
    INFO(url);
    const Json reply = served.ask({{"verb", "probe"}, {"url", url}});
    CHECK(reply.at("status") == "ok");
    CHECK(reply.at("address") == served.server.url());
  }
  const std::string expected = " is no address of a server, expected an address like http://localhost:8000";
  CHECK(served.refusal("ftp://x") == "'ftp://x':" + expected);
  CHECK(served.refusal("") == "'':" + expected);
  CHECK(served.refusal("http://a b") == "'http://a b':" + expected);
  CHECK(served.refusal("http://me:word@host") == "the server's address: holds a user name, expected none");
  CHECK(served.ask({{"verb", "describe"}, {"url", "http://gpu-host.invalid:8000"}, {"timeout_s", 1}}).at("is_local") ==
        false);
}

TEST_CASE("a server of this machine is asked round the proxy", "[plugins]") {
  const Served served("vllm:x 1\n");
  const Environment proxy("http_proxy", "http://127.0.0.1:9"), none("no_proxy", std::nullopt);
  CHECK(served.probe().at("status") == "ok");
}

TEST_CASE("a server is described by its version and its models, as far as it tells", "[plugins]") {
  Served served;
  const Json nothing = served.ask({{"verb", "describe"}});
  CHECK(nothing.at("version") == "");
  CHECK(nothing.at("models") == Json::array());
  served.server.put("/version", R"({"version": "0.11.0"})");
  served.server.put("/v1/models", R"({"object": "list", "data": [{"id": "m", "object": "model", "root": "/models/m",
    "max_model_len": 8192}, {"id": "adapter", "parent": "m", "max_model_len": null}, {"object": "model"}]})");
  const Json told = served.ask({{"verb", "describe"}});
  CHECK(told.at("version") == "0.11.0");
  CHECK(told.at("models") ==
        Json::parse(R"([{"id": "m", "max_model_len": 8192, "root": "/models/m"}, {"id": "adapter"}])"));
  for (const char* garbage : {"[]", "3", "{\"data\": 7}", "{\"data\": [1, null, {\"id\": 3}]}", "<html>", ""}) {
    served.server.put("/v1/models", garbage);
    INFO(garbage);
    CHECK(served.ask({{"verb", "describe"}}).at("models") == Json::array());
  }
}

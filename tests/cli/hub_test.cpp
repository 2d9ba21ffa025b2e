// The program and a Hub of the test's own: what is planned from it, what is said when it fails, when it is not asked.
#include "support/golden.hpp"
#include "support/hub_server.hpp"
#include "support/run_cli.hpp"

#include "base/json_reader.hpp"

using namespace vw;
using namespace vw::test;

namespace {

using Words = std::vector<std::string>;

// The program with a network that has this one Hub in it.
struct Online {
  HubServer server;
  Cli cli;

  Online() {
    cli.set("HF_HUB_OFFLINE", "0").set("HF_ENDPOINT", server.url());
    server.add_model("lab/tiny-llama", {{"config.json", read_golden("checkpoints/tiny-llama/config.json")}});
  }

  static Words plan(const std::string& model, const Words& more = {}) {
    Words words = {"plan", "-m", model, "--gpu", "L4"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }

  // What goes to standard error; the address of the Hub is called <hub>.
  std::string refused(const Words& words) const {
    const Ran ran = cli.run(words);
    CHECK(ran.exit_code == 2);
    CHECK(ran.out.empty());
    auto text = ran.err;
    for (auto at = text.find(server.host()); at != std::string::npos; at = text.find(server.host()))
      text.replace(at, server.host().size(), "<hub>");
    return text;
  }
};

}  // namespace

TEST_CASE("a model that only the Hub knows is planned, and planned again without a network", "[cli]") {
  Online online;
  const auto model_of = [&](const Words& words) {
    const Ran ran = online.cli.run(words);
    INFO(ran.err);
    REQUIRE(ran.exit_code <= 1);
    return parse_json(ran.out, "plan").at("model");
  };
  const Json model = model_of(Online::plan("lab/tiny-llama", {"--json"}));
  CHECK(model.at("source") == "hf-hub");
  CHECK(model.at("revision") == HubServer::commit);
  CHECK(model.at("location") == online.server.url() + "/lab/tiny-llama/tree/" + HubServer::commit);
  online.server.forget();
  CHECK(model_of(Online::plan("lab/tiny-llama", {"--json", "--offline"})).at("revision") == HubServer::commit);
  CHECK(online.server.seen().empty());
}

TEST_CASE("a model of the catalogue is planned without asking the Hub", "[cli]") {
  const Online online;
  CHECK(online.cli.run(Online::plan("meta-llama/Llama-3.1-8B-Instruct")).exit_code <= 1);
  CHECK(online.server.seen().empty());
}

TEST_CASE("a Hub that cannot say is the hint, and hides no near name", "[cli]") {
  Online online;
  std::string text;
  for (const char* id : {"meta-llama/Llama-3.1-8B-Instrct", "lab/secret"})
    online.server.always(HubServer::listing_target(id), {.status = 401});
  online.server.always(HubServer::listing_target("lab/busy"), {.status = 429, .headers = {{"Retry-After", "300"}}});
  for (const char* model : {"meta-llama/Llama-3.1-8B-Instrct", "lab/secret", "lab/busy", "lab/nothing"})
    text += "$ --model " + std::string(model) + "\n" + online.refused(Online::plan(model)) + "\n";
  text += "$ --source hf-hub\n" + online.refused(Online::plan("lab/secret", {"--source", "hf-hub"}));
  expect_golden("transcripts/hub-unanswered.txt", text);
}

TEST_CASE("what the Hub refuses of a model that it has is an error of its own", "[cli]") {
  Online online;
  online.server.always(HubServer::file_target("lab/tiny-llama", "config.json"),
                       {.status = 401, .headers = {{"X-Error-Code", "GatedRepo"}}});
  online.server.always(HubServer::listing_target("lab/tiny-llama", "v9"),
                       {.status = 404, .headers = {{"X-Error-Code", "RevisionNotFound"}}});
  const auto text = online.refused(Online::plan("lab/tiny-llama")) + "\n" +
                    online.refused(Online::plan("lab/tiny-llama", {"--revision", "v9"}));
  expect_golden("transcripts/hub-refused.txt", text);
}

TEST_CASE("without a network an unknown model still gets near names and a plan by size", "[cli]") {
  Online online;
  online.cli.set("HF_ENDPOINT", "http://no-such-host.invalid");
  const auto text = online.refused(Online::plan("meta-llama/Llama-3.1-8B-Instrct"));
  expect_golden("transcripts/hub-no-network.txt", text);
  const Ran ran = online.cli.run(Online::plan("lab/unknown", {"--params-b", "7"}));
  CHECK(ran.exit_code <= 1);
  CHECK_THAT(ran.out + ran.err, ContainsSubstring("no-such-host.invalid: no answer"));
}

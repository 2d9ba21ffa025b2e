#include "plugins/hub_lab.hpp"
#include "support/catch.hpp"

#include <chrono>
#include <functional>

namespace vw::test {

namespace {

using Catch::Matchers::EndsWith;

const std::string without_network =
    "name a model that `vllm-wizard models` lists, or put its config.json into a folder and name the folder; --offline "
    "asks no network";

// A Hub that has org/tiny in one file.
struct TinyLab : HubLab {
  TinyLab() { server.add_model("org/tiny", {{"config.json", tiny_config}, {"model.safetensors", weights}}); }
  const std::string weights = safetensors({{"w", "BF16", {100'000}, 200'000}});

  bool is_described() const { return describe().contains("config"); }
};

double seconds_of(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace

TEST_CASE("without a token a 401 may be a private model or none: other sources go on", "[plugins]") {
  TinyLab lab;
  lab.server.always(lab.listing(), {.status = 401, .body = R"({"error": "Invalid username or password."})"});
  CHECK(lab.unanswered() ==
        "<hub>: answered 401 for 'org/tiny': it is private, gated, or does not exist, expected a public model or a "
        "token\nhint: check the name; when it is right, log in with `hf auth login` or set HF_TOKEN");
  CHECK(lab.server.seen().size() == 1);
}

TEST_CASE("a gated model without a token says where to ask for access", "[plugins]") {
  TinyLab lab;
  const Answer gated = {
      .status = 401, .body = "Access to model org/tiny is restricted.", .headers = {{"X-Error-Code", "GatedRepo"}}};
  const std::string refusal =
      "'org/tiny' is gated and no token was given, expected one in HF_TOKEN or in the token file\n"
      "hint: ask for access at http://<hub>/org/tiny, then log in with `hf auth login` or set HF_TOKEN";
  lab.server.always(lab.file("config.json"), gated);
  CHECK(lab.failure() == "<hub>: org/tiny/config.json: " + refusal);
  lab.server.always(lab.listing(), gated);
  CHECK(lab.failure() == "<hub>: " + refusal);
}

TEST_CASE("a token without access, and a token that is none, are told apart", "[plugins]") {
  TinyLab lab;
  const Environment token("HF_TOKEN", "hf_secret");
  lab.server.always(lab.file("config.json"), {.status = 403, .headers = {{"X-Error-Code", "GatedRepo"}}});
  CHECK(lab.failure() ==
        "<hub>: org/tiny/config.json: the token in HF_TOKEN has no access to 'org/tiny' (403), expected one of an "
        "account that has\nhint: accept the licence at http://<hub>/org/tiny; a fine-grained token also needs read "
        "access to gated repositories");
  lab.server.always(lab.listing(), {.status = 401});
  CHECK(lab.unanswered() ==
        "<hub>: refused the token in HF_TOKEN (401), expected one that is valid\n"
        "hint: make another at http://<hub>/settings/tokens, or unset it: public models need none");
}

TEST_CASE("the token comes from the environment or from the file of huggingface_hub", "[plugins]") {
  TinyLab lab;
  const auto sent = [&] {
    lab.server.forget();
    lab.describe();
    return lab.server.seen().front().authorization;
  };
  CHECK(sent() == "");
  lab.dir.put("hf/token", "hf_file\n");
  CHECK(sent() == "Bearer hf_file");
  const Environment old("HUGGING_FACE_HUB_TOKEN", "hf_old");
  CHECK(sent() == "Bearer hf_old");
  const Environment now("HF_TOKEN", "hf_now");
  CHECK(sent() == "Bearer hf_now");
  const Environment broken("HF_TOKEN", "hf_secret\r\nX-Other: 1");
  CHECK(lab.failure() == "HF_TOKEN: holds characters that no token has, expected one word like hf_...");
}

TEST_CASE("a redirect is followed, and the token does not go with it to another host", "[plugins]") {
  TinyLab lab;
  HubServer elsewhere;
  const Environment token("HF_TOKEN", "hf_secret");
  elsewhere.put("/blob", lab.weights);
  lab.server.put("/moved.json", tiny_config);
  lab.server.always(lab.file("config.json"), {.status = 307, .headers = {{"Location", "/moved.json"}}});
  lab.server.always(lab.file("model.safetensors"),
                    {.status = 302, .headers = {{"Location", elsewhere.url() + "/blob"}}});
  CHECK(lab.describe()["weights_bytes"] == 200'000);
  REQUIRE(elsewhere.seen().size() == 1);
  CHECK(elsewhere.seen()[0].authorization == "");
  CHECK(elsewhere.seen()[0].range == "bytes=0-131071");
  CHECK(lab.times("/moved.json") == 1);
  for (const auto& seen : lab.server.seen()) CHECK(seen.authorization == "Bearer hf_secret");
}

TEST_CASE("redirects without end are given up", "[plugins]") {
  TinyLab lab;
  lab.server.always(lab.listing(), {.status = 302, .headers = {{"Location", lab.listing()}}});
  CHECK(lab.unanswered() ==
        "<hub>: no answer: Maximum (8) redirects followed, expected a network that reaches it\n"
        "hint: " +
            without_network);
}

TEST_CASE("a model that the Hub does not have is null, a revision that it lacks an error", "[plugins]") {
  TinyLab lab;
  lab.server.always(lab.listing("org/none"), {.status = 404, .headers = {{"X-Error-Code", "RepoNotFound"}}});
  CHECK(lab.describe("org/none").is_null());
  CHECK(lab.describe("org/unheard-of").is_null());
  lab.server.always(HubServer::listing_target("org/tiny", "v9"),
                    {.status = 404, .headers = {{"X-Error-Code", "RevisionNotFound"}}});
  CHECK(lab.failure("org/tiny", {{"revision", "v9"}}) ==
        "<hub>: 'org/tiny' has no revision 'v9', expected a branch, a tag or a commit\n"
        "hint: they are listed at http://<hub>/org/tiny/commits/main");
  CHECK(lab.failure("org/tiny", {{"revision", "../main"}}) ==
        "--revision: '../main' is none, expected a branch, a tag or a commit");
}

TEST_CASE("an overloaded Hub is asked again after the time it names", "[plugins]") {
  TinyLab lab;
  lab.server.answer(lab.listing(), {{.status = 429, .headers = {{"Retry-After", "1"}}}});
  double waited_s = 0;
  CHECK((waited_s = seconds_of([&] { CHECK(lab.is_described()); })) > 0.9);
  CHECK(waited_s < 8);
  CHECK(lab.times(lab.listing()) == 2);
}

TEST_CASE("a Hub that asks for a long wait is not waited for", "[plugins]") {
  TinyLab lab;
  lab.server.always(lab.listing(), {.status = 429, .headers = {{"Retry-After", "300"}}});
  CHECK(lab.unanswered() ==
        "<hub>: too many requests (429), expected an answer\n"
        "hint: wait 300 s and try again; with a token (HF_TOKEN) more are allowed");
  CHECK(lab.server.seen().size() == 1);
}

TEST_CASE("a server error that passes is not noticed", "[plugins]") {
  TinyLab lab;
  lab.server.answer(lab.listing(), {{.status = 500}, {.status = 503}});
  lab.server.answer(lab.file("model.safetensors"), {{.status = 502}});
  CHECK(lab.is_described());
  CHECK(lab.times(lab.listing()) == 3);
}

TEST_CASE("a server error that stays is told after a few tries", "[plugins]") {
  TinyLab lab;
  lab.server.always(lab.listing(), {.status = 500});
  CHECK(lab.unanswered() == "<hub>: answered 500 4 times, expected 200\nhint: try again later; " + without_network);
  lab.server.forget();
  lab.server.always(lab.listing(), {.is_file = true});
  lab.server.always(lab.file("config.json"), {.status = 503});
  CHECK(lab.failure() ==
        "<hub>: org/tiny/config.json: answered 503 4 times, expected 200\nhint: try again later; " + without_network);
}

TEST_CASE("a connection that breaks off is tried again, and told when it always does", "[plugins]") {
  TinyLab lab;
  const Answer cut = {.cut_after_bytes = 20, .is_file = true};
  lab.server.answer(lab.file("config.json"), {cut, cut});
  CHECK(lab.is_described());
  lab.server.add_model("org/torn", {{"config.json", tiny_config}});
  lab.server.always(lab.file("config.json", "org/torn"), cut);
  CHECK(lab.failure("org/torn") ==
        "<hub>: org/torn/config.json: no answer: transfer closed with " + std::to_string(tiny_config.size() - 20) +
            " bytes remaining to read, asked 4 times, expected a network that reaches it\nhint: " + without_network);
}

TEST_CASE("a Hub that takes too long is given up", "[plugins]") {
  TinyLab lab;
  lab.patience["total_s"] = 0.2;
  lab.server.always(lab.listing(), {.delay_s = 10, .is_file = true});
  std::string told;
  CHECK(seconds_of([&] { told = lab.unanswered(); }) < 8);
  CHECK_THAT(told, StartsWith("<hub>: no answer: Operation timed out after "));
  CHECK_THAT(told, EndsWith("with 0 bytes received, asked 2 times, expected a network that reaches it\nhint: " +
                            without_network));
}

TEST_CASE("a connection over which nothing comes any more is given up", "[plugins]") {
  TinyLab lab;
  lab.patience["stall_s"] = 1;
  lab.server.answer(lab.listing(), {{.delay_s = 10, .is_file = true}});
  CHECK(seconds_of([&] { CHECK(lab.is_described()); }) < 8);
}

TEST_CASE("no network at all names the host and the ways without it", "[plugins]") {
  HubLab lab;
  const Environment nowhere("HF_ENDPOINT", "http://127.0.0.1:1");
  CHECK_THAT(lab.unanswered(), StartsWith("127.0.0.1:1: no answer: Failed to connect to 127.0.0.1 port 1"));
  CHECK_THAT(lab.unanswered(), EndsWith("asked 2 times, expected a network that reaches it\nhint: " + without_network));
  const Environment unknown("HF_ENDPOINT", "http://no-such-host.invalid");
  CHECK(
      lab.unanswered() ==
      "no-such-host.invalid: no answer: Could not resolve host: no-such-host.invalid, expected a network that reaches "
      "it\nhint: " +
          without_network);
}

TEST_CASE("an endpoint that is no address is refused before anything is asked", "[plugins]") {
  HubLab lab;
  const auto refusal = [&](const std::string& text) {
    const Environment endpoint("HF_ENDPOINT", text);
    return lab.failure();
  };
  const std::string expected = "expected an address like https://huggingface.co";
  CHECK(refusal("huggingface.co") == "HF_ENDPOINT: 'huggingface.co' is no address, " + expected);
  CHECK(refusal("ftp://huggingface.co") == "HF_ENDPOINT: 'ftp://huggingface.co' is no address, " + expected);
  CHECK(refusal("https://me:secret@huggingface.co") ==
        "HF_ENDPOINT: holds a user name, " + expected + "\nhint: give the token in HF_TOKEN");
}

TEST_CASE("a web page in place of data is recognised", "[plugins]") {
  TinyLab lab;
  const Answer page = {.body = "<!DOCTYPE html><html>Log in</html>", .headers = {{"Content-Type", "text/html"}}};
  const std::string hint =
      "\nhint: a proxy or a log-in page may stand in between, or HF_ENDPOINT is not the address of a Hub";
  lab.server.always(lab.file("config.json"), page);
  CHECK(lab.failure() ==
        "<hub>: org/tiny/config.json: answered with a web page, expected the bytes of the file" + hint);
  lab.server.always(lab.listing(), page);
  CHECK(lab.unanswered() == "<hub>: answered with a web page, expected JSON" + hint);
}

TEST_CASE("a listing that is none is told", "[plugins]") {
  TinyLab lab;
  const std::string hint = "\nhint: is HF_ENDPOINT the address of a Hub? it is http://<hub>";
  lab.server.always(lab.listing(), {.body = R"({"sha": "../../etc", "siblings": []})"});
  CHECK(lab.unanswered() ==
        "<hub>: the list of files of 'org/tiny': no sha or no siblings, expected the commit and the "
        "files of a model" +
            hint);
  lab.server.always(lab.listing(), {.body = R"({"sha": )"});
  CHECK(lab.unanswered() ==
        "<hub>: the list of files of 'org/tiny': line 1 column 9: unexpected end of input, expected "
        "'[', '{', or a literal" +
            hint);
}

TEST_CASE("a file of another length than listed is refused", "[plugins]") {
  TinyLab lab;
  const std::string hint = "\nhint: try again; a proxy or a mirror in between may change what it passes on";
  const auto usual = std::to_string(tiny_config.size());
  lab.server.always(lab.file("config.json"), {.body = "{}"});
  CHECK(lab.failure() == "<hub>: org/tiny/config.json: came with 2 bytes, expected " + usual + hint);
  lab.server.always(lab.file("config.json"), {.body = tiny_config + " "});
  CHECK(lab.failure() ==
        "<hub>: org/tiny/config.json: came with more than " + usual + " bytes, expected " + usual + hint);
  lab.server.always(lab.file("config.json"), {.is_file = true});
  lab.server.put(lab.file("model.safetensors"), lab.weights + "more");
  CHECK(lab.failure() == "<hub>: org/tiny/model.safetensors: has " + std::to_string(lab.weights.size() + 4) +
                             " bytes, expected " + std::to_string(lab.weights.size()) + " as announced" + hint);
}

}  // namespace vw::test

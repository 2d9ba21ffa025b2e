// `watch` before a server that replays recorded pages: what is shown, what is warned of, how it ends.
#include "support/watched_server.hpp"

#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace vw;
using namespace vw::test;
using Words = std::vector<std::string>;

namespace {

Json once(const WatchedServer& watched, Words more = {}, int exit_code = 0) {
  more.insert(more.begin(), {"--once", "--json", "--interval-s", "0.2"});
  const Ran ran = watched.watch(more);
  INFO(ran.err);
  REQUIRE(ran.exit_code == exit_code);
  return parse_json(ran.out, "watch");
}

std::vector<Json> lines_of(const std::string& text) {
  std::vector<Json> lines;
  for (const std::string& line : split(text, '\n'))
    if (!line.empty()) lines.push_back(parse_json(line, "watch"));
  return lines;
}

Words ids(const Json& view) {
  Words found;
  for (const Json& warning : view.at("warnings")) found.push_back(warning.at("id").get<std::string>());
  return found;
}

// Runs on a terminal of 80 columns and types `keys` as soon as something is shown. What was drawn, and how it ended.
Ran on_terminal(const Words& command, const std::string& keys) {
  int terminal = -1;
  winsize size{40, 80, 0, 0};
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const pid_t child = ::forkpty(&terminal, nullptr, nullptr, &size);
  if (child == 0) {
    ::execv(arguments[0], arguments.data());
    ::_exit(127);
  }
  REQUIRE(child > 0);
  std::string drawn;
  char buffer[4096];
  bool has_typed = keys.empty();
  for (ssize_t bytes = 0; (bytes = ::read(terminal, buffer, sizeof buffer)) > 0;) {
    drawn.append(buffer, static_cast<std::size_t>(bytes));
    if (!has_typed && drawn.find("\x1b[J") != std::string::npos) {
      has_typed = ::write(terminal, keys.data(), keys.size()) == static_cast<ssize_t>(keys.size());
    }
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  ::close(terminal);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, drawn, ""};
}

}  // namespace

TEST_CASE("a server that keeps its plan is exit code 0, its numbers beside the plan's", "[cli]") {
  const WatchedServer watched({"quiet-1", "quiet-2"});
  const Json view = once(watched, WatchedServer::plan());
  CHECK(view.at("schema") == "vllm-wizard/watch/1");
  CHECK(view.at("server").at("version") == "0.11.0");
  CHECK(view.at("server").at("max_model_len") == 8192);
  CHECK(view.at("requests").at("running") == 4);
  CHECK(view.at("requests").at("preemptions") == 0);
  CHECK(view.at("kv_cache") == Json{{"used_ratio", 0.3186}, {"tokens", 41664}});
  const double window_s = view.at("window_s").get<double>();
  CHECK(window_s > 0.19);
  CHECK(view.at("tokens").at("generated_per_s").get<double>() * window_s == Approx(176));
  CHECK(view.at("tokens").at("prefix_cache_hit_ratio").get<double>() == Approx(400.0 / 1100));
  CHECK(view.at("ttft_ms").at("observations") == 2);
  CHECK(view.at("ttft_ms").at("mean").get<double>() == Approx(81.1));
  CHECK(view.at("ttft_ms").at("p50").get<double>() == Approx(80));
  CHECK(view.at("tpot_ms").at("mean").get<double>() == Approx((120 * 21.4 + 56 * 26.2) / 176));
  CHECK(view.at("plan").at("kv_cache_tokens").at("best") == 41936);
  CHECK(ids(view) == Words{});
}

TEST_CASE("older names of metrics are read as the newer ones", "[cli]") {
  const Json view = once(WatchedServer({"old-1", "old-2"}));
  CHECK(view.at("requests").at("running") == 21);
  CHECK(view.at("kv_cache") == Json{{"used_ratio", 0.424}, {"tokens", 446144}});
  CHECK(view.at("tokens").at("prefix_cache_hit_ratio") == 0.5);
  CHECK(view.at("tpot_ms").at("observations") == 900);
  CHECK(view.at("ttft_ms").at("observations") == 4);
  CHECK(view.at("plan").is_null());
}

TEST_CASE("engines of one server are added up", "[cli]") {
  const Json view = once(WatchedServer({"engines-1", "engines-2"}));
  CHECK(view.at("server").at("engines") == 2);
  CHECK(view.at("requests").at("running") == 14);
  CHECK(view.at("kv_cache").at("used_ratio") == 0.71);
  CHECK(view.at("tpot_ms").at("observations") == 300);
}

TEST_CASE("a full cache, preemptions and slow answers are exit code 1 with advice", "[cli]") {
  const WatchedServer watched({"full-1", "full-2"});
  CHECK(ids(once(watched, {}, 1)) == Words{"kv-cache-full", "preemptions"});
}

TEST_CASE("a plan from a file and one from options are held against the server alike", "[cli]") {
  const WatchedServer watched({"full-1"});
  Words plan = WatchedServer::plan();
  plan.insert(plan.begin(), "plan");
  plan.insert(plan.end(), {"--json", "--offline"});
  watched.cli.put("plan.json", watched.cli.run(plan).out);
  const auto planned = [&](const Words& more) {
    Words words = more;
    words.insert(words.end(), {"--samples", "1"});
    return once(watched, words, 1).at("plan");
  };
  const Json from_file = planned({"--plan", "plan.json"});
  CHECK(from_file == planned(WatchedServer::plan()));
  CHECK(from_file.at("max_num_seqs") == 6);
  CHECK(from_file.at("tpot_ms").at("best").get<double>() == Approx(21.784).margin(0.001));
}

TEST_CASE("a restarted server is told, and no rate is negative", "[cli]") {
  const Json view = once(WatchedServer({"quiet-1", "restarted"}));
  CHECK(view.at("server").at("restarts") == 1);
  CHECK(view.at("tokens").at("generated_per_s").get<double>() > 0);
  CHECK(view.at("ttft_ms").at("observations") == 2);
}

TEST_CASE("one sample has no rates, and latencies since the server started", "[cli]") {
  const Json view = once(WatchedServer({"quiet-1"}), {"--samples", "1"});
  CHECK(view.at("window_s") == 0);
  CHECK(view.at("tokens").at("generated_per_s").is_null());
  CHECK(view.at("ttft_ms").at("since_start") == true);
  CHECK(view.at("ttft_ms").at("observations") == 552);
}

TEST_CASE("memory that grows from look to look is warned of with the advice to restart", "[cli]") {
  WatchedServer watched({"quiet-1"});
  watched.cli.tool("nvidia-smi", growing_nvidia_smi(100));
  const Ran ran = watched.watch({"--json", "--samples", "8", "--interval-s", "0.1"});
  INFO(ran.err);
  CHECK(ran.exit_code == 1);
  const auto lines = lines_of(ran.out);
  REQUIRE(lines.size() == 8);
  CHECK(ids(lines[3]) == Words{});
  CHECK(ids(lines[7]) == Words{"memory-grows"});
  const Json& card = lines[7].at("gpus").at(0);
  CHECK(card.at("vram_used_mib") == 20700);
  CHECK(card.at("busy_ratio") == 0.97);
  CHECK(card.at("growth").at("mib").get<double>() > 500);
  CHECK_THAT(lines[7].at("warnings").at(0).at("advice").at(0).get<std::string>(), StartsWith("restart the server"));
}

TEST_CASE("the memory that the watched server holds is not planned around", "[cli]") {
  WatchedServer watched({"quiet-1"});
  watched.cli.tool("nvidia-smi", growing_nvidia_smi(0));
  const Json view =
      once(watched, {"--samples", "1", "-m", "meta-llama/Llama-3.1-8B-Instruct", "--max-model-len", "8192"});
  CHECK(view.at("plan").at("kv_cache_tokens").at("best").get<double>() >
        38000);  // less than half of it beside 20,000 MiB in use
}

TEST_CASE("a server that goes away is shown as such and asked again", "[cli]") {
  WatchedServer watched;
  const auto page = [](const char* name) {
    return Answer{.body = read_golden("metrics/" + std::string(name) + ".txt")};
  };
  watched.replay({page("quiet-1"), {.status = 503}, page("quiet-2")});
  const Ran ran = watched.watch({"--samples", "3", "--interval-s", "0.1"});
  CHECK(ran.exit_code == 0);
  CHECK_THAT(ran.out, ContainsSubstring("NO ANSWER: answered 503, expected 200"));
  CHECK(ran.out.rfind("running            4") > ran.out.find("NO ANSWER"));
  CHECK(ran.out.find('\x1b') == std::string::npos);
}

TEST_CASE("on a terminal views replace one another, and Ctrl-C ends with 130 on a line of its own", "[cli]") {
  const WatchedServer watched({"full-1", "full-2"});
  const Ran ran = on_terminal(watched.cli.command(watched.words({"--interval-s", "0.1"})), "\x03");
  INFO(ran.out);
  CHECK(ran.exit_code == 130);
  CHECK_THAT(ran.out, ContainsSubstring("\x1b[33mWARNING: the KV cache is 95 % full"));
  CHECK(ran.out.find("A\r\x1b[J") != std::string::npos);
  CHECK(ran.out.ends_with("\n"));
  CHECK(ran.out.rfind("\x1b[33m") < ran.out.rfind("\x1b[0m"));  // no colour is left on
}

TEST_CASE("NO_COLOR is honoured on a terminal", "[cli]") {
  WatchedServer watched({"full-1"});
  watched.cli.set("NO_COLOR", "1");
  const Ran ran = on_terminal(watched.cli.command(watched.words({"--once", "--samples", "1"})), "");
  CHECK(ran.exit_code == 1);
  CHECK(ran.out.find("\x1b[") == std::string::npos);
}

TEST_CASE("no line of a report is wider than 80 columns", "[cli]") {
  const WatchedServer watched({"full-1", "full-2"});
  Words words = WatchedServer::plan();
  words.insert(words.end(), {"--once", "--interval-s", "0.1"});
  for (const std::string& line : split(watched.watch(words).out, '\n')) {
    INFO(line);
    CHECK(line.size() <= 80);
  }
}

TEST_CASE("what a server says reaches the terminal without its control characters", "[cli]") {
  WatchedServer watched({"quiet-1"});
  watched.server.put("/v1/models", R"({"data": [{"id": "a\u001b[31mb\nc", "max_model_len": 10}]})");
  CHECK_THAT(watched.watch({"--once", "--samples", "1"}).out, ContainsSubstring("a?[31mb?c"));
}

TEST_CASE("a server that cannot be watched is exit code 2, with what to do", "[cli]") {
  std::string text;
  const auto refused = [&](const WatchedServer& watched, const Words& more = {"--once"}) {
    const Ran ran = watched.watch(more);
    CHECK(ran.exit_code == 2);
    CHECK(ran.out.empty());
    text += "$ vllm-wizard watch " + join(more, " ") + "\n" + ran.err + "\n";
  };
  WatchedServer answers({"quiet-1"});
  for (const unsigned status : {401u, 404u, 500u}) {
    WatchedServer bad;
    bad.replay({{.status = status}});
    refused(bad);
  }
  for (const char* body : {"", "<html>log in</html>", "up 1\n", "vllm:x{a=\"1} 2\n"}) {
    WatchedServer bad;
    bad.replay({{.body = body}});
    refused(bad);
  }
  for (const Words& words : std::vector<Words>{{"--interval-s", "0"},
                                               {"--interval-s", "soon"},
                                               {"--samples", "0"},
                                               {"--window-s", "-5"},
                                               {"--output", "view.json"},
                                               {"--explain"},
                                               {"--plan", "missing.json"},
                                               {"--plan", "plan.json", "-m", "org/model"},
                                               {"--gpu", "L4"},
                                               {"--probe", "vllm-metric"},
                                               {"--detector", "nvidia"}})
    refused(answers, words);
  answers.cli.put("plan.json", "{}");
  refused(answers, {"--plan", "plan.json"});
  expect_golden("transcripts/watch-refused.txt", text);
}

TEST_CASE("addresses that are none are refused before anything is asked", "[cli]") {
  expect_golden("transcripts/watch-addresses.txt", transcripts(Cli(),
                                                               {{"watch", "ftp://host"},
                                                                {"watch", "http://me:word@host:8000"},
                                                                {"watch", "http://127.0.0.1:9"},
                                                                {"watch", "a", "b"}},
                                                               2));
}

#include "base/process.hpp"

#include "support/catch.hpp"
#include "support/temp_dir.hpp"

#include "base/error.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <fstream>
#include <thread>

using vw::ProcessResult;
using vw::run_process;
using vw::test::TempDir;
using End = ProcessResult::End;

namespace {

class Script {
 public:
  explicit Script(const std::string& body) : path_(folder_.put("script.sh", "#!/bin/sh\n" + body, true)) {}

  ProcessResult run(double timeout_s, std::vector<std::string> arguments = {}) {
    arguments.insert(arguments.begin(), path_);
    const auto start = std::chrono::steady_clock::now();
    ProcessResult result = run_process(arguments, timeout_s);
    took_s_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return result;
  }

  double took_s() const { return took_s_; }
  std::string path(const std::string& name) const { return folder_.path(name); }

 private:
  TempDir folder_;
  std::string path_;
  double took_s_ = 0;
};

bool has_no_children() { return waitpid(-1, nullptr, WNOHANG) == -1 && errno == ECHILD; }

// True once the process, whose number a script wrote to a file, is gone or a zombie of somebody else.
bool is_gone(const std::string& number_file) {
  int number = 0;
  std::ifstream(number_file) >> number;
  for (int attempt = 0; number > 0 && attempt < 200; ++attempt) {
    std::string state;
    std::ifstream status("/proc/" + std::to_string(number) + "/stat");
    if (!std::getline(status, state) || state.find(") Z") != std::string::npos) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

constexpr double short_s = 0.3;
constexpr double soon_s = 5.0;  // far below the 30 s that the scripts sleep

}  // namespace

TEST_CASE("a program runs with its arguments as they are, and both outputs are kept apart", "[base]") {
  Script script("printf '%s|' \"$@\"; echo problem >&2; exit 3");
  const ProcessResult result = script.run(30, {"a b", "", "$HOME", "it's"});
  CHECK(result.end == End::exited);
  CHECK(result.exit_code == 3);
  CHECK(result.output == "a b||$HOME|it's|");
  CHECK(result.errors == "problem\n");
  CHECK(has_no_children());
}

TEST_CASE("a program is looked up on PATH and has no standard input", "[base]") {
  const ProcessResult result = run_process({"cat"}, 30);
  CHECK(result.end == End::exited);
  CHECK(result.exit_code == 0);
  CHECK(result.output.empty());
}

TEST_CASE("a program that does not exist or cannot be run is not found", "[base]") {
  const TempDir folder;
  CHECK(run_process({"vllm-wizard-no-such-program"}, 30).end == End::not_found);
  CHECK(run_process({folder.path("none")}, 30).end == End::not_found);
  CHECK(run_process({folder.put("plain.txt", "text")}, 30).end == End::not_found);
  CHECK(run_process({folder.put("broken", "no interpreter line", true)}, 30).end == End::not_found);
  CHECK(run_process({folder.path()}, 30).end == End::not_found);
  CHECK(run_process({""}, 30).end == End::not_found);
  CHECK(has_no_children());
}

TEST_CASE("an empty command is our mistake", "[base]") {
  CHECK_THROWS_WITH(run_process({}, 1), "internal: no program to run");
}

TEST_CASE("a program that a signal ends is told from one that exits", "[base]") {
  Script script("echo before; kill -TERM $$; sleep 30");
  const ProcessResult result = script.run(30);
  CHECK(result.end == End::killed);
  CHECK(result.exit_code == SIGTERM);
  CHECK(result.output == "before\n");
}

TEST_CASE("a program that sleeps past the deadline is killed, and what it said is kept", "[base]") {
  Script script("trap '' TERM INT; echo before; sleep 30");
  const ProcessResult result = script.run(short_s);
  CHECK(result.end == End::timed_out);
  CHECK(result.output == "before\n");
  CHECK(script.took_s() >= short_s);
  CHECK(script.took_s() < soon_s);
  CHECK(has_no_children());
}

TEST_CASE("a program that closes its outputs and sleeps is killed at the deadline", "[base]") {
  Script script("exec 1>&- 2>&-; sleep 30");
  CHECK(script.run(short_s).end == End::timed_out);
  CHECK(script.took_s() < soon_s);
  CHECK(has_no_children());
}

TEST_CASE("a program that closes its outputs and then exits is waited for", "[base]") {
  Script script("exec 1>&- 2>&-; sleep 0.2; exit 4");
  const ProcessResult result = script.run(30);
  CHECK(result.end == End::exited);
  CHECK(result.exit_code == 4);
  CHECK(script.took_s() >= 0.2);
}

TEST_CASE("a grandchild that holds the outputs is killed with its group", "[base]") {
  Script script("sleep 30 & echo $! > \"$1\"; echo started");
  const std::string number = script.path("number");
  const ProcessResult result = script.run(short_s, {number});
  CHECK(result.end == End::timed_out);
  CHECK(result.output == "started\n");
  CHECK(script.took_s() < soon_s);
  CHECK(is_gone(number));
  CHECK(has_no_children());
}

TEST_CASE("a grandchild that left the group cannot hold us", "[base]") {
  Script script("setsid sh -c 'echo $$ > \"$0\"; sleep 30' \"$1\" & sleep 0.1");
  const std::string number = script.path("number");
  CHECK(script.run(short_s, {number}).end == End::timed_out);
  CHECK(script.took_s() < soon_s);
  pid_t left_behind = 0;
  std::ifstream(number) >> left_behind;
  REQUIRE(left_behind > 1);
  ::kill(-left_behind, SIGKILL);
}

TEST_CASE("endless output is cut and its writer killed", "[base]") {
  Script script("while :; do echo 0123456789012345678901234567890123456789; done");
  const auto start = std::chrono::steady_clock::now();
  const ProcessResult result = run_process({script.path("script.sh")}, 30, 100'000);
  CHECK(result.end == End::output_too_large);
  CHECK(result.output.size() == 100'000);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(20));
  CHECK(has_no_children());
}

TEST_CASE("endless output does not put off the deadline", "[base]") {
  Script script("while :; do echo 0123456789; done");
  const ProcessResult result = run_process({script.path("script.sh")}, short_s, std::size_t{1} << 40);
  CHECK(result.end == End::timed_out);
  CHECK(has_no_children());
}

TEST_CASE("much output on both sides is read without blocking the writer", "[base]") {
  Script script("head -c 1000000 /dev/zero >&2; head -c 1000000 /dev/zero; head -c 500000 /dev/zero >&2");
  const ProcessResult result = script.run(30);
  CHECK(result.end == End::exited);
  CHECK(result.output.size() == 1'000'000);
  CHECK(result.errors.size() == 1'500'000);
}

TEST_CASE("a deadline of nothing kills at once", "[base]") {
  Script script("sleep 30");
  CHECK(script.run(0).end == End::timed_out);
  CHECK(script.run(-1).end == End::timed_out);
  CHECK(script.took_s() < soon_s);
}

TEST_CASE("programs that run at the same time do not wait for each other", "[base]") {
  Script slow("sleep 2");
  Script quick("echo done");
  std::thread beside([&] { slow.run(30); });
  for (int i = 0; i < 20; ++i) CHECK(quick.run(30).output == "done\n");
  CHECK(quick.took_s() < 1.5);
  beside.join();
  CHECK(has_no_children());
}

// A tool may hang in every way that a process can; a detector may not.
#include "plugins/ask_plugin.hpp"
#include "plugins/fake_tools.hpp"
#include "support/catch.hpp"

#include <csignal>
#include <fstream>
#include <thread>

namespace vw::test {

namespace {

const std::string stopped = "nvidia-smi gave no answer within 0.5 s and was stopped";
constexpr double soon_s = 5;  // far less than the scripts sleep, far more than a busy machine needs

Json detect() { return ask_plugin("detectors/nvidia-smi", {{"verb", "detect"}, {"timeout_s", 0.5}}); }

// Whether the process whose id a script wrote is still running; waits a little for it to go.
bool is_running(const std::string& file_with_pid) {
  pid_t pid = 0;
  std::ifstream(file_with_pid) >> pid;
  REQUIRE(pid > 0);
  for (int i = 0; i < 100; ++i) {
    std::ifstream status("/proc/" + std::to_string(pid) + "/stat");
    std::string id, name, state;
    if (::kill(pid, 0) != 0 || (status >> id >> name >> state && state == "Z")) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return true;
}

}  // namespace

TEST_CASE("a tool that sleeps is killed at the deadline", "[plugins]") {
  FakeTools tools;
  tools.put("nvidia-smi", "echo $$ >" + tools.path("pid") + "\n/bin/sleep 60");
  const Stopwatch watch;
  const auto detection = detect();
  CHECK(detection["status"] == "failed");
  CHECK(detection["message"] == stopped);
  CHECK(watch.seconds() < soon_s);
  CHECK_FALSE(is_running(tools.path("pid")));
}

TEST_CASE("a tool that closes its output and sleeps is killed at the deadline", "[plugins]") {
  FakeTools tools;
  tools.put("nvidia-smi", "exec >&- 2>&-\n/bin/sleep 60");
  const Stopwatch watch;
  CHECK(detect()["message"] == stopped);
  CHECK(watch.seconds() < soon_s);
}

TEST_CASE("a tool that ignores signals is killed with its children", "[plugins]") {
  FakeTools tools;
  tools.put("nvidia-smi", "trap '' TERM INT HUP\n/bin/sleep 60 &\necho $! >" + tools.path("pid") +
                              "\nwhile :; do /bin/sleep 1; done");
  const Stopwatch watch;
  CHECK(detect()["message"] == stopped);
  CHECK(watch.seconds() < soon_s);
  CHECK_FALSE(is_running(tools.path("pid")));
}

TEST_CASE("a child that keeps the pipe open delays nothing and does not outlive its tool", "[plugins]") {
  FakeTools tools;
  tools.put("nvidia-smi", "/bin/sleep 60 &\necho $! >" + tools.path("pid") + "\n" + replay_nvidia_smi("one-gpu"));
  const Stopwatch watch;
  const auto detection = ask_plugin("detectors/nvidia-smi", {{"verb", "detect"}});
  CHECK(detection["status"] == "ok");
  CHECK(detection["gpus"].size() == 1);
  CHECK(watch.seconds() < soon_s);
  CHECK_FALSE(is_running(tools.path("pid")));
}

TEST_CASE("a tool that never stops printing is stopped", "[plugins]") {
  FakeTools tools;
  tools.put("nvidia-smi", "while :; do echo 0123456789012345678901234567890123456789012345678901234567890123; done");
  const auto detection = ask_plugin("detectors/nvidia-smi", {{"verb", "detect"}, {"timeout_s", 60}});
  CHECK(detection["message"] == "nvidia-smi printed more than 4 MiB and was stopped");
}

TEST_CASE("a tool that hangs in a detail costs the detail, not the cards", "[plugins]") {
  FakeTools tools;
  tools.put("nvidia-smi", "if [ \"$1\" = topo ]; then /bin/sleep 60; fi\n" + replay_nvidia_smi("six-pcie"));
  const auto detection = ask_plugin("detectors/nvidia-smi", {{"verb", "detect"}, {"timeout_s", 2}});
  CHECK(detection["status"] == "ok");
  CHECK(detection["gpus"].size() == 6);
  CHECK(detection["links"] == Json::array());
}

TEST_CASE("a tool that a signal ends is a failing tool", "[plugins]") {
  FakeTools tools;
  tools.put("nvidia-smi", "kill -SEGV $$");
  CHECK(detect()["message"] == "nvidia-smi ended with exit code 139 and without a message");
}

TEST_CASE("a file that cannot be run is a failing tool", "[plugins]") {
  FakeTools tools;
  tools.put("nvidia-smi", "");
  std::ofstream(tools.path("nvidia-smi")) << "\x7f"
                                             "ELF, but not really";
  CHECK(detect()["message"] == "nvidia-smi could not be started: Exec format error");
}

}  // namespace vw::test

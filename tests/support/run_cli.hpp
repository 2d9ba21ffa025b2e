// Runs the built program the way a shell would, with an environment of the test's own: an empty home, an empty model
// cache, no network, no terminal, and no tool on PATH but the fakes the test puts there.
#pragma once

#include "base/process.hpp"
#include "base/text.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"

#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace vw::test {

struct Ran {
  int exit_code = 0;
  std::string out, err;
};

class Cli {
 public:
  Cli() {
    // The leak checker crashes by itself now and then as a short program ends; rooms are tested under it.
    environment_ = {{"ASAN_OPTIONS", "detect_leaks=0"},
                    {"HOME", folder_.path("home")},
                    {"XDG_CONFIG_HOME", folder_.path("config")},
                    {"HF_HOME", folder_.path("hf")},
                    {"HF_HUB_OFFLINE", "1"},
                    {"PATH", folder_.path("bin")},
                    {"LANG", "C.UTF-8"}};
    folder_.put("bin/.keep", "");
    folder_.put("work/.keep", "");
  }

  Cli& set(const std::string& variable, const std::string& value) {
    environment_[variable] = value;
    return *this;
  }
  // A program on PATH.
  Cli& tool(const std::string& name, const std::string& script) {
    folder_.put("bin/" + name, "#!/bin/sh\n" + script + "\n", true);
    return *this;
  }
  // A file of the working folder; returns its path.
  std::string put(const std::string& name, const std::string& content) const {
    return folder_.put("work/" + name, content);
  }
  std::string path(const std::string& name = "") const { return folder_.path(name.empty() ? "work" : "work/" + name); }
  // The user's own folder of the program.
  std::string config_path(const std::string& name) const { return folder_.path("config/vllm-wizard/" + name); }
  std::string put_config(const std::string& name, const std::string& content) const {
    return folder_.put("config/vllm-wizard/" + name, content);
  }

  // Runs `vllm-wizard words...` in the working folder. What is printed comes back with paths replaced by <work>,
  // <home>, <root> and <build>. A crash or a minute without an answer is an error of the test.
  Ran run(const std::vector<std::string>& words) const {
    constexpr double timeout_s = 60;
    const ProcessResult result = run_process(command(words), timeout_s);
    if (result.end != ProcessResult::End::exited)
      throw std::runtime_error("the program did not end by itself: vllm-wizard " + join(words, " "));
    return {result.exit_code, masked(result.output), masked(result.errors)};
  }

  // The words that `run` runs, from a program of the system's on.
  std::vector<std::string> command(const std::vector<std::string>& words) const {
    std::vector<std::string> whole = {"/usr/bin/env", "-i", "-C", path()};
    for (const auto& [variable, value] : environment_) whole.push_back(variable + "=" + value);
    whole.push_back(VW_BINARY_DIR "/vllm-wizard");
    whole.insert(whole.end(), words.begin(), words.end());
    return whole;
  }

  std::string masked(std::string text) const {
    const std::pair<std::string, std::string> places[] = {
        {path(), "<work>"}, {folder_.path(), "<home>"}, {VW_BINARY_DIR, "<build>"}, {VW_ROOT, "<root>"}};
    for (const auto& [place, name] : places)
      for (std::size_t at = text.find(place); at != std::string::npos; at = text.find(place, at + name.size()))
        text.replace(at, place.size(), name);
    return text;
  }

 private:
  TempDir folder_;
  std::map<std::string, std::string> environment_;
};

// The whole run as one text: what was typed, what came out on both streams, how it ended.
inline std::string transcript(const Cli& cli, const std::vector<std::string>& words, const Ran& ran) {
  std::string text = "$ vllm-wizard";
  for (const std::string& word : words) text += " " + shell_quoted(cli.masked(word));
  text += "\n" + ran.out;
  if (!ran.err.empty()) text += "--- standard error\n" + ran.err;
  return text + "--- exit code " + std::to_string(ran.exit_code) + "\n";
}

// Several runs, one behind the other; each must end with `exit_code`.
inline std::string transcripts(const Cli& cli, const std::vector<std::vector<std::string>>& commands, int exit_code) {
  std::string text;
  for (const auto& words : commands) {
    const Ran ran = cli.run(words);
    INFO("vllm-wizard " << join(words, " "));
    CHECK(ran.exit_code == exit_code);
    text += (text.empty() ? "" : "\n") + transcript(cli, words, ran);
  }
  return text;
}

}  // namespace vw::test

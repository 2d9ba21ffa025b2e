// audit: servers that somebody's file or command line starts.
#pragma once

#include "base/shell_words.hpp"
#include "facts/serve_options.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vw {

struct Launch {
  std::string where;                 // the service or object in the file: "service 'vllm'"; empty: the file itself
  std::vector<ShellWord> words;      // of the command, or the names of settings; line 0: not known
  ServeCommand command;              // its `word` counts in `words`
  std::optional<std::int64_t> gpus;  // what the container or node is given
  std::vector<std::string> cards;    // numbers of those, where the file says
  std::string gpu_name;              // the card that a node selector asks for
  bool is_settings = false;          // a config.yaml: what is false there does nothing
};

// The servers of a file, told apart by its content: a shell or SLURM script, a systemd unit, vLLM's config.yaml, a
// Compose file, objects of Kubernetes, values of a Helm chart, a SkyPilot task. Empty: none starts. `file` stands in
// messages. Throws vw::Error naming file and line where the text is none of these or broken.
std::vector<Launch> read_launches(const std::string& text, const std::string& file, const FlagSyntax& syntax,
                                  const Release& release);

// The server that the words of a command line start.
std::vector<Launch> read_command(const std::vector<std::string>& words, const FlagSyntax& syntax);
// Those of a command in one text.
std::vector<Launch> read_shell(const std::string& text, const std::string& file, const FlagSyntax& syntax);

// Those of YAML or JSON that is no config.yaml; see launch_objects.cpp.
std::vector<Launch> read_objects(const std::string& text, const std::string& file, const FlagSyntax& syntax,
                                 const Release& release);

// The servers among these commands; a command in quotes (bash -c "...") is looked into.
std::vector<Launch> launches_of(const ShellCommand& words, const FlagSyntax& syntax);

}  // namespace vw

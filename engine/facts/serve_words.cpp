// What stands before the options of a server on a command line.
#include "base/text.hpp"
#include "facts/serve_options.hpp"

#include <algorithm>
#include <set>

namespace vw {
namespace {

using Words = std::vector<std::string>;

std::string program_of(const std::string& word) { return word.substr(word.find_last_of('/') + 1); }

// "NAME=value" as the environment has it.
bool is_assignment(const std::string& word) {
  const std::size_t equals = word.find('=');
  if (equals == std::string::npos || equals == 0 || (word[0] >= '0' && word[0] <= '9')) return false;
  return word.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_") == equals;
}

void assign(const std::string& word, ServeCommand& command) {
  const std::size_t equals = word.find('=');
  command.environment[word.substr(0, equals)] = word.substr(equals + 1);
}

bool is_at(const Words& words, std::size_t at, const char* word) { return at < words.size() && words[at] == word; }

// The first word behind `vllm serve` or an older way to start the server; nothing where none starts at `at`.
std::optional<std::size_t> behind_server(const Words& words, std::size_t at) {
  const std::string program = program_of(words[at]);
  if (program == "vllm" && is_at(words, at + 1, "serve")) return at + 2;
  if (program == "api_server.py" && words[at].find("vllm") != std::string::npos) return at + 1;
  if (words[at] != "-m" || at + 1 >= words.size()) return std::nullopt;
  const std::string& module = words[at + 1];
  if (module.starts_with("vllm.entrypoints.") && module.ends_with("api_server")) return at + 2;
  const bool is_cli = module == "vllm" || module == "vllm.entrypoints.cli.main";
  return is_cli && is_at(words, at + 2, "serve") ? std::optional(at + 3) : std::nullopt;
}

// Options of `docker run` behind which nothing stands.
bool is_container_switch(const std::string& word) {
  static const std::set<std::string> switches = {"--rm",
                                                 "--init",
                                                 "--privileged",
                                                 "--read-only",
                                                 "--publish-all",
                                                 "--interactive",
                                                 "--tty",
                                                 "--detach",
                                                 "--no-healthcheck",
                                                 "--oom-kill-disable",
                                                 "--quiet",
                                                 "--replace",
                                                 "--sig-proxy",
                                                 "--disable-content-trust",
                                                 "--no-hosts",
                                                 "--rmi",
                                                 "--help"};
  const bool is_group = word[1] != '-' && word.find_first_not_of("itdPq", 1) == std::string::npos;
  return is_group || word.find('=') != std::string::npos || switches.contains(word);
}

// One option of `docker run` and its value.
void take_container_option(const std::string& name, const std::string& value, ServeCommand& command) {
  if ((name == "-e" || name == "--env") && is_assignment(value)) assign(value, command);
  if (name == "--gpus") command.gpus = trimmed(value);
  if (name == "--device" && value.starts_with("nvidia.com/gpu=")) command.gpus = value.substr(value.find('=') + 1);
}

// The image of `docker run` whose options begin at `at`; the size where there is none.
std::size_t find_image(const Words& words, std::size_t at, ServeCommand& command, std::string& entrypoint) {
  for (; at < words.size() && words[at].size() > 1 && words[at].front() == '-'; ++at) {
    const std::size_t equals = words[at].find('=');
    const std::string name = words[at].substr(0, equals);
    if (name == "--entrypoint" && at + 1 < words.size())
      entrypoint = equals == std::string::npos ? words[at + 1] : words[at].substr(equals + 1);
    if (equals != std::string::npos && words[at].starts_with("--"))
      take_container_option(name, words[at].substr(equals + 1), command);
    else if (!is_container_switch(words[at]) && at + 1 < words.size())
      take_container_option(name, words[++at], command);
  }
  return at;
}

ServeCommand with_surroundings(ServeCommand command, ServeCommand surroundings) {
  command.environment = std::move(surroundings.environment);
  command.image = std::move(surroundings.image);
  command.gpus = std::move(surroundings.gpus);
  return command;
}

bool runs_container(const Words& words, std::size_t at) {
  static const std::set<std::string> programs = {"docker", "podman", "nerdctl"};
  return programs.contains(program_of(words[at])) && is_at(words, at + 1, "run");
}

}  // namespace

bool is_vllm_image(const std::string& image) {
  const std::string name = lower(image);
  return name.find("vllm") != std::string::npos && name.find("vllm-wizard") == std::string::npos;
}

std::optional<ServeCommand> read_serve_words(const Words& words, const FlagSyntax& syntax) {
  ServeCommand around;
  std::string entrypoint;
  std::size_t image = words.size();
  for (std::size_t at = 0; at < words.size(); ++at) {
    if (const auto first = behind_server(words, at))
      return with_surroundings(read_serve_arguments(words, syntax, *first), std::move(around));
    if (is_assignment(words[at])) assign(words[at], around);
    if (!runs_container(words, at)) continue;
    image = find_image(words, at + 2, around, entrypoint);
    if (image == words.size()) return std::nullopt;
    around.image = words[image];
    at = image;
  }
  // An image of vLLM starts the server by itself; what follows are its options.
  const bool has_entrypoint = !entrypoint.empty();
  const bool is_named = program_of(entrypoint) == "vllm" && is_at(words, image + 1, "serve");
  if (image == words.size() || (!is_named && (has_entrypoint || !is_vllm_image(around.image)))) return std::nullopt;
  const std::size_t first = image + (is_named ? 2 : 1);
  return with_surroundings(read_serve_arguments(words, syntax, first), std::move(around));
}

}  // namespace vw

#include "audit/launch.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace vw {
namespace {

// bash -c "... bash -c ..." is looked into this deep.
constexpr int deepest_text = 3;
constexpr std::size_t most_words = 2000, most_servers = 100;

std::vector<std::string> texts_of(const ShellCommand& words) {
  std::vector<std::string> texts;
  for (const ShellWord& word : words) texts.push_back(word.text);
  return texts;
}

// "2" and "device=0,1" as a number; "all" is none.
std::optional<std::int64_t> gpu_count(const std::string& gpus) {
  const std::string list = gpus.substr(gpus.find('=') + 1);
  if (gpus.find('=') != std::string::npos && gpus.find("count=") == std::string::npos)
    return static_cast<std::int64_t>(split(list, ',').size());
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(list.data(), list.data() + list.size(), count);
  if (error != std::errc() || end != list.data() + list.size() || count < 1) return std::nullopt;
  return count;
}

bool may_start(const std::string& text) {
  const bool names_server = text.find("vllm") != std::string::npos &&
                            (text.find("serve") != std::string::npos || text.find("api_server") != std::string::npos);
  return names_server && text.find_first_of(" \t\n") != std::string::npos;
}

// "NAME=vllm serve m" without the name of the variable.
std::string without_name(const std::string& word) {
  const std::size_t equals = word.find('=');
  const bool is_assignment = equals != std::string::npos && word.find_first_of(" \t\n") > equals;
  return is_assignment ? word.substr(equals + 1) : word;
}

// "$@" in the text of bash -c stands for the words behind it, but for the first.
ShellCommand with_arguments(const ShellCommand& inner, const ShellCommand& outer, std::size_t text) {
  ShellCommand words;
  for (const ShellWord& word : inner) {
    if (word.text != "$@") {
      words.push_back(word);
      words.back().line += outer[text].line > 0 ? outer[text].line - 1 : 0;
    } else if (text + 2 < outer.size()) {
      words.insert(words.end(), outer.begin() + static_cast<std::ptrdiff_t>(text) + 2, outer.end());
    }
  }
  return words;
}

std::optional<Launch> launch_of(const ShellCommand& words, const FlagSyntax& syntax) {
  auto command = read_serve_words(texts_of(words), syntax);
  if (!command) return std::nullopt;
  if (words.size() > most_words)
    throw Error("the command at line " + std::to_string(words.front().line),
                fmt::format("has {} words, expected at most {}", words.size(), most_words));
  Launch launch;
  launch.words = words;
  launch.gpus = gpu_count(command->gpus);
  launch.command = *std::move(command);
  return launch;
}

std::vector<Launch> find_launches(const ShellCommand& words, const FlagSyntax& syntax, int depth) {
  if (auto launch = launch_of(words, syntax)) return {*std::move(launch)};
  std::vector<Launch> found;
  for (std::size_t at = 0; at < words.size() && depth > 0; ++at) {
    if (!may_start(words[at].text)) continue;
    const std::string text = without_name(words[at].text);
    for (const ShellCommand& inner : shell_commands(text, quote(text)))
      for (Launch& launch : find_launches(with_arguments(inner, words, at), syntax, depth - 1))
        found.push_back(std::move(launch));
  }
  return found;
}

// The value of each `key` in a systemd unit, lines that go on put together, with the line where it begins.
std::vector<ShellWord> unit_values(const std::string& text, const std::string& key) {
  std::vector<ShellWord> values;
  std::size_t number = 0;
  bool goes_on = false;
  for (const std::string& line : split(text, '\n')) {
    ++number;
    const bool is_comment = line.starts_with('#') || line.starts_with(';');
    if (goes_on && !is_comment) values.back().text += "\n" + line;
    if (!goes_on && line.starts_with(key + "=")) values.push_back({line.substr(key.size() + 1), number, false});
    const bool is_ours = goes_on || line.starts_with(key + "=");
    goes_on = is_ours && (is_comment || trimmed(line).ends_with('\\'));
  }
  return values;
}

std::string without_doubles(std::string text, const std::string& doubled) {
  for (std::size_t at = text.find(doubled); at != std::string::npos; at = text.find(doubled, at + 1)) text.erase(at, 1);
  return text;
}

// systemd replaces ${NAME} and $NAME, and takes $$ and %% for one.
ShellCommand unit_words(const ShellWord& value, const std::string& file) {
  ShellCommand words =
      quoted_words(value.text.substr(std::min(value.text.find_first_not_of("@-:+! "), value.text.size())), file);
  for (ShellWord& word : words) {
    const std::size_t dollar = word.text.find('$');
    word.is_expanded = dollar != std::string::npos && word.text.substr(dollar + 1, 1) != "$";
    word.text = without_doubles(without_doubles(word.text, "$$"), "%%");
    word.line += value.line - 1;
  }
  return words;
}

std::vector<Launch> read_unit(const std::string& text, const std::string& file, const FlagSyntax& syntax) {
  ShellCommand environment;
  for (const ShellWord& value : unit_values(text, "Environment"))
    for (ShellWord& word : unit_words(value, file)) environment.push_back(std::move(word));
  std::vector<Launch> found;
  for (const ShellWord& value : unit_values(text, "ExecStart")) {
    ShellCommand words = environment;
    for (ShellWord& word : unit_words(value, file)) words.push_back(std::move(word));
    for (Launch& launch : launches_of(words, syntax)) found.push_back(std::move(launch));
  }
  return found;
}

bool is_unit(const std::string& text) {
  return text.starts_with("ExecStart=") || text.find("\nExecStart=") != std::string::npos;
}

// "name:" or "- name:" begins the first line that says something; "---" and "{", too.
bool is_yaml(const std::string& text) {
  for (const std::string& line : split(text, '\n')) {
    const std::string said = trimmed(line);
    if (said.empty() || said.starts_with('#')) continue;
    if (said.starts_with("---") || said.starts_with("{") || said.starts_with("[")) return true;
    const std::size_t end = said.find(':');
    const bool is_key = end != std::string::npos && end > 0 && (end + 1 == said.size() || said[end + 1] == ' ');
    return is_key && said.substr(0, end).find(' ') == (said.starts_with("- ") ? 1 : std::string::npos);
  }
  return false;
}

}  // namespace

std::vector<Launch> launches_of(const ShellCommand& words, const FlagSyntax& syntax) {
  return find_launches(words, syntax, deepest_text);
}

std::vector<Launch> read_shell(const std::string& text, const std::string& file, const FlagSyntax& syntax) {
  std::vector<Launch> found;
  for (const ShellCommand& words : shell_commands(text, file))
    for (Launch& launch : launches_of(words, syntax)) found.push_back(std::move(launch));
  return found;
}

std::vector<Launch> read_command(const std::vector<std::string>& words, const FlagSyntax& syntax) {
  ShellCommand command;
  for (const std::string& word : words) command.push_back({word, 0, false});
  return launches_of(command, syntax);
}

std::vector<Launch> read_launches(const std::string& text, const std::string& file, const FlagSyntax& syntax,
                                  const Release& release) {
  if (text.find('\0') != std::string::npos || !is_utf8(text))
    throw Error(file, "is not text, expected a script, a unit, a Compose file, a manifest or vLLM's config.yaml");
  std::vector<Launch> launches = is_unit(text)                              ? read_unit(text, file, syntax)
                                 : !text.starts_with("#!") && is_yaml(text) ? read_objects(text, file, syntax, release)
                                                                            : read_shell(text, file, syntax);
  if (launches.size() > most_servers)
    throw Error(file, fmt::format("starts {} servers, expected at most {}", launches.size(), most_servers));
  return launches;
}

}  // namespace vw

#include "cli/help.hpp"

#include "base/error.hpp"

#include "base/text.hpp"
#include "cli/options.hpp"
#include "cli/terminal.hpp"

#include <fmt/format.h>

namespace vw::cli {
namespace {

std::string names_of(const Option& option) {
  std::string names =
      option.letter != 0 ? fmt::format("-{}, --{}", option.letter, option.name) : fmt::format("    --{}", option.name);
  if (*option.alias != 0) names += fmt::format(", --{}", option.alias);
  if (*option.value != 0) names += fmt::format(" {}", option.value);
  return names;
}

std::string option_line(const Option& option) {
  constexpr std::size_t column = 38;
  const std::string names = "  " + names_of(option);
  const std::string gap =
      names.size() + 2 > column ? "\n" + std::string(column, ' ') : std::string(column - names.size(), ' ');
  return names + gap + wrapped(option.help, column) + "\n";
}

std::string usage_of(const Command& command) {
  std::string usage = std::string("vllm-wizard ") + command.name;
  if (*command.positionals != 0) usage += std::string(" ") + command.positionals;
  return usage + " [options]";
}

}  // namespace

std::string general_help() {
  std::string text =
      "vllm-wizard: plan vLLM deployments before touching a GPU\n\n"
      "usage: vllm-wizard COMMAND [options]\n\ncommands:\n";
  for (const Command& command : commands()) text += fmt::format("  {:<15}{}\n", command.name, command.summary);
  text += "\nexamples:\n";
  for (const char* example : find_command("plan")->examples) text += fmt::format("  {}\n", example);
  text +=
      "\nvllm-wizard COMMAND --help shows the options of a command.\n"
      "exit codes: 0 fits; 1 planned, does not fit; 2 wrong input; 3 bug\n";
  return text;
}

std::string command_help(const Command& command) {
  std::string text = fmt::format("vllm-wizard {}: {}\n\nusage: {}\n\n{}\n", command.name, command.summary,
                                 usage_of(command), wrapped(command.description, 0));
  for (const char* group : command.groups) {
    text += fmt::format("\n{}:\n", lower(group));
    for (const Option* option : options_of(std::span(&group, 1))) text += option_line(*option);
  }
  text += "\nexamples:\n";
  for (const char* example : command.examples) text += fmt::format("  {}\n", example);
  return text;
}

namespace {

std::string roff(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\\' || c == '-') escaped += '\\';
    escaped += c;
  }
  return escaped.starts_with('.') || escaped.starts_with('\'') ? "\\&" + escaped : escaped;
}

}  // namespace

std::string man_page() {
  std::string text = fmt::format(
      ".TH VLLM-WIZARD 1 \"\" \"vllm-wizard {}\" \"User Commands\"\n.SH NAME\nvllm\\-wizard \\- plan vLLM deployments "
      "before "
      "touching a GPU\n.SH SYNOPSIS\n.B vllm\\-wizard\nCOMMAND [options]\n.SH COMMANDS\n",
      VW_VERSION);
  for (const Command& command : commands()) {
    text +=
        fmt::format(".TP\n.B {} {}\n{}\n", roff(command.name), roff(command.positionals), roff(command.description));
    for (const char* example : command.examples) text += fmt::format(".br\n.I {}\n", roff(example));
  }
  text += ".SH OPTIONS\n";
  for (const Option& option : all_options())
    text += fmt::format(".TP\n.B {}\n{}\n", roff(trimmed(names_of(option))), roff(option.help));
  text +=
      ".SH EXIT STATUS\n0 fits; 1 planned, does not fit; 2 wrong input or extension; 3 a bug; 130 interrupted\n"
      ".SH ENVIRONMENT\n.TP\n.B VLLM_WIZARD_PATH\nfolders with scripts, plugins and gpu\\-db, separated by colons\n"
      ".TP\n.B XDG_CONFIG_HOME\nwhere the user's own folder vllm\\-wizard lies\n"
      ".TP\n.B NO_COLOR\nno colour unless \\-\\-color=always\n";
  return text;
}

namespace {

std::string option_words(const Command& command) {
  std::vector<std::string> words;
  for (const Option* option : options_of(command.groups)) {
    words.push_back("--" + std::string(option->name));
    if (*option->alias != 0) words.push_back("--" + std::string(option->alias));
    if (option->letter != 0) words.push_back(std::string("-") + option->letter);
  }
  return join(words, " ");
}

std::string command_words() {
  std::vector<std::string> words;
  for (const Command& command : commands()) words.push_back(command.name);
  return join(words, " ");
}

std::string bash_completion() {
  std::string text =
      "_vllm_wizard() {\n  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
      "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n    COMPREPLY=($(compgen -W \"" +
      command_words() +
      "\" -- \"$word\"))\n    return\n  fi\n"
      "  case $before in\n";
  for (const Option& option : all_options())
    if (const auto words = value_words(option); !words.empty())
      text += fmt::format("    --{}) COMPREPLY=($(compgen -W \"{}\" -- \"$word\")); return ;;\n", option.name,
                          join(words, " "));
  text += "  esac\n  case ${COMP_WORDS[1]} in\n";
  for (const Command& command : commands())
    text +=
        fmt::format("    {}) COMPREPLY=($(compgen -W \"{}\" -- \"$word\")) ;;\n", command.name, option_words(command));
  text +=
      "  esac\n  if [ -z \"$COMPREPLY\" ]; then COMPREPLY=($(compgen -f -- \"$word\")); fi\n}\n"
      "complete -o filenames -F _vllm_wizard vllm-wizard\n";
  return text;
}

// Text inside single quotes of zsh and fish; brackets and colons would end a zsh description.
std::string plain(const std::string& text) {
  std::string result;
  for (const char c : text) result += c == '\'' ? ' ' : c == '[' ? '(' : c == ']' ? ')' : c == ':' ? ',' : c;
  return result;
}

std::string zsh_completion() {
  std::string text = "#compdef vllm-wizard\n_vllm_wizard() {\n  if (( CURRENT == 2 )); then\n    local -a commands=(\n";
  for (const Command& command : commands())
    text += fmt::format("      '{}:{}'\n", command.name, plain(command.summary));
  text += "    )\n    _describe command commands\n    return\n  fi\n  case $words[2] in\n";
  for (const Command& command : commands()) {
    text += fmt::format("    {})\n      _arguments \\\n", command.name);
    for (const Option* option : options_of(command.groups)) {
      const auto words = value_words(*option);
      const std::string value = *option->value == 0 ? ""
                                : words.empty()     ? ":value:_files"
                                                    : ":value:(" + join(words, " ") + ")";
      text += fmt::format("        '--{}[{}]{}' \\\n", option->name, plain(option->help), value);
    }
    text += "        '*:file:_files' ;;\n";
  }
  return text + "  esac\n}\n_vllm_wizard \"$@\"\n";
}

std::string fish_completion() {
  std::string text = "complete -c vllm-wizard -f\n";
  for (const Command& command : commands()) {
    text += fmt::format("complete -c vllm-wizard -n __fish_use_subcommand -a {} -d '{}'\n", command.name,
                        plain(command.summary));
    for (const Option* option : options_of(command.groups)) {
      const auto words = value_words(*option);
      std::string line = fmt::format("complete -c vllm-wizard -n '__fish_seen_subcommand_from {}' -l {} -d '{}'",
                                     command.name, option->name, plain(option->help));
      if (option->letter != 0) line += fmt::format(" -s {}", option->letter);
      if (*option->value != 0) line += words.empty() ? " -rF" : " -xa '" + join(words, " ") + "'";
      text += line + "\n";
    }
  }
  return text;
}

}  // namespace

std::string completion(const std::string& shell) {
  if (shell == "bash") return bash_completion();
  if (shell == "zsh") return zsh_completion();
  if (shell == "fish") return fish_completion();
  throw Error("completion",
              (shell.empty() ? "names no shell" : "unknown shell " + quote(shell)) + ", expected bash, zsh or fish");
}

}  // namespace vw::cli

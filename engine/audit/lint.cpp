#include "audit/lint.hpp"

#include "audit/spoken.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "facts/serve_request.hpp"

#include <algorithm>

namespace vw {
namespace {

// Of a Hugging Face token; shorter ones are examples.
constexpr std::size_t least_token_letters = 20;

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

bool holds_token(const std::string& line) {
  for (std::size_t at = line.find("hf_"); at != std::string::npos; at = line.find("hf_", at + 1)) {
    if (at > 0 && (is_letter_or_digit(line[at - 1]) || line[at - 1] == '_')) continue;
    std::size_t end = at + 3;
    while (end < line.size() && is_letter_or_digit(line[end])) ++end;
    if (end - at - 3 >= least_token_letters) return true;
  }
  return false;
}

std::size_t last_word(const Launch& launch, const ServeOption& option) {
  const bool is_apart = option.value && option.word < launch.words.size() &&
                        launch.words[option.word].text.find('=') == std::string::npos;
  return option.word + (is_apart ? 1 : 0) + option.more.size();
}

bool is_expanded(const Launch& launch, const ServeOption& option) {
  for (std::size_t word = option.word; word <= last_word(launch, option) && word < launch.words.size(); ++word)
    if (launch.words[word].is_expanded) return true;
  return false;
}

// Says what only a shell could tell of the model and of options that a plan hangs on.
void tell_expanded(const Judged& judged) {
  const Launch& launch = judged.launch;
  for (const ServeOption& option : launch.command.options) {
    if (!is_planned(option.flag) || !is_expanded(launch, option)) continue;
    judged.add(Severity::warning, option, option.flag + " is not judged: a shell or its like puts the value in");
    judged.linted.is_whole = false;
  }
  const std::size_t name = launch.command.name_word;
  if (launch.command.model.empty() || name >= launch.words.size() || !launch.words[name].is_expanded) return;
  judged.linted.findings.push_back(
      {Severity::warning, launch.where, launch.words[name].line, "",
       "the model is " + quote(launch.command.model) + ", which a shell or its like puts in",
       "-m MODEL says which one to plan"});
}

// The command without what only a shell could tell.
ServeCommand told_command(const Launch& launch) {
  ServeCommand command = launch.command;
  std::erase_if(command.options, [&](const ServeOption& option) { return is_expanded(launch, option); });
  std::erase_if(command.stray, [&](std::size_t word) { return launch.words[word].is_expanded; });
  if (command.name_word < launch.words.size() && launch.words[command.name_word].is_expanded) command.model.clear();
  return command;
}

// In a config.yaml only what is true gives a flag (vllm/utils/argparse_utils.py, load_config_file).
void drop_idle_settings(const Judged& judged, ServeCommand& command) {
  if (!judged.launch.is_settings) return;
  for (const ServeOption& option : command.options) {
    const std::string positive = judged.syntax.negated(option.flag);
    const std::string& name = judged.launch.words[option.word].text;
    if (!positive.empty() && !name.starts_with("no"))
      judged.add(Severity::warning, option, quote(name + ": false") + " does nothing in a config.yaml",
                 option.flag.substr(2) + ": true");
  }
  std::erase_if(command.options, [&](const ServeOption& option) {
    return !judged.syntax.negated(option.flag).empty() && !judged.launch.words[option.word].text.starts_with("no");
  });
}

void read_request(const Judged& judged, const ServeCommand& command, const Request& base) {
  std::vector<WrongOption> wrong;
  judged.linted.request = request_of(command, base, wrong);
  for (const WrongOption& one : wrong) {
    const auto option = std::find_if(command.options.begin(), command.options.end(),
                                     [&](const ServeOption& each) { return each.word == one.word; });
    const std::string what = one.error.where() + " " + one.error.message();
    if (option != command.options.end())
      judged.add(Severity::error, *option, what);
    else
      judged.add(Severity::error, what);
  }
}

}  // namespace

const char* to_text(Severity severity) {
  if (severity == Severity::error) return "error";
  return severity == Severity::warning ? "warning" : "note";
}

void Judged::add(Severity severity, const ServeOption& option, std::string what, std::string instead) const {
  const std::size_t line = option.word < launch.words.size() ? launch.words[option.word].line : 0;
  linted.findings.push_back({severity, launch.where, line, option.flag, std::move(what), std::move(instead)});
}

void Judged::add(Severity severity, std::string what, std::string instead) const {
  const std::size_t first = launch.command.first_word;
  const std::size_t line =
      !launch.is_settings && first > 0 && first <= launch.words.size() ? launch.words[first - 1].line : 0;
  linted.findings.push_back({severity, launch.where, line, "", std::move(what), std::move(instead)});
}

Linted lint(const Launch& launch, const Release& release, const FlagSyntax& syntax, const Request& base) {
  Linted linted;
  Launch told = launch;
  const Judged first{launch, release, syntax, linted};
  tell_expanded(first);
  find_unknown_flags(first);
  told.command = told_command(launch);
  drop_idle_settings(first, told.command);
  const Judged judged{told, release, syntax, linted};
  read_request(judged, told.command, base);
  find_wrong_values(judged);
  find_contradictions(judged);
  find_surroundings(judged);
  return linted;
}

std::string release_of_image(const std::string& image) {
  const std::string name = image.substr(0, image.find('@'));
  const std::size_t slash = name.rfind('/'), colon = name.rfind(':');
  if (colon == std::string::npos || (slash != std::string::npos && colon < slash)) return "";
  const std::string repository = name.substr(0, colon), tag = name.substr(colon + 1);
  if (const std::size_t within = tag.find("vllm_"); within != std::string::npos)
    return release_of_version(tag.substr(within + 5));
  const bool is_ours = repository.ends_with("vllm/vllm-openai") || repository.ends_with("vllm/vllm-openai-rocm");
  return is_ours ? release_of_version(tag) : "";
}

std::vector<Finding> find_secrets(const std::string& text) {
  std::vector<Finding> findings;
  std::size_t number = 0;
  for (const std::string& line : split(text, '\n')) {
    ++number;
    if (holds_token(line))
      findings.push_back({Severity::error, "", number, "", "a Hugging Face token is written here (hf_...)",
                          "HF_TOKEN from the environment or a secret, and revoke this one"});
  }
  return findings;
}

}  // namespace vw

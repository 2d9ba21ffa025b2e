#include "cli/script_text.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace vw::cli {
namespace {

constexpr std::size_t most_comment_bytes = 1000;

std::string comments_of(const JsonReader& script) {
  std::string text;
  if (script.has("comments"))
    for (const std::string& comment : script.at("comments").strings())
      text += "# " + printable(comment, most_comment_bytes) + "\n";
  return text;
}

struct Word {
  std::string text;
  bool is_option = false;
};

Word word_of(const JsonReader& word) {
  if (word.value().is_object()) return {word.at("raw").string()};
  const std::string text = word.string();
  return {shell_quoted(text), text.starts_with('-')};
}

// `before_option` stands between a word and an option behind it.
std::string command_of(const JsonReader& command, const std::string& before_option) {
  if (command.value().is_object()) return command.at("raw").string();
  std::string text;
  for (const JsonReader& item : command.items()) {
    const Word word = word_of(item);
    text += (text.empty() ? "" : word.is_option ? before_option : " ") + word.text;
  }
  return text;
}

// A letter of a quoted word: C escapes for what would end it or the line, doubled what systemd replaces.
std::string unit_letter(char letter, bool is_command) {
  if (letter == '"' || letter == '\\') return {'\\', letter};
  if (letter == '%' || (letter == '$' && is_command)) return {letter, letter};
  const auto code = static_cast<unsigned char>(letter);
  return code < 0x20 || code == 0x7F ? fmt::format("\\x{:02x}", code) : std::string(1, letter);
}

std::string unit_word(const std::string& word, bool is_command) {
  std::string text = "\"";
  for (const char letter : word) text += unit_letter(letter, is_command);
  return text + "\"";
}

bool is_plain(const std::string& word) { return shell_quoted(word) == word && word.find('%') == std::string::npos; }

std::string unit_value(const std::string& key, const JsonReader& value) {
  if (value.value().is_string()) {
    std::string text = printable(value.string(), most_comment_bytes);
    return join(split(text, '%'), "%%");
  }
  std::vector<std::string> words = value.strings();
  const bool is_command = key.starts_with("Exec");
  for (std::string& word : words)
    if (!is_plain(word)) word = unit_word(word, is_command);
  // a line an option, as in a shell
  std::string text;
  for (const std::string& word : words)
    text += (text.empty() ? "" : is_command && word.starts_with('-') ? " \\\n  " : " ") + word;
  return text;
}

}  // namespace

std::string to_shell(const Json& data) {
  const JsonReader script(data, "shell artifact");
  std::string text = "#!/usr/bin/env bash\n";
  if (script.has("directives"))
    for (const std::string& line : script.at("directives").strings())
      text += printable(line, most_comment_bytes) + "\n";
  text += comments_of(script) + "set -euo pipefail\n";
  for (const JsonReader& command : script.at("commands").items()) text += "\n" + command_of(command, " \\\n  ") + "\n";
  return text;
}

std::string to_shell_line(const Json& data) {
  std::vector<std::string> lines;
  const JsonReader script(data, "shell artifact");
  for (const JsonReader& command : script.at("commands").items()) lines.push_back(command_of(command, " "));
  return join(lines, "\n");
}

std::string to_unit(const Json& data) {
  const JsonReader unit(data, "systemd artifact");
  std::string text = comments_of(unit);
  for (const JsonReader& section : unit.at("sections").items()) {
    text += (text.empty() ? "[" : "\n[") + section.at("name").string() + "]\n";
    for (const JsonReader& entry : section.at("entries").items()) {
      const auto pair = entry.items();
      if (pair.size() != 2) entry.fail("is not a pair, expected { key, value }");
      text += pair[0].string() + "=" + unit_value(pair[0].string(), pair[1]) + "\n";
    }
  }
  return text;
}

}  // namespace vw::cli

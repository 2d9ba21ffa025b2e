// base: commands of shell scripts as lists of words. Quotes, escapes, comments and line continuations are read, and
// nothing is run: what a shell would put in is left as it stands.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace vw {

struct ShellWord {
  std::string text;
  std::size_t line = 1;      // where it begins, from 1
  bool is_expanded = false;  // holds $NAME, $(...) or `...` that a shell would replace
};
using ShellCommand = std::vector<ShellWord>;

// The commands of a script, in order. They end at newlines, ; & | and parentheses. Redirections and here-documents are
// left out. Throws vw::Error "where: line 3: the quote is never closed, ..." .
std::vector<ShellCommand> shell_commands(std::string_view script, const std::string& where);

// One list of words, where only quotes, escapes, blanks and newlines mean anything: systemd units, Compose files.
ShellCommand quoted_words(std::string_view text, const std::string& where);

}  // namespace vw

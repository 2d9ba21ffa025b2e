// cli: shell scripts and systemd units from words, quoted here and nowhere else.
#pragma once

#include "base/json_reader.hpp"

#include <string>

namespace vw::cli {

// { directives, comments, commands }: lines for a batch system, comments, then each command with one option a line. A
// word is a text, which is quoted, or { raw = text }, which is shell already; so is a command.
std::string to_shell(const Json& data);
// The commands on one line each.
std::string to_shell_line(const Json& data);

// { comments, sections = { { name, entries = { { key, value }, ... } }, ... } }. A value is a text, or a list of words,
// each of which stays one word for systemd; in a command line `$` and `%` stay what they are, too.
std::string to_unit(const Json& data);

}  // namespace vw::cli

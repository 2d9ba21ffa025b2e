// cli: one table of options. Parsing, help, completion and the man page all come from it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vw::cli {

struct Option {
  const char* name;   // long name without dashes
  const char* alias;  // second long name, or ""
  char letter;        // short name, or 0
  const char* value;  // name of the value in help ("N", "FILE", "auto|fp16|..."), or "" for a switch
  const char* group;  // heading in help; commands take whole groups
  const char* help;   // one line, lower case, no stop
};

std::span<const Option> all_options();
// Options of these groups, in table order.
std::vector<const Option*> options_of(std::span<const char* const> groups);
const Option* find_option(std::string_view name);  // by name or alias; nullptr when unknown
// The words of a closed value list ("a|b|c"), empty when the value is open.
std::vector<std::string> value_words(const Option& option);

}  // namespace vw::cli

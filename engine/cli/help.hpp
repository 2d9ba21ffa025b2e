// cli: texts made from the tables of commands and options.
#pragma once

#include "cli/commands.hpp"

#include <string>

namespace vw::cli {

std::string general_help();
std::string command_help(const Command& command);
std::string man_page();                            // roff
std::string completion(const std::string& shell);  // bash, zsh or fish; throws vw::Error for another

}  // namespace vw::cli

#include "cli/commands.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/help.hpp"
#include "cli/interrupt.hpp"
#include "cli/options.hpp"
#include "cli/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace vw::cli {
namespace {

// Whatever else is wrong with a command line, who asks for help gets it.
bool asks_for_help(const std::vector<std::string>& words) {
  return std::any_of(words.begin(), words.end(),
                     [](const std::string& word) { return word == "-h" || word == "--help"; });
}

int dispatch(const std::vector<std::string>& words) {
  const std::string first = words.empty() ? "--help" : words.front();
  if (first == "--help" || first == "-h" || first == "help") {
    const Command* about = words.size() > 1 ? find_command(words[1]) : nullptr;
    print_text(about != nullptr ? command_help(*about) : general_help());
    return exit_ok;
  }
  if (first == "--version") {
    print_text(fmt::format("vllm-wizard {}\n", VW_VERSION));
    return exit_ok;
  }
  const Command* command = find_command(first);
  if (command == nullptr) {
    std::vector<std::string> names;
    for (const Command& known : commands()) names.push_back(known.name);
    const std::string near = did_you_mean(first, names);
    throw Error(quote(first), "is no command, " + (near.empty() ? "expected one of " + join(names, ", ") : near),
                "vllm-wizard --help");
  }
  if (asks_for_help(words)) {
    print_text(command_help(*command));
    return exit_ok;
  }
  const Arguments arguments({words.begin() + 1, words.end()}, command->groups, command->most_positionals,
                            command->name);
  if (arguments.has("version")) {
    print_text(fmt::format("vllm-wizard {}\n", VW_VERSION));
    return exit_ok;
  }
  arguments.integer("threads", 1, 1024);
  return command->run(arguments);
}

}  // namespace

const std::vector<Command>& commands() { return command_table; }

const Command* find_command(std::string_view name) {
  const auto found =
      std::find_if(commands().begin(), commands().end(), [&](const Command& command) { return name == command.name; });
  return found == commands().end() ? nullptr : &*found;
}

int run(const std::vector<std::string>& words) {
  const bool verbose = std::find(words.begin(), words.end(), "--verbose") != words.end();
  try {
    return dispatch(words);
  } catch (const Interrupted&) {
    return exit_interrupted;
  } catch (const Error& error) {
    print_error(error, verbose);
    return error.kind() == Error::Kind::internal ? exit_bug : exit_wrong_input;
  } catch (const std::exception& error) {
    print_error(Error::internal(error.what()), verbose);
    return exit_bug;
  }
}

}  // namespace vw::cli

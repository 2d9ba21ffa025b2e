// The commands that only print what the tables say: completion and man.
#include "cli/commands.hpp"
#include "cli/help.hpp"
#include "cli/terminal.hpp"

namespace vw::cli {

int run_completion(const Arguments& arguments) {
  print_result(arguments, completion(arguments.positional(0)));
  return exit_ok;
}

int run_man(const Arguments& arguments) {
  print_result(arguments, man_page());
  return exit_ok;
}

}  // namespace vw::cli

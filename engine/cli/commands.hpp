// cli: the commands, one table. Dispatch, help, completion and the man page come from it.
#pragma once

#include "cli/arguments.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vw::cli {

// 0 done and fits, 1 done and nothing fits, 2 wrong input or extension, 3 our own bug, 130 Ctrl-C.
enum ExitCode { exit_ok = 0, exit_no = 1, exit_wrong_input = 2, exit_bug = 3, exit_interrupted = 130 };

struct Command {
  const char* name;
  const char* positionals;  // "[FILTER]", "KIND ID", or ""
  std::size_t most_positionals;
  const char* summary;                // one line
  const char* description;            // a paragraph
  std::vector<const char*> groups;    // of options
  std::vector<const char*> examples;  // whole commands
  int (*run)(const Arguments& arguments);
};

extern const std::vector<Command> command_table;  // in command_table.cpp
const std::vector<Command>& commands();
const Command* find_command(std::string_view name);

// The commands themselves.
int run_plan(const Arguments& arguments);
int run_generate(const Arguments& arguments);
int run_sweep(const Arguments& arguments);
int run_size(const Arguments& arguments);
int run_pack(const Arguments& arguments);
int run_detect(const Arguments& arguments);
int run_gpus(const Arguments& arguments);
int run_models(const Arguments& arguments);
int run_quantizations(const Arguments& arguments);
int run_parts(const Arguments& arguments);
int run_check(const Arguments& arguments);
int run_validate(const Arguments& arguments);
int run_lint(const Arguments& arguments);
int run_diagnose(const Arguments& arguments);
int run_calibrate(const Arguments& arguments);
int run_watch(const Arguments& arguments);
int run_new(const Arguments& arguments);
int run_completion(const Arguments& arguments);
int run_man(const Arguments& arguments);

// The whole program: words after the program's name to an exit code. Never throws.
int run(const std::vector<std::string>& words);

}  // namespace vw::cli

// cli: a log from a file or from standard input, read as it comes.
#pragma once

#include "cli/arguments.hpp"
#include "cli/workspace.hpp"
#include "logs/comparison.hpp"

#include <string>

namespace vw::cli {

struct ReadLog {
  std::string name;  // of the file, "standard input"
  LogFacts facts;
};

// The command's first word, or standard input where it is "-", or absent and nobody types. Throws vw::Error: no such
// file, a folder, compressed, no text, nothing in it.
ReadLog read_log(const LogBook& book, const Arguments& arguments, const std::string& command);

// What the user asks over what the log says, judged.
LoggedCase judge_log(const Workspace& workspace, const Arguments& arguments, const LoggedRequest& logged);
// The memory model of this run, and everything else that a start is judged with.
struct LogBench {
  std::shared_ptr<const Part> memory_model;
  CaseBench bench;
};
LogBench bench_for(const Workspace& workspace, const Arguments& arguments);

}  // namespace vw::cli

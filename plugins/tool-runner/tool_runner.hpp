// tool-runner: a vendor's command line tool, run so that it can never hold us: a hanging driver is an everyday matter
// on GPU machines.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace vw::tools {

// One deadline for all runs of one detection.
class Deadline {
 public:
  explicit Deadline(double seconds);
  double seconds() const noexcept { return seconds_; }  // the whole allowance
  int left_ms() const;                                  // 0: over

 private:
  double seconds_;
  std::chrono::steady_clock::time_point end_;
};

struct ToolResult {
  enum class End { exited, not_found, not_started, timed_out, output_too_large };
  End end = End::exited;
  int exit_code = 0;  // 128 + signal when one ended it
  std::string output, errors;

  bool succeeded() const noexcept { return end == End::exited && exit_code == 0; }
};

// Runs arguments[0] (looked up on PATH) without a shell and without standard input, in a process group of its own.
// The whole group is killed at the deadline, when it prints more than 4 MiB, and when its leader has ended. Returns
// when the leader has ended, whoever still holds its pipes. Never throws for what the tool does.
ToolResult run_tool(const std::vector<std::string>& arguments, const Deadline& deadline);

// Why a run did not succeed, in one line: "nvidia-smi gave no answer within 10 s and was stopped", or the first line
// that it printed, or its exit code.
std::string reason_of(const ToolResult& result, const std::string& tool, const Deadline& deadline);

}  // namespace vw::tools

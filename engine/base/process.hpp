// base: running another program. The only place of the engine that knows Boost.Process.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace vw {

struct ProcessResult {
  enum class End { exited, not_found, timed_out, output_too_large, killed };
  End end = End::exited;
  int exit_code = 0;  // of `exited`; the number of the signal for `killed`
  std::string output, errors;
};

// Runs arguments[0] (looked up on PATH) without a shell, with no standard input, in a process group of its own, and
// waits. At the deadline, or when output + errors exceed most_bytes, the whole group is killed, grandchildren that
// hold the pipes included. Never hangs; throws vw::Error only when pipes or processes cannot be made.
ProcessResult run_process(const std::vector<std::string>& arguments, double timeout_s,
                          std::size_t most_bytes = std::size_t{4} << 20);

}  // namespace vw

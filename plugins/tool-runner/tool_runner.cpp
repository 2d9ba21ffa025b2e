#include "tool-runner/tool_runner.hpp"

#include "tool-runner/text.hpp"

#include <boost/process.hpp>

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <thread>

namespace vw::tools {

namespace process = boost::process;
using Clock = std::chrono::steady_clock;

Deadline::Deadline(double seconds)
    : seconds_(seconds),
      end_(Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds))) {}

int Deadline::left_ms() const {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end_ - Clock::now()).count();
  return static_cast<int>(std::clamp<long long>(left, 0, 3'600'000));
}

namespace {

constexpr std::size_t most_output_bytes = std::size_t{4} << 20;
constexpr int poll_ms = 5;  // between looks at whether the leader has ended

// The reading end of a pipe, emptied without ever waiting.
class Drain {
 public:
  Drain(int descriptor, std::string& text) : descriptor_(descriptor), text_(text) {
    ::fcntl(descriptor_, F_SETFL, ::fcntl(descriptor_, F_GETFL) | O_NONBLOCK);
  }

  bool is_open() const noexcept { return is_open_; }
  int descriptor() const noexcept { return is_open_ ? descriptor_ : -1; }  // poll() ignores -1

  void read() {
    std::array<char, std::size_t{16} * 1024> block;
    while (is_open_ && text_.size() <= most_output_bytes) {
      const auto count = ::read(descriptor_, block.data(), block.size());
      if (count > 0) {
        text_.append(block.data(), static_cast<std::size_t>(count));
        continue;
      }
      if (count < 0 && errno == EINTR) continue;
      if (count == 0 || errno != EAGAIN) is_open_ = false;
      return;
    }
  }

 private:
  int descriptor_;
  std::string& text_;
  bool is_open_ = true;
};

// Whether the leader has ended, leaving it to be waited for: its group cannot be taken by others meanwhile.
bool has_ended(pid_t leader) {
  siginfo_t info{};
  const int outcome = ::waitid(P_PID, static_cast<id_t>(leader), &info, WEXITED | WNOHANG | WNOWAIT);
  return outcome != 0 ? errno != EINTR : info.si_pid == leader;
}

class Run {
 public:
  Run(const boost::filesystem::path& program, const std::vector<std::string>& arguments, std::error_code& error)
      : child_(program, process::args(arguments), (process::std_in < process::null), (process::std_out > out_),
               (process::std_err > err_), group_, error),
        output_(out_.native_source(), result_.output),
        errors_(err_.native_source(), result_.errors) {}

  ToolResult finish(const Deadline& deadline) {
    result_.end = watch(deadline);
    std::error_code ignored;
    group_.terminate(ignored);
    if (reap() && result_.end == ToolResult::End::exited) {
      output_.read();
      errors_.read();
    }
    return std::move(result_);
  }

 private:
  ToolResult::End watch(const Deadline& deadline) {
    for (;;) {
      const bool ended = has_ended(child_.id());  // before reading: what it printed last is then in the pipe
      output_.read();
      errors_.read();
      if (result_.output.size() + result_.errors.size() > most_output_bytes) return ToolResult::End::output_too_large;
      if (ended) return ToolResult::End::exited;
      if (deadline.left_ms() == 0) return ToolResult::End::timed_out;
      wait_a_little(std::min(deadline.left_ms(), poll_ms));
    }
  }

  void wait_a_little(int most_ms) {
    std::array<pollfd, 2> pipes{{{output_.descriptor(), POLLIN, 0}, {errors_.descriptor(), POLLIN, 0}}};
    ::poll(pipes.data(), pipes.size(), most_ms);
  }

  // A process in an uninterruptible call to its driver outlives SIGKILL: after a second it is left behind.
  bool reap() {
    for (int waited_ms = 0; waited_ms < 1000; waited_ms += poll_ms) {
      if (has_ended(child_.id())) {
        std::error_code ignored;
        child_.wait(ignored);
        const int status = child_.native_exit_code();
        result_.exit_code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
        return true;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(poll_ms));
    }
    child_.detach();
    return false;
  }

  ToolResult result_;
  process::pipe out_, err_;
  process::group group_;
  process::child child_;
  Drain output_, errors_;
};

std::string whole_seconds(double seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%g s", seconds);
  return text;
}

}  // namespace

ToolResult run_tool(const std::vector<std::string>& arguments, const Deadline& deadline) {
  ToolResult failed;
  const auto program = process::search_path(arguments.front());
  failed.end = ToolResult::End::not_found;
  if (program.empty()) return failed;
  failed.end = ToolResult::End::timed_out;
  if (deadline.left_ms() == 0) return failed;
  try {
    std::error_code error;
    Run run(program, {arguments.begin() + 1, arguments.end()}, error);
    if (!error) return run.finish(deadline);
    failed.errors = error.message();
  } catch (const std::exception& failure) {
    failed.errors = failure.what();
  }
  failed.end = ToolResult::End::not_started;
  return failed;
}

std::string reason_of(const ToolResult& result, const std::string& tool, const Deadline& deadline) {
  switch (result.end) {
    case ToolResult::End::not_found:
      return tool + " is not on the PATH";
    case ToolResult::End::not_started:
      return tool + " could not be started: " + result.errors;
    case ToolResult::End::timed_out:
      return tool + " gave no answer within " + whole_seconds(deadline.seconds()) + " and was stopped";
    case ToolResult::End::output_too_large:
      return tool + " printed more than 4 MiB and was stopped";
    case ToolResult::End::exited:
      break;
  }
  for (const auto* text : {&result.output, &result.errors})
    if (const auto line = first_line(*text); !line.empty()) return line;
  return tool + " ended with exit code " + std::to_string(result.exit_code) + " and without a message";
}

}  // namespace vw::tools

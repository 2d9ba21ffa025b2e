#include "base/process.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/process/args.hpp>
#include <boost/process/child.hpp>
#include <boost/process/error.hpp>
#include <boost/process/exe.hpp>
#include <boost/process/extend.hpp>
#include <boost/process/group.hpp>
#include <boost/process/io.hpp>
#include <boost/process/posix.hpp>
#include <boost/process/search_path.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <mutex>
#include <system_error>
#include <thread>

namespace vw {
namespace {

namespace bp = boost::process;
using Clock = std::chrono::steady_clock;
using End = ProcessResult::End;

[[noreturn]] void cannot_start(const std::string& program, int code) {
  throw Error(quote(program), "cannot be started: " + lower(std::generic_category().message(code)));
}

// Both ends of a pipe. Neither is inherited: a child gets a copy of its end as its own output.
class Pipe {
 public:
  explicit Pipe(const std::string& program) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) cannot_start(program, errno);
    ends_ = ends;
    // Where our own output is closed the ends may land on 0 to 2, which the child gives another meaning.
    for (int& end : ends_) lift(end, program);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close(ends_[0]);
    close(ends_[1]);
  }

  int read_end() const { return ends_[0]; }
  int write_end() const { return ends_[1]; }
  bool is_open() const { return ends_[0] >= 0; }
  void close_read_end() { close(ends_[0]); }
  void close_write_end() { close(ends_[1]); }

 private:
  static void close(int& end) {
    if (end >= 0) ::close(end);
    end = -1;
  }
  static void lift(int& end, const std::string& program) {
    if (end > STDERR_FILENO) return;
    const int lifted = ::fcntl(end, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (lifted < 0) cannot_start(program, errno);
    close(end);
    end = lifted;
  }

  std::array<int, 2> ends_{-1, -1};
};

// A started program and its group. Its number stays taken until `reap`, so that the group cannot be mistaken.
class Program {
 public:
  enum class Start { running, not_found };

  // Boost 1.74 marks its own pipe close-on-exec only after making it: two starts at a time could inherit it and
  // make each other wait. It also leaves a child that could not become the program unreaped.
  Start start(const std::string& path, const std::vector<std::string>& arguments, Pipe& output, Pipe& errors) {
    static std::mutex one_start_at_a_time;
    const std::lock_guard lock(one_start_at_a_time);
    std::error_code code;
    const auto reap_failed = [](auto& executor, const std::error_code&) {
      if (executor.pid > 0) ::waitpid(executor.pid, nullptr, 0);
    };
    child_ = bp::child(bp::exe = path, bp::args = std::vector<std::string>(arguments.begin() + 1, arguments.end()),
                       bp::std_in < bp::null, bp::posix::fd.bind(STDOUT_FILENO, output.write_end()),
                       bp::posix::fd.bind(STDERR_FILENO, errors.write_end()), group_, code,
                       bp::extend::on_error = reap_failed);
    output.close_write_end();
    errors.close_write_end();
    if (!code) return Start::running;
    failure_ = code;
    for (const int missing : {ENOENT, ENOTDIR, EACCES, ENOEXEC})
      if (code.value() == missing) return Start::not_found;
    cannot_start(path, code.value());
  }

  const std::error_code& failure() const { return failure_; }

  bool has_ended() const {
    siginfo_t info{};
    const int result = ::waitid(P_PID, static_cast<id_t>(child_.id()), &info, WEXITED | WNOHANG | WNOWAIT);
    return (result == 0 && info.si_pid != 0) || (result != 0 && errno == ECHILD);
  }

  bool wait_until(Clock::time_point deadline) const {
    auto pause = std::chrono::microseconds(100);
    while (!has_ended()) {
      if (Clock::now() >= deadline) return false;
      std::this_thread::sleep_for(pause);
      pause = std::min(pause * 2, std::chrono::microseconds(10'000));
    }
    return true;
  }

  // A process that hangs in a driver does not even die when killed; it is left behind after a second.
  void kill() {
    std::error_code ignored;
    group_.terminate(ignored);
    if (wait_until(Clock::now() + std::chrono::seconds(1))) {
      child_.wait(ignored);
    } else {
      child_.detach();
    }
  }

  // The status of an ended program. Others of its group may live on.
  int reap() {
    std::error_code ignored;
    group_.detach();
    child_.wait(ignored);
    return child_.native_exit_code();
  }

 private:
  bp::group group_;
  bp::child child_;
  std::error_code failure_;
};

int milliseconds_until(Clock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
  return static_cast<int>(std::clamp<decltype(left)>(left, 0, 3'600'000));
}

// Collects both outputs until both are closed, too large, or late.
class Collector {
 public:
  Collector(Pipe& output, Pipe& errors, ProcessResult& result, std::size_t most_bytes)
      : streams_{{{output, result.output}, {errors, result.errors}}}, room_bytes_(most_bytes) {}

  // Returns how it ended; `exited` means that both outputs are closed.
  End collect(Clock::time_point deadline) {
    while (streams_[0].pipe.is_open() || streams_[1].pipe.is_open()) {
      // A negative number is skipped by poll.
      std::array<pollfd, 2> waited{
          {{streams_[0].pipe.read_end(), POLLIN, 0}, {streams_[1].pipe.read_end(), POLLIN, 0}}};
      const int ready = ::poll(waited.data(), waited.size(), milliseconds_until(deadline));
      // Endless output keeps poll from ever timing out.
      if (Clock::now() >= deadline) return End::timed_out;
      if (ready <= 0) continue;
      for (std::size_t i = 0; i < waited.size(); ++i)
        if (waited[i].revents != 0 && !take(streams_[i])) return End::output_too_large;
    }
    return End::exited;
  }

 private:
  struct Stream {
    Pipe& pipe;
    std::string& text;
  };

  // False when it is too much.
  bool take(const Stream& stream) {
    std::array<char, 65536> buffer;
    const ssize_t count = ::read(stream.pipe.read_end(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) return true;
    if (count <= 0) {
      stream.pipe.close_read_end();
      return true;
    }
    const std::size_t taken = std::min(static_cast<std::size_t>(count), room_bytes_);
    stream.text.append(buffer.data(), taken);
    room_bytes_ -= taken;
    return taken == static_cast<std::size_t>(count);
  }

  std::array<Stream, 2> streams_;
  std::size_t room_bytes_;
};

std::string program_path(const std::string& name) {
  return name.find('/') == std::string::npos ? bp::search_path(name).string() : name;
}

Clock::time_point deadline_after(double timeout_s) {
  constexpr double most_s = 1e6;
  const double seconds = timeout_s >= 0 ? std::min(timeout_s, most_s) : 0.0;  // NaN is 0, too
  return Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
}

}  // namespace

ProcessResult run_process(const std::vector<std::string>& arguments, double timeout_s, std::size_t most_bytes) {
  if (arguments.empty()) throw Error::internal("no program to run");
  const auto deadline = deadline_after(timeout_s);
  ProcessResult result;
  const std::string path = program_path(arguments[0]);
  Pipe output(arguments[0]), errors(arguments[0]);
  Program program;
  if (path.empty() || program.start(path, arguments, output, errors) == Program::Start::not_found) {
    result.end = End::not_found;
    return result;
  }
  result.end = Collector(output, errors, result, most_bytes).collect(deadline);
  if (result.end == End::exited && !program.wait_until(deadline)) result.end = End::timed_out;
  if (result.end != End::exited) {
    program.kill();
    return result;
  }
  const int status = program.reap();
  result.end = WIFEXITED(status) ? End::exited : End::killed;
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status);
  return result;
}

}  // namespace vw

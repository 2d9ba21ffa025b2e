#include "cli/interrupt.hpp"

#include "base/error.hpp"

#include <cerrno>
#include <chrono>
#include <csignal>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace vw::cli {
namespace {

volatile std::sig_atomic_t came = 0;
int wake_up[2] = {-1, -1};  // a pipe: a signal between a look at `came` and a wait must not be lost

void note(int) {
  const int error = errno;
  came = 1;
  const char byte = 0;
  [[maybe_unused]] const auto written = ::write(wake_up[1], &byte, 1);
  errno = error;
}

void handle(int signal, void (*handler)(int), int flags) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = flags;
  sigemptyset(&action.sa_mask);
  sigaction(signal, &action, nullptr);
}

}  // namespace

Interrupt::Interrupt() {
  came = 0;
  if (::pipe2(wake_up, O_CLOEXEC | O_NONBLOCK) != 0) throw Error::internal("no pipe could be made");
  for (const int signal : {SIGINT, SIGTERM}) handle(signal, note, static_cast<int>(SA_RESETHAND));
}

Interrupt::~Interrupt() {
  for (const int signal : {SIGINT, SIGTERM}) handle(signal, SIG_DFL, 0);
  for (int& end : wake_up) {
    ::close(end);
    end = -1;
  }
}

bool Interrupt::has_come() const { return came != 0; }

bool Interrupt::wait(double seconds) const {
  using Clock = std::chrono::steady_clock;
  using std::chrono::milliseconds;
  const auto end = Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  while (!has_come()) {
    const auto left = std::chrono::ceil<milliseconds>(end - Clock::now());
    if (left.count() <= 0) return true;
    pollfd woken{wake_up[0], POLLIN, 0};
    ::poll(&woken, 1, static_cast<int>(left.count()));
  }
  return false;
}

}  // namespace vw::cli

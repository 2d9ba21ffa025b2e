#include "lua/alarm.hpp"

#include <unistd.h>
#include <atomic>
#include <csignal>
#include <ctime>

#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

namespace vw::lua {

namespace {

std::atomic<Alarm*>& innermost() noexcept {
  static thread_local std::atomic<Alarm*> alarm{nullptr};
  return alarm;
}

void on_signal(int);

bool install_handler() noexcept {
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART | SA_ONSTACK;
  return sigaction(SIGRTMIN, &action, nullptr) == 0;
}

timespec to_timespec(double seconds) noexcept {
  const auto whole = static_cast<std::time_t>(seconds);
  return {whole, static_cast<long>((seconds - static_cast<double>(whole)) * 1e9)};
}

}  // namespace

// The timer of one thread. It stays armed when an alarm ends early: the next one is usually later, and arming costs
// more than a signal that finds nothing to do.
struct Timer {
  timer_t id{};
  bool is_there = false;
  double armed_s = 0;  // 0: not armed

  Timer() noexcept {
    static const bool has_handler = install_handler();
    sigevent event{};
    event.sigev_notify = SIGEV_THREAD_ID;
    event.sigev_signo = SIGRTMIN;
    event.sigev_notify_thread_id = gettid();
    is_there = has_handler && timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &id) == 0;
  }
  ~Timer() {
    if (is_there) timer_delete(id);
  }

  bool arm(double deadline_s) noexcept {
    if (!is_there || (armed_s > 0 && armed_s <= deadline_s)) return is_there;
    const itimerspec when{{}, to_timespec(deadline_s)};
    if (timer_settime(id, TIMER_ABSTIME, &when, nullptr) != 0) return false;
    armed_s = deadline_s;
    return true;
  }

  static Timer& of_thread() noexcept {
    static thread_local Timer timer;
    return timer;
  }

  static void ring() noexcept {
    Timer& timer = of_thread();
    timer.armed_s = 0;
    const Alarm* const alarm = innermost().load(std::memory_order_relaxed);
    if (alarm == nullptr) return;
    if (cpu_time_s() < alarm->deadline_s_)
      timer.arm(alarm->deadline_s_);
    else
      alarm->ring_(alarm->at_);
  }
};

namespace {

void on_signal(int) { Timer::ring(); }

}  // namespace

double cpu_time_s() noexcept {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

Alarm::Alarm(double deadline_s, void (*ring)(void*), void* at) noexcept
    : deadline_s_(deadline_s), ring_(ring), at_(at), outer_(innermost().load()), is_set_(false) {
  innermost().store(this);
  is_set_ = Timer::of_thread().arm(deadline_s);
}

// An outer alarm that is due by now rings soon after.
Alarm::~Alarm() {
  innermost().store(outer_);
  if (outer_ != nullptr) Timer::of_thread().arm(outer_->deadline_s_);
}

}  // namespace vw::lua

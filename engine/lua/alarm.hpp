// lua, inside: rings when the calling thread has used so much CPU time. A count hook that looks at the clock makes
// every instruction of Lua dearer by a third; this costs a script nothing until its time is up. [per thread]
#pragma once

namespace vw::lua {

// The CPU time of the calling thread: a busy machine or a slow program that a script waits for costs a script nothing.
double cpu_time_s() noexcept;

// Alarms of one thread nest like calls.
class Alarm {
 public:
  // `ring(at)` runs inside a signal handler of this thread once its CPU time has passed `deadline_s`, so it may only
  // do what a handler may; lua_sethook is made for that.
  Alarm(double deadline_s, void (*ring)(void*), void* at) noexcept;
  ~Alarm();
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;

  // False: the system gives this thread no timer, and nobody will ring.
  bool is_set() const noexcept { return is_set_; }

 private:
  friend struct Timer;
  double deadline_s_;
  void (*ring_)(void*);
  void* at_;
  Alarm* outer_;
  bool is_set_;
};

}  // namespace vw::lua

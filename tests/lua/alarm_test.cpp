#include "lua/alarm.hpp"

#include "support/catch.hpp"

#include <csignal>
#include <thread>

using vw::lua::Alarm;
using vw::lua::cpu_time_s;

namespace {

void set(void* flag) { *static_cast<volatile std::sig_atomic_t*>(flag) = 1; }

// Timers of CPU time ring at a tick of the kernel: a busy machine may take its time.
void work_until_set(const volatile std::sig_atomic_t& flag) {
  const double end_s = cpu_time_s() + 5;
  while (flag == 0 && cpu_time_s() < end_s) {
  }
}

}  // namespace

TEST_CASE("an alarm rings when its CPU time has passed, and not before", "[lua]") {
  volatile std::sig_atomic_t has_rung = 0;
  const double start_s = cpu_time_s();
  const Alarm alarm(start_s + 0.05, set, const_cast<std::sig_atomic_t*>(&has_rung));
  REQUIRE(alarm.is_set());
  work_until_set(has_rung);
  CHECK(has_rung == 1);
  CHECK(cpu_time_s() - start_s >= 0.05);
}

TEST_CASE("time that passes while the thread sleeps counts for nothing", "[lua]") {
  volatile std::sig_atomic_t has_rung = 0;
  const Alarm alarm(cpu_time_s() + 0.05, set, const_cast<std::sig_atomic_t*>(&has_rung));
  std::this_thread::sleep_for(std::chrono::milliseconds(120));
  CHECK(has_rung == 0);
}

TEST_CASE("alarms nest: an inner one that ends early leaves the outer one set", "[lua]") {
  volatile std::sig_atomic_t outer_rang = 0, inner_rang = 0;
  const double start_s = cpu_time_s();
  const Alarm outer(start_s + 0.5, set, const_cast<std::sig_atomic_t*>(&outer_rang));
  { const Alarm inner(start_s + 10, set, const_cast<std::sig_atomic_t*>(&inner_rang)); }
  {
    const Alarm inner(start_s + 0.02, set, const_cast<std::sig_atomic_t*>(&inner_rang));
    work_until_set(inner_rang);
  }
  CHECK(inner_rang == 1);
  CHECK(outer_rang == (cpu_time_s() < start_s + 0.5 ? 0 : outer_rang));
  work_until_set(outer_rang);
  CHECK(outer_rang == 1);
}

TEST_CASE("every thread has its own alarms", "[lua]") {
  volatile std::sig_atomic_t here = 0, there = 0;
  const Alarm alarm(cpu_time_s() + 10, set, const_cast<std::sig_atomic_t*>(&here));
  std::thread([&] {
    const Alarm other(cpu_time_s() + 0.02, set, const_cast<std::sig_atomic_t*>(&there));
    work_until_set(there);
  }).join();
  CHECK(there == 1);
  CHECK(here == 0);
}

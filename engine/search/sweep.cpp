#include "search/sweep.hpp"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace vw {
namespace {

class Sweep {
 public:
  Sweep(const Space& space, const Lanes& lanes, const OpenJudges& open, const Digest& digest, const ShowProgress& show)
      : space_(space), lanes_(lanes), open_(open), digest_(digest), show_(show), end_(space.blocks()) {}

  void work() {
    BlockJudge judge(space_, lanes_, open_);
    while (const auto number = claim()) {
      try {
        const JudgedBlock& judged = judge.judge(space_.block(*number));
        const Merge merge = digest_(judged);
        if (!take_turn(*number, judged, merge)) return;
      } catch (...) {
        fail(*number, std::current_exception());
        return;
      }
    }
  }

  Progressed result() const {
    if (failure_) std::rethrow_exception(failure_);
    return progressed_;
  }

 private:
  std::optional<std::uint64_t> claim() {
    const std::lock_guard lock(mutex_);
    if (next_ >= end_) return std::nullopt;
    return next_++;
  }

  // Waits until all blocks before this one are merged; false when one of them failed.
  bool take_turn(std::uint64_t number, const JudgedBlock& judged, const Merge& merge) {
    std::unique_lock lock(mutex_);
    turn_.wait(lock, [&] { return merged_ == number || number >= end_; });
    if (number >= end_) return false;
    merge();
    ++merged_;
    progressed_.candidates += judged.rows() + judged.left_out();
    progressed_.left_out += judged.left_out();
    progressed_.fitting += judged.fitting();
    if (show_) show_(progressed_);
    turn_.notify_all();
    return true;
  }

  // Blocks before the one that failed are still judged: the first failure is the answer.
  void fail(std::uint64_t number, std::exception_ptr failure) {
    const std::lock_guard lock(mutex_);
    if (number < end_) {
      end_ = number;
      failure_ = std::move(failure);
    }
    turn_.notify_all();
  }

  const Space& space_;
  const Lanes& lanes_;
  const OpenJudges& open_;
  const Digest& digest_;
  const ShowProgress& show_;
  std::mutex mutex_;
  std::condition_variable turn_;
  std::uint64_t next_ = 0, merged_ = 0, end_;
  Progressed progressed_;
  std::exception_ptr failure_;
};

}  // namespace

Progressed run_sweep(const Space& space, const Lanes& lanes, const OpenJudges& open, unsigned threads,
                     const Digest& digest, const ShowProgress& show) {
  Sweep sweep(space, lanes, open, digest, show);
  const auto workers = static_cast<unsigned>(std::min<std::uint64_t>(std::max(threads, 1u), space.blocks()));
  {
    std::vector<std::jthread> others;
    for (unsigned i = 1; i < workers; ++i) others.emplace_back([&] { sweep.work(); });
    sweep.work();
  }
  return sweep.result();
}

}  // namespace vw

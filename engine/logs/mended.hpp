// logs: what counts as mended. A start that failed, judged with what its log says, and changes of it held against that.
#pragma once

#include "logs/diagnosis.hpp"

#include <memory>

namespace vw {

// Holds what it is made of by reference. [one thread at a time]
class MendCheck {
 public:
  MendCheck(const MendBench& bench, const LoggedCase& judged);

  // Whether the changed server starts by the memory model, and frees what the log says was short.
  bool is_mended(const vw_candidate& tried);
  vw_memory judge(const vw_candidate& tried) { return judge_.judge(tried); }

  const MendBench& bench() const noexcept { return bench_; }
  const FailureClass& cause() const noexcept { return *bench_.cause.what; }
  const MendRules& rules() const noexcept { return bench_.bench.defaults.mend; }
  const Scenario& scenario() const noexcept { return scenario_; }
  const vw_candidate& ran() const noexcept { return ran_; }  // the server as it was
  const vw_memory& before() const noexcept { return before_; }
  const Shortage& shortage() const noexcept { return shortage_; }
  // A number that the lines of the failure tell.
  std::optional<double> told(const char* name) const { return bench_.cause.told(name); }

 private:
  double taken_bytes(const vw_memory& memory) const;
  double allocation_factor(const vw_candidate& tried) const;
  bool frees_enough(const vw_candidate& tried, const vw_memory& memory) const;

  const MendBench& bench_;
  Scenario scenario_;
  vw_candidate ran_;
  MemoryJudge judge_;
  vw_memory before_;
  Shortage shortage_;
};

// A change of the server that ran: the candidate to try, and the same in the words of options.
struct Change {
  std::string kind;
  vw_candidate candidate{};
  std::string option, effect;  // option: empty where no option is changed
  double lowered = 0;          // the share by which a number falls
};

// The smallest change of a kind (ids of vw.log: mends) that mends; empty: there is none.
std::optional<Change> change_of(const std::string& kind, MendCheck& check);
// The longest context, in blocks of 16, with which `tried` mends; 0: none does.
std::int64_t longest_context(vw_candidate tried, MendCheck& check);
// Changes that cost little, together as far as they are needed; empty: they do not suffice.
std::optional<Change> changes_together(MendCheck& check);

}  // namespace vw

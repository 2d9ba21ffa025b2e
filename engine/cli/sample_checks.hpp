// cli: what loads must also run. `check` puts one small plan to every part: a candidate to the hot ones, a plain
// question to the cold ones.
#pragma once

#include "cli/findings.hpp"
#include "cli/planning.hpp"

#include <optional>

namespace vw::cli {

class SampleChecks {
 public:
  SampleChecks(const Workspace& workspace, const Arguments& arguments, Findings& findings)
      : workspace_(workspace), arguments_(arguments), findings_(findings) {}

  // What the part does wrong becomes a finding. True when it did nothing wrong, or could not be tried because the
  // sample itself could not be planned, which is a finding of its own.
  bool check(const Part& part);
  // Every part that a plan may use, and how many passed.
  void check_all();

 private:
  const Scenario* scenario();
  const Planned* planned();
  bool check_memory_model(const Part& part);
  bool check_perf_heuristic(const Part& part);
  bool check_renderer(const Part& part);

  const Workspace& workspace_;
  const Arguments& arguments_;
  Findings& findings_;
  bool was_gathered_ = false, was_planned_ = false;
  std::optional<Scenario> scenario_;
  std::optional<Planned> planned_;
};

}  // namespace vw::cli

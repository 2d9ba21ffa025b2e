// cli: one planning run, shared by the commands that plan.
#pragma once

#include "cli/artifacts.hpp"
#include "cli/workspace.hpp"
#include "plan/plan.hpp"

#include <memory>

namespace vw::cli {

struct Planned {
  Scenario scenario;
  Plan plan;
  RenderInput input;  // plan JSON, release, profile: what renderers get
  std::vector<std::string> warnings;

  int exit_code() const { return plan.fits() ? 0 : 1; }
};

// The hot parts of one run: as the user chose them, else the defaults.
struct HotParts {
  std::shared_ptr<const Part> memory, perf;
};
HotParts hot_parts(const Workspace& workspace, const Request& request);
Judges open_judges(const HotParts& parts, const Scenario& scenario, const EfficiencyOf& efficiency_of);

// Gathers facts, opens the hot parts, plans. Throws vw::Error.
Planned plan_request(const Workspace& workspace, const Request& request, const Arguments& arguments);

// The same for what is gathered already; `request`: what the profile says.
Planned plan_scenario(const Workspace& workspace, Scenario scenario, const Request& request,
                      const Arguments& arguments);

// The profile that plans the same again: hardware that was found is written down as found.
Json profile_of(const Hardware& hardware, const Request& request);

// Runs these renderers and adds what they made to plan.artifacts: nothing where no checkpoint is known to serve, or
// nothing runs.
std::vector<Artifact> render_all(const Workspace& workspace, Planned& planned,
                                 const std::vector<std::string>& renderers);

}  // namespace vw::cli

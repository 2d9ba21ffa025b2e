#include "base/json_reader.hpp"
#include "cli/commands.hpp"
#include "cli/planning.hpp"
#include "cli/request_options.hpp"

#include <algorithm>

namespace vw::cli {
namespace {

// Everything that goes into `artifacts`; the report and the profile are not among them.
std::vector<std::string> artifact_renderers(const Workspace& workspace) {
  std::vector<std::string> ids = workspace.catalog().ids(VW_KIND_RENDERER);
  std::erase(ids, workspace.defaults().report);
  return ids;
}

std::string as_json(const Workspace& workspace, Planned& planned, bool explain) {
  render_all(workspace, planned, artifact_renderers(workspace));
  Json& plan = planned.input.plan();
  if (!explain) plan.erase("terms");
  return to_pretty_text(plan);
}

int plan(const Workspace& workspace, const Arguments& arguments) {
  const Request request = to_request(arguments, workspace.files());
  Planned planned = plan_request(workspace, request, arguments);
  std::string text;
  if (arguments.has("json")) {
    text = as_json(workspace, planned, arguments.has("explain"));
  } else {
    render_all(workspace, planned, {"command"});
    text = render(workspace.catalog(), workspace.defaults().report, planned.input).text;
  }
  workspace.warn_of_refusals(arguments);
  print_result(arguments, text);
  return planned.exit_code();
}

}  // namespace

int run_plan(const Arguments& arguments) { return with_workspace(arguments, plan); }

}  // namespace vw::cli

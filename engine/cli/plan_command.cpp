#include "base/json_reader.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/planning.hpp"
#include "cli/request_options.hpp"

#include <algorithm>
#include <optional>

namespace vw::cli {
namespace {

// Everything that goes into `artifacts`; the report and the profile are not among them.
std::vector<std::string> artifact_renderers(const Workspace& workspace) {
  std::vector<std::string> ids = workspace.catalog().ids(VW_KIND_RENDERER);
  std::erase(ids, workspace.defaults().report);
  return ids;
}

Json& finished(const Workspace& workspace, Planned& planned) {
  render_all(workspace, planned, artifact_renderers(workspace));
  return planned.input.plan();
}

// Given one by one, or with commas.
std::vector<std::string> versions_of(const Arguments& arguments) {
  std::vector<std::string> versions;
  for (const std::string& given : arguments.texts("vllm-version"))
    for (const std::string& version : split(given, ',')) {
      versions.push_back(trimmed(version));
      if (versions.back().empty() && !given.empty())
        throw Error("--vllm-version", quote(given) + " has an empty version, expected some like 0.9.1,0.31");
    }
  return versions;
}

// Several releases: a table of what each would log, or every plan as JSON. The first one decides the exit code.
int compare_releases(const Workspace& workspace, Request request, const std::vector<std::string>& versions,
                     const Arguments& arguments) {
  const bool is_json = arguments.has("json");
  Json plans = Json::array(), releases = Json::array();
  std::optional<Planned> first;
  for (const std::string& version : versions) {
    request.vllm_version = version;
    Planned planned = plan_request(workspace, request, arguments);
    releases.push_back(planned.scenario.release.json);
    plans.push_back(is_json ? finished(workspace, planned) : planned.input.plan());
    if (!first) first = std::move(planned);
  }
  std::string text;
  if (is_json) {
    text = to_pretty_text(Json{{"schema", "vllm-wizard/plans/1"}, {"plans", std::move(plans)}});
  } else {
    first->input.set("plans", std::move(plans));
    first->input.set("releases", std::move(releases));
    text = render_text(workspace.catalog(), workspace.defaults().report, first->input);
  }
  workspace.warn_of_refusals(arguments);
  print_result(arguments, text);
  return first->exit_code();
}

int plan(const Workspace& workspace, const Arguments& arguments) {
  const Request request = to_request(arguments, workspace.files());
  if (const auto versions = versions_of(arguments); versions.size() > 1)
    return compare_releases(workspace, request, versions, arguments);
  Planned planned = plan_request(workspace, request, arguments);
  std::string text;
  if (arguments.has("json")) {
    text = to_pretty_text(finished(workspace, planned));
  } else {
    render_all(workspace, planned, {"command"});
    text = render_text(workspace.catalog(), workspace.defaults().report, planned.input);
  }
  workspace.warn_of_refusals(arguments);
  print_result(arguments, text);
  return planned.exit_code();
}

}  // namespace

int run_plan(const Arguments& arguments) { return with_workspace(arguments, plan); }

}  // namespace vw::cli

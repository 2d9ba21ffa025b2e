#include "base/text.hpp"
#include "cli/artifact_files.hpp"
#include "cli/commands.hpp"
#include "cli/planning.hpp"
#include "cli/request_options.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace vw::cli {
namespace {

constexpr PlanFile plan_file{"plan.json", "vllm-wizard/plan/"};

// Files that start a server need a checkpoint to serve.
void expect_checkpoint(const Planned& planned) {
  const WeightChoice& weights = planned.plan.recommended.weights;
  if (!weights.is_missing) return;
  throw Error("--quantization",
              fmt::format("no checkpoint of {} stored as {} is known, and vLLM cannot make one from 16 bit, expected a "
                          "format that can be served",
                          quote(planned.scenario.model.id), quote(weights.format.id)),
              "find or make such a checkpoint and give it with --model, or leave --quantization out");
}

int generate(const Workspace& workspace, const Arguments& arguments) {
  const Request request = to_request(arguments, workspace.files());
  const std::string folder = output_folder(arguments, "vllm-wizard generate -o deploy -m ... --gpu ...");
  const Defaults& defaults = workspace.defaults();
  const std::vector<std::string> ids =
      emitted(workspace.catalog(), request.emit.empty() ? defaults.emit : request.emit, defaults.report);
  Planned planned = plan_request(workspace, request, arguments);
  expect_checkpoint(planned);
  workspace.warn_of_refusals(arguments);
  print_warnings(arguments, planned.warnings);
  if (!planned.plan.fits() && !planned.plan.recommended.fits()) {
    fmt::print(stderr,
               "vllm-wizard: nothing written: no configuration of {} fits on this hardware\n"
               "hint: vllm-wizard plan with the same options says what would make it fit\n",
               quote(planned.scenario.model.id));
    return exit_no;
  }
  std::vector<Artifact> artifacts = render_all(workspace, planned, ids);
  write_artifacts({folder, arguments.has("force")}, std::move(artifacts), plan_file, planned.input.request().at("plan"),
                  workspace.files());
  return planned.exit_code();
}

}  // namespace

int run_generate(const Arguments& arguments) { return with_workspace(arguments, generate); }

}  // namespace vw::cli

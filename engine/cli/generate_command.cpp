#include "base/files.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/planning.hpp"
#include "cli/request_options.hpp"

#include <fmt/format.h>

#include <map>

#include <cstdio>

namespace vw::cli {
namespace {

constexpr const char* plan_name = "plan.json";

// plan.json tells of the last run, whatever that one emitted: one of ours gives way, anything else of the name does
// not.
bool is_our_plan(const std::string& name, const std::string& text) {
  if (name != plan_name) return false;
  try {
    const Json plan = parse_json(text, name);
    return plan.is_object() && plan.contains("schema") && plan.at("schema").is_string() &&
           plan.at("schema").get<std::string>().starts_with("vllm-wizard/plan/");
  } catch (const Error&) {
    return false;
  }
}

// A file that differs is the user's until --force says otherwise: nothing at all is written then.
// Two artifacts of one file would replace each other.
void expect_own_files(const std::vector<Artifact>& artifacts) {
  std::map<std::string, std::string> owners;
  for (const Artifact& artifact : artifacts) {
    const auto [known, added] = owners.emplace(artifact.file, artifact.renderer);
    if (added) continue;
    throw Error("--emit",
                fmt::format("renderers {} and {} both write {}, expected files of their own", quote(known->second),
                            quote(artifact.renderer), quote(artifact.file)),
                "nothing was written; name one of them in --emit");
  }
}

void expect_no_conflicts(const std::string& folder, const std::vector<Artifact>& artifacts, const Files& files) {
  std::vector<std::string> different;
  for (const Artifact& artifact : artifacts) {
    const auto existing = files.read(folder + "/" + artifact.file);
    if (existing && *existing != artifact.text && !is_our_plan(artifact.file, *existing))
      different.push_back(artifact.file);
  }
  if (different.empty()) return;
  throw Error(folder, "has other files of these names, kept: " + join(different, ", ") + ", expected none or --force",
              "nothing was written; --force replaces them");
}

const char* verb_of(Written written) {
  switch (written) {
    case Written::created:
      return "wrote";
    case Written::replaced:
      return "replaced";
    case Written::unchanged:
      return "unchanged";
    case Written::kept:
      break;
  }
  return "kept";
}

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

// What this plan has no use for is told, not written.
std::string take_left_out(std::vector<Artifact>& artifacts) {
  std::string lines;
  for (const Artifact& artifact : artifacts)
    if (!artifact.left_out.empty())
      lines += fmt::format("{:<9} {}: {}\n", "left out", artifact.renderer, printable(artifact.left_out, 300));
  std::erase_if(artifacts, [](const Artifact& artifact) { return !artifact.left_out.empty(); });
  return lines;
}

void write_all(const std::string& folder, const std::vector<Artifact>& artifacts, bool force) {
  for (const Artifact& artifact : artifacts) {
    const std::string path = folder + "/" + artifact.file;
    const bool replace = force || artifact.file == plan_name;  // expect_no_conflicts saw to it
    const Written written = write_atomically(path, artifact.text, replace, artifact.executable);
    fmt::print("{:<9} {}\n", verb_of(written), path);
  }
}

Artifact plan_file(const Planned& planned) {
  return {"", "", plan_name, to_pretty_text(planned.input.request().at("plan")), "", false};
}

int generate(const Workspace& workspace, const Arguments& arguments) {
  const Request request = to_request(arguments, workspace.files());
  if (arguments.text("output-dir").empty())
    throw Error("--output-dir", "is missing, expected a folder to write to",
                "vllm-wizard generate -o deploy -m ... --gpu ...");
  const std::string folder = arguments.text("output-dir");
  expect_folder_above("--output-dir", folder);
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
  const std::string left_out = take_left_out(artifacts);
  artifacts.push_back(plan_file(planned));
  expect_own_files(artifacts);
  const bool force = arguments.has("force");
  if (!force) expect_no_conflicts(folder, artifacts, workspace.files());
  write_all(folder, artifacts, force);
  fmt::print("{}", left_out);
  return planned.exit_code();
}

}  // namespace

int run_generate(const Arguments& arguments) { return with_workspace(arguments, generate); }

}  // namespace vw::cli

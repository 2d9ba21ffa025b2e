#include "cli/planning.hpp"

#include "plan/formats.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace vw::cli {
namespace {

Json part_json(const Part& part) {
  return {{"kind", part.kind()}, {"id", part.id()}, {"origin", part.origin().label()}, {"file", part.origin().path}};
}

Json parts_used(const Workspace& workspace, const Scenario& scenario, const MemoryJudge& memory,
                const PerfJudge& perf) {
  const Catalog& catalog = workspace.catalog();
  Json parts = Json::array();
  if (catalog.has(VW_KIND_METADATA_SOURCE, scenario.model.source))
    parts.push_back(part_json(*catalog.part(VW_KIND_METADATA_SOURCE, scenario.model.source)));
  if (catalog.has(VW_KIND_MODEL_FAMILY, scenario.model.family))
    parts.push_back(part_json(*catalog.part(VW_KIND_MODEL_FAMILY, scenario.model.family)));
  parts.push_back(part_json(memory.part()));
  parts.push_back(part_json(perf.part()));
  return parts;
}

// What lies on this machine by its whole path, so that a profile works from elsewhere; other names as they are.
std::string from_anywhere(const std::string& name) {
  std::error_code error;
  if (name.empty() || !std::filesystem::exists(name, error)) return name;
  const auto whole = std::filesystem::absolute(name, error).lexically_normal();
  return error ? name : whole.string();
}

// Flags and defaults; how memory is accounted is for memory models, how flags are read is not for those who write them.
Json release_for_renderers(Json release) {
  for (const char* members : {"memory", "architectures", "later_flags", "doubtful_flags", "flag_syntax"})
    release.erase(members);
  return release;
}

void simulate(const Arguments& arguments, const Plan& plan, PerfJudge& perf, Json& json) {
  Arrivals arrivals;
  const double rate_per_s = arguments.number("request-rate").value_or(0);
  if (!(rate_per_s >= 0 && rate_per_s <= 1e6))
    throw Error("--request-rate", "is " + arguments.text("request-rate") + ", expected 0 to 1000000 per second");
  arrivals.rate_per_s = rate_per_s;
  arrivals.burst_requests = arguments.integer("burst", 1, 100000).value_or(1);
  if (const double most = plan.perf.requests_per_s; most > 0 && rate_per_s > most)
    json["warnings"].push_back(
        fmt::format("--request-rate {:g} is more than the {:.2g} requests per second that this server takes: requests "
                    "wait the longer the longer the load lasts",
                    rate_per_s, most));
  arrivals.seed = arguments.integer("seed", 0, std::int64_t{1} << 53).value_or(0);
  json["performance"]["simulated"] = perf.simulate(plan.recommended.candidate, plan.recommended.memory, arrivals);
}

void expect_simulation(const Arguments& arguments) {
  if (arguments.has("simulate")) return;
  for (const char* option : {"request-rate", "burst", "seed"})
    if (arguments.has(option)) throw Error(std::string("--") + option, "is of a replay, expected --simulate beside it");
}

// Whether something hangs on what another checkpoint is like, and nobody read it yet.
bool looks_elsewhere(const Scenario& scenario, const Plan& plan) {
  if (plan.fits() && plan.recommended.weights.checkpoint.empty()) return false;
  return std::any_of(scenario.weights.begin(), scenario.weights.end(),
                     [](const WeightChoice& choice) { return !choice.checkpoint.empty() && !choice.own; });
}

// As the other checkpoints say themselves, which the plan need not have read.
Json formats_json(const Workspace& workspace, const HotParts& parts, const Planned& planned) {
  Scenario scenario = planned.scenario;
  read_checkpoints(workspace.catalog(), workspace.defaults(), scenario);
  Judges judges = open_judges(parts, scenario, efficiency_from(workspace.catalog(), *parts.perf));
  return to_json(scenario, planned.plan, weigh_formats(scenario, planned.plan, judges.memory, judges.perf));
}

Json plan_json(const Workspace& workspace, const Arguments& arguments, const Planned& planned, Judges& judges) {
  Json plan = to_json(planned.scenario, planned.plan, judges.memory.part().id(), judges.perf.part().id());
  if (!arguments.has("explain"))
    plan.erase("terms");
  else
    plan["formats"] = formats_json(workspace, hot_parts(workspace, planned.scenario.request), planned);
  if (arguments.has("simulate")) simulate(arguments, planned.plan, judges.perf, plan);
  plan["parts"] = parts_used(workspace, planned.scenario, judges.memory, judges.perf);
  plan["artifacts"] = Json::object();
  return plan;
}

}  // namespace

Json profile_of(const Hardware& hardware, const Request& request) {
  Request written = request;
  if (request.gpu == "auto") {
    written.gpu = hardware.gpu.id;
    written.gpus = hardware.gpus_per_node;
  }
  for (std::string* name : {&written.model, &written.tokenizer}) *name = from_anywhere(*name);
  for (SharedModel& model : written.models) model.model = from_anywhere(model.model);
  if (const Json::json_pointer draft("/speculative/model");
      written.serving.contains(draft) && written.serving[draft].is_string())
    written.serving[draft] = from_anywhere(written.serving[draft].get<std::string>());
  return to_profile(written);
}

HotParts hot_parts(const Workspace& workspace, const Request& request) {
  const Catalog& catalog = workspace.catalog();
  const Defaults& defaults = workspace.defaults();
  return {catalog.part(VW_KIND_MEMORY_MODEL, defaults.memory_model_of(request)),
          catalog.part(VW_KIND_PERF_HEURISTIC, defaults.perf_model_of(request))};
}

Judges open_judges(const HotParts& parts, const Scenario& scenario, const EfficiencyOf& efficiency_of) {
  return {MemoryJudge(*parts.memory, scenario), PerfJudge(*parts.perf, scenario, efficiency_of)};
}

Planned plan_request(const Workspace& workspace, const Request& request, const Arguments& arguments) {
  expect_simulation(arguments);
  return plan_scenario(workspace, gather(workspace.catalog(), workspace.defaults(), request), request, arguments);
}

Planned plan_scenario(const Workspace& workspace, Scenario scenario, const Request& request,
                      const Arguments& arguments) {
  Planned planned;
  planned.scenario = std::move(scenario);
  const HotParts parts = hot_parts(workspace, request);
  const EfficiencyOf efficiency_of = efficiency_from(workspace.catalog(), *parts.perf);
  Judges judges = open_judges(parts, planned.scenario, efficiency_of);
  planned.plan = make_plan(planned.scenario, judges.memory, judges.perf);
  if (looks_elsewhere(planned.scenario, planned.plan)) {
    read_checkpoints(workspace.catalog(), workspace.defaults(), planned.scenario);
    judges = open_judges(parts, planned.scenario, efficiency_of);
    planned.plan = make_plan(planned.scenario, judges.memory, judges.perf);
  }
  planned.warnings = planned.plan.warnings;
  planned.input.set("plan", plan_json(workspace, arguments, planned, judges));
  planned.input.set("release", release_for_renderers(planned.scenario.release.json));
  planned.input.set("profile", profile_of(planned.scenario.hardware, request));
  planned.input.set_options(display_for(arguments), arguments.has("explain"));
  return planned;
}

std::vector<Artifact> render_all(const Workspace& workspace, Planned& planned,
                                 const std::vector<std::string>& renderers) {
  std::vector<Artifact> artifacts;
  if (planned.plan.recommended.weights.is_missing || !planned.plan.recommended.is_supported) return artifacts;
  for (const std::string& id : renderers)
    for (Artifact& artifact : render(workspace.catalog(), id, planned.input)) artifacts.push_back(std::move(artifact));
  for (const Artifact& artifact : artifacts)
    if (!artifact.key.empty()) planned.input.plan()["artifacts"][artifact.key] = artifact.value;
  return artifacts;
}

}  // namespace vw::cli

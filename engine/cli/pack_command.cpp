#include "base/text.hpp"
#include "cli/artifact_files.hpp"
#include "cli/commands.hpp"
#include "cli/model_specs.hpp"
#include "cli/pack_report.hpp"
#include "cli/request_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace vw::cli {
namespace {

constexpr PlanFile pack_file{"pack.json", "vllm-wizard/pack/"};
constexpr std::size_t most_models = 32;

std::vector<SharedModel> models_of(const Arguments& arguments, const Request& request) {
  std::vector<SharedModel> models;
  for (const std::string& spec : arguments.texts("model")) models.push_back(read_model_spec(spec));
  if (models.empty()) models = request.models;
  if (models.empty())
    throw Error("--model", "is missing, expected it once for each model, or a profile that lists models",
                "vllm-wizard pack -m Qwen/Qwen3-8B:fp8,ctx=8192,c=8 -m Qwen/Qwen3-14B:fp8,ctx=8192 --gpu h200");
  if (models.size() > most_models)
    throw Error("--model", fmt::format("is given {} times, expected at most {}", models.size(), most_models));
  return models;
}

void expect_one_node(const Request& request) {
  if (request.nodes != 1)
    throw Error("--nodes", fmt::format("is {}, expected 1: models share one node", request.nodes));
  if (request.pipeline_parallel.value_or(1) != 1)
    throw Error("--pipeline-parallel-size", "is of a single model, expected none: tp=N in --model spreads each");
  if (request.serving.contains("kv_cache_memory_bytes"))
    throw Error("--kv-cache-memory-bytes", "keeps to no share of a card, expected none: share=X in --model gives one");
  if (request.data_parallel.value_or(1) != 1)
    throw Error("--data-parallel-size", "is of a single model, expected none: name a model twice");
}

// Cards that nobody counted: as many as the widest model needs.
std::optional<std::int64_t> cards_of(const Request& request, const std::vector<SharedModel>& models) {
  if (request.gpus || request.gpu == "auto") return request.gpus;
  std::int64_t widest = request.tensor_parallel.value_or(1);
  for (const SharedModel& model : models) widest = std::max(widest, model.tensor_parallel.value_or(1));
  return widest;
}

SharedGround ground_of(const Workspace& workspace, const Arguments& arguments, Request request,
                       const std::vector<SharedModel>& models) {
  expect_one_node(request);
  request.models.clear();
  request.gpus = cards_of(request, models);
  std::optional<std::int64_t> concurrency;
  if (arguments.has("concurrency") || request.concurrency != 1) concurrency = request.concurrency;
  Hardware hardware = resolve_hardware(workspace.catalog(), workspace.defaults().detectors, request);
  Release release = find_release(workspace.catalog(), request.vllm_version);
  return {workspace, std::move(request), concurrency, std::move(hardware), std::move(release)};
}

void expect_checkpoints(const PackedSet& set) {
  for (const Tenant& tenant : set.tenants) {
    const WeightChoice& weights = tenant.scenario.weights.front();
    if (weights.is_missing)
      throw Error("model " + quote(tenant.scenario.model.id),
                  fmt::format("no checkpoint stored as {} is known, and vLLM cannot make one from 16 bit, expected a "
                              "format that can be served",
                              quote(weights.format.id)),
                  "name such a checkpoint itself, or leave the format out");
  }
}

// A line an option, without the frame of a script.
std::string command_of(const std::vector<Artifact>& artifacts) {
  constexpr std::string_view frame = "set -euo pipefail\n\n";
  if (artifacts.empty()) return "";
  const std::string& text = artifacts.front().text;
  const std::size_t end = text.find(frame);
  return end == std::string::npos ? text : text.substr(end + frame.size());
}

// Each server as a plan that knows its port and cards.
void plan_servers(const Arguments& arguments, PackReport& report) {
  const PackedSet& set = report.set;
  if (!set.packing.fits()) return;
  for (std::size_t at = 0; at < set.models.size(); ++at) {
    Planned planned = plan_seat(report.ground, set, at, arguments);
    Json& config = planned.input.plan()["config"];
    config["port"] = first_port + static_cast<std::int64_t>(at);
    config["cards"] = set.packing.seats[at].cards;
    config["gpu_memory_utilization"] = utilization_of(report.ground, set, at);
    report.commands.push_back(command_of(render_all(report.ground.workspace, planned, {"command"})));
    report.servers.push_back(std::move(planned));
  }
}

// What renderers get: servers in the order to start them, each with its plan.
RenderInput input_of(const PackReport& report, const Request& request, const Arguments& arguments) {
  const PackedSet& set = report.set;
  Json servers = Json::array();
  for (const std::size_t at : set.packing.launch_order)
    servers.push_back({{"name", set.models[at].name},
                       {"port", first_port + static_cast<std::int64_t>(at)},
                       {"cards", set.packing.seats[at].cards},
                       {"plan", report.servers[at].input.request().at("plan")}});
  RenderInput input;
  input.set("verb", "render-pack");
  input.set("servers", std::move(servers));
  input.set("release", report.servers.front().input.request().at("release"));
  Request written = request;
  written.models = set.models;
  for (std::size_t at = 0; at < set.models.size(); ++at)
    written.models[at].tensor_parallel = set.tenants[at].scenario.request.tensor_parallel;
  input.set("profile", profile_of(report.ground.hardware, written));
  input.set_options(display_for(arguments), false);
  return input;
}

std::vector<Artifact> render_set(const PackReport& report, const RenderInput& input, const Request& request) {
  const Workspace& workspace = report.ground.workspace;
  const Defaults& defaults = workspace.defaults();
  const std::vector<std::string>& asked = request.emit.empty() ? defaults.emit : request.emit;
  const bool is_all = std::find(asked.begin(), asked.end(), "all") != asked.end();
  std::vector<Artifact> artifacts;
  for (const std::string& id : emitted(workspace.catalog(), asked, defaults.report))
    for (Artifact& artifact : render(workspace.catalog(), id, input)) {
      if (artifact.left_out.empty() || !is_all) artifacts.push_back(std::move(artifact));
    }
  return artifacts;
}

void warn(const Arguments& arguments, const PackReport& report) {
  std::set<std::string> told;
  const auto tell = [&](const std::string& warning) {
    if (told.insert(warning).second) print_warnings(arguments, {warning});
  };
  for (const std::string& warning : report.ground.hardware.warnings) tell(warning);
  for (std::size_t at = 0; at < report.set.tenants.size(); ++at) {
    for (const std::string& warning : report.set.tenants[at].scenario.warnings)
      tell(report.set.models[at].name + ": " + warning);
  }
}

int emit(const PackReport& report, const Request& request, const Arguments& arguments) {
  if (!report.set.packing.fits()) {
    fmt::print(stderr, "vllm-wizard: nothing written: the models do not fit\n");
    return exit_no;
  }
  const std::string folder =
      output_folder(arguments, "vllm-wizard pack -o deploy --emit compose,router -m ... -m ... --gpu ...");
  const RenderInput input = input_of(report, request, arguments);
  write_artifacts({folder, arguments.has("force")}, render_set(report, input, request), pack_file, pack_json(report),
                  report.ground.workspace.files());
  return exit_ok;
}

int pack(const Workspace& workspace, const Arguments& arguments) {
  constexpr const char* many[] = {"model"};
  const Request request = to_request_of_models(arguments.without(many), workspace.files());
  const std::vector<SharedModel> models = models_of(arguments, request);
  const SharedGround ground = ground_of(workspace, arguments, request, models);
  const PackedSet set = pack_set(ground, models);
  expect_checkpoints(set);
  PackReport report{ground, set, {}, {}, {}};
  plan_servers(arguments, report);
  warn(arguments, report);
  const bool is_written = arguments.has("output-dir") || arguments.has("emit");
  if (!is_written || arguments.has("json")) report.alternatives = pack_alternatives(ground, set);
  workspace.warn_of_refusals(arguments);
  if (is_written) return emit(report, request, arguments);
  print_result(arguments,
               arguments.has("json") ? to_pretty_text(pack_json(report)) : pack_text(report, arguments.has("explain")));
  return set.packing.fits() ? exit_ok : exit_no;
}

}  // namespace

int run_pack(const Arguments& arguments) { return with_workspace(arguments, pack); }

}  // namespace vw::cli

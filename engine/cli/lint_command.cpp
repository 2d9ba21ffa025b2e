#include "audit/lint.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/lint_report.hpp"
#include "cli/request_options.hpp"
#include "cli/terminal.hpp"

#include <fmt/format.h>

#include <iostream>
#include <iterator>
#include <map>
#include <set>

namespace vw::cli {
namespace {

constexpr std::size_t most_bytes = 4u << 20;
const char* const expected = "a file that starts vLLM, or the command itself";

struct Input {
  std::string name, text;
  std::vector<std::string> words;  // of a command line; else empty
  bool is_command = false;         // the text is a command
};

std::string read_standard_input() {
  std::string text;
  for (char c = 0; text.size() <= most_bytes && std::cin.get(c);) text += c;
  if (text.size() > most_bytes)
    throw Error("standard input", fmt::format("is larger than {} bytes, expected {}", most_bytes, expected));
  return text;
}

Input read_input(const Workspace& workspace, const Arguments& arguments) {
  const std::vector<std::string>& words = arguments.positionals();
  if (words.empty())
    throw Error("lint", std::string("a file or a command is missing, expected ") + expected,
                "vllm-wizard lint docker-compose.yaml");
  if (words.size() > 1) return {"command line", join(words, " "), words, true};
  if (words[0] == "-") return {"standard input", read_standard_input(), {}, false};
  if (auto text = workspace.files().read(words[0], most_bytes)) return {words[0], *std::move(text), {}, false};
  if (words[0].find(' ') == std::string::npos)
    throw Error(words[0], std::string("there is no such file, expected ") + expected);
  return {"command line", words[0], {}, true};
}

std::vector<Launch> launches_in(const Input& input, const FlagSyntax& syntax, const Release& newest) {
  std::vector<Launch> launches;
  if (!input.words.empty())
    launches = read_command(input.words, syntax);
  else if (input.is_command)
    launches = read_shell(input.text, input.name, syntax);
  else
    launches = read_launches(input.text, input.name, syntax, newest);
  if (launches.empty())
    throw Error(input.name, std::string("starts no vLLM server that is known here, expected ") + expected,
                "vllm serve MODEL ..., python -m vllm.entrypoints.openai.api_server ..., docker run IMAGE ..., a "
                "Compose file, a Kubernetes manifest, a systemd unit, vLLM's config.yaml");
  return launches;
}

// --vllm-version wins, then the image's tag, then the newest that is known.
Release release_for(const Workspace& workspace, const Arguments& arguments, LintedServer& server) {
  const Catalog& catalog = workspace.catalog();
  const std::string of_image = release_of_image(server.launch.command.image);
  server.release_from = "as --vllm-version says";
  if (arguments.has("vllm-version")) return find_release(catalog, arguments.text("vllm-version"));
  server.release_from = "as the image's tag says";
  std::string older;
  try {
    if (!of_image.empty()) return find_release(catalog, of_image);
  } catch (const Error& error) {
    older = error.message();
  }
  server.release_from = "the newest that is known; --vllm-version names another";
  if (!older.empty())
    server.linted.findings.push_back(
        {Severity::warning, server.launch.where, 0, "", "the release of the image is not known here: " + older, ""});
  return find_release(catalog, "");
}

// The server as it starts: what its flags leave open is vLLM's own default, nothing is recommended.
Request as_started(const Workspace& workspace, Request request, const ServeCommand& command) {
  const Scenario scenario = gather(workspace.catalog(), workspace.defaults(), request);
  const bool finds_length = command.find("--max-model-len") != nullptr;  // auto
  if (!request.max_model_len && !finds_length) request.max_model_len = scenario.model.max_context_tokens;
  if (!request.gpu_memory_utilization) request.gpu_memory_utilization = scenario.release.gpu_memory_utilization;
  if (!request.max_num_batched_tokens) request.max_num_batched_tokens = scenario.own_batched_tokens;
  const double total_gib = scenario.hardware.memory_mib / 1024;
  if (!request.max_num_seqs && !request.solve_max_num_seqs)
    request.max_num_seqs = std::min(scenario.release.default_of("max_num_seqs", scenario.hardware.gpu, total_gib),
                                    *request.max_num_batched_tokens);
  for (auto* limit : {&request.max_num_seqs, &request.max_num_batched_tokens, &request.max_model_len})
    if (*limit && **limit == 0) limit->reset();  // not known
  return request;
}

bool has_finding_of(const LintedServer& server, const std::string& flag) {
  for (const Finding& finding : server.linted.findings)
    if (finding.severity == Severity::error && finding.flag == flag) return true;
  return false;
}

void add_error(LintedServer& server, const std::string& flag, std::string what, std::string instead = "") {
  const ServeOption* option = server.launch.command.find(flag);
  const bool has_line = option != nullptr && option->word < server.launch.words.size();
  const std::size_t line = has_line ? server.launch.words[option->word].line : 0;
  server.linted.findings.push_back(
      {Severity::error, server.launch.where, line, flag, std::move(what), std::move(instead)});
}

// vllm/config/model.py: _get_and_verify_max_len; a model whose positions are told otherwise may be longer.
void add_context_finding(LintedServer& server) {
  const ServeOption* const given = server.launch.command.find("--max-model-len");
  const std::int64_t most = server.planned->scenario.model.max_context_tokens;
  const auto& asked = server.planned->scenario.request.max_model_len;
  const bool is_told_otherwise =
      server.launch.command.find("--hf-overrides") || server.launch.command.find("--rope-scaling");
  if (given == nullptr || is_told_otherwise || !asked || *asked <= most) return;
  add_error(server, "--max-model-len",
            fmt::format("--max-model-len {} is above the model's own maximum, which vLLM refuses", *asked),
            fmt::format("--max-model-len {}", most));
}

// What the plan says against the flags.
void add_plan_findings(LintedServer& server) {
  const Planned& planned = *server.planned;
  for (const Obstacle& obstacle : planned.scenario.obstacles) {
    const std::string flag = obstacle.what.substr(0, obstacle.what.find(' '));
    if (!has_finding_of(server, flag)) add_error(server, flag, obstacle.what + " " + obstacle.why, obstacle.mend);
  }
  add_context_finding(server);
  const WeightChoice& weights = planned.scenario.weights.front();
  if (weights.is_missing || !weights.checkpoint.empty())
    add_error(server, "--quantization",
              fmt::format("--quantization {}: the checkpoint is not stored so, and vLLM cannot make it from 16 bit",
                          planned.scenario.request.quantization),
              weights.checkpoint.empty() ? "a checkpoint that is stored so" : weights.checkpoint);
  if (planned.plan.fits() || !planned.scenario.obstacles.empty()) return;
  std::string instead;
  for (const Advice& advice : planned.plan.advice)
    if (advice.fits && instead.empty()) instead = advice.change;
  add_error(server, "", "does not fit as it is", instead);
}

// The verdict, or all of the report.
std::string report_of(const Workspace& workspace, const Arguments& arguments, const Planned& planned) {
  const std::string report = render_text(workspace.catalog(), workspace.defaults().report, planned.input);
  if (arguments.has("explain")) return report;
  return report.substr(0, report.find("\n\n")) + "\n--explain shows the whole plan";
}

void plan_server(const Workspace& workspace, const Arguments& arguments, LintedServer& server) {
  Request& request = server.linted.request;
  if (request.model.empty() || !server.linted.is_whole) {
    server.plan_left_out = request.model.empty() ? "no model is known; -m MODEL names one"
                                                 : "it hangs on values that a shell or its like puts in";
    return;
  }
  try {
    check_request(request);
    request = as_started(workspace, request, server.launch.command);
    server.planned = plan_request(workspace, request, arguments);
  } catch (const Error& error) {
    if (error.kind() == Error::Kind::internal) throw;
    const bool is_of_card =
        error.where().starts_with("--gpu") && error.where() != "--gpus" && error.where() != "--gpu-memory-utilization";
    if (error.where().starts_with("--") && !is_of_card && error.where() != "--model" &&
        !has_finding_of(server, error.where()))
      add_error(server, error.where(), error.what());
    server.plan_left_out = error.where() == "--gpu auto" ? "no GPU is known; --gpu NAME says which one" : error.what();
    return;
  }
  if (!arguments.has("json")) server.report = report_of(workspace, arguments, *server.planned);
  add_plan_findings(server);
}

// The GPUs of the file, as many machines as it takes where the server spans several.
void take_gpus(LintedServer& server) {
  Request& request = server.linted.request;
  if (request.gpus || !server.launch.gpus) return;
  const std::int64_t given = *server.launch.gpus;
  const std::int64_t needed = *request.tensor_parallel * *request.pipeline_parallel * *request.data_parallel;
  const bool spans = spans_nodes(server.launch.command, request);
  if (spans && request.nodes == 1 && needed > given && needed % given == 0) request.nodes = needed / given;
  if (request.nodes > 1 || needed <= given) request.gpus = given;
}

LintedServer lint_server(const Workspace& workspace, const Arguments& arguments, Launch launch, const Request& base) {
  LintedServer server;
  server.launch = std::move(launch);
  const Release release = release_for(workspace, arguments, server);
  server.release = release.version;
  Request about = base;
  about.vllm_version = release.version;
  if (!arguments.has("gpu") && !server.launch.gpu_name.empty()) about.gpu = server.launch.gpu_name;
  std::vector<Finding> before = std::move(server.linted.findings);
  server.linted = lint(server.launch, release, flag_syntax(release), about);
  server.linted.findings.insert(server.linted.findings.begin(), before.begin(), before.end());
  take_gpus(server);
  plan_server(workspace, arguments, server);
  return server;
}

// Every server takes its share of the whole card, whoever else is on it.
void add_crowded_cards(std::vector<LintedServer>& servers) {
  std::map<std::string, std::vector<LintedServer*>> by_card;
  for (LintedServer& server : servers)
    if (server.planned && !server.planned->scenario.release.counts_others())
      for (const std::string& card : server.launch.cards) by_card[card].push_back(&server);
  std::set<std::vector<LintedServer*>> told;
  for (const auto& [card, on_it] : by_card) {
    double sum = 0;
    for (const LintedServer* server : on_it) sum += *server->linted.request.gpu_memory_utilization;
    if (sum <= 1 || !told.insert(on_it).second) continue;
    add_error(*on_it.back(), "--gpu-memory-utilization",
              fmt::format("{} servers take {:g} of card {} together, each a share of the whole card: the last to start "
                          "finds too little free",
                          on_it.size(), sum, card),
              "shares that add up, which vllm-wizard pack finds");
  }
}

int lint_input(const Workspace& workspace, const Arguments& arguments) {
  const Input input = read_input(workspace, arguments);
  const Release newest = find_release(workspace.catalog(), "");
  LintReport report;
  report.input = input.name;
  std::vector<Launch> launches = launches_in(input, flag_syntax(newest), newest);
  report.findings = find_secrets(input.text);
  const Request base = to_request(arguments, workspace.files());
  for (Launch& launch : launches) report.servers.push_back(lint_server(workspace, arguments, std::move(launch), base));
  add_crowded_cards(report.servers);
  workspace.warn_of_refusals(arguments);
  print_result(arguments, arguments.has("json") ? to_pretty_text(lint_json(report)) : lint_text(report));
  return report.count(Severity::error) == 0 ? exit_ok : exit_no;
}

}  // namespace

int run_lint(const Arguments& arguments) { return with_workspace(arguments, lint_input); }

}  // namespace vw::cli

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/artifacts.hpp"
#include "cli/commands.hpp"
#include "cli/log_report.hpp"
#include "cli/planning.hpp"
#include "cli/request_options.hpp"
#include "cli/terminal.hpp"
#include "facts/dtype.hpp"

#include <fmt/format.h>

namespace vw::cli {
namespace {

// The last start that failed, else the last one.
std::size_t start_to_explain(const LogFacts& facts) {
  for (std::size_t at = facts.starts.size(); at > 0; --at)
    if (!facts.starts[at - 1].failures.empty()) return at - 1;
  return facts.starts.size() - 1;
}

// What the command renderer reads of a plan, for a server that is given as it is: what nobody gave is not said.
Json plan_for_command(const Scenario& scenario, const Request& request) {
  const bool is_given = request.quantization != "none" && request.quantization != scenario.request.quantization;
  const bool is_made = !scenario.weights.empty() && !scenario.weights.front().flag.empty();
  Json config = {{"model", request.model},
                 {"tensor_parallel_size", request.tensor_parallel.value_or(1)},
                 {"pipeline_parallel_size", request.pipeline_parallel.value_or(1)},
                 {"data_parallel_size", request.data_parallel.value_or(1)},
                 {"enable_expert_parallel", request.enable_expert_parallel},
                 {"dtype", short_dtype(request.dtype)},
                 {"gpu_memory_utilization", or_null(request.gpu_memory_utilization)},
                 {"max_model_len", or_null(request.max_model_len)},
                 {"kv_cache_dtype", request.kv_cache_dtype},
                 {"max_num_seqs", or_null(request.max_num_seqs)},
                 {"max_num_batched_tokens", or_null(request.max_num_batched_tokens)},
                 {"enforce_eager", request.enforce_eager},
                 {"trust_remote_code", request.trust_remote_code},
                 {"block_size", or_null(request.block_size)},
                 {"revision", or_null(request.revision)},
                 {"tokenizer", or_null(request.tokenizer)},
                 {"nodes", request.nodes},
                 {"serving", request.serving},
                 {"vllm_args", request.vllm_args}};
  if (is_given || is_made) config["quantization_flag"] = request.quantization == "none" ? "" : request.quantization;
  if (config.value("quantization_flag", "").empty()) config.erase("quantization_flag");
  return {{"config", std::move(config)},
          {"model", {{"id", request.model}}},
          {"hardware", {{"gpu", scenario.hardware.gpu.id}, {"gpu_name", scenario.hardware.gpu.name}}},
          {"feasibility", Json::object()},
          {"vllm_version", scenario.release.version}};
}

std::string command_of(const Workspace& workspace, const Scenario& scenario, const Request& request) {
  RenderInput input;
  input.set("plan", plan_for_command(scenario, request));
  input.set("release", {{"id", scenario.release.table},
                        {"flags", scenario.release.flags},
                        {"kv_cache_dtypes", scenario.release.kv_cache_dtypes}});
  input.set("profile", Json::object());
  input.set_options({}, false);
  const std::vector<Artifact> artifacts = render(workspace.catalog(), "command", input);
  return artifacts.empty() ? "" : artifacts.front().value;
}

void add_plan(const Workspace& workspace, const Arguments& arguments, Diagnosed& diagnosed) {
  const LoggedRequest logged = request_of(workspace.catalog(), diagnosed.start, arguments.text("vllm-version"));
  diagnosed.notes.insert(diagnosed.notes.end(), logged.notes.begin(), logged.notes.end());
  if (!arguments.has("gpu") && !logged.card_note.empty()) diagnosed.notes.push_back(logged.card_note);
  const LogBench bench = bench_for(workspace, arguments);
  diagnosed.memory_model = bench.memory_model->id();
  diagnosed.judged = judge_case(bench.bench, logged, with_options(arguments, logged.request));
  const LoggedCase& judged = *diagnosed.judged;
  diagnosed.notes.insert(diagnosed.notes.end(), judged.notes.begin(), judged.notes.end());
  std::optional<Correction> correction;
  if (MemoryJudge(*bench.memory_model, judged.scenario).policy().reads_corrections)
    correction = correction_of(judged, compare(judged, diagnosed.terms), diagnosed.memory_model,
                               workspace.defaults().repeatability);
  diagnosed.is_set_right = correction.has_value();
  diagnosed.diagnosis = diagnose(MendBench{bench.bench, logged, diagnosed.start, diagnosed.cause, correction}, judged);
  for (const Mend& mend : diagnosed.diagnosis->mends)
    diagnosed.mends.push_back({&mend, command_of(workspace, judged.scenario, mend.request)});
}

int diagnose_log(const Workspace& workspace, const Arguments& arguments) {
  const LogBook book(workspace.catalog());
  const ReadLog log = read_log(book, arguments, "diagnose");
  const std::size_t at = start_to_explain(log.facts);
  const LoggedStart& start = log.facts.starts[at];
  Diagnosed diagnosed(log, book, start);
  diagnosed.start_number = at + 1;
  diagnosed.cause = root_cause(book, start);
  diagnosed.terms = logged_terms(start);
  diagnosed.version = start.word("version");
  if (log.facts.starts.size() > 1)
    diagnosed.notes.push_back(fmt::format("{} starts in this log; the one from line {} on is explained",
                                          log.facts.starts.size(), start.first_line));
  if (diagnosed.cause.seen != nullptr) try {
      add_plan(workspace, arguments, diagnosed);
    } catch (const Error& missing) {
      if (missing.kind() == Error::Kind::internal) throw;
      diagnosed.plan_missing = std::string(missing.what()) + (missing.hint().empty() ? "" : "; " + missing.hint());
    }
  workspace.warn_of_refusals(arguments);
  print_result(arguments,
               arguments.has("json") ? to_pretty_text(diagnosis_json(diagnosed)) : diagnosis_text(diagnosed));
  return diagnosed.cause.seen == nullptr || diagnosed.cause.what->is_consequence ? exit_no : exit_ok;
}

}  // namespace

int run_diagnose(const Arguments& arguments) { return with_workspace(arguments, diagnose_log); }

}  // namespace vw::cli

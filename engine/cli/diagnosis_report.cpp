#include "base/text.hpp"
#include "base/units.hpp"
#include "cli/log_report.hpp"
#include "cli/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

namespace vw::cli {
namespace {

constexpr std::size_t most_columns_of_mends = 6;

// Our names of the terms in a sentence.
std::string term_words(const std::string& term) {
  static const std::map<std::string, std::string> words = {{"weights", "weights"},
                                                           {"activation", "activation peak"},
                                                           {"cuda_graph", "CUDA graphs and KV cache"},
                                                           {"sampler", "sampler"},
                                                           {"kv_cache", "KV cache"},
                                                           {"state", "state blocks"},
                                                           {"utilization", "free memory"},
                                                           {"host_memory", "memory of the host"},
                                                           {"none", ""}};
  const auto found = words.find(term);
  return found == words.end() ? term : found->second;
}

std::string paragraph(const std::string& head, const std::string& text) {
  return head + wrapped(text, head.size()) + "\n";
}

std::string where_text(const Diagnosed& diagnosed, const SeenFailure& seen) {
  std::string text = fmt::format("line {} of {}", show_count(static_cast<std::int64_t>(seen.line)), diagnosed.log.name);
  if (!seen.rank.empty()) text += ", " + seen.rank;
  text += std::string(", ") + name_of(seen.phase);
  if (seen.times > 1) text += fmt::format("; {} such lines", show_count(static_cast<std::int64_t>(seen.times)));
  return text;
}

std::string cause_text(const Diagnosed& diagnosed) {
  const RootCause& cause = diagnosed.cause;
  std::string text = paragraph("CAUSE: ", cause.what->says);
  text += paragraph("  ", where_text(diagnosed, *cause.seen));
  text += paragraph("  > ", cause.seen->text);
  const Shortage& shortage =
      diagnosed.diagnosis ? diagnosed.diagnosis->shortage : shortage_of(cause, diagnosed.terms, nullptr);
  const std::string words = term_words(shortage.term);
  if (shortage.gib && *shortage.gib > 0)
    text +=
        paragraph("  short: ", fmt::format("{}, by {}{:.2f} GiB per GPU: {}", words,
                                           shortage.is_least ? "at least " : "", *shortage.gib, shortage.explanation));
  else if (!words.empty())
    text += paragraph("  short: ", words + (shortage.explanation.empty() ? "" : ": " + shortage.explanation));
  for (const SeenFailure* other : cause.others)
    text += paragraph("  also: ",
                      diagnosed.book.failures()[other->index].says + " (" + where_text(diagnosed, *other) + ")");
  return text;
}

std::string server_text(const Diagnosed& diagnosed) {
  std::string text = "\nThe server, as the log has it\n";
  if (diagnosed.judged) {
    text += paragraph("  ", server_words(*diagnosed.judged));
    text += paragraph("  ", limit_words(*diagnosed.judged));
  } else if (!diagnosed.version.empty()) {
    text += "  vLLM " + diagnosed.version + "\n";
  }
  if (!diagnosed.plan_missing.empty()) text += paragraph("  no plan: ", diagnosed.plan_missing);
  for (const std::string& note : diagnosed.notes) text += paragraph("  note: ", note);
  return text;
}

// ---- the budget before and after

struct BudgetRow {
  const char* name;
  std::function<double(const Budget&)> value;
};

std::string budget_text(const Diagnosed& diagnosed) {
  const Budget& ran = diagnosed.diagnosis->budget;
  const std::string graphs = ran.has_graphs_inside ? "CUDA graphs" : "CUDA graphs, beside the budget";
  const std::vector<BudgetRow> rows = {{"requested", [](const Budget& b) { return b.requested; }},
                                       {"weights", [](const Budget& b) { return b.weights; }},
                                       {"activation peak", [](const Budget& b) { return b.activation; }},
                                       {"non-torch memory", [](const Budget& b) { return b.non_torch; }},
                                       {graphs.c_str(), [](const Budget& b) { return b.graphs; }},
                                       {"left to the KV cache", [](const Budget& b) { return b.kv_available; }},
                                       {"one sequence of the context", [](const Budget& b) { return b.kv_sequence; }}};
  const std::size_t shown = std::min(diagnosed.mends.size(), most_columns_of_mends);
  std::string text = fmt::format("\n{:<32}{:>7}", "GiB of the fullest GPU", "as ran");
  for (std::size_t at = 0; at < shown; ++at) text += fmt::format("{:>7}", at + 1);
  text += "\n";
  for (const BudgetRow& row : rows) {
    text += fmt::format("  {:<30}{:>7}", row.name, ran.requested > 0 ? fmt::format("{:.2f}", row.value(ran)) : "-");
    for (std::size_t at = 0; at < shown; ++at)
      text += fmt::format("{:>7.2f}", row.value(diagnosed.mends[at].mend->budget));
    text += "\n";
  }
  return text;
}

// A command for a shell, an option a line where it is longer than one.
std::string command_text(const std::string& command) {
  constexpr std::size_t widest = 75;
  const std::string line = trimmed(command);
  if (line.size() <= widest) return "     " + line + "\n";
  std::string text = "     ";
  bool is_quoted = false;
  for (std::size_t at = 0; at < line.size(); ++at) {
    is_quoted ^= line[at] == '\'';
    const bool is_option = !is_quoted && line.compare(at, 3, " --") == 0;
    text += is_option ? " \\\n       " : std::string(1, line[at]);
  }
  return text + "\n";
}

std::string mends_text(const Diagnosed& diagnosed) {
  if (diagnosed.mends.empty()) {
    if (diagnosed.diagnosis->unmended.empty()) return "";
    return "\n" + paragraph("No mend: ", diagnosed.diagnosis->unmended);
  }
  const std::string head =
      fmt::format("Mends, least loss first; with each the server starts by the memory model '{}'{}",
                  diagnosed.memory_model, diagnosed.is_set_right ? ", set right by this log" : "");
  std::string text = "\n" + wrapped(head, 0) + "\n";
  std::size_t number = 0;
  for (const MendedCommand& mended : diagnosed.mends) {
    const Mend& mend = *mended.mend;
    text += paragraph(fmt::format("{:>2}. ", ++number), mend.change.empty() ? mend.effect : mend.change);
    if (!mend.change.empty()) text += paragraph("    ", mend.effect);
    if (mend.concurrency > 0)
      text += paragraph("    ", fmt::format("holds {:.2f} sequences of {} tokens", mend.concurrency,
                                            show_count(mend.context_tokens)));
    text += command_text(mended.command);
  }
  return text;
}

// Kinds of mends (vw.log: mends) as what to change.
std::string mend_words(const std::string& kind) {
  static const std::map<std::string, std::string> words = {{"lower-max-model-len", "a lower --max-model-len"},
                                                           {"fewer-sequences", "a lower --max-num-seqs"},
                                                           {"fewer-batched-tokens", "a lower --max-num-batched-tokens"},
                                                           {"higher-utilization", "a higher --gpu-memory-utilization"},
                                                           {"lower-utilization", "a lower --gpu-memory-utilization"},
                                                           {"smaller-kv-cache", "--kv-cache-dtype fp8"},
                                                           {"smaller-weights", "a checkpoint in fewer bits"},
                                                           {"more-gpus", "a larger --tensor-parallel-size"},
                                                           {"fewer-gpus", "a smaller --tensor-parallel-size"},
                                                           {"other-dtype", "another --dtype"},
                                                           {"free-memory", "to end what else is on the card"}};
  const auto found = words.find(kind);
  return found == words.end() ? "--" + kind : found->second;
}

// The longest context that the log itself names.
std::string longest_context_words(const Diagnosed& diagnosed) {
  constexpr double most = 1e12;
  const auto words = [](double tokens, const std::string& why) {
    return tokens >= 1 && tokens < most ? fmt::format("--max-model-len {:.0f}: {}", std::floor(tokens), why) : "";
  };
  if (const auto told = diagnosed.cause.told("longest_context_tokens")) return words(*told, "the longest of the model");
  if (const NotedNumber* const noted = diagnosed.start.last("longest_context_tokens"))
    return words(noted->value, fmt::format("vLLM's own estimate (line {})", noted->line));
  if (const auto held = diagnosed.cause.told("kv_tokens")) return words(*held, "what the KV cache holds");
  return "";
}

// What no model tries, and where no plan could be made what one would try.
std::vector<std::string> advice_of(const Diagnosed& diagnosed) {
  std::vector<std::string> advice = diagnosed.cause.what->advice;
  const std::vector<std::string>& mends = diagnosed.cause.what->mends;
  if (diagnosed.plan_missing.empty() || mends.empty()) return advice;
  if (std::string longest = longest_context_words(diagnosed); !longest.empty()) advice.push_back(std::move(longest));
  std::vector<std::string> kinds;
  for (const std::string& kind : mends) kinds.push_back(mend_words(kind));
  advice.push_back(join_or(kinds) + (kinds.size() == 1 ? "; a plan tries it" : "; a plan tries each") +
                   " and prints the command");
  return advice;
}

std::string advice_text(const Diagnosed& diagnosed) {
  const std::vector<std::string> advice = advice_of(diagnosed);
  if (advice.empty()) return "";
  std::string text = "\nWhat helps\n";
  for (const std::string& one : advice) text += paragraph("  - ", one);
  return text;
}

// A log without a failure: what it says.
std::string nothing_failed(const Diagnosed& diagnosed) {
  const LogFacts& facts = diagnosed.log.facts;
  if (facts.recognised() == 0)
    return paragraph("", fmt::format("No cause found: no line of {} ({}) is one that a vLLM server logs.",
                                     diagnosed.log.name, counted(facts.lines, "line")));
  const bool serves = diagnosed.start.phase == Phase::serving;
  std::string text =
      paragraph("", serves ? "No failure found: the server started."
                           : fmt::format("No failure found: the log ends {}.", name_of(diagnosed.start.phase)));
  if (!diagnosed.version.empty()) text += "  vLLM " + diagnosed.version + "\n";
  const auto add = [&](const char* name, const std::optional<LoggedTerm>& term, const char* unit, int digits) {
    if (term) text += fmt::format("  {:<22}{:>12.{}f} {} (line {})\n", name, term->value, digits, unit, term->line);
  };
  const LoggedTerms& terms = diagnosed.terms;
  add("weights", terms.weights, "GiB", 2);
  add("activation peak", terms.activation, "GiB", 2);
  add("non-torch memory", terms.non_torch, "GiB", 2);
  add("CUDA graphs", terms.graphs, "GiB", 2);
  add("KV cache available", terms.kv_available, "GiB", 2);
  add("KV cache tokens", terms.kv_tokens, "tokens", 0);
  add("max concurrency", terms.concurrency, "x", 2);
  if (!serves)
    text += paragraph("  ",
                      "where it goes on after this, give the whole log; `vllm-wizard parts log` shows the tables "
                      "that a new failure can be taught in");
  return text;
}

// ---- JSON

Json to_json(const Budget& budget) {
  return {{"total_gib", budget.total},
          {"requested_gib", budget.requested},
          {"weights_gib", budget.weights},
          {"activation_gib", budget.activation},
          {"non_torch_gib", budget.non_torch},
          {"cuda_graph_gib", budget.graphs},
          {"cuda_graphs_in_budget", budget.has_graphs_inside},
          {"kv_cache_available_gib", budget.kv_available},
          {"kv_sequence_gib", budget.kv_sequence}};
}

Json to_json(const Diagnosed& diagnosed, const SeenFailure& seen) {
  const FailureClass& what = diagnosed.book.failures()[seen.index];
  return {{"id", what.id},       {"says", what.says}, {"term", what.term},          {"line", seen.line},
          {"times", seen.times}, {"rank", seen.rank}, {"phase", id_of(seen.phase)}, {"text", seen.text}};
}

Json mends_json(const Diagnosed& diagnosed) {
  Json mends = Json::array();
  for (const MendedCommand& mended : diagnosed.mends) {
    const Mend& mend = *mended.mend;
    mends.push_back({{"id", mend.id},
                     {"change", mend.change},
                     {"effect", mend.effect},
                     {"budget", to_json(mend.budget)},
                     {"context_tokens", mend.context_tokens},
                     {"max_concurrency", mend.concurrency},
                     {"serve_command", mended.command}});
  }
  return mends;
}

Json plan_of(const Diagnosed& diagnosed) {
  if (!diagnosed.judged || !diagnosed.diagnosis) return nullptr;
  const Scenario& scenario = diagnosed.judged->scenario;
  const vw_candidate& ran = diagnosed.judged->candidate;
  return {{"model", scenario.request.model},
          {"gpu", scenario.hardware.gpu.id},
          {"vllm_version", scenario.release.version},
          {"memory_model", diagnosed.memory_model},
          {"tensor_parallel_size", ran.tensor_parallel},
          {"pipeline_parallel_size", ran.pipeline_parallel},
          {"max_model_len", ran.context_tokens},
          {"gpu_memory_utilization", ran.utilization},
          {"max_num_seqs", ran.max_sequences},
          {"max_num_batched_tokens", ran.max_batched_tokens},
          {"budget", to_json(diagnosed.diagnosis->budget)}};
}

}  // namespace

std::string server_words(const LoggedCase& judged) {
  const vw_candidate& ran = judged.candidate;
  return fmt::format("{} on {} x {}, vLLM {}", judged.scenario.request.model,
                     ran.tensor_parallel * ran.pipeline_parallel * std::max(1u, ran.data_parallel),
                     judged.scenario.hardware.gpu.name, judged.scenario.release.version);
}

std::string limit_words(const LoggedCase& judged) {
  const vw_candidate& ran = judged.candidate;
  return fmt::format("context {}, utilization {:g}, {} sequences, {} tokens a step{}",
                     show_count(static_cast<std::int64_t>(ran.context_tokens)), ran.utilization,
                     show_count(static_cast<std::int64_t>(ran.max_sequences)),
                     show_count(static_cast<std::int64_t>(ran.max_batched_tokens)),
                     (ran.flags & VW_ENFORCE_EAGER) != 0 ? ", no CUDA graphs" : "");
}

std::string diagnosis_text(const Diagnosed& diagnosed) {
  if (diagnosed.cause.seen == nullptr) return nothing_failed(diagnosed);
  std::string text = cause_text(diagnosed) + server_text(diagnosed);
  if (diagnosed.diagnosis && !diagnosed.cause.what->mends.empty())
    text += budget_text(diagnosed) + mends_text(diagnosed);
  return text + advice_text(diagnosed);
}

Json diagnosis_json(const Diagnosed& diagnosed) {
  const LogFacts& facts = diagnosed.log.facts;
  Json json = {{"schema", "vllm-wizard/diagnose/1"},
               {"log",
                {{"name", diagnosed.log.name},
                 {"lines", facts.lines},
                 {"recognised", facts.recognised()},
                 {"starts", facts.starts.size()},
                 {"start", diagnosed.start_number},
                 {"phase", id_of(diagnosed.start.phase)},
                 {"version", diagnosed.version}}},
               {"failure", nullptr},
               {"others", Json::array()},
               {"shortage", nullptr},
               {"plan", plan_of(diagnosed)},
               {"plan_missing", diagnosed.plan_missing},
               {"mends", mends_json(diagnosed)},
               {"unmended", diagnosed.diagnosis ? diagnosed.diagnosis->unmended : ""},
               {"advice", Json::array()},
               {"notes", diagnosed.notes}};
  if (diagnosed.cause.seen == nullptr) return json;
  json["failure"] = to_json(diagnosed, *diagnosed.cause.seen);
  for (const SeenFailure* other : diagnosed.cause.others) json["others"].push_back(to_json(diagnosed, *other));
  const Shortage shortage =
      diagnosed.diagnosis ? diagnosed.diagnosis->shortage : shortage_of(diagnosed.cause, diagnosed.terms, nullptr);
  json["shortage"] = {{"term", shortage.term},
                      {"gib", shortage.gib ? Json(*shortage.gib) : Json(nullptr)},
                      {"is_least", shortage.is_least},
                      {"explanation", shortage.explanation}};
  json["advice"] = advice_of(diagnosed);
  return json;
}

}  // namespace vw::cli

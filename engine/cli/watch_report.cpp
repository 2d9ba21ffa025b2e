#include "cli/watch_report.hpp"

#include "base/text.hpp"
#include "base/units.hpp"
#include "cli/terminal.hpp"

#include <fmt/format.h>

#include <cmath>
#include <set>

namespace vw::cli {
namespace {

using Row = std::vector<std::string>;
using Rows = std::vector<Row>;

std::string count(double number) { return show_count(std::llround(number)); }

// Three digits are what anybody reads: "0.7", "42.3", "1,840".
std::string brief(double number) { return number >= 999.5 ? count(number) : fmt::format("{:.3g}", number); }
std::string or_dash(const std::optional<double>& number, std::string (*show)(double), const char* unit = "") {
  return number ? show(*number) + unit : "-";
}

std::string range(const std::optional<Expected>& planned, std::string (*show)(double)) {
  if (!planned) return "";
  if (!(planned->high > planned->low)) return show(planned->best);
  return fmt::format("{} ({} - {})", show(planned->best), show(planned->low), show(planned->high));
}

std::string percent(const std::optional<double>& share) { return share ? fmt::format("{:.0f} %", *share * 100) : "-"; }

// Which server, model and release.
std::string head(const View& view, const Look& look, const ServerFacts& facts) {
  const std::string model = facts.model.empty() ? join(look.models, ", ") : facts.model;
  std::string text = printable(facts.address) + (model.empty() ? "" : ": " + printable(model));
  std::vector<std::string> pieces;
  if (!facts.version.empty()) pieces.push_back("vLLM " + printable(facts.version, 40));
  if (facts.context_tokens) pieces.push_back(fmt::format("context {} tokens", count(*facts.context_tokens)));
  if (view.engines > 1) pieces.push_back(fmt::format("{} engines", view.engines));
  if (look.models.size() > 1 && facts.model.empty()) pieces.push_back("models counted together");
  text = wrapped(text, 2) + "\n";
  return pieces.empty() ? text : text + "  " + wrapped(join(pieces, ", "), 2) + "\n";
}

std::string of_window(const View& view) {
  if (view.window_s <= 0) return fmt::format("{} sample: rates need two", view.looks);
  std::string text = fmt::format("now; rates of the last {:.0f} s", view.window_s);
  if (view.restarts > 0) text += fmt::format("; restarted {}", view.restarts == 1 ? "once" : "more than once");
  return text;
}

std::string planned_load(const PlannedServer* plan) {
  if (plan == nullptr || !plan->concurrency) return "";
  const std::string users = count(*plan->concurrency);
  return plan->sequences ? fmt::format("{}, at most {}", users, count(*plan->sequences)) : users;
}

Rows load_rows(const View& view, const PlannedServer* plan) {
  const auto planned = [&](std::optional<Expected> PlannedServer::*figure) {
    return plan == nullptr ? "" : range(plan->*figure, brief);
  };
  const std::string cache = view.cache_tokens
                                ? fmt::format("{} of {} tokens", percent(view.cache_share), count(*view.cache_tokens))
                                : percent(view.cache_share);
  return {{"running", or_dash(view.running, count), planned_load(plan)},
          {"waiting", or_dash(view.waiting, count), ""},
          {"finished", or_dash(view.requests_per_s, brief, " requests/s"), planned(&PlannedServer::requests_per_s)},
          {"preempted", or_dash(view.preemptions, count), plan == nullptr ? "" : "0"},
          {"generated", or_dash(view.generated_tokens_per_s, brief, " tokens/s"),
           planned(&PlannedServer::generated_tokens_per_s)},
          {"prompts", or_dash(view.prompt_tokens_per_s, brief, " tokens/s"), ""},
          {"prefix cache hits", percent(view.prefix_hit_share), ""},
          {"KV cache in use", cache, plan == nullptr ? "" : range(plan->kv_cache_tokens, count)}};
}

std::string gib(double mib) { return fmt::format("{:.1f}", to_gib(from_mib(mib))); }

Rows card_rows(const View& view, const PlannedServer* plan) {
  Rows rows;
  const std::string planned = plan != nullptr && plan->used_gib ? fmt::format("{:.1f} GiB", plan->used_gib->best) : "";
  for (const CardUse& card : view.cards) {
    std::string used = card.used_mib ? gib(*card.used_mib) : "?";
    if (card.total_mib) used += " of " + gib(*card.total_mib);
    used += " GiB";
    if (card.busy_ratio) used += ", " + percent(card.busy_ratio) + " busy";
    rows.push_back({fmt::format("card {}", card.index), used, planned});
  }
  return rows;
}

// Inside of the first bucket nothing but its end is known.
std::string show(const std::optional<Quantile>& quantile) {
  if (!quantile) return "-";
  if (quantile->is_floor) return "> " + brief(quantile->value);
  return quantile->first_bound > 0 ? "< " + brief(quantile->first_bound) : brief(quantile->value);
}

Row latency_row(const char* name, const Latency& latency, const std::optional<Expected>& planned) {
  Row row = {name, or_dash(latency.mean_ms, brief)};
  for (const auto& quantile : latency.quantiles_ms) row.push_back(show(quantile));
  row.push_back(range(planned, brief));
  return row;
}

std::string latencies(const View& view, const PlannedServer* plan) {
  static const PlannedServer none;
  const PlannedServer& planned = plan == nullptr ? none : *plan;
  Rows rows = {{"latency, ms", "mean", "p50", "p90", "p99", plan == nullptr ? "" : "planned"}};
  bool is_old = false;
  const auto add = [&](const char* name, const Latency& latency, const std::optional<Expected>& expected) {
    if (!latency.mean_ms) return;
    rows.push_back(latency_row(name, latency, expected));
    is_old = is_old || latency.is_since_start;
    if (latency.is_since_start) rows.back().front() += " *";
  };
  add("first token", view.first_token, planned.first_token_ms);
  add("per output token", view.token, planned.token_ms);
  add("whole request", view.whole_request, planned.request_ms);
  add("in the queue", view.queue, std::nullopt);
  if (rows.size() == 1) return "";
  return "\n" + table(rows) + (is_old ? "* since the server started: none in the window\n" : "");
}

// Advice that several warnings share is said once.
std::string warnings(const View& view, const PlannedServer* plan) {
  std::string text;
  std::set<std::string> said;
  for (const Warning& warning : view.warnings) {
    text += "\nWARNING: " + wrapped(warning.what, 9) + "\n";
    bool is_repeated = false;
    for (const std::string& advice : warning.advice) {
      const bool is_new = said.insert(advice).second;
      if (is_new) text += "  - " + wrapped(advice, 4) + "\n";
      is_repeated = is_repeated || !is_new;
    }
    if (is_repeated) text += "  - as above\n";
  }
  if (plan == nullptr)
    text += "\n" +
            wrapped(
                "Give a plan to see it beside this: -p PROFILE, --plan plan.json, or the options of "
                "vllm-wizard plan.",
                0) +
            "\n";
  return text;
}

}  // namespace

std::string watch_report(const View& view, const History& history, const ServerFacts& facts,
                         const PlannedServer* plan) {
  const Look& look = history.latest();
  std::string text = head(view, look, facts);
  Rows rows;
  if (view.has_server) {
    rows.push_back({"", of_window(view), plan == nullptr ? "" : "planned"});
    for (Row& row : load_rows(view, plan)) rows.push_back(std::move(row));
  } else {
    text += "\nNO ANSWER: " + wrapped(printable(look.problem, 400), 11) + "\n";
  }
  for (Row& row : card_rows(view, plan)) rows.push_back(std::move(row));
  if (!rows.empty()) text += "\n" + table(rows);
  if (!look.cards_problem.empty()) text += "cards: " + wrapped(printable(look.cards_problem), 7) + "\n";
  if (view.has_server) text += latencies(view, plan);
  return text + warnings(view, plan);
}

}  // namespace vw::cli

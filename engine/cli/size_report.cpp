#include "cli/size_report.hpp"

#include "base/text.hpp"
#include "base/units.hpp"
#include "parts/rows.hpp"
#include "search/columns.hpp"

#include <fmt/format.h>

#include <cmath>
#include <vector>

namespace vw::cli {
namespace {

// One answer, which may be the best in more than one way.
struct Answer {
  std::vector<std::string> titles;
  const Fleet* fleet;
};

std::vector<Answer> answers(const Sizing& sizing) {
  std::vector<Answer> found;
  const auto add = [&](const char* title, const std::optional<Fleet>& fleet) {
    if (!fleet) return;
    for (Answer& answer : found)
      if (answer.fleet->row.row.index == fleet->row.row.index) return answer.titles.emplace_back(title), void();
    found.push_back({{title}, &*fleet});
  };
  add("cheapest", sizing.cheapest);
  add("fewest GPUs", sizing.fewest_gpus);
  add("fastest", sizing.fastest);
  return found;
}

std::string load_of(const Sized& sized) {
  const Target& target = sized.target;
  return target.concurrency > 0 ? fmt::format("{} requests at a time", show_count(target.concurrency))
                                : fmt::format("{:g} requests/s", target.requests_per_s);
}

// " at p99"; empty where all limits are of the mean.
std::string at(const Target& target) { return target.is_of_mean() ? "" : " at " + target.limits_at; }

// The same of a limit: what was not replayed is known in the mean only.
std::string at(const Target& target, const Measured& limit) {
  if (target.is_of_mean() || limit.at.empty()) return "";
  return limit.at == target.limits_at ? at(target) : " in the mean";
}

std::string request_of(const Sized& sized) {
  std::string text = fmt::format("{}: {} of {} + {} tokens", sized.model, load_of(sized),
                                 show_count(sized.prompt_tokens), show_count(sized.generated_tokens));
  if (sized.target.max_ttft_ms) text += fmt::format(", TTFT up to {:g} ms", *sized.target.max_ttft_ms);
  if (sized.target.max_tpot_ms) text += fmt::format(", TPOT up to {:g} ms", *sized.target.max_tpot_ms);
  text += at(sized.target);
  if (sized.target.max_usd_per_hour) text += fmt::format(", up to ${:g}/h", *sized.target.max_usd_per_hour);
  return text + "\n";
}

std::string layout_of(const Row& row) {
  std::string text = fmt::format("TP {}", row.running.tensor_parallel);
  if (row.running.pipeline_parallel > 1) text += fmt::format(", PP {}", row.running.pipeline_parallel);
  if (row.running.data_parallel > 1) text += fmt::format(", DP {}", row.running.data_parallel);
  return text;
}

std::string fleet_of(const Fleet& fleet) {
  const Row& row = fleet.row.row;
  return fmt::format("{} x {} ({} {} of {}, {}), weights {}", show_count(std::llround(fleet.gpus())),
                     row.lane->scenario.hardware.gpu.name, fleet.replicas, fleet.replicas == 1 ? "server" : "servers",
                     row.gpus(), layout_of(row), row.weights().format.id);
}

std::string cost_of(const Fleet& fleet, const Target& target) {
  const auto usd = fleet.usd_per_hour(), usd_per_tokens = fleet.usd_per_million_tokens(target);
  if (!usd) return "no price is known of this card: --prices FILE gives yours";
  std::string text = fmt::format("${:.2f} an hour", *usd);
  if (usd_per_tokens) text += fmt::format(", ${:.2f} per million generated tokens", *usd_per_tokens);
  // JSON has all of the source
  constexpr std::size_t longest = 60;
  const std::string& source = fleet.row.row.lane->price->source;
  return text + "\n          price: " + (source.size() > longest ? source.substr(0, longest) + "..." : source);
}

// How far the best estimate may be off: "4.8 to 6.9", empty where the heuristic does not say.
std::string spread_of(const vw_perf& perf) {
  if (!(perf.tpot_high_ms > perf.tpot_low_ms)) return "";
  return fmt::format(" ({:.1f} to {:.1f})", perf.tpot_low_ms, perf.tpot_high_ms);
}

std::string speed_of(const Fleet& fleet) {
  const Figures& figures = fleet.row.figures;
  std::vector<std::string> pieces;
  if (figures.ttft_ms) pieces.push_back(fmt::format("TTFT {:.0f} ms", *figures.ttft_ms));
  if (figures.tpot_ms)
    pieces.push_back(fmt::format("TPOT {:.1f}{} ms", *figures.tpot_ms, spread_of(fleet.row.row.perf)));
  if (figures.user_tokens_per_s) pieces.push_back(fmt::format("{:.1f} tokens/s a user", *figures.user_tokens_per_s));
  const auto replicas = static_cast<double>(fleet.replicas);
  if (figures.output_tokens_per_s)
    pieces.push_back(fmt::format("{:.0f} tokens/s in all", *figures.output_tokens_per_s * replicas));
  pieces.push_back(fmt::format("{} at a time a server", fleet.row.row.place.concurrency));
  return join(pieces, ", ");
}

// Of single requests: "TTFT 312 to 742 ms, TPOT 25.5 to 27.1 ms (p50 to p99 of a server)".
std::string replay_of(const Fleet& fleet) {
  const auto spread = [&](const char* name, const char* metric, int decimals) {
    const Json& ms = fleet.simulated.at(metric);
    return fmt::format("{} {:.{}f} to {:.{}f} ms", name, ms.at("p50").get<double>(), decimals,
                       ms.at("p99").get<double>(), decimals);
  };
  const double rate_per_s = fleet.simulated.value("request_rate_per_s", 0.0);
  return fmt::format("{}, {} (p50 to p99 of a server{})", spread("TTFT", "ttft_ms", 0), spread("TPOT", "tpot_ms", 1),
                     rate_per_s > 0 ? fmt::format(" at {:.3g} requests/s", rate_per_s) : "");
}

std::string binds_text(const Fleet& fleet, const Target& target) {
  std::vector<std::string> pieces;
  if (const std::uint32_t bottleneck = fleet.row.row.perf.bottleneck; bottleneck != VW_BOUND_UNKNOWN)
    pieces.emplace_back(name_of(bottlenecks(), bottleneck));
  if (const auto limit = tightest(target, fleet))
    pieces.push_back(fmt::format("{:.0f} % of {} used{}", limit->ratio() * 100, limit->option, at(target, *limit)));
  return join(pieces, "; ");
}

std::string title_of(const Answer& answer) {
  std::string title = join(answer.titles, ", ");
  title[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(title[0])));
  return title;
}

std::string answer_text(const Sized& sized, const Answer& answer) {
  const Fleet& fleet = *answer.fleet;
  std::string text = fmt::format("\n{}: {}\n", title_of(answer), fleet_of(fleet));
  text += "  costs   " + cost_of(fleet, sized.target) + "\n";
  text += "  speed   " + speed_of(fleet) + "\n";
  if (!fleet.simulated.is_null()) text += "  replay  " + replay_of(fleet) + "\n";
  if (const std::string binds = binds_text(fleet, sized.target); !binds.empty()) text += "  binds   " + binds + "\n";
  return text + "  plan    " + sized.command(fleet.row.row) + "\n";
}

std::string missed_text(const Sized& sized) {
  const Sizing& sizing = sized.sizing;
  if (sizing.nearest) {
    const auto limit = tightest(sized.target, *sizing.nearest);
    if (!limit) return "NO SOLUTION: what the target limits is not said of any card that fits\n";
    return fmt::format("NO SOLUTION: nearest is {}\n  it misses {} {:g}{} by {:.0f} %: {:.1f}\n",
                       fleet_of(*sizing.nearest), limit->option, limit->limit, at(sized.target, *limit),
                       (limit->ratio() - 1) * 100, limit->value) +
           "  plan    " + sized.command(sizing.nearest->row.row) + "\n";
  }
  if (sizing.has_fitting)
    return fmt::format("NO SOLUTION: more than {} servers of what was looked at would be needed\n",
                       show_count(most_replicas));
  if (!sizing.least_short) return "NO SOLUTION: nothing that was looked at can run this model\n";
  const Ranked& row = *sizing.least_short;
  return fmt::format("NO SOLUTION: it fits in no memory; nearest is {} x {}, {:.1f} GiB short\n", row.row.gpus(),
                     row.row.lane->scenario.hardware.gpu.name, std::max(0.0, -to_gib(row.figures.headroom_bytes))) +
         "  plan    " + sized.command(row.row) + "\n";
}

std::string counts_text(const Sized& sized) {
  const Sizing& sizing = sized.sizing;
  if (sizing.solutions == 0) return "";
  std::string text = sizing.solutions == 1
                         ? "1 way meets this"
                         : fmt::format("{} ways meet this", show_count(static_cast<std::int64_t>(sizing.solutions)));
  if (!sized.target.is_of_mean()) text += " in the mean";
  if (sizing.unpriced > 0)
    text += fmt::format(", {} of them on cards without a known price (--prices FILE gives yours)",
                        show_count(static_cast<std::int64_t>(sizing.unpriced)));
  if (sizing.replayed > 0) text += fmt::format("; servers replayed: {}", sizing.replayed);
  if (!sized.target.max_ttft_ms && !sized.target.max_tpot_ms)
    text += "\nwithout --max-ttft-ms and --max-tpot-ms users may wait: servers are filled as far as memory goes";
  return text + "\n";
}

// An answer that the replays ended without, or before all that could be better was tried.
struct Unsettled {
  const char* title;
  const char* order;
  const Shortlist& list;
  bool is_found;
};

std::vector<Unsettled> unsettled(const Sizing& sizing) {
  std::vector<Unsettled> found;
  const auto look_at = [&](const char* title, const char* order, const Shortlist& list, bool is_found) {
    if (list.tried > 0 && (!is_found || list.is_cut)) found.push_back({title, order, list, is_found});
  };
  look_at("cheapest", "price", sizing.shortlists.by_cost, sizing.cheapest.has_value());
  look_at("fewest GPUs", "GPUs", sizing.shortlists.by_gpus, sizing.fewest_gpus.has_value());
  look_at("fastest", "latency", sizing.shortlists.by_latency, sizing.fastest.has_value());
  return found;
}

std::string unsettled_text(const Sized& sized) {
  std::string text;
  for (const Unsettled& one : unsettled(sized.sizing)) {
    const std::string tried = fmt::format("of {}{} {} by {}", one.list.is_cut ? "the first " : "", one.list.tried,
                                          one.list.tried == 1 ? "way" : "ways", one.order);
    text += one.is_found
                ? fmt::format("{}: {}, others were not replayed\n", one.title, tried)
                : fmt::format("no {}: {} none keeps the limits at {}\n", one.title, tried, sized.target.limits_at);
  }
  return text;
}

Json limit_json(const std::optional<Measured>& limit) {
  if (!limit) return {};
  return {{"option", limit->option},
          {"value", limit->value},
          {"limit", limit->limit},
          {"ratio", limit->ratio()},
          {"at", limit->at.empty() ? Json() : Json(limit->at)}};
}

Json number_or_null(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

// Of the search for a percentile.
Json replays_json(const Sizing& sizing) {
  Json list = Json::array();
  for (const Unsettled& one : unsettled(sizing))
    list.push_back(
        {{"best", one.title}, {"is_found", one.is_found}, {"ways", one.list.tried}, {"is_all", !one.list.is_cut}});
  return {{"count", sizing.replayed}, {"unsettled", std::move(list)}};
}

Json fleet_json(const Sized& sized, const Fleet& fleet) {
  const std::optional<Price>& price = fleet.row.row.lane->price;
  return {{"replicas", fleet.replicas},
          {"gpus", std::llround(fleet.gpus())},
          {"usd_per_hour", number_or_null(fleet.usd_per_hour())},
          {"usd_per_million_tokens", number_or_null(fleet.usd_per_million_tokens(sized.target))},
          {"price_source", price ? Json(price->source) : Json()},
          {"tightest", limit_json(tightest(sized.target, fleet))},
          {"simulated", fleet.simulated},
          {"replica", to_json(fleet.row)},
          {"command", sized.command(fleet.row.row)}};
}

}  // namespace

std::string size_text(const Sized& sized) {
  const std::vector<Answer> found = answers(sized.sizing);
  std::string text = request_of(sized) + counts_text(sized) + unsettled_text(sized);
  if (found.empty()) return text + missed_text(sized);
  for (const Answer& answer : found) text += answer_text(sized, answer);
  return text;
}

Json size_json(const Sized& sized) {
  const Target& target = sized.target;
  Json plans = Json::array();
  for (const Answer& answer : answers(sized.sizing)) {
    Json plan = fleet_json(sized, *answer.fleet);
    plan["best"] = answer.titles;
    plans.push_back(std::move(plan));
  }
  const bool is_missed = plans.empty();
  const auto& nearest = sized.sizing.nearest;
  return {{"schema", "vllm-wizard/size/1"},
          {"model", sized.model},
          {"target",
           {{"concurrency", target.concurrency > 0 ? Json(target.concurrency) : Json()},
            {"requests_per_s", target.concurrency > 0 ? Json() : Json(target.requests_per_s)},
            {"prompt_tokens", sized.prompt_tokens},
            {"gen_tokens", sized.generated_tokens},
            {"max_ttft_ms", number_or_null(target.max_ttft_ms)},
            {"max_tpot_ms", number_or_null(target.max_tpot_ms)},
            {"max_usd_per_hour", number_or_null(target.max_usd_per_hour)},
            {"limits_at", target.limits_at}}},
          {"solutions", sized.sizing.solutions},
          {"unpriced", sized.sizing.unpriced},
          {"replays", replays_json(sized.sizing)},
          {"plans", std::move(plans)},
          {"nearest", is_missed && nearest ? fleet_json(sized, *nearest) : Json()},
          {"least_short", is_missed && sized.sizing.least_short ? to_json(*sized.sizing.least_short) : Json()}};
}

}  // namespace vw::cli

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/search_options.hpp"
#include "cli/size_report.hpp"
#include "cli/terminal.hpp"
#include "search/replay.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace vw::cli {
namespace {

std::string limits_at_of(const Arguments& arguments, const Target& target) {
  const std::string word = arguments.text("limits-at", target.limits_at);
  const std::vector<std::string> words = value_words(*find_option("limits-at"));
  if (std::find(words.begin(), words.end(), word) == words.end()) {
    const std::string near = did_you_mean(word, words);
    throw Error("--limits-at", "is " + quote(word) + ", " + (near.empty() ? "expected " + join_or(words) : near));
  }
  if (word != target.limits_at && !target.max_ttft_ms && !target.max_tpot_ms)
    throw Error("--limits-at", "is given without a limit on latency, expected --max-ttft-ms or --max-tpot-ms");
  return word;
}

Target target_of(const Arguments& arguments, const Search& search) {
  const bool has_rate = arguments.has("target-request-rate");
  if (has_rate && arguments.has("concurrency"))
    throw Error("--target-request-rate", "is given beside --concurrency, expected one of them");
  if (search.axes.concurrencies.size() != 1)
    throw Error("--concurrency", "is " + quote(arguments.text("concurrency")) + ", expected one number to size for");
  Target target;
  if (has_rate)
    target.requests_per_s = *positive(arguments, "target-request-rate");
  else
    target.concurrency = search.axes.concurrencies.front();
  target.max_ttft_ms = positive(arguments, "max-ttft-ms");
  target.max_tpot_ms = positive(arguments, "max-tpot-ms");
  target.max_usd_per_hour = positive(arguments, "max-usd-per-hour");
  target.limits_at = limits_at_of(arguments, target);
  return target;
}

void expect_one_workload(const Search& search) {
  if (search.axes.prompts.size() != 1) throw Error("--prompt-tokens", "has several values, expected one to size for");
  if (search.axes.generated.size() != 1) throw Error("--gen-tokens", "has several values, expected one to size for");
}

void expect_speed(const Sizing& sizing) {
  if (sizing.says_speed || !sizing.has_fitting) return;
  throw Error("--target-request-rate", "the performance heuristic does not say how many requests a server takes",
              "--concurrency asks for users at the same time instead");
}

ShowReplays replay_progress(const Workspace& workspace) {
  const Progress& progress = workspace.catalog().progress();
  if (!progress) return nullptr;
  return [&progress](std::size_t replayed, bool is_over) {
    progress(is_over ? "" : fmt::format("{} servers replayed", replayed));
  };
}

int size(const Workspace& workspace, const Arguments& arguments) {
  Search search = read_search(workspace, arguments);
  expect_one_workload(search);
  const Target target = target_of(arguments, search);
  search.axes.concurrencies = concurrencies_for(target);
  const std::size_t concurrencies = search.axes.concurrencies.size();
  const Space space(search.axes, search.lanes);
  const Lanes lanes(workspace.catalog(), workspace.defaults(), search.request, search.model, space);
  print_warnings(arguments, search.warnings);
  Sized sized{search.model.id,
              target,
              search.axes.prompts.front(),
              search.axes.generated.front(),
              Sizing(target, concurrencies),
              [&](const Row& row) { return plan_command(arguments, row); }};
  const std::int64_t seed = arguments.integer("seed", 0, std::int64_t{1} << 53).value_or(0);
  const OpenJudges open = judges_of(workspace, search);
  run_sweep(space, lanes, open, threads_of(arguments), gather_into(sized.sizing, target, concurrencies),
            search_progress(workspace, space));
  sized.sizing.finish();
  expect_speed(sized.sizing);
  Replays(open, target, seed, replay_progress(workspace)).settle(sized.sizing);
  workspace.warn_of_refusals(arguments);
  print_result(arguments, arguments.has("json") ? to_pretty_text(size_json(sized)) : size_text(sized));
  return sized.sizing.has_answer() ? exit_ok : exit_no;
}

}  // namespace

int run_size(const Arguments& arguments) { return with_workspace(arguments, size); }

}  // namespace vw::cli

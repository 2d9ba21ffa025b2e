#include "base/json_reader.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/interrupt.hpp"
#include "cli/live_screen.hpp"
#include "cli/options.hpp"
#include "cli/planning.hpp"
#include "cli/request_options.hpp"
#include "cli/watch_report.hpp"
#include "cli/watched_server.hpp"
#include "watch/view_json.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>

namespace vw::cli {
namespace {

constexpr const char* usual_url = "http://localhost:8000";

struct Pace {
  double interval_s, window_s;
  std::optional<std::int64_t> samples;  // empty: until Ctrl-C
};

double seconds(const Arguments& arguments, const char* option, double otherwise) {
  constexpr double least_s = 0.1, most_s = 86400;
  const double value = arguments.number(option).value_or(otherwise);
  if (!(value >= least_s && value <= most_s))
    throw Error(std::string("--") + option,
                fmt::format("is {}, expected {} to {:g} seconds", quote(arguments.text(option)), least_s, most_s));
  return value;
}

Pace pace_of(const Arguments& arguments) {
  const bool is_once = arguments.has("once");
  constexpr std::int64_t most_samples = 1000000000, samples_once = 2;
  Pace pace{seconds(arguments, "interval-s", is_once ? 1 : 5), seconds(arguments, "window-s", 60),
            arguments.integer("samples", 1, most_samples)};
  if (is_once && !pace.samples) pace.samples = samples_once;
  if (!is_once && arguments.has("output")) throw Error("--output", "is of one view, expected --once beside it");
  if (arguments.has("explain")) throw Error("--explain", "is of plan: vllm-wizard plan --explain has the numbers");
  return pace;
}

// What only a plan can want.
std::string planning_option(const Arguments& arguments) {
  constexpr std::array groups = {"Model", "Hardware", "Workload", "Engine", "Policy"};
  for (const Option* option : options_of(groups))
    if (arguments.has(option->name)) return std::string("--") + option->name;
  return arguments.has("profile") ? "--profile" : "";
}

std::optional<PlannedServer> planned_server(const Workspace& workspace, const Arguments& arguments) {
  const std::string wanted = planning_option(arguments);
  if (arguments.has("plan")) {
    if (!wanted.empty()) throw Error("--plan", "holds a plan already, expected no " + wanted + " beside it");
    const std::string path = arguments.text("plan");
    return read_planned_server(parse_json(read_file(workspace.files(), path, "--plan"), path), path);
  }
  if (wanted.empty()) return std::nullopt;
  Request request = to_request(arguments, workspace.files());
  request.cards_are_idle = true;  // what is in use is the server's
  return read_planned_server(plan_request(workspace, request, arguments).input.plan(), "the plan");
}

// The clock of the user's own logs.
std::string now_text() { return fmt::format("{:%FT%TZ}", fmt::gmtime(std::time(nullptr))); }

class Watch {
 public:
  Watch(const Workspace& workspace, const Arguments& arguments)
      : arguments_(arguments),
        pace_(pace_of(arguments)),
        rules_(workspace.defaults().watch),
        plan_(planned_server(workspace, arguments)),
        server_(workspace, arguments, rules_, arguments.positional(0).empty() ? usual_url : arguments.positional(0)),
        history_(pace_.window_s),
        screen_(display_for(arguments)) {}

  int run() {
    const Interrupt interrupt;
    for (std::int64_t sample = 1;; ++sample) {
      look();
      const bool is_last = pace_.samples && sample >= *pace_.samples;
      if (!interrupt.has_come() && (is_last || !arguments_.has("once"))) show();
      if (interrupt.has_come() || (!is_last && !interrupt.wait(pace_.interval_s))) return interrupted();
      if (is_last) return view_.warnings.empty() ? exit_ok : exit_no;
    }
  }

 private:
  using Clock = std::chrono::steady_clock;

  void look() {
    Look look = server_.look(plan_ ? plan_->model : "");
    look.at_s = std::chrono::duration<double>(Clock::now() - start_).count();
    const bool is_needed = arguments_.has("once") || history_.looks() == 0;
    if (!look.has_server() && is_needed) throw Error(server_.facts().address, look.problem, look.hint);
    history_.add(std::move(look));
    view_ = make_view(history_, server_.facts(), plan(), rules_);
  }

  void show() {
    const bool is_once = arguments_.has("once");
    if (arguments_.has("json")) {
      Json json = to_json(view_, history_, server_.facts(), plan());
      json["time"] = now_text();
      print_result(arguments_, is_once ? to_pretty_text(json) : to_text(json) + "\n");
    } else if (is_once) {
      print_result(arguments_, with_warnings_marked(report(), display_for(arguments_)));
    } else {
      screen_.show(report());
    }
  }

  std::string report() const { return watch_report(view_, history_, server_.facts(), plan()); }
  const PlannedServer* plan() const { return plan_ ? &*plan_ : nullptr; }

  // The terminal shows ^C where the cursor is; what comes next begins on a line of its own.
  int interrupted() const {
    if (display_for(arguments_).is_live) fmt::print("\n");
    return exit_interrupted;
  }

  const Arguments& arguments_;
  const Pace pace_;
  const WatchRules& rules_;
  const std::optional<PlannedServer> plan_;
  WatchedServer server_;
  History history_;
  View view_;
  LiveScreen screen_;
  const Clock::time_point start_ = Clock::now();
};

int watch(const Workspace& workspace, const Arguments& arguments) {
  Watch watching(workspace, arguments);
  workspace.warn_of_refusals(arguments);
  return watching.run();
}

}  // namespace

int run_watch(const Arguments& arguments) { return with_workspace(arguments, watch); }

}  // namespace vw::cli

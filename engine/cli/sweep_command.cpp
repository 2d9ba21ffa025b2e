#include "cli/commands.hpp"
#include "cli/row_stream.hpp"
#include "cli/search_options.hpp"
#include "cli/sweep_report.hpp"
#include "cli/terminal.hpp"
#include "search/columns.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace vw::cli {
namespace {

enum class Form { table, csv, json, jsonl };

Form form_of(const Arguments& arguments) {
  const bool streams = arguments.has("all");
  const std::string word = arguments.text("format", arguments.has("json") ? "json" : streams ? "csv" : "table");
  const std::vector<std::string> words = {"table", "csv", "json", "jsonl"};
  const auto found = std::find(words.begin(), words.end(), word);
  if (found == words.end()) {
    const std::string near = did_you_mean(word, words);
    throw Error("--format", "is " + quote(word) + ", " + (near.empty() ? "expected " + join_or(words) : near));
  }
  const auto form = static_cast<Form>(found - words.begin());
  if (streams && (form == Form::table || form == Form::json))
    throw Error("--all", "prints rows as they are found, expected --format csv or jsonl");
  if (arguments.has("json") && form != Form::json && arguments.has("format"))
    throw Error("--json", "is given beside --format " + word + ", expected one of them");
  for (const char* of_the_best : {"top", "sort", "pareto", "svg"})
    if (streams && arguments.has(of_the_best))
      throw Error("--all", std::string("prints rows as they are found, expected no --") + of_the_best + " beside it");
  return form;
}

Wanted wanted_by(const Arguments& arguments) {
  constexpr std::int64_t usual_top = 50, most_top = 100000;
  Wanted wanted;
  wanted.filters = {arguments.has("fits"), positive(arguments, "max-ttft-ms"), positive(arguments, "max-tpot-ms"),
                    positive(arguments, "max-usd-per-hour")};
  wanted.sort = &find_sort_key(arguments.text("sort", "throughput-per-gpu"));
  wanted.top = static_cast<std::size_t>(arguments.integer("top", 1, most_top).value_or(usual_top));
  wanted.tradeoff = &find_tradeoff(arguments.text("pareto", "throughput"));
  wanted.has_picture = arguments.has("svg");
  return wanted;
}

std::string lines_of(const JudgedBlock& block, const Wanted& wanted, Form form, std::uint64_t& fitting) {
  std::string text;
  for (std::size_t i = 0; i < block.rows(); ++i) {
    const Ranked row{block.row(i), figures_of(block.view(i)), 0};
    if (!wanted.filters.accept(row.row.fits, row.figures)) continue;
    fitting += row.row.fits ? 1 : 0;
    text += (form == Form::csv ? csv_row(row) : to_text(to_json(row))) + "\n";
  }
  return text;
}

struct Task {
  const Workspace& workspace;
  const Arguments& arguments;
  const Search& search;
  const Space& space;
  Wanted wanted;
  Form form;

  Progressed run(const Digest& digest) const {
    const Lanes lanes(workspace.catalog(), workspace.defaults(), search.request, search.model, space);
    return run_sweep(space, lanes, judges_of(workspace, search), threads_of(arguments), digest,
                     search_progress(workspace, space));
  }
};

int stream(const Task& task) {
  RowStream out(task.arguments);
  if (task.form == Form::csv) out.write(csv_header() + "\n");
  std::uint64_t all_fitting = 0;
  task.run([&](const JudgedBlock& block) -> Merge {
    std::uint64_t fitting = 0;
    std::string lines = lines_of(block, task.wanted, task.form, fitting);
    return [&out, &all_fitting, fitting, lines = std::move(lines)] {
      all_fitting += fitting;
      out.write(lines);
    };
  });
  out.finish();
  return all_fitting > 0 ? exit_ok : exit_no;
}

std::string text_of(const Swept& swept, Form form) {
  if (form == Form::csv) return sweep_csv(swept);
  if (form == Form::json) return to_pretty_text(sweep_json(swept));
  if (form == Form::table) return sweep_table(swept);
  std::string lines;
  for (const Ranked& row : swept.best) lines += to_text(sweep_row_json(swept, row)) + "\n";
  return lines;
}

int best(const Task& task) {
  Findings findings(task.wanted);
  Swept swept;
  swept.counts = task.run(gather_into(findings, task.wanted));
  swept.wanted = task.wanted;
  swept.model = task.search.model.id;
  swept.accepted = findings.accepted();
  swept.accepted_fitting = findings.accepted_fitting();
  swept.front = findings.front().rows();
  if (task.wanted.has_picture)
    write_atomically(task.arguments.text("svg"), scatter_svg(swept.model, findings.points(), findings.front()), true);
  swept.best = std::move(findings).best();
  print_result(task.arguments, text_of(swept, task.form));
  return swept.accepted_fitting > 0 ? exit_ok : exit_no;
}

int sweep(const Workspace& workspace, const Arguments& arguments) {
  const Form form = form_of(arguments);
  const Wanted wanted = wanted_by(arguments);
  if (wanted.has_picture) expect_folder_above("--svg", arguments.text("svg"));
  const Search search = read_search(workspace, arguments);
  const Space space(search.axes, search.lanes);
  print_warnings(arguments, search.warnings);
  const Task task{workspace, arguments, search, space, wanted, form};
  const int code = arguments.has("all") ? stream(task) : best(task);
  workspace.warn_of_refusals(arguments);
  return code;
}

}  // namespace

int run_sweep(const Arguments& arguments) { return with_workspace(arguments, sweep); }

}  // namespace vw::cli

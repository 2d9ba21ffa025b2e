// cli: a command line whose options may hold lists becomes a space to search.
#pragma once

#include "cli/workspace.hpp"
#include "search/prices.hpp"
#include "search/sweep.hpp"

#include <memory>
#include <string>
#include <vector>

namespace vw::cli {

// Options that take a comma list, or `all`, where a command searches.
inline constexpr const char* axis_options[] = {
    "gpu",        "quantization",  "kv-cache-dtype", "tensor-parallel-size", "pipeline-parallel-size",
    "gpus",       "max-model-len", "concurrency",    "max-num-seqs",         "prompt-tokens",
    "gen-tokens", "vllm-version"};

// What does not vary, and what does.
struct Search {
  Request request;
  Model model;
  Axes axes;
  std::vector<LaneKey> lanes;
  std::vector<std::string> warnings;
};

// Reads the axes; those that are not given have the value that a plan would take, but every accelerator is looked at,
// tensor parallel sizes that a node holds, and the context is what the request needs. Throws vw::Error naming the
// option.
Search read_search(const Workspace& workspace, const Arguments& arguments);

Prices read_prices(const Workspace& workspace, const Arguments& arguments);

// Opens the hot parts that the request names.
OpenJudges judges_of(const Workspace& workspace, const Search& search);

// A number above zero. Throws vw::Error naming the option.
std::optional<double> positive(const Arguments& arguments, const std::string& option);

unsigned threads_of(const Arguments& arguments);
ShowProgress search_progress(const Workspace& workspace, const Space& space);

// The command that plans this row alone, the options of the command line kept.
std::string plan_command(const Arguments& arguments, const Row& row);

}  // namespace vw::cli

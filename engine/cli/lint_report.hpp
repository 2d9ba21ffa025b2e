// cli: what `lint` prints.
#pragma once

#include "audit/lint.hpp"
#include "cli/planning.hpp"

#include <optional>
#include <string>
#include <vector>

namespace vw::cli {

// One server of what was linted.
struct LintedServer {
  Launch launch;
  std::string release, release_from;  // the version it was held against, and who says so
  Linted linted;
  std::optional<Planned> planned;  // what its flags describe
  std::string plan_left_out;       // why there is none
  std::string report;              // of the plan, short or whole
};

struct LintReport {
  std::string input;              // file, "standard input" or "command line"
  std::vector<Finding> findings;  // of the text as a whole
  std::vector<LintedServer> servers;

  std::size_t count(Severity severity) const;
};

std::string lint_text(const LintReport& report);
// Schema vllm-wizard/lint/1.
Json lint_json(const LintReport& report);

}  // namespace vw::cli

#include "cli/lint_report.hpp"

#include "base/text.hpp"
#include "cli/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace vw::cli {
namespace {

constexpr std::size_t indentation = 2;

std::size_t count_in(const std::vector<Finding>& findings, Severity severity) {
  return static_cast<std::size_t>(std::count_if(findings.begin(), findings.end(),
                                                [&](const Finding& finding) { return finding.severity == severity; }));
}

std::string item(const std::string& text) {
  return std::string(indentation, ' ') + wrapped(text, indentation * 2) + "\n";
}

std::string shown(const Finding& finding) {
  const std::string line = finding.line > 0 ? fmt::format("line {}: ", finding.line) : "";
  const std::string instead = finding.instead.empty() ? "" : "; instead: " + finding.instead;
  return item(fmt::format("{}{}: {}{}", line, to_text(finding.severity), finding.what, instead));
}

// Errors first, then by line.
std::string shown(std::vector<Finding> findings) {
  std::stable_sort(findings.begin(), findings.end(), [](const Finding& left, const Finding& right) {
    return std::pair(left.severity, left.line) < std::pair(right.severity, right.line);
  });
  std::string text;
  for (const Finding& finding : findings) text += shown(finding);
  return text;
}

std::string headline(const LintReport& report, const LintedServer& server) {
  const std::string where = server.launch.where.empty() ? "" : ", " + server.launch.where;
  const std::string model = server.linted.request.model.empty() ? "model not known" : server.linted.request.model;
  return wrapped(fmt::format("{}{}: {}, vLLM {} ({})", report.input, where, model, server.release, server.release_from),
                 indentation) +
         "\n";
}

std::string plan_text(const LintedServer& server) {
  if (!server.planned) return item("plan left out: " + server.plan_left_out);
  return indented(server.report.substr(0, server.report.find_last_not_of('\n') + 1));
}

Json to_json(const Finding& finding, const std::string& file) {
  return {{"severity", to_text(finding.severity)}, {"file", file},
          {"where", or_null(finding.where)},       {"line", finding.line > 0 ? Json(finding.line) : Json(nullptr)},
          {"flag", or_null(finding.flag)},         {"what", finding.what},
          {"instead", or_null(finding.instead)}};
}

Json to_json(const LintedServer& server) {
  return {{"where", or_null(server.launch.where)},
          {"model", or_null(server.linted.request.model)},
          {"image", or_null(server.launch.command.image)},
          {"gpus", or_null(server.launch.gpus)},
          {"release", server.release},
          {"release_from", server.release_from},
          {"request", to_profile(server.linted.request)},
          {"plan", server.planned ? server.planned->input.request().at("plan") : Json(nullptr)},
          {"plan_left_out", or_null(server.plan_left_out)}};
}

}  // namespace

std::size_t LintReport::count(Severity severity) const {
  std::size_t sum = count_in(findings, severity);
  for (const LintedServer& server : servers) sum += count_in(server.linted.findings, severity);
  return sum;
}

std::string lint_text(const LintReport& report) {
  std::string text;
  if (!report.findings.empty()) text += report.input + ":\n" + shown(report.findings) + "\n";
  for (const LintedServer& server : report.servers)
    text += headline(report, server) + shown(server.linted.findings) + plan_text(server) + "\n";
  return text + fmt::format("{}, {}\n", counted(report.count(Severity::error), "error"),
                            counted(report.count(Severity::warning), "warning"));
}

Json lint_json(const LintReport& report) {
  Json findings = Json::array(), servers = Json::array();
  for (const Finding& finding : report.findings) findings.push_back(to_json(finding, report.input));
  for (const LintedServer& server : report.servers) {
    for (const Finding& finding : server.linted.findings) findings.push_back(to_json(finding, report.input));
    servers.push_back(to_json(server));
  }
  return {{"schema", "vllm-wizard/lint/1"},
          {"input", report.input},
          {"release", report.servers.empty() ? Json(nullptr) : Json(report.servers.front().release)},
          {"errors", report.count(Severity::error)},
          {"warnings", report.count(Severity::warning)},
          {"findings", std::move(findings)},
          {"servers", std::move(servers)}};
}

}  // namespace vw::cli

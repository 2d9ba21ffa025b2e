// logs: the plan behind a log: what was asked for, judged by a memory model exactly as it ran.
#pragma once

#include "logs/logged_terms.hpp"
#include "plan/plan.hpp"

#include <optional>
#include <string>
#include <vector>

namespace vw {

// Whether a total that was logged can be that of a card: variants and settings of one differ by less than a tenth.
bool is_total_of(double card_gib, double logged_gib);

// What the server was asked for, as far as the log tells, and what had to be guessed.
struct LoggedRequest {
  Request request;
  std::optional<std::int64_t> context_tokens, max_sequences, batched_tokens;  // that ran, where nobody gave them
  std::optional<double> utilization;
  std::string card_note;           // where the card had to be guessed, empty: it had not
  std::vector<std::string> cards;  // ids that it may be then
  std::vector<std::string> notes;
};
// `version`: instead of the one in the log; empty: that one. Throws vw::Error for a release that no table describes.
LoggedRequest request_of(const Catalog& catalog, const LoggedStart& start, const std::string& version = "");

// The scenario of a start, the server as a candidate, and what the memory model says of it without any correction.
struct LoggedCase {
  Scenario scenario;
  vw_candidate candidate{};
  vw_memory memory{};
  std::vector<std::string> notes;
};

// What a case is judged with.
struct CaseBench {
  const Catalog& catalog;
  const Defaults& defaults;
  const Part& memory_model;
};

// `request`: that of the log, with what the user says over it. Throws vw::Error when facts are missing.
LoggedCase judge_case(const CaseBench& bench, const LoggedRequest& logged, const Request& request);

// The server of a request as it is, nothing recommended: release defaults where it says nothing.
vw_candidate as_it_runs(const Scenario& scenario, const LoggedRequest& logged);

}  // namespace vw

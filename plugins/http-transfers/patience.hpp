// http-transfers: how long an answer is waited for.
#pragma once

#include <nlohmann/json.hpp>

namespace vw::http {

// How long and how often is tried. The defaults are what users of the Hub get; tests are less patient.
struct Patience {
  double connect_s = 10;
  double stall_s = 20;   // without a byte; whole seconds
  double total_s = 300;  // of one request
  unsigned retries = 3;
  double first_wait_s = 0.5;   // before the first retry; doubled before each further one
  double longest_wait_s = 30;  // a server that asks for more (Retry-After) is not waited for
  unsigned parallel = 8;
};

// A plugin's settings over what is usual: the members of these names that are numbers, at most an hour each.
Patience read_patience(const nlohmann::json& settings, const Patience& usual);

}  // namespace vw::http

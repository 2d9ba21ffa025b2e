// vllm-metrics: the text format in which servers show their metrics to Prometheus (version 0.0.4).
#pragma once

#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace vw::metrics {

// "line 3: what, expected".
class Malformed : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct Sample {
  std::string name;
  std::map<std::string, std::string> labels;
  double value = 0;  // may be NaN or infinite
};

// Every sample of a page, in its order. Lines of HELP and TYPE and other comments are passed over, time stamps and
// exemplars too. Throws Malformed: no such line, the same series twice, more samples than anybody reads, or a page that
// ends in the middle of a line.
std::vector<Sample> parse_exposition(std::string_view page);

}  // namespace vw::metrics

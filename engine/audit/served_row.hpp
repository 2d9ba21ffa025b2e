// audit: one measured operating point of a serving benchmark: what ran, under which load, and what it recorded.
#pragma once

#include "facts/request.hpp"

#include <map>
#include <string>
#include <vector>

namespace vw {

namespace metric {
inline constexpr const char* tpot = "tpot_ms";  // mean time per output token
inline constexpr const char* ttft = "ttft_ms";  // mean time to first token of a run that begins with a burst
}  // namespace metric

struct ServedRow {
  std::string id, source, skip;  // skip: why it is not scored, empty: it is
  Request request;               // exactly as it was run
  std::string linears, experts;  // formats that the checkpoint stores them in; empty: as its config says
  double prompt_tokens = 0, generated_tokens = 0;  // means
  std::map<std::string, double> observed;          // by metric

  // Rows that differ in nothing but the load share this.
  std::string layout_key() const;
  // Rows of one model, card and mix of lengths: what is ranked within.
  std::string workload_key() const;
};

// Reads our own format (tests/validation/README.md) or a table of comma-separated values with the columns of public
// serving measurements (id, model, gpu, gemm_quant, moe_quant, tp, ..., ttft_ms, tpot_ms). Throws vw::Error naming file
// and line.
std::vector<ServedRow> read_served_rows(const std::string& text, const std::string& path);
// Whether the text is one of the two.
bool holds_served_rows(const std::string& text);

}  // namespace vw

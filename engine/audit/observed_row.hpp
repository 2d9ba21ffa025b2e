// audit: one start-up of a vLLM server as somebody logged it: what was asked for, and what it printed.
#pragma once

#include "facts/request.hpp"

#include <map>
#include <string>
#include <vector>

namespace vw {

// What a start-up log tells. The ids are those of the files and of the JSON.
namespace metric {
inline constexpr const char* weights = "model_loading_gib";        // per GPU
inline constexpr const char* kv_available = "available_kv_gib";    // per GPU
inline constexpr const char* kv_tokens = "kv_cache_tokens";        // as the release counts them
inline constexpr const char* concurrency = "max_concurrency";      // sequences of the full context
inline constexpr const char* context = "estimated_max_model_len";  // tokens
inline constexpr const char* starts = "starts";                    // 1, or 0 for a refusal
}  // namespace metric
const std::vector<std::string>& all_metrics();

struct ObservedRow {
  std::string id;
  std::string source;     // rows of one source share one unit of weight
  Request request;        // exactly as it was run; the model is the one whose config.json counts
  std::string stored_as;  // format of the weights that ran where that config says 16 bit; empty: 16 bit
  std::map<std::string, double> observed;  // by metric
  std::string skip;                        // why it is not scored, empty: it is
};

// Reads a file of start-ups in our own format (tests/validation/README.md) or in JSON lines, one start-up a line. Which
// one it is, the text tells. Throws vw::Error naming file and line, or file and path.
std::vector<ObservedRow> read_observed_rows(const std::string& text, const std::string& path);

// The two formats.
std::vector<ObservedRow> read_startups(const Json& file, const std::string& path);
std::vector<ObservedRow> read_startup_lines(const std::string& text, const std::string& path);

}  // namespace vw

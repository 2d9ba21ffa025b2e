#include "audit/observed_row.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace vw {
namespace {

// Whether the first line that says something is a whole start-up, so that the others are, too.
bool is_lines(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string::npos) return false;
  const std::size_t end = std::min(text.find('\n', begin), text.size());
  const Json first = Json::parse(text.substr(begin, end - begin), nullptr, false);
  return first.is_object() && !first.contains("startups");
}

}  // namespace

const std::vector<std::string>& all_metrics() {
  static const std::vector<std::string> metrics = {metric::weights,     metric::kv_available, metric::kv_tokens,
                                                   metric::concurrency, metric::context,      metric::starts};
  return metrics;
}

std::vector<ObservedRow> read_observed_rows(const std::string& text, const std::string& path) {
  std::vector<ObservedRow> rows = is_lines(text) || path.ends_with(".jsonl")
                                      ? read_startup_lines(text, path)
                                      : read_startups(parse_json(text, path), path);
  std::vector<std::string> ids;
  for (const ObservedRow& row : rows) ids.push_back(row.id);
  std::sort(ids.begin(), ids.end());
  const auto twice = std::adjacent_find(ids.begin(), ids.end());
  if (twice != ids.end()) throw Error(path, "has two start-ups with the id " + quote(*twice) + ", expected one");
  return rows;
}

}  // namespace vw

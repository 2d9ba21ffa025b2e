// search: which rows are wanted, which are better, and the best of them.
#pragma once

#include "search/row.hpp"

#include <limits>
#include <string>
#include <vector>

namespace vw {

// Limits on what a row may be; a row that does not say a limited figure is not wanted.
struct Filters {
  bool fits = false;
  std::optional<double> max_ttft_ms, max_tpot_ms, max_usd_per_hour;

  bool accept(bool row_fits, const Figures& figures) const;
};

// What rows may be sorted by.
struct SortKey {
  const char* name;
  const char* title;  // "the best 50 by <title>"
  FigureOf value;
  bool largest_first;
};
const std::vector<SortKey>& sort_keys();
// Throws vw::Error with did-you-mean.
const SortKey& find_sort_key(const std::string& name);

// A row in its place: what fits before what does not, then by the key, rows that do not say it last, then by index.
struct Ranked {
  Row row;
  Figures figures;
  double key = 0;  // smaller is better

  bool is_before(const Ranked& other) const;
};

// Smaller is better; infinite for figures that are not said.
double rank_of(const Figures& figures, const SortKey& key);

// The best rows, whatever the order in which they come.
class BestRows {
 public:
  explicit BestRows(std::size_t most) : most_(most) {}
  // Whether a row of this standing would be among them.
  bool takes(bool fits, double key, std::uint64_t index) const;
  void add(Ranked row);
  void add(BestRows&& other);
  std::vector<Ranked> sorted() &&;

 private:
  std::size_t most_;
  std::vector<Ranked> heap_;  // the worst first
};

}  // namespace vw

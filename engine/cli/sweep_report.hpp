// cli: what `sweep` prints: the table and the JSON.
#pragma once

#include "search/findings.hpp"

#include <string>
#include <vector>

namespace vw::cli {

struct Swept {
  Wanted wanted;
  std::string model;
  Progressed counts;
  std::uint64_t accepted = 0, accepted_fitting = 0;
  std::vector<Ranked> best, front;

  bool is_on_front(const Ranked& row) const;
};

std::string sweep_table(const Swept& swept);
Json sweep_json(const Swept& swept);
// One row, with whether it is on the front.
Json sweep_row_json(const Swept& swept, const Ranked& row);
std::string sweep_csv(const Swept& swept);

}  // namespace vw::cli

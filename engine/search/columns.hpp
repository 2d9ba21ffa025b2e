// search: what a row says, by the names that `plan --json` has for it. Tables, CSV and JSON come from this one list.
#pragma once

#include "search/rank.hpp"

#include <string>
#include <vector>

namespace vw {

struct Column {
  const char* name;
  const char* heading;  // in a table; empty: not shown there
  int decimals;         // of numbers in a table
  bool is_setting;      // what was chosen; else what came of it
  Json (*value)(const Ranked& ranked);
};
const std::vector<Column>& columns();

Json to_json(const Ranked& row);

// RFC 4180: a line without its end; fields with commas, quotes or line breaks are quoted, null is empty.
std::string csv_line(const std::vector<Json>& fields);
std::string csv_header();
std::string csv_row(const Ranked& row);

}  // namespace vw

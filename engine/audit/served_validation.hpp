// audit: predictions of speed held against servers that were measured.
#pragma once

#include "audit/served_row.hpp"
#include "audit/validation.hpp"

namespace vw {

struct ServedBench {
  const Catalog& catalog;
  const Defaults& defaults;
  const Part& memory_model;
  const Part& heuristic;
  const Files& files;
  std::string models_folder;  // as in Bench
};

struct ServedValidation {
  std::vector<Score> scores;  // in the order of the rows
  std::vector<Skipped> skipped;
  std::map<std::string, const ServedRow*> rows;  // scored ones by id; they are the caller's
};

// Every row exactly as it ran, weights as the row says they were stored. What cannot be planned is skipped with the
// reason.
ServedValidation validate_served(const ServedBench& bench, const std::vector<ServedRow>& rows);

// "ORG--NAME" of the models folder where it is there, else the model as it is called.
std::string place_of_model(const Files& files, const std::string& models_folder, const std::string& model);

}  // namespace vw

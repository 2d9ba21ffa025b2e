// facts: how much memory a card has in three places: on its label, in the driver's tool, and in CUDA, whose total vLLM
// multiplies by the utilization. What gpu-db does not say of a card follows from the rules in gpu-db/totals.json.
#pragma once

#include "facts/gpu.hpp"

#include <string>
#include <vector>

namespace vw {

// One total and how it is known.
struct MemoryTotal {
  double mib = 0;         // 0: not known
  std::string grade;      // of gpu-db (README.md there), or derived, guessed, detected, given
  std::string source;     // for people
  double spread_mib = 0;  // how far off it may be, either way
};

struct MemoryTotals {
  MemoryTotal visible, cuda;
  bool is_setting = false;      // the machine's firmware or kernel decides
  double held_mib = 0;          // unified memory: by the operating system and other programs
  double most_utilization = 1;  // unified memory: above it the server may find too little free
};

class TotalRules {
 public:
  explicit TotalRules(const Catalog& catalog);
  TotalRules(std::shared_ptr<const Json> table, std::string where);

  // What the card's entry says, else what the first rule that fits gives. Throws vw::Error for a broken rule.
  MemoryTotals of(const Gpu& gpu) const;
  // The driver of this machine prints `driver_mib`; of unified memory others hold `used_mib`.
  MemoryTotals detected(const Gpu& gpu, double driver_mib, double used_mib) const;
  // The user says all three (--vram-gb).
  MemoryTotals given(const Gpu& gpu, double mib) const;
  // Reads every rule. Throws vw::Error for the first that is broken.
  void check() const;

 private:
  JsonReader rules() const { return {*table_, where_}; }
  double spread_of(const std::string& grade) const;
  MemoryTotal visible_of(const Gpu& gpu, bool& is_setting) const;
  MemoryTotal cuda_of(const Gpu& gpu, const MemoryTotal& visible) const;
  void share(const Gpu& gpu, MemoryTotals& totals) const;

  std::shared_ptr<const Json> table_;
  std::string where_;
};

// Writes both totals with their grades into a card's JSON.
void put_totals(const MemoryTotals& totals, Json& card);

// Grades that an entry of gpu-db may give, and its README explains.
const std::vector<std::string>& visible_grades();
const std::vector<std::string>& cuda_grades();

}  // namespace vw

// A candidate becomes a layout, a load and an answer. Layouts are kept for the neighbours of a candidate.
#pragma once

#include "serving.hpp"

#include <array>
#include <deque>

namespace roofline {

// What does not depend on lengths and load.
struct Prepared {
  std::array<std::uint32_t, 8> key{};
  std::uint64_t number = 0;  // of all that were ever made
  std::string obstacle;      // why there is no answer; empty: there is one
  Layout layout;
  std::unique_ptr<const Step> step, draft;
  std::unique_ptr<const Server> server;
  double default_sequences = 0, default_batched_tokens = 0;
  std::string spread_name;
  Spread spread;
};

// A load that was answered.
struct Answered {
  std::uint64_t prepared = 0;  // its number
  Load load;
  vw_perf perf{};
};

// Mean lengths of a run; those of the candidate where they are 0.
struct Lengths {
  double prompt_tokens = 0, generated_tokens = 0;
};

class Estimator {
 public:
  explicit Estimator(Settings settings) : settings_(std::move(settings)) {}

  vw_perf estimate(const vw_candidate& candidate, const vw_memory& memory) const;
  const Prepared& prepare(const vw_candidate& candidate) const;
  Load load_of(const vw_candidate& candidate, const vw_memory& memory, const Lengths& lengths) const;
  const Settings& settings() const { return settings_; }

 private:
  vw_perf answer(const Prepared& prepared, const Load& load) const;
  std::unique_ptr<Prepared> make(const vw_candidate& candidate) const;
  void use_spread(const std::string& name, Prepared& prepared) const;
  void name_spread(const Gpu& gpu, Prepared& prepared) const;
  Drafting drafting(const LayoutQuestion& question, Prepared& prepared) const;

  Settings settings_;
  mutable std::deque<std::unique_ptr<const Prepared>> prepared_;
  mutable std::uint64_t made_ = 0;
  // A search asks for the same load with several contexts: those that hold it have the same answer.
  static constexpr std::size_t answers = 256;
  mutable std::array<Answered, answers> answered_;
};

}  // namespace roofline

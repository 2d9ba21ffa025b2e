// search: judges blocks of combinations, each as `plan` judges the same options. A worker owns one.
#pragma once

#include "plan/batch_limits.hpp"
#include "plan/judge.hpp"
#include "search/row.hpp"
#include "search/shared_judges.hpp"

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace vw {

// The rows of a block, those left out that no server would take: requests longer than their context.
class JudgedBlock {
 public:
  std::size_t rows() const { return places_.size(); }
  std::size_t fitting() const { return fitting_.size(); }
  std::uint64_t left_out() const { return left_out_; }
  bool fits(std::size_t row) const { return position_[row] >= 0; }
  std::uint64_t index(std::size_t row) const { return indices_[row]; }
  RowView view(std::size_t row) const;
  Row row(std::size_t row) const;

 private:
  friend class BlockJudge;
  std::shared_ptr<const Lane> lane_;
  std::vector<std::uint64_t> indices_;
  std::vector<Place> places_;
  std::vector<vw_candidate> candidates_;
  std::vector<vw_memory> memory_;
  std::vector<std::int32_t> position_;  // among the fitting, -1: it does not fit
  std::vector<std::size_t> fitting_;    // rows
  std::vector<vw_candidate> running_;
  std::vector<vw_memory> running_memory_;
  std::vector<vw_perf> perf_;
  std::uint64_t left_out_ = 0;
};

class BlockJudge {
 public:
  BlockJudge(const Space& space, const Lanes& lanes, OpenJudges open);

  // Valid until the next call. Throws vw::Error where a part fails.
  const JudgedBlock& judge(const Block& block);

 private:
  void enter(std::size_t lane);
  const Scenario& scenario() const { return block_.lane_->scenario; }
  Scenario& scenario_of(const Place& place);
  void list(const Block& block);
  vw_candidate candidate_of(const Place& place) const;
  std::int64_t requested_context(const Place& place) const;
  vw_candidate usual_candidate(const Place& place) const;
  vw_candidate planned_candidate(const Place& place);
  void judge_memory();
  void judge_runs();
  void judge_others();
  void take_less();
  void start_running();
  vw_candidate running_candidate_of(std::size_t row);
  void judge_running();

  const Space& space_;
  const Lanes& lanes_;
  SharedJudges shared_;
  std::optional<std::size_t> lane_number_;
  Judges* judges_ = nullptr;        // of this lane
  std::optional<Scenario> varied_;  // the lane's, its request as a row has it; made when a row needs it
  BatchRule batch_rule_;
  vw_candidate base_{};
  // What of some rows is judged in another way.
  std::vector<std::size_t> others_;  // rows; of what runs: positions
  std::vector<vw_candidate> other_;
  std::vector<vw_memory> other_memory_;
  JudgedBlock block_;
};

}  // namespace vw

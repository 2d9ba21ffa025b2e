// cli: what `watch` looks at: a server through its probe, cards through their detector.
#pragma once

#include "cli/workspace.hpp"
#include "facts/defaults.hpp"
#include "parts/part.hpp"
#include "watch/view.hpp"

#include <optional>
#include <string>

namespace vw::cli {

// The cards of this machine.
class CardMeter {
 public:
  CardMeter(const Workspace& workspace, std::string detector) : workspace_(workspace), only_(std::move(detector)) {}

  // Fills `cards`, or `cards_problem`. Throws vw::Error for a detector that does not exist.
  void read(Look& look);

 private:
  bool read_usage(Look& look);

  const Workspace& workspace_;
  std::string only_;  // empty: the first that finds cards
  std::optional<Instance> detector_;
};

class WatchedServer {
 public:
  // `url` as the user wrote it. Throws vw::Error when there is no such probe.
  WatchedServer(const Workspace& workspace, const Arguments& arguments, const WatchRules& rules, std::string url);

  // One look, without its time. Whatever the server does is a value; vw::Error is for a URL that is none, and for
  // parts that break their rules. `model`: of the plan, or empty.
  Look look(const std::string& model);
  const ServerFacts& facts() const noexcept { return facts_; }

 private:
  void describe();
  bool sees_cards() const { return is_local_ || is_detector_given_; }

  Instance probe_;
  std::string where_, url_;
  MetricNames names_;
  CardMeter cards_;
  ServerFacts facts_;
  bool is_local_ = false, is_detector_given_ = false, is_described_ = false;
};

}  // namespace vw::cli

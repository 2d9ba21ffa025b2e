// Looks at servers that a test makes up.
#pragma once

#include "watch/view.hpp"

#include <limits>
#include <map>
#include <string>

namespace vw::test {

inline constexpr double inf = std::numeric_limits<double>::infinity();

// The thresholds of scripts/defaults.lua as they are meant; tests may bend them.
inline WatchRules watch_rules() {
  WatchRules rules;
  rules.probe = "none";
  rules.kv_cache_share = 0.9;
  rules.waiting_s = 30;
  rules.least_requests = 5;
  rules.latency_factor = 1.5;
  rules.memory_slack_gib = 0.5;
  rules.growth_samples = 6;
  rules.growth_mib = 256;
  rules.growth_fit = 0.8;
  return rules;
}

// One engine.
inline Look look(double at_s, const std::map<std::string, double>& numbers) {
  Look made;
  made.at_s = at_s;
  for (const auto& [key, value] : numbers) made.numbers[key] = {{"engine='0',", value}};
  return made;
}

inline Look with_card(Look look, double used_mib) {
  look.cards = {{0, "card", 24564.0, used_mib, std::nullopt}};
  return look;
}

inline History history(const std::vector<Look>& looks, double window_s = 60) {
  History made(window_s);
  for (const Look& one : looks) made.add(one);
  return made;
}

inline View view(const std::vector<Look>& looks, const PlannedServer* plan = nullptr, double window_s = 60) {
  return make_view(history(looks, window_s), {}, plan, watch_rules());
}

inline std::vector<std::string> ids(const View& view) {
  std::vector<std::string> found;
  for (const Warning& warning : view.warnings) found.push_back(warning.id);
  return found;
}

}  // namespace vw::test

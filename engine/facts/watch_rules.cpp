#include "facts/watch_rules.hpp"

namespace vw {

WatchRules read_watch_rules(const Catalog& catalog) {
  const auto table = catalog.table(table_kind::defaults, "defaults");
  const JsonReader json = JsonReader(*table, "scripts/defaults.lua").at("watch");
  constexpr double most = 1e9;
  WatchRules rules;
  rules.probe = json.at("probe").string();
  rules.kv_cache_share = json.at("kv_cache_share").number(0, 1);
  rules.waiting_s = json.at("waiting_s").number(0, most);
  rules.least_requests = json.at("least_requests").number(0, most);
  rules.latency_factor = json.at("latency_factor").number(1, most);
  rules.memory_slack_gib = json.at("memory_slack_gib").number(0, most);
  rules.growth_samples = static_cast<std::size_t>(json.at("growth_samples").integer(3, 1000000));
  rules.growth_mib = json.at("growth_mib").number(0, most);
  rules.growth_fit = json.at("growth_fit").number(0, 1);
  return rules;
}

}  // namespace vw

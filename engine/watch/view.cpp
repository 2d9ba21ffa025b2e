#include "watch/view.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace vw {
namespace {

// Time stamps of one start are the same to the last digit; half a second is between any two starts.
bool has_restarted(const Look& before, const Look& after) {
  const auto old = before.total("started"), now = after.total("started");
  return old && now && std::abs(*now - *old) > 0.5;
}

bool fell(const Look& before, const Look& after) {
  for (const char* key : {"prompt_tokens", "generated_tokens", "finished", "preemptions"}) {
    const Series *old = before.find(key), *now = after.find(key);
    if (old == nullptr || now == nullptr) continue;
    for (const auto& [labels, value] : *now)
      if (const auto was = old->find(labels); was != old->end() && value < was->second) return true;
  }
  return false;
}

// Looks at a server that answered, and what happened between them.
class Window {
 public:
  explicit Window(const std::vector<Look>& looks) : looks_(looks) {
    for (std::size_t i = 1; i < looks.size(); ++i)
      if (has_restarted(looks[i - 1], looks[i]) || fell(looks[i - 1], looks[i])) restarts_.insert(i);
  }

  double seconds() const { return looks_.empty() ? 0 : looks_.back().at_s - looks_.front().at_s; }
  std::size_t restarts() const { return restarts_.size(); }

  // Empty where no two looks saw it.
  std::optional<double> increase(const std::string& key) const {
    std::optional<double> sum;
    for (std::size_t i = 1; i < looks_.size(); ++i) {
      const Series *before = looks_[i - 1].find(key), *after = looks_[i].find(key);
      if (before == nullptr || after == nullptr) continue;
      sum = sum.value_or(0) + increase_of(*before, *after, restarts_.contains(i));
    }
    return sum;
  }

  std::optional<double> per_s(const std::string& key) const {
    const auto gained = increase(key);
    return gained && seconds() > 0 ? std::optional(*gained / seconds()) : std::nullopt;
  }

  Histogram observed(const std::string& key) const {
    Histogram all;
    for (std::size_t i = 1; i < looks_.size(); ++i) {
      const Histograms *before = looks_[i - 1].find_histograms(key), *after = looks_[i].find_histograms(key);
      if (before != nullptr && after != nullptr) all += increase_of(*before, *after, restarts_.contains(i));
    }
    return all;
  }

  Latency latency(const std::string& key) const {
    constexpr double ms_per_s = 1000;
    Latency latency;
    Histogram histogram = observed(key);
    if (histogram.is_empty() && !looks_.empty()) {
      if (const Histograms* all = looks_.back().find_histograms(key)) histogram = sum_of(*all);
      latency.is_since_start = !histogram.is_empty();
    }
    latency.requests = histogram.count;
    if (const auto mean_s = histogram.mean()) latency.mean_ms = *mean_s * ms_per_s;
    for (std::size_t i = 0; i < shown_quantiles.size(); ++i)
      if (const auto seconds = quantile_of(histogram, shown_quantiles[i]))
        latency.quantiles_ms[i] =
            Quantile{seconds->value * ms_per_s, seconds->is_floor, seconds->first_bound * ms_per_s};
    return latency;
  }

 private:
  const std::vector<Look>& looks_;
  std::set<std::size_t> restarts_;  // by the look after
};

std::optional<double> fullest(const Series* shares) {
  if (shares == nullptr || shares->empty()) return std::nullopt;
  double most = 0;
  for (const auto& [labels, share] : *shares) most = std::max(most, share);
  return std::min(most, 1.0);
}

std::optional<double> smallest_cache(const std::vector<ServedCache>& caches) {
  std::optional<double> least;
  for (const ServedCache& cache : caches)
    if (const auto tokens = cache.tokens(); tokens && *tokens > 0) least = std::min(least.value_or(*tokens), *tokens);
  return least;
}

std::optional<double> share_of(std::optional<double> part, std::optional<double> whole) {
  return part && whole && *whole > 0 ? std::optional(std::min(*part / *whole, 1.0)) : std::nullopt;
}

std::vector<Growth> steady_growth(const History& history, const WatchRules& rules) {
  std::vector<Growth> found;
  for (const auto& [card, points] : history.memory_mib()) {
    const auto trend = trend_of(points);
    if (!trend || points.size() < rules.growth_samples || trend->fit < rules.growth_fit) continue;
    const double over_s = points.back().at_s - points.front().at_s;
    if (const double mib = trend->per_s * over_s; mib >= rules.growth_mib) found.push_back({card, mib, over_s});
  }
  return found;
}

void fill_from_page(const Look& look, View& view) {
  view.running = look.total("running");
  view.waiting = look.total("waiting");
  view.cache_share = fullest(look.find("cache"));
  view.cache_tokens = smallest_cache(look.caches);
  const Series* running = look.find("running");
  view.engines = std::max(look.caches.size(), running == nullptr ? 0 : running->size());
}

void fill_from_window(const Window& window, View& view) {
  view.window_s = window.seconds();
  view.restarts = window.restarts();
  view.preemptions = window.increase("preemptions");
  view.requests_per_s = window.per_s("finished");
  view.prompt_tokens_per_s = window.per_s("prompt_tokens");
  view.generated_tokens_per_s = window.per_s("generated_tokens");
  view.prefix_hit_share = share_of(window.increase("prefix_hits"), window.increase("prefix_queries"));
  view.first_token = window.latency("first_token");
  view.token = window.latency("token_time");
  view.whole_request = window.latency("whole_request");
  view.queue = window.latency("queue_time");
}

}  // namespace

View make_view(const History& history, const ServerFacts& facts, const PlannedServer* plan, const WatchRules& rules) {
  View view;
  view.looks = history.looks();
  view.unanswered = history.unanswered();
  view.cards = history.latest().cards;
  view.growth = steady_growth(history, rules);
  view.has_server = history.latest().has_server();
  if (view.has_server && !history.window().empty()) {
    fill_from_page(history.latest(), view);
    fill_from_window(Window(history.window()), view);
  }
  view.warnings = warnings_of(view, history, facts, plan, rules);
  return view;
}

}  // namespace vw

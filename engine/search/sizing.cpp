#include "search/sizing.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <tuple>

namespace vw {
namespace {

constexpr double unknown = std::numeric_limits<double>::infinity();

double latency_of(const Fleet& fleet) { return fleet.row.figures.latency_ms.value_or(unknown); }
double cost_of(const Fleet& fleet) { return fleet.usd_per_hour().value_or(unknown); }

Shortlist::Standing by_cost_of(const Fleet& fleet) {
  return {cost_of(fleet), fleet.gpus(), latency_of(fleet), fleet.row.row.index};
}
Shortlist::Standing by_gpus_of(const Fleet& fleet) {
  return {fleet.gpus(), cost_of(fleet), latency_of(fleet), fleet.row.row.index};
}
Shortlist::Standing by_latency_of(const Fleet& fleet) {
  return {latency_of(fleet), fleet.gpus(), cost_of(fleet), fleet.row.row.index};
}
auto by_replicas(const Fleet& fleet) { return std::tuple(fleet.replicas, latency_of(fleet), fleet.row.row.index); }

template <class Order>
void keep_better(std::optional<Fleet>& kept, const Fleet& fleet, Order order) {
  if (!kept || order(fleet) < order(*kept)) kept = fleet;
}

// Of as many replicas each, those for fewest users, for twice as many and for most: the first are the fastest, the
// others have room for requests that come together.
Way tried_of(Way fleets) {
  const auto users = [](const Fleet& fleet) { return fleet.row.row.place.concurrency; };
  const auto order = [&](const Fleet& fleet) { return std::tuple(fleet.replicas, users(fleet)); };
  std::sort(fleets.begin(), fleets.end(), [&](const Fleet& a, const Fleet& b) { return order(a) < order(b); });
  Way tried;
  for (std::size_t begin = 0, end = 0; begin < fleets.size(); begin = end) {
    while (end < fleets.size() && fleets[end].replicas == fleets[begin].replicas) ++end;
    const std::int64_t fewest = users(fleets[begin]);
    std::int64_t last = 0;
    for (std::size_t i = begin; i < end; ++i) {
      const bool is_twice = last < 2 * fewest && users(fleets[i]) >= 2 * fewest;
      if (i != begin && !is_twice && i + 1 != end) continue;
      last = users(fleets[i]);
      tried.push_back(fleets[i]);
    }
  }
  return tried;
}

}  // namespace

bool meets(const Target& target, const Fleet& fleet) {
  const auto limits = measured(target, fleet);
  const std::size_t asked =
      (target.max_ttft_ms ? 1U : 0U) + (target.max_tpot_ms ? 1U : 0U) + (target.max_usd_per_hour ? 1U : 0U);
  return limits.size() == asked &&
         std::all_of(limits.begin(), limits.end(), [](const Measured& one) { return one.value <= one.limit; });
}

void Shortlist::add(const Way& way) {
  const auto is_before = [this](const Way& one, const Way& other) {
    return standing(one.front()) < standing(other.front());
  };
  ways.insert(std::upper_bound(ways.begin(), ways.end(), way, is_before), way);
  if (ways.size() <= most) return;
  ways.pop_back();
  is_cut = true;
}

Shortlists::Shortlists() : by_cost{by_cost_of}, by_gpus{by_gpus_of}, by_latency{by_latency_of} {}

std::vector<std::int64_t> concurrencies_for(const Target& target) {
  std::vector<std::int64_t> values;
  if (target.concurrency > 0) {
    for (std::int64_t replicas = 1; replicas <= std::min(target.concurrency, most_replicas); ++replicas) {
      const std::int64_t users = (target.concurrency + replicas - 1) / replicas;
      if (values.empty() || users < values.back()) values.push_back(users);
    }
    return values;
  }
  constexpr std::int64_t most_users = 1024;
  constexpr double ratio = 1.1;  // steps of a tenth: finer than the estimate is
  for (std::int64_t users = 1; users <= most_users;
       users = std::max(users + 1, static_cast<std::int64_t>(static_cast<double>(users) * ratio)))
    values.push_back(users);
  return values;
}

std::optional<double> Fleet::usd_per_hour() const {
  if (!row.figures.usd_per_hour) return std::nullopt;
  return *row.figures.usd_per_hour * static_cast<double>(replicas);
}

std::optional<double> Fleet::usd_per_million_tokens(const Target& target) const {
  if (target.concurrency > 0) return row.figures.usd_per_million_tokens;
  constexpr double seconds_per_hour = 3600, million = 1e6;
  const double tokens_per_hour =
      target.requests_per_s * static_cast<double>(row.row.place.generated_tokens) * seconds_per_hour;
  const auto usd = usd_per_hour();
  return usd ? std::optional(*usd / tokens_per_hour * million) : std::nullopt;
}

std::vector<Measured> measured(const Target& target, const Fleet& fleet) {
  std::vector<Measured> found;
  const bool is_replayed = !target.is_of_mean() && !fleet.simulated.is_null();
  const auto add_latency = [&](const char* option, const char* metric, std::optional<double> ms,
                               const std::optional<double>& limit) {
    if (is_replayed) ms = fleet.simulated.at(metric).at(target.limits_at).get<double>();
    if (ms && limit) found.push_back({option, *ms, *limit, is_replayed ? target.limits_at : "mean"});
  };
  add_latency("--max-ttft-ms", "ttft_ms", fleet.row.figures.ttft_ms, target.max_ttft_ms);
  add_latency("--max-tpot-ms", "tpot_ms", fleet.row.figures.tpot_ms, target.max_tpot_ms);
  if (const auto usd = fleet.usd_per_hour(); usd && target.max_usd_per_hour)
    found.push_back({"--max-usd-per-hour", *usd, *target.max_usd_per_hour, ""});
  return found;
}

std::optional<Measured> tightest(const Target& target, const Fleet& fleet) {
  const std::vector<Measured> limits = measured(target, fleet);
  if (limits.empty()) return std::nullopt;
  return *std::max_element(limits.begin(), limits.end(),
                           [](const Measured& a, const Measured& b) { return a.ratio() < b.ratio(); });
}

std::optional<std::int64_t> Sizing::replicas_of(const Ranked& row) const {
  const double wanted = target_.concurrency > 0 ? static_cast<double>(target_.concurrency) : target_.requests_per_s;
  const double served =
      target_.concurrency > 0 ? static_cast<double>(row.row.place.concurrency) : row.figures.requests_per_s.value_or(0);
  if (served <= 0 || wanted / served > static_cast<double>(most_replicas)) return std::nullopt;
  return static_cast<std::int64_t>(std::ceil(wanted / served));
}

void Sizing::look_at(const JudgedBlock& block) {
  for (std::size_t i = 0; i < block.rows(); ++i) look_at({block.row(i), figures_of(block.view(i)), 0});
}

void Sizing::look_at(Ranked row) {
  if (row.row.weights().is_missing || !row.row.lane->obstacle_of(row.row.place).empty()) return;
  if (!row.row.fits) return lack(row);
  has_fitting = true;
  says_speed |= target_.concurrency > 0 || row.figures.requests_per_s.has_value();
  const auto replicas = replicas_of(row);
  if (!replicas) return;
  const std::uint64_t group = row.row.index / concurrencies_;
  Fleet fleet{std::move(row), *replicas};
  if (meets(target_, fleet))
    put(group, std::move(fleet));
  else
    miss(fleet);
}

void Sizing::put(std::uint64_t group, Fleet fleet) {
  if (groups_.empty() || groups_.back().number != group) groups_.push_back({group, {}});
  Way& fleets = groups_.back().fleets;
  if (fleets.empty() || !target_.is_of_mean())
    fleets.push_back(std::move(fleet));
  else if (by_replicas(fleet) < by_replicas(fleets.front()))
    fleets.front() = std::move(fleet);
}

void Sizing::miss(const Fleet& fleet) {
  const auto ratio = [&](const Fleet& one) {
    const auto limit = tightest(target_, one);
    return std::tuple(limit ? limit->ratio() : unknown, one.gpus(), one.row.row.index);
  };
  if (!nearest || ratio(fleet) < ratio(*nearest)) nearest = fleet;
}

void Sizing::lack(const Ranked& row) {
  const auto order = [](const Ranked& one) { return std::tuple(-one.figures.headroom_bytes, one.row.index); };
  if (!least_short || order(row) < order(*least_short)) least_short = row;
}

void Sizing::close(Group group) {
  const bool has_price = group.fleets.front().usd_per_hour().has_value();
  ++solutions;
  if (!has_price) ++unpriced;
  if (target_.is_of_mean()) {
    const Fleet& fleet = group.fleets.front();
    if (has_price) keep_better(cheapest, fleet, by_cost_of);
    keep_better(fewest_gpus, fleet, by_gpus_of);
    keep_better(fastest, fleet, by_latency_of);
    return;
  }
  const Way way = tried_of(std::move(group.fleets));
  if (has_price) shortlists.by_cost.add(way);
  shortlists.by_gpus.add(way);
  shortlists.by_latency.add(way);
}

void Sizing::add(Sizing&& later) {
  for (Group& group : later.groups_)
    for (Fleet& fleet : group.fleets) put(group.number, std::move(fleet));
  if (later.nearest) miss(*later.nearest);
  if (later.least_short) lack(*later.least_short);
  has_fitting |= later.has_fitting;
  says_speed |= later.says_speed;
  // only the last group may go on in the next block
  while (groups_.size() > 1) {
    close(std::move(groups_.front()));
    groups_.erase(groups_.begin());
  }
}

void Sizing::finish() {
  for (Group& group : groups_) close(std::move(group));
  groups_.clear();
}

Digest gather_into(Sizing& sizing, const Target& target, std::size_t concurrencies) {
  return [&sizing, target, concurrencies](const JudgedBlock& block) -> Merge {
    const auto found = std::make_shared<Sizing>(target, concurrencies);
    found->look_at(block);
    return [&sizing, found] { sizing.add(std::move(*found)); };
  };
}

}  // namespace vw

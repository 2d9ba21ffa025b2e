#include "search/sizing.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <tuple>

namespace vw {
namespace {

constexpr std::int64_t most_replicas = 1024;
constexpr double unknown = std::numeric_limits<double>::infinity();

double latency_of(const Fleet& fleet) { return fleet.row.figures.latency_ms.value_or(unknown); }
double cost_of(const Fleet& fleet) { return fleet.usd_per_hour().value_or(unknown); }

auto by_cost(const Fleet& fleet) {
  return std::tuple(cost_of(fleet), fleet.gpus(), latency_of(fleet), fleet.row.row.index);
}
auto by_gpus(const Fleet& fleet) {
  return std::tuple(fleet.gpus(), cost_of(fleet), latency_of(fleet), fleet.row.row.index);
}
auto by_latency(const Fleet& fleet) {
  return std::tuple(latency_of(fleet), fleet.gpus(), cost_of(fleet), fleet.row.row.index);
}
auto by_replicas(const Fleet& fleet) { return std::tuple(fleet.replicas, latency_of(fleet), fleet.row.row.index); }

template <class Order>
void keep_better(std::optional<Fleet>& kept, const Fleet& fleet, Order order) {
  if (!kept || order(fleet) < order(*kept)) kept = fleet;
}

bool meets(const Target& target, const Fleet& fleet) {
  const auto limits = measured(target, fleet);
  const std::size_t asked =
      (target.max_ttft_ms ? 1U : 0U) + (target.max_tpot_ms ? 1U : 0U) + (target.max_usd_per_hour ? 1U : 0U);
  return limits.size() == asked &&
         std::all_of(limits.begin(), limits.end(), [](const Measured& one) { return one.value <= one.limit; });
}

}  // namespace

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
  const auto add = [&](const char* option, const std::optional<double>& value, const std::optional<double>& limit) {
    if (value && limit) found.push_back({option, *value, *limit});
  };
  add("--max-ttft-ms", fleet.row.figures.ttft_ms, target.max_ttft_ms);
  add("--max-tpot-ms", fleet.row.figures.tpot_ms, target.max_tpot_ms);
  add("--max-usd-per-hour", fleet.usd_per_hour(), target.max_usd_per_hour);
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
    put({group, std::move(fleet)});
  else
    miss(fleet);
}

void Sizing::put(Group group) {
  if (groups_.empty() || groups_.back().number != group.number)
    groups_.push_back(std::move(group));
  else if (by_replicas(group.fleet) < by_replicas(groups_.back().fleet))
    groups_.back() = std::move(group);
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

void Sizing::close(const Fleet& fleet) {
  ++solutions;
  if (!fleet.usd_per_hour()) ++unpriced;
  if (fleet.usd_per_hour()) keep_better(cheapest, fleet, by_cost);
  keep_better(fewest_gpus, fleet, by_gpus);
  keep_better(fastest, fleet, by_latency);
}

void Sizing::add(Sizing&& later) {
  for (Group& group : later.groups_) put(std::move(group));
  if (later.nearest) miss(*later.nearest);
  if (later.least_short) lack(*later.least_short);
  has_fitting |= later.has_fitting;
  says_speed |= later.says_speed;
  // only the last group may go on in the next block
  while (groups_.size() > 1) {
    close(groups_.front().fleet);
    groups_.erase(groups_.begin());
  }
}

void Sizing::finish() {
  for (const Group& group : groups_) close(group.fleet);
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

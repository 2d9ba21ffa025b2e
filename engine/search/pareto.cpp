#include "search/pareto.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace vw {
namespace {

double turned(double value, bool more_is_better) { return more_is_better ? value : -value; }

}  // namespace

const std::vector<Tradeoff>& tradeoffs() {
  static const std::vector<Tradeoff> known = {
      {"throughput", "output tokens/s per GPU", "tokens/s of one user",
       figure_of<&Figures::output_tokens_per_s_per_gpu>, figure_of<&Figures::user_tokens_per_s>, true, true},
      {"cost", "USD per million output tokens", "time of a request, ms", figure_of<&Figures::usd_per_million_tokens>,
       figure_of<&Figures::latency_ms>, false, false},
  };
  return known;
}

const Tradeoff& find_tradeoff(const std::string& name) {
  std::vector<std::string> names;
  for (const Tradeoff& tradeoff : tradeoffs()) {
    if (tradeoff.name == name) return tradeoff;
    names.emplace_back(tradeoff.name);
  }
  const std::string near = did_you_mean(name, names);
  throw Error("--pareto", "is " + quote(name) + ", " + (near.empty() ? "expected " + join_or(names) : near));
}

bool Front::is_beaten(double x, double y) const {
  // along the front y grows as x falls: of all with at least this x the last has the largest y
  const auto after = members_.upper_bound(x);
  return after != members_.begin() && std::prev(after)->second.y >= y;
}

void Front::insert(double x, double y, const Ranked& row) {
  if (is_beaten(x, y)) return;
  auto weaker = members_.lower_bound(x);
  while (weaker != members_.end() && weaker->second.y <= y) weaker = members_.erase(weaker);
  members_.emplace(x, Member{y, row});
}

bool Front::takes(const Figures& figures) const {
  const auto x = tradeoff_->x(figures), y = tradeoff_->y(figures);
  return x && y && !is_beaten(turned(*x, tradeoff_->more_x_is_better), turned(*y, tradeoff_->more_y_is_better));
}

void Front::add(const Ranked& row) {
  const auto x = tradeoff_->x(row.figures), y = tradeoff_->y(row.figures);
  if (x && y) insert(turned(*x, tradeoff_->more_x_is_better), turned(*y, tradeoff_->more_y_is_better), row);
}

void Front::add(Front&& other) {
  for (auto& [x, member] : other.members_) insert(x, member.y, member.row);
}

bool Front::has(std::uint64_t index) const {
  return std::any_of(members_.begin(), members_.end(),
                     [&](const auto& member) { return member.second.row.row.index == index; });
}

std::vector<Ranked> Front::rows() const {
  std::vector<Ranked> rows;
  for (const auto& [x, member] : members_) rows.push_back(member.row);
  return rows;
}

}  // namespace vw

#include "watch/series.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace vw {
namespace {

double grown(double before, double after) { return std::max(after < before ? after : after - before, 0.0); }

Histogram increase_of(const Histogram& before, const Histogram& after) {
  Histogram increase;
  increase.count = after.count - before.count;
  increase.sum = std::max(after.sum - before.sum, 0.0);
  for (const auto& [bound, count] : after.up_to) {
    const auto old = before.up_to.find(bound);
    increase.up_to[bound] = std::max(count - (old == before.up_to.end() ? 0.0 : old->second), 0.0);
  }
  return increase;
}

// Counts that never fall from bucket to bucket: parts of a page may be of different moments.
std::vector<std::pair<double, double>> rising(const Histogram& histogram) {
  std::vector<std::pair<double, double>> buckets(histogram.up_to.begin(), histogram.up_to.end());
  for (std::size_t i = 1; i < buckets.size(); ++i)
    buckets[i].second = std::max(buckets[i].second, buckets[i - 1].second);
  return buckets;
}

}  // namespace

double sum_of(const Series& series) {
  double sum = 0;
  for (const auto& [labels, value] : series) sum += value;
  return sum;
}

double increase_of(const Series& before, const Series& after, bool has_restarted) {
  double increase = 0;
  for (const auto& [labels, value] : after) {
    const auto old = before.find(labels);
    increase += grown(old == before.end() || has_restarted ? 0 : old->second, value);
  }
  return increase;
}

std::optional<double> Histogram::mean() const { return is_empty() ? std::nullopt : std::optional(sum / count); }

Histogram& operator+=(Histogram& to, const Histogram& more) {
  for (const auto& [bound, count] : more.up_to) to.up_to[bound] += count;
  to.sum += more.sum;
  to.count += more.count;
  return to;
}

Histogram sum_of(const Histograms& series) {
  Histogram all;
  for (const auto& [labels, one] : series) all += one;
  return all;
}

Histogram increase_of(const Histograms& before, const Histograms& after, bool has_restarted) {
  Histogram all;
  for (const auto& [labels, one] : after) {
    const auto old = before.find(labels);
    const bool is_new = old == before.end() || has_restarted || one.count < old->second.count;
    all += is_new ? one : increase_of(old->second, one);
  }
  return all;
}

std::optional<Quantile> quantile_of(const Histogram& histogram, double q) {
  const auto buckets = rising(histogram);
  if (buckets.size() < 2 || std::isfinite(buckets.back().first) || !(q >= 0 && q <= 1)) return std::nullopt;
  const double observations = buckets.back().second;
  if (!(observations > 0)) return std::nullopt;
  const double rank = q * observations;
  const auto found =
      std::find_if(buckets.begin(), buckets.end() - 1, [&](const auto& bucket) { return bucket.second >= rank; });
  if (found == buckets.end() - 1) return Quantile{(found - 1)->first, true, 0};
  const bool is_first = found == buckets.begin();
  if (is_first && found->first <= 0) return Quantile{found->first, false, 0};
  const double start = is_first ? 0 : (found - 1)->first, below = is_first ? 0 : (found - 1)->second;
  const double inside = found->second - below;
  const double share = inside > 0 ? (rank - below) / inside : 0;  // without any, q is 0
  return Quantile{start + (found->first - start) * share, false, is_first ? found->first : 0};
}

}  // namespace vw

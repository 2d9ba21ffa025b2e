// watch: counters and histograms of a server over time, as Prometheus reads them.
#pragma once

#include <map>
#include <optional>
#include <string>

namespace vw {

// One value for each set of labels: mostly one for each engine of a server.
using Series = std::map<std::string, double>;

double sum_of(const Series& series);

// What counters gained from one look to the next, never negative. A series that fell was begun anew at zero, by a
// server that was restarted; so were all of them where the caller knows of a restart, and those that are new.
double increase_of(const Series& before, const Series& after, bool has_restarted);

// Observations up to a bound, cumulative. The last bound is +Inf.
struct Histogram {
  std::map<double, double> up_to;  // bound -> observations
  double sum = 0, count = 0;

  bool is_empty() const { return !(count > 0); }
  std::optional<double> mean() const;  // empty without observations
};
using Histograms = std::map<std::string, Histogram>;  // by the labels of the series

// Buckets of all series together.
Histogram sum_of(const Histograms& series);
Histogram increase_of(const Histograms& before, const Histograms& after, bool has_restarted);
Histogram& operator+=(Histogram& to, const Histogram& more);

struct Quantile {
  double value = 0;
  bool is_floor = false;   // it lies beyond the last finite bound, which `value` is
  double first_bound = 0;  // it lies in the first bucket, which ends here: all that is known; 0: it does not
};

// What a share q of the observations does not exceed, 0 <= q <= 1: linear inside of a bucket, whose lower end is zero
// for the first one, as histogram_quantile of Prometheus (prometheus/promql/quantile.go: BucketQuantile). Empty without
// observations or without a bucket up to +Inf and a finite one.
std::optional<Quantile> quantile_of(const Histogram& histogram, double q);

}  // namespace vw

// search: the rows that no other row beats in both of two figures.
#pragma once

#include "search/rank.hpp"

#include <map>
#include <string>
#include <vector>

namespace vw {

// Two figures of which one usually costs the other. x and y are turned so that more is better.
struct Tradeoff {
  const char* name;
  const char *x_title, *y_title;  // with units
  FigureOf x, y;
  bool more_x_is_better, more_y_is_better;
};
// throughput: tokens/s per GPU and of one user. cost: USD per million tokens and time of a request.
const std::vector<Tradeoff>& tradeoffs();
// Throws vw::Error with did-you-mean.
const Tradeoff& find_tradeoff(const std::string& name);

// Of rows with equal figures the one that came first stays.
class Front {
 public:
  explicit Front(const Tradeoff& tradeoff) : tradeoff_(&tradeoff) {}
  // Whether a row of these figures would be on it.
  bool takes(const Figures& figures) const;
  void add(const Ranked& row);
  void add(Front&& other);

  const Tradeoff& tradeoff() const noexcept { return *tradeoff_; }
  bool has(std::uint64_t index) const;
  std::vector<Ranked> rows() const;  // by x, the best first

 private:
  struct Member {
    double y = 0;
    Ranked row;
  };
  bool is_beaten(double x, double y) const;
  void insert(double x, double y, const Ranked& row);

  const Tradeoff* tradeoff_;
  std::map<double, Member, std::greater<>> members_;  // by x, so that y grows along it
};

}  // namespace vw

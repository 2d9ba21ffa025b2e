// search: one combination, judged, and the figures that rows are compared by.
#pragma once

#include "search/lane.hpp"

#include <memory>
#include <optional>
#include <string>

namespace vw {

struct Row {
  std::uint64_t index = 0;
  std::shared_ptr<const Lane> lane;
  Place place;
  vw_candidate candidate{};  // as asked for
  vw_memory memory{};        // of it
  bool fits = false;         // the rest is of rows that fit:
  vw_candidate running{};    // what a plan would recommend for these very options
  vw_perf perf{};

  const WeightChoice& weights() const { return lane->scenario.weights[candidate.format]; }
  std::int64_t gpus() const { return std::int64_t{candidate.gpus} * candidate.nodes; }
};

// Absent: the performance heuristic does not say it, or no price is known.
struct Figures {
  double gpus = 0, headroom_bytes = 0;
  std::optional<double> ttft_ms, tpot_ms, latency_ms;  // latency: of a whole request
  std::optional<double> output_tokens_per_s, output_tokens_per_s_per_gpu, user_tokens_per_s, requests_per_s;
  std::optional<double> usd_per_hour, usd_per_million_tokens;  // of generated tokens
};

// A figure as a function, for lists of figures.
using FigureOf = std::optional<double> (*)(const Figures& figures);
template <auto Figures::*figure>
std::optional<double> figure_of(const Figures& figures) {
  return figures.*figure;
}

// A row as it lies in its block.
struct RowView {
  const Lane& lane;
  const Place& place;
  const vw_candidate& candidate;
  const vw_memory& memory;
  const vw_perf* perf;  // null: it does not fit
};

Figures figures_of(const RowView& row);

}  // namespace vw

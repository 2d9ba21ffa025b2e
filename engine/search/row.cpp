#include "search/row.hpp"

#include "plan/plan.hpp"

namespace vw {
namespace {

std::optional<double> told(double value) { return value > 0 ? std::optional(value) : std::nullopt; }

void add_speed(const RowView& row, Figures& figures) {
  if (row.perf == nullptr || row.perf->verdict == VW_UNSUPPORTED) return;
  const vw_perf& perf = *row.perf;
  figures.ttft_ms = told(perf.ttft_ms);
  figures.tpot_ms = told(perf.tpot_ms);
  if (figures.ttft_ms && figures.tpot_ms)
    figures.latency_ms = perf.ttft_ms + perf.tpot_ms * static_cast<double>(row.place.generated_tokens - 1);
  figures.output_tokens_per_s = told(perf.output_tokens_per_s);
  figures.user_tokens_per_s = told(perf.decode_tokens_per_s);
  figures.requests_per_s = told(perf.requests_per_s);
  if (figures.output_tokens_per_s) figures.output_tokens_per_s_per_gpu = perf.output_tokens_per_s / figures.gpus;
}

}  // namespace

Figures figures_of(const RowView& row) {
  constexpr double seconds_per_hour = 3600, million = 1e6;
  Figures figures;
  figures.gpus = static_cast<double>(row.candidate.gpus) * row.candidate.nodes;
  figures.headroom_bytes = over_group(row.candidate, row.memory, row.memory.headroom_bytes);
  add_speed(row, figures);
  if (row.lane.price) figures.usd_per_hour = row.lane.price->usd_per_gpu_hour * figures.gpus;
  if (figures.usd_per_hour && figures.output_tokens_per_s)
    figures.usd_per_million_tokens =
        *figures.usd_per_hour / (*figures.output_tokens_per_s * seconds_per_hour) * million;
  return figures;
}

}  // namespace vw

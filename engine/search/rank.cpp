#include "search/rank.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <tuple>

namespace vw {
namespace {

std::tuple<bool, double, std::uint64_t> standing(bool fits, double key, std::uint64_t index) {
  return {!fits, key, index};
}
auto standing(const Ranked& ranked) { return standing(ranked.row.fits, ranked.key, ranked.row.index); }
bool is_before(const Ranked& left, const Ranked& right) { return left.is_before(right); }

bool is_within(const std::optional<double>& value, const std::optional<double>& limit) {
  return !limit || (value && *value <= *limit);
}

}  // namespace

bool Filters::accept(bool row_fits, const Figures& figures) const {
  return (!fits || row_fits) && is_within(figures.ttft_ms, max_ttft_ms) && is_within(figures.tpot_ms, max_tpot_ms) &&
         is_within(figures.usd_per_hour, max_usd_per_hour);
}

const std::vector<SortKey>& sort_keys() {
  static const std::vector<SortKey> keys = {
      {"throughput-per-gpu", "tokens/s per GPU", figure_of<&Figures::output_tokens_per_s_per_gpu>, true},
      {"throughput", "tokens/s", figure_of<&Figures::output_tokens_per_s>, true},
      {"user-speed", "tokens/s of one user", figure_of<&Figures::user_tokens_per_s>, true},
      {"ttft", "time to first token", figure_of<&Figures::ttft_ms>, false},
      {"tpot", "time per output token", figure_of<&Figures::tpot_ms>, false},
      {"latency", "time of a whole request", figure_of<&Figures::latency_ms>, false},
      {"cost", "cost per hour", figure_of<&Figures::usd_per_hour>, false},
      {"cost-per-token", "cost per token", figure_of<&Figures::usd_per_million_tokens>, false},
      {"gpus", "number of GPUs", figure_of<&Figures::gpus>, false},
      {"headroom", "memory to spare", figure_of<&Figures::headroom_bytes>, true},
      {"index", "order of the axes", [](const Figures&) { return std::optional(0.0); }, false},
  };
  return keys;
}

const SortKey& find_sort_key(const std::string& name) {
  std::vector<std::string> names;
  for (const SortKey& key : sort_keys()) {
    if (key.name == name) return key;
    names.emplace_back(key.name);
  }
  const std::string near = did_you_mean(name, names);
  throw Error("--sort", "is " + quote(name) + ", " + (near.empty() ? "expected one of " + join(names, ", ") : near));
}

bool Ranked::is_before(const Ranked& other) const { return standing(*this) < standing(other); }

double rank_of(const Figures& figures, const SortKey& key) {
  const std::optional<double> value = key.value(figures);
  return !value ? std::numeric_limits<double>::infinity() : key.largest_first ? -*value : *value;
}

bool BestRows::takes(bool fits, double key, std::uint64_t index) const {
  if (heap_.size() < most_) return true;
  return most_ > 0 && standing(fits, key, index) < standing(heap_.front());
}

void BestRows::add(Ranked row) {
  if (!takes(row.row.fits, row.key, row.row.index)) return;
  if (heap_.size() == most_) {
    std::pop_heap(heap_.begin(), heap_.end(), is_before);
    heap_.pop_back();
  }
  heap_.push_back(std::move(row));
  std::push_heap(heap_.begin(), heap_.end(), is_before);
}

void BestRows::add(BestRows&& other) {
  for (Ranked& row : other.heap_) add(std::move(row));
}

std::vector<Ranked> BestRows::sorted() && {
  std::sort(heap_.begin(), heap_.end(), is_before);
  return std::move(heap_);
}

}  // namespace vw

#include "search/rank.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <tuple>

namespace vw {
namespace {

bool is_before(const Ranked& left, const Ranked& right) { return left.is_before(right); }

bool is_within(const std::optional<double>& value, const std::optional<double>& limit) {
  return !limit || (value && *value <= *limit);
}

template <std::optional<double> Figures::*figure>
std::optional<double> of(const Figures& figures) {
  return figures.*figure;
}
template <double Figures::*figure>
std::optional<double> always(const Figures& figures) {
  return figures.*figure;
}

}  // namespace

bool Filters::accept(bool row_fits, const Figures& figures) const {
  return (!fits || row_fits) && is_within(figures.ttft_ms, max_ttft_ms) && is_within(figures.tpot_ms, max_tpot_ms) &&
         is_within(figures.usd_per_hour, max_usd_per_hour);
}

const std::vector<SortKey>& sort_keys() {
  static const std::vector<SortKey> keys = {
      {"throughput-per-gpu", "tokens/s per GPU", of<&Figures::output_tokens_per_s_per_gpu>, true},
      {"throughput", "tokens/s", of<&Figures::output_tokens_per_s>, true},
      {"user-speed", "tokens/s of one user", of<&Figures::user_tokens_per_s>, true},
      {"ttft", "time to first token", of<&Figures::ttft_ms>, false},
      {"tpot", "time per output token", of<&Figures::tpot_ms>, false},
      {"latency", "time of a whole request", of<&Figures::latency_ms>, false},
      {"cost", "cost per hour", of<&Figures::usd_per_hour>, false},
      {"cost-per-token", "cost per token", of<&Figures::usd_per_million_tokens>, false},
      {"gpus", "number of GPUs", always<&Figures::gpus>, false},
      {"headroom", "memory to spare", always<&Figures::headroom_bytes>, true},
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

bool Ranked::is_before(const Ranked& other) const {
  return std::tuple(!row.fits, key, row.index) < std::tuple(!other.row.fits, other.key, other.row.index);
}

double rank_of(const Figures& figures, const SortKey& key) {
  const std::optional<double> value = key.value(figures);
  return !value ? std::numeric_limits<double>::infinity() : key.largest_first ? -*value : *value;
}

bool BestRows::takes(bool fits, double key, std::uint64_t index) const {
  if (heap_.size() < most_) return true;
  if (most_ == 0) return false;
  const Ranked& worst = heap_.front();
  return std::tuple(!fits, key, index) < std::tuple(!worst.row.fits, worst.key, worst.row.index);
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

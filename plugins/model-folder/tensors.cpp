#include "model-folder/tensors.hpp"

#include <algorithm>
#include <limits>
#include <string_view>

namespace vw::checkpoint {

bool count_elements(const std::vector<std::uint64_t>& shape, std::uint64_t& elements) {
  elements = 1;
  for (const auto size : shape)
    if (__builtin_mul_overflow(elements, size, &elements)) return false;
  return elements <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
}

namespace {

constexpr std::size_t most_rows = 20'000;
constexpr std::size_t most_places = 200'000;

bool is_number(std::string_view piece) {
  return !piece.empty() && std::all_of(piece.begin(), piece.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Calls take(piece) for every piece between dots.
template <class Take>
void each_piece(std::string_view name, const Take& take) {
  for (std::size_t start = 0; start <= name.size();) {
    const auto end = std::min(name.find('.', start), name.size());
    take(name.substr(start, end - start));
    start = end + 1;
  }
}

}  // namespace

std::string pattern_of(const std::string& name) {
  std::string pattern;
  bool is_first = true;
  each_piece(name, [&](std::string_view piece) {
    if (!is_first) pattern += '.';
    pattern += is_number(piece) ? "*" : piece;
    is_first = false;
  });
  return pattern;
}

std::optional<std::uint64_t> first_number_of(const std::string& name) {
  constexpr std::size_t most_digits = 9;
  std::optional<std::uint64_t> first;
  each_piece(name, [&](std::string_view piece) {
    if (!first && is_number(piece) && piece.size() <= most_digits) first = std::stoull(std::string(piece));
  });
  return first;
}

void TensorTally::add(const Tensor& tensor) {
  const auto count = [&](Totals& totals) {
    totals.tensors += 1;
    totals.elements += tensor.elements;
    totals.bytes += tensor.bytes;
  };
  count(by_dtype_[tensor.dtype]);
  tensors_ += 1;
  bytes_ += tensor.bytes;
  elements_ += tensor.elements;
  if (has_no_pattern_) return;
  Row& row = rows_[{pattern_of(tensor.name), tensor.dtype, tensor.shape}];
  count(row.totals);
  if (const auto number = first_number_of(tensor.name)) places_ += ++row.at[*number] == 1 ? 1 : 0;
  if (rows_.size() <= most_rows && places_ <= most_places) return;
  has_no_pattern_ = true;
  rows_.clear();
}

Json TensorTally::runs_of(const Row& row) {
  Json runs = Json::array();
  std::uint64_t first = 0, last = 0, each = 0;
  for (const auto& [number, count] : row.at) {
    const bool continues = each == count && number == last + 1;
    if (!continues && each > 0) runs.push_back({first, last, each});
    if (!continues) first = number;
    last = number;
    each = count;
  }
  if (each > 0) runs.push_back({first, last, each});
  return runs;
}

Json TensorTally::patterns() const {
  if (has_no_pattern_) return nullptr;
  Json rows = Json::array();
  for (const auto& [key, row] : rows_) {
    rows.push_back({{"pattern", key.pattern},
                    {"dtype", key.dtype},
                    {"shape", key.shape},
                    {"count", row.totals.tensors},
                    {"bytes", row.totals.bytes}});
    if (!row.at.empty()) rows.back()["at"] = runs_of(row);
  }
  return rows;
}

}  // namespace vw::checkpoint

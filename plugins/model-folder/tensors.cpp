#include "model-folder/tensors.hpp"

#include <algorithm>
#include <limits>

namespace vw::checkpoint {

bool count_elements(const std::vector<std::uint64_t>& shape, std::uint64_t& elements) {
  elements = 1;
  for (const auto size : shape)
    if (__builtin_mul_overflow(elements, size, &elements)) return false;
  return elements <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
}

std::string pattern_of(const std::string& name) {
  std::string pattern;
  for (std::size_t start = 0; start <= name.size();) {
    const auto end = std::min(name.find('.', start), name.size());
    const auto piece = name.substr(start, end - start);
    const bool is_number =
        !piece.empty() && std::all_of(piece.begin(), piece.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (start > 0) pattern += '.';
    pattern += is_number ? "*" : piece;
    start = end + 1;
  }
  return pattern;
}

void TensorTally::add(const Tensor& tensor) {
  constexpr std::size_t most_rows = 20'000;
  const auto count = [&](Totals& totals) {
    totals.tensors += 1;
    totals.elements += tensor.elements;
    totals.bytes += tensor.bytes;
  };
  count(by_dtype_[tensor.dtype]);
  if (!has_no_pattern_) count(rows_[{pattern_of(tensor.name), tensor.dtype, tensor.shape}]);
  if (rows_.size() > most_rows) {
    has_no_pattern_ = true;
    rows_.clear();
  }
  tensors_ += 1;
  bytes_ += tensor.bytes;
  elements_ += tensor.elements;
}

Json TensorTally::patterns() const {
  if (has_no_pattern_) return nullptr;
  Json rows = Json::array();
  for (const auto& [key, totals] : rows_)
    rows.push_back({{"pattern", key.pattern},
                    {"dtype", key.dtype},
                    {"shape", key.shape},
                    {"count", totals.tensors},
                    {"bytes", totals.bytes}});
  return rows;
}

}  // namespace vw::checkpoint

// model-folder: the tensors of a checkpoint, counted. A large mixture of experts has 90,000 of them, so equal ones
// whose names differ in numbers only become one row.
#pragma once

#include "model-folder/json_text.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace vw::checkpoint {

struct Tensor {
  std::string name, dtype;
  std::vector<std::uint64_t> shape;  // outermost first
  std::uint64_t elements = 0, bytes = 0;
};

// Product of the dimensions; false when it does not fit in 63 bits.
bool count_elements(const std::vector<std::uint64_t>& shape, std::uint64_t& elements);

class TensorTally {
 public:
  void add(const Tensor& tensor);

  std::uint64_t tensors() const noexcept { return tensors_; }
  std::uint64_t bytes() const noexcept { return bytes_; }
  std::uint64_t elements() const noexcept { return elements_; }
  // [ {pattern, dtype, shape, count, bytes, at?} ], sorted; null when the names follow no pattern and there are too
  // many. at: [ [first, last, count] ], how many tensors lie at each first number of the name, which is the layer's.
  Json patterns() const;

  struct Totals {
    std::uint64_t tensors = 0, elements = 0, bytes = 0;
  };
  const std::map<std::string, Totals>& by_dtype() const noexcept { return by_dtype_; }

 private:
  struct Key {
    std::string pattern, dtype;
    std::vector<std::uint64_t> shape;
    auto operator<=>(const Key&) const = default;
  };
  struct Row {
    Totals totals;
    std::map<std::uint64_t, std::uint64_t> at;  // tensors by the first number of their name
  };
  static Json runs_of(const Row& row);

  std::map<Key, Row> rows_;
  std::size_t places_ = 0;       // entries of all `at`
  bool has_no_pattern_ = false;  // too many rows: none are kept
  std::map<std::string, Totals> by_dtype_;
  std::uint64_t tensors_ = 0, bytes_ = 0, elements_ = 0;
};

// "model.layers.17.mlp.w1.weight" -> "model.layers.*.mlp.w1.weight": only whole pieces between dots are numbers.
std::string pattern_of(const std::string& name);
// 17; nothing when no piece is a number below 10^9.
std::optional<std::uint64_t> first_number_of(const std::string& name);

}  // namespace vw::checkpoint

// lua, inside: the hot loop. One call of `estimate` per candidate, one protected call per block.
#pragma once

#include "lua/state.hpp"
#include "parts/rows.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace vw::lua {

// How a field of a row looks in Lua.
struct Slot {
  enum class Form { number, index, name, answer };  // index: from 1; name: of an enumeration; answer: true, false, nil
  RowField field;
  Form form = Form::number;
  std::span<const NamedValue> names;
};

class Evaluator {
 public:
  explicit Evaluator(std::string_view kind);

  // Fills the results of a batch. The stack holds `estimate` and the context on top, which it takes. Throws vw::Error:
  // what the script raises, unknown fields with did-you-mean, values of a wrong type, a changed candidate.
  void run(State& state, const vw_batch& batch) const;

 private:
  std::vector<Slot> candidate_, memory_, result_;
  std::size_t result_bytes_;
};

}  // namespace vw::lua

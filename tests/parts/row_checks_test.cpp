#include "parts/row_checks.hpp"

#include "support/catch.hpp"

#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>

using namespace vw;

namespace {

// Puts `value` into each double field in turn and returns the names of those where it passes.
template <class Row>
std::string fields_that_take(double value, std::span<const RowField> fields) {
  std::string names;
  for (const RowField& field : fields) {
    if (field.type != RowField::Type::f64) continue;
    std::array<Row, 2> rows{};
    write_field(&rows[1], field, value);
    const auto bad = find_bad(std::span<const Row>(rows));
    if (!bad) names += std::string(names.empty() ? "" : " ") + field.name;
    if (!bad) continue;
    CHECK(bad->row == 1);
    CHECK(bad->field->name == std::string(field.name));
    CHECK(std::memcmp(&bad->value, &value, sizeof value) == 0);
  }
  return names;
}

template <class Row>
std::string bad_field(const Row& row) {
  const auto bad = find_bad(std::span<const Row>(&row, 1));
  return bad ? bad->field->name : "";
}

}  // namespace

TEST_CASE("rows of zeros are fine", "[parts]") {
  const std::array<vw_memory, 3> memory{};
  const std::array<vw_perf, 3> perf{};
  CHECK_FALSE(find_bad(std::span<const vw_memory>(memory)).has_value());
  CHECK_FALSE(find_bad(std::span<const vw_perf>(perf)).has_value());
  CHECK_FALSE(find_bad(std::span<const vw_perf>()).has_value());
}

TEST_CASE("no field takes NaN or infinity", "[parts]") {
  for (const double value :
       {std::nan(""), static_cast<double>(INFINITY), -static_cast<double>(INFINITY), -std::nan("")}) {
    CHECK(fields_that_take<vw_memory>(value, memory_fields()) == "");
    CHECK(fields_that_take<vw_perf>(value, perf_fields()) == "");
  }
}

TEST_CASE("only the headroom may be negative", "[parts]") {
  CHECK(fields_that_take<vw_memory>(-1.0, memory_fields()) == "headroom_bytes");
  CHECK(fields_that_take<vw_perf>(-1.0, perf_fields()) == "");
}

TEST_CASE("zero of either sign and the largest and smallest numbers are fine", "[parts]") {
  for (const double value : {-0.0, std::numeric_limits<double>::max(), std::numeric_limits<double>::denorm_min()}) {
    vw_memory memory{};
    vw_perf perf{};
    for (const RowField& field : memory_fields())
      if (field.type == RowField::Type::f64) write_field(&memory, field, value);
    for (const RowField& field : perf_fields())
      if (field.type == RowField::Type::f64) write_field(&perf, field, value);
    CHECK(bad_field(memory) == "");
    CHECK(bad_field(perf) == "");
  }
}

TEST_CASE("enumerations hold values that the border knows", "[parts]") {
  vw_memory memory{};
  memory.verdict = VW_UNSUPPORTED, memory.reason = VW_REASON_OTHER, memory.starts = VW_NO, memory.survives = VW_YES;
  memory.scope_gpus = 4000000000u;
  CHECK(bad_field(memory) == "");
  memory.survives = 3;
  CHECK(bad_field(memory) == "survives");
  memory.starts = 3;
  CHECK(bad_field(memory) == "starts");
  memory.reason = VW_REASON_OTHER + 1;
  CHECK(bad_field(memory) == "reason");
  memory.verdict = VW_UNSUPPORTED + 1;
  CHECK(bad_field(memory) == "verdict");

  vw_perf perf{};
  perf.bottleneck = VW_BOUND_KV_CAPACITY, perf.verdict = VW_UNSUPPORTED;
  CHECK(bad_field(perf) == "");
  perf.bottleneck = VW_BOUND_KV_CAPACITY + 1;
  CHECK(bad_field(perf) == "bottleneck");
  perf.verdict = VW_FITS;
  CHECK(bad_field(perf) == "verdict");
}

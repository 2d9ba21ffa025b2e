#include "parts/rows.hpp"

#include "support/catch.hpp"

#include <cmath>
#include <set>
#include <string>

using namespace vw;

TEST_CASE("every field of the rows has a name of its own", "[parts]") {
  for (const auto fields : {candidate_fields(), memory_fields(), perf_fields()}) {
    std::set<std::string> names;
    for (const RowField& field : fields) names.insert(field.name);
    CHECK(names.size() == fields.size());
  }
  CHECK(candidate_fields().size() == 19);
  CHECK(memory_fields().size() == 35);
  CHECK(perf_fields().size() == 25);
}

TEST_CASE("fields are read and written by name", "[parts]") {
  vw_candidate candidate{};
  CHECK(write_field(&candidate, *find_field(candidate_fields(), "tensor_parallel"), 4));
  CHECK(write_field(&candidate, *find_field(candidate_fields(), "context_tokens"), 131072));
  CHECK(write_field(&candidate, *find_field(candidate_fields(), "utilization"), 0.9));
  CHECK(candidate.tensor_parallel == 4);
  CHECK(candidate.context_tokens == 131072);
  CHECK(candidate.utilization == 0.9);
  CHECK(read_field(&candidate, *find_field(candidate_fields(), "tensor_parallel")) == 4);
  CHECK(read_field(&candidate, *find_field(candidate_fields(), "context_tokens")) == 131072);
  CHECK(read_field(&candidate, *find_field(candidate_fields(), "utilization")) == 0.9);
  CHECK(find_field(candidate_fields(), "tensor-parallel") == nullptr);
}

TEST_CASE("an integer field takes no number that it cannot hold", "[parts]") {
  vw_candidate candidate{};
  candidate.gpus = 8;
  candidate.concurrency = 16;
  const RowField& gpus = *find_field(candidate_fields(), "gpus");
  const RowField& concurrency = *find_field(candidate_fields(), "concurrency");
  for (const double value : {-1.0, 1.5, std::nan(""), 4294967296.0, static_cast<double>(INFINITY)})
    CHECK_FALSE(write_field(&candidate, gpus, value));
  for (const double value : {-1.0, 1.5, std::nan(""), 18446744073709551616.0})
    CHECK_FALSE(write_field(&candidate, concurrency, value));
  CHECK(candidate.gpus == 8);
  CHECK(candidate.concurrency == 16);
  CHECK(write_field(&candidate, gpus, 4294967295.0));
  CHECK(candidate.gpus == 4294967295u);
}

TEST_CASE("enumerations have ids in both directions", "[parts]") {
  for (const auto values : {verdicts(), reasons(), bottlenecks(), answers()})
    for (std::uint32_t value = 0; value < values.size(); ++value) {
      const char* name = name_of(values, value);
      REQUIRE(name != nullptr);
      CHECK(value_of(values, name) == value);
    }
  CHECK(value_of(verdicts(), "fits") == std::uint32_t{VW_FITS});
  CHECK(value_of(verdicts(), "does-not-fit") == std::uint32_t{VW_DOES_NOT_FIT});
  CHECK(value_of(reasons(), "utilization-above-free") == std::uint32_t{VW_REASON_UTILIZATION_ABOVE_FREE});
  CHECK(value_of(bottlenecks(), "kv-capacity") == std::uint32_t{VW_BOUND_KV_CAPACITY});
  CHECK(value_of(answers(), "no") == std::uint32_t{VW_NO});
  CHECK(value_of(verdicts(), "perhaps") == std::nullopt);
  CHECK(name_of(verdicts(), 9) == nullptr);
}

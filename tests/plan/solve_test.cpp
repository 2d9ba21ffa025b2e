#include "plan/solve.hpp"

#include "support/catch.hpp"
#include "support/plan_lab.hpp"

using namespace vw;

namespace {

// Fits while tokens x sequences stay within a budget.
std::int64_t context(std::int64_t budget, std::int64_t most, std::uint64_t concurrency = 1) {
  const Part part = test::memory_part([budget](const vw_candidate& candidate) {
    vw_memory memory{};
    const auto tokens = static_cast<std::int64_t>(candidate.context_tokens * candidate.concurrency);
    memory.verdict = tokens <= budget ? VW_FITS : VW_DOES_NOT_FIT;
    return memory;
  });
  MemoryJudge judge(part, test::sample_scenario());
  vw_candidate candidate{};
  candidate.concurrency = concurrency;
  return largest_fitting_context(judge, candidate, most);
}

std::int64_t concurrency(std::int64_t budget, std::int64_t most) {
  const Part part = test::memory_part([budget](const vw_candidate& candidate) {
    vw_memory memory{};
    memory.verdict = static_cast<std::int64_t>(candidate.concurrency) <= budget ? VW_FITS : VW_DOES_NOT_FIT;
    return memory;
  });
  MemoryJudge judge(part, test::sample_scenario());
  return largest_fitting_concurrency(judge, vw_candidate{}, most);
}

}  // namespace

TEST_CASE("the largest context is a whole number of blocks, or the maximum itself", "[plan]") {
  CHECK(context(10000, 8192) == 8192);
  CHECK(context(8191, 8192) == 8176);
  CHECK(context(8176, 8192) == 8176);
  CHECK(context(8175, 8192) == 8160);
  CHECK(context(1000, 999) == 999);
  CHECK(context(1000, 8192, 3) == 320);
  CHECK(context(15, 8192) == 0);
  CHECK(context(0, 8192) == 0);
  CHECK(context(std::int64_t{1} << 40, std::int64_t{1} << 40) == std::int64_t{1} << 40);
}

TEST_CASE("the largest concurrency stops at the limit and may be nothing", "[plan]") {
  CHECK(concurrency(7, 1000000) == 7);
  CHECK(concurrency(7, 5) == 5);
  CHECK(concurrency(0, 1000000) == 0);
}

TEST_CASE("solving asks few questions", "[plan]") {
  int asked = 0;
  const Part part = test::memory_part([&asked](const vw_candidate& candidate) {
    ++asked;
    vw_memory memory{};
    memory.verdict = candidate.context_tokens <= 123456 ? VW_FITS : VW_DOES_NOT_FIT;
    return memory;
  });
  MemoryJudge judge(part, test::sample_scenario());
  CHECK(largest_fitting_context(judge, vw_candidate{}, std::int64_t{1} << 40) == 123456);
  CHECK(asked <= 42);
}

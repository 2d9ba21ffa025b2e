#include "search/rank.hpp"
#include "search/pareto.hpp"

#include "support/catch.hpp"
#include "support/message_of.hpp"

#include <random>

using namespace vw;

namespace {

Ranked ranked(std::uint64_t index, double throughput, double speed, bool fits = true) {
  Ranked row;
  row.row.index = index;
  row.row.fits = fits;
  row.figures.output_tokens_per_s_per_gpu = throughput;
  row.figures.user_tokens_per_s = speed;
  row.key = -throughput;
  return row;
}

std::vector<std::uint64_t> indices(const std::vector<Ranked>& rows) {
  std::vector<std::uint64_t> found;
  for (const Ranked& row : rows) found.push_back(row.row.index);
  return found;
}

std::vector<Ranked> random_rows(std::size_t count) {
  std::mt19937 random(7);
  std::vector<Ranked> rows;
  for (std::size_t i = 0; i < count; ++i)
    rows.push_back(ranked(i, 1 + random() % 40, 1 + random() % 40, random() % 3 != 0));
  return rows;
}

bool beats(const Ranked& one, const Ranked& other) {
  const double x = *one.figures.output_tokens_per_s_per_gpu, y = *one.figures.user_tokens_per_s;
  const double other_x = *other.figures.output_tokens_per_s_per_gpu, other_y = *other.figures.user_tokens_per_s;
  const bool is_equal = x == other_x && y == other_y;
  return is_equal ? one.row.index < other.row.index : x >= other_x && y >= other_y;
}

}  // namespace

TEST_CASE("the best rows are those of a full sort, ties by index, whatever the order they come in", "[search]") {
  std::vector<Ranked> rows = random_rows(500);
  BestRows forward(20), backward(20), first(20), second(20);
  for (const Ranked& row : rows) forward.add(row);
  for (auto row = rows.rbegin(); row != rows.rend(); ++row) backward.add(*row);
  for (const Ranked& row : rows) (row.row.index % 2 == 0 ? first : second).add(row);
  second.add(std::move(first));
  std::sort(rows.begin(), rows.end(), [](const Ranked& a, const Ranked& b) { return a.is_before(b); });
  rows.resize(20);
  CHECK(indices(std::move(forward).sorted()) == indices(rows));
  CHECK(indices(std::move(backward).sorted()) == indices(rows));
  CHECK(indices(std::move(second).sorted()) == indices(rows));
}

TEST_CASE("what fits comes before what does not", "[search]") {
  BestRows best(2);
  best.add(ranked(0, 100, 1, false));
  best.add(ranked(1, 1, 1));
  CHECK(indices(std::move(best).sorted()) == std::vector<std::uint64_t>{1, 0});
}

TEST_CASE("the front has exactly the rows that no other beats", "[search]") {
  const std::vector<Ranked> rows = random_rows(400);
  Front whole(find_tradeoff("throughput")), first = whole, second = whole;
  for (const Ranked& row : rows) {
    whole.add(row);
    (row.row.index < 200 ? first : second).add(row);
  }
  first.add(std::move(second));
  for (const Ranked& row : rows) {
    const bool is_beaten = std::any_of(rows.begin(), rows.end(), [&](const Ranked& other) {
      return other.row.index != row.row.index && beats(other, row);
    });
    CHECK(whole.has(row.row.index) == !is_beaten);
    CHECK(first.has(row.row.index) == !is_beaten);
  }
}

TEST_CASE("cost and latency are better when they are less", "[search]") {
  Front front(find_tradeoff("cost"));
  for (std::uint64_t index = 0; index < 3; ++index) {
    Ranked row;
    row.row.index = index;
    row.figures.usd_per_million_tokens = 1.0 + static_cast<double>(index);
    row.figures.latency_ms = index == 1 ? 900 : 500;
    front.add(row);
  }
  CHECK(indices(front.rows()) == std::vector<std::uint64_t>{0});
}

TEST_CASE("a row without the figures of a trade-off is not on its front", "[search]") {
  Front front(find_tradeoff("throughput"));
  front.add(Ranked{});
  CHECK(front.rows().empty());
}

TEST_CASE("a row that does not say a limited figure is not wanted", "[search]") {
  Filters filters;
  filters.max_tpot_ms = 40;
  Figures figures;
  CHECK_FALSE(filters.accept(false, figures));
  figures.tpot_ms = 40;
  CHECK(filters.accept(false, figures));
  filters.fits = true;
  CHECK_FALSE(filters.accept(false, figures));
}

TEST_CASE("sort keys and trade-offs that nobody knows are refused with the nearest", "[search]") {
  CHECK(test::message_of([] { find_sort_key("throughputt"); }) ==
        "--sort: is 'throughputt', did you mean 'throughput'?");
  CHECK(test::message_of([] { find_tradeoff("speed"); }) == "--pareto: is 'speed', expected throughput or cost");
}

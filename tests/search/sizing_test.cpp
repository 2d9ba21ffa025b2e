#include "search/sizing.hpp"

#include "support/catch.hpp"
#include "support/search_lab.hpp"

using namespace vw;
using test::SearchLab;

namespace {

Sizing sized(const Target& target, unsigned threads = 1, Axes axes = test::sample_axes()) {
  axes.contexts = {4096};
  axes.concurrencies = concurrencies_for(target);
  const SearchLab lab(axes);
  Sizing sizing(target, axes.concurrencies.size());
  run_sweep(*lab.space, *lab.lanes, lab.open, threads, gather_into(sizing, target, axes.concurrencies.size()), nullptr);
  sizing.finish();
  return sizing;
}

Target users(std::int64_t concurrency, std::optional<double> max_tpot_ms = std::nullopt) {
  Target target;
  target.concurrency = concurrency;
  target.max_tpot_ms = max_tpot_ms;
  return target;
}

std::int64_t served(const Fleet& fleet) { return fleet.replicas * fleet.row.row.place.concurrency; }

}  // namespace

TEST_CASE("each number of replicas that changes the users of one is looked at", "[search]") {
  CHECK(concurrencies_for(users(20)) == std::vector<std::int64_t>{20, 10, 7, 5, 4, 3, 2, 1});
  CHECK(concurrencies_for(users(1)) == std::vector<std::int64_t>{1});
}

TEST_CASE("a rate is looked for up to a thousand users in steps of a tenth", "[search]") {
  Target target;
  target.requests_per_s = 3;
  const std::vector<std::int64_t> values = concurrencies_for(target);
  CHECK(values.front() == 1);
  CHECK(values.back() > 900);
  CHECK(std::is_sorted(values.begin(), values.end()));
}

TEST_CASE("what is found meets the target and serves all users", "[search]") {
  const Target target = users(300, 20);
  const Sizing sizing = sized(target);
  REQUIRE(sizing.cheapest);
  for (const auto& fleet : {sizing.cheapest, sizing.fewest_gpus, sizing.fastest}) {
    CHECK(*fleet->row.figures.tpot_ms <= 20);
    CHECK(served(*fleet) >= 300);
    CHECK(served(*fleet) - fleet->row.row.place.concurrency < 300);
  }
  CHECK(*sizing.cheapest->usd_per_hour() <= sizing.fewest_gpus->usd_per_hour().value_or(1e9));
  CHECK(sizing.fewest_gpus->gpus() <= sizing.cheapest->gpus());
  CHECK(*sizing.fastest->row.figures.latency_ms <= *sizing.cheapest->row.figures.latency_ms);
}

TEST_CASE("no way that was looked at beats the three answers", "[search]") {
  const Target target = users(40, 25);
  Axes axes = test::sample_axes();
  axes.contexts = {4096};
  axes.concurrencies = concurrencies_for(target);
  const Sizing sizing = sized(target);
  for (const Ranked& row : SearchLab(axes).rows()) {
    if (!row.row.fits || *row.figures.tpot_ms > 25) continue;
    const Fleet fleet{row, (40 + row.row.place.concurrency - 1) / row.row.place.concurrency};
    CHECK(fleet.gpus() >= sizing.fewest_gpus->gpus());
    if (fleet.usd_per_hour()) CHECK(*fleet.usd_per_hour() >= *sizing.cheapest->usd_per_hour());
  }
}

TEST_CASE("a tighter limit never needs fewer gpus", "[search]") {
  double last = 0;
  for (const double max_tpot_ms : {60.0, 30.0, 21.0, 13.0, 8.0, 5.0}) {
    const Sizing sizing = sized(users(64, max_tpot_ms));
    REQUIRE(sizing.fewest_gpus);
    CHECK(sizing.fewest_gpus->gpus() >= last);
    last = sizing.fewest_gpus->gpus();
  }
}

TEST_CASE("a rate is met by the requests that servers complete", "[search]") {
  Target target;
  target.requests_per_s = 50;
  const Sizing sizing = sized(target);
  REQUIRE(sizing.fewest_gpus);
  const Fleet& fleet = *sizing.fewest_gpus;
  CHECK(*fleet.row.figures.requests_per_s * static_cast<double>(fleet.replicas) >= 50);
}

TEST_CASE("without a solution the nearest miss is kept with the limit that it misses", "[search]") {
  const Target target = users(4, 1);
  const Sizing sizing = sized(target);
  CHECK(sizing.solutions == 0);
  REQUIRE(sizing.nearest);
  const auto missed = tightest(target, *sizing.nearest);
  CHECK(missed->option == "--max-tpot-ms");
  CHECK(missed->value == Approx(4.5).epsilon(0.1));
}

TEST_CASE("where nothing fits in memory the row that lacks least is kept", "[search]") {
  Axes axes = test::sample_axes();
  axes.gpus = {"t4"};
  axes.quantizations = {"none"};
  axes.tensor.values = {1};
  const Sizing sizing = sized(users(2000), 1, axes);
  CHECK(sizing.solutions == 0);
  CHECK_FALSE(sizing.nearest);
  REQUIRE(sizing.least_short);
  CHECK(sizing.least_short->figures.headroom_bytes < 0);
}

TEST_CASE("the number of workers changes no answer of a sizing", "[search]") {
  const auto key = [](const Sizing& sizing) {
    return std::tuple(sizing.cheapest->row.row.index, sizing.fewest_gpus->row.row.index, sizing.fastest->row.row.index,
                      sizing.solutions, sizing.unpriced);
  };
  const Target target = users(5000, 60);
  const auto alone = key(sized(target, 1));
  CHECK(alone == key(sized(target, 2)));
  CHECK(alone == key(sized(target, 4)));
}

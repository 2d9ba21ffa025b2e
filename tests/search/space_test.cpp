#include "search/space.hpp"

#include "support/catch.hpp"
#include "support/message_of.hpp"

#include <set>
#include <tuple>

using namespace vw;

namespace {

Axes small_axes() {
  Axes axes;
  axes.gpus = {"a", "b"};
  axes.releases = {""};
  axes.quantizations = {"none", "fp8", "awq"};
  axes.kv_cache_dtypes = {"auto", "fp8"};
  axes.contexts = {1024, 2048};
  axes.max_num_seqs = {as_needed};
  axes.prompts = {100, 200};
  axes.generated = {10};
  axes.concurrencies = {1, 2, 4, 8, 16};
  return axes;
}

LaneKey lane(std::size_t layouts) {
  LaneKey key;
  for (std::size_t i = 0; i < layouts; ++i) key.layouts.push_back({std::int64_t{1} << i, std::int64_t{1} << i, 1});
  return key;
}

auto key_of(const Place& place) {
  return std::tuple(place.lane, place.layout.tensor, place.weights, place.kv, place.context, place.prompt_tokens,
                    place.concurrency);
}

}  // namespace

TEST_CASE("every index of a space is another combination, in blocks of one lane", "[search]") {
  const Space space(small_axes(), {lane(3), lane(1)});
  REQUIRE(space.size() == 4 * 3 * 2 * 2 * 2 * 5);
  std::set<decltype(key_of(Place{}))> seen;
  std::uint64_t next = 0;
  for (std::uint64_t number = 0; number < space.blocks(); ++number) {
    const Block block = space.block(number);
    CHECK(block.first == next);
    for (next = block.first; next < block.first + block.count; ++next) {
      CHECK(space.place(block.lane, next).lane == block.lane);
      seen.insert(key_of(space.place(block.lane, next)));
    }
  }
  CHECK(next == space.size());
  CHECK(seen.size() == space.size());
}

TEST_CASE("the concurrency varies fastest, the accelerator slowest", "[search]") {
  const Space space(small_axes(), {lane(1), lane(2)});
  CHECK(space.place(0, 0).concurrency == 1);
  CHECK(space.place(0, 1).concurrency == 2);
  CHECK(space.place(0, 5).prompt_tokens == 200);
  CHECK(space.block(space.blocks() - 1).lane == 1);
}

TEST_CASE("a lane of many combinations is cut into blocks of 4,096, the last one shorter", "[search]") {
  Axes axes = small_axes();
  axes.concurrencies.clear();
  for (std::int64_t users = 1; users <= 1000; ++users) axes.concurrencies.push_back(users);
  const Space space(axes, {lane(1)});
  REQUIRE(space.size() == 24000);
  CHECK(space.blocks() == 6);
  CHECK(space.block(1).first == 4096);
  CHECK(space.block(5).count == 24000 - 5 * 4096);
}

TEST_CASE("a lane that nothing can be spread over has no combinations", "[search]") {
  const Space space(small_axes(), {lane(0), lane(1)});
  CHECK(space.block(0).lane == 1);
  CHECK(space.size() == 120);
}

TEST_CASE("more combinations than numbers can count are refused", "[search]") {
  Axes axes = small_axes();
  axes.prompts.assign(100000, 1);
  axes.generated.assign(100000, 1);
  axes.contexts.assign(100000, 1);
  axes.concurrencies.assign(100000, 1);
  CHECK(test::message_of([&] { Space(axes, {lane(1)}); }) ==
        "search: has more than 2^53 combinations, expected fewer values");
}

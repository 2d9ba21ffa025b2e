#include "pack/packing.hpp"

#include "base/units.hpp"
#include "plan/solve.hpp"
#include "support/catch.hpp"
#include "support/pack_lab.hpp"

#include <algorithm>
#include <cmath>

using namespace vw;
using namespace vw::test;

namespace {

struct Set {
  Ground ground;
  Node node;
  std::vector<Asked> all;
};

Set random_set(Random& random) {
  Set set;
  set.ground.gpu = random.one_of<std::string>({"rtx-pro-6000-blackwell-server", "H100", "a100-sxm4-80gb", "L40S"});
  set.ground.used_mib = random.coin() ? 0 : static_cast<double>(random.whole(0, 6000));
  set.ground.release = random.one_of<std::string>({"", "0.9.1", "0.11.0", "0.21.0"});
  set.node.cards = static_cast<std::size_t>(random.whole(1, 3));
  set.node.most_utilization = random.one_of<double>({0.85, 0.92, 1});
  const std::int64_t count = random.whole(1, 4);
  for (std::int64_t i = 0; i < count; ++i) set.all.push_back(random_model(random, "m" + std::to_string(i)));
  for (Asked& asked : set.all)
    asked.tensor = std::min<std::int64_t>(asked.tensor, static_cast<std::int64_t>(set.node.cards));
  return set;
}

template <class Check>
void for_random_sets(int rounds, Check&& check) {
  Random random;
  int fitting = 0;
  for (int round = 0; round < rounds; ++round) {
    const Set set = random_set(random);
    const Packing packing = pack_all(set.ground, set.all, set.node);
    INFO("round " << round << ": " << set.all.size() << " models on " << set.node.cards << " x " << set.ground.gpu);
    fitting += packing.fits() ? 1 : 0;
    check(set, packing);
  }
  CHECK(fitting > rounds / 4);  // not all about sets that do not fit
}

// The server as it would start: after those before it in the order.
vw_memory started(const Set& set, const Packing& packing, std::size_t at) {
  Ground ground = set.ground;
  ground.used_mib += ratio_of(packing.seats[at].before) * packing.total_bytes / bytes_per_mib;
  Tenant tenant = tenant_of(ground, set.all[at]);
  return tenant.memory.judge(packing.seats[at].candidate);
}

}  // namespace

TEST_CASE("shares of a card never add up above what is free, nor above what was allowed", "[pack]") {
  for_random_sets(120, [](const Set& set, const Packing& packing) {
    for (std::size_t card = 0; card < packing.cards.size(); ++card) {
      Share shares = 0, all = 0;
      for (const Seat& seat : packing.seats)
        if (std::count(seat.cards.begin(), seat.cards.end(), card) == 1) {
          shares += seat.share;
          all += seat.share + seat.outside;
        }
      CHECK(shares == packing.cards[card].shares);
      CHECK(ratio_of(shares) <= set.node.most_utilization);
      CHECK(ratio_of(all) <= 1 - from_mib(set.ground.used_mib) / packing.total_bytes);
    }
  });
}

TEST_CASE("every server finds its memory free when its turn comes, survives its load and serves it", "[pack]") {
  for_random_sets(80, [](const Set& set, const Packing& packing) {
    if (!packing.fits()) return;
    for (std::size_t at = 0; at < packing.seats.size(); ++at) {
      const vw_memory memory = started(set, packing, at);
      INFO(set.all[at].model);
      CHECK(memory.reason != VW_REASON_UTILIZATION_ABOVE_FREE);
      CHECK(memory.survives != VW_NO);
      CHECK(fits(memory));
      CHECK((packing.fit != Packing::Fit::yes || fits_at_low_end(memory)));
    }
  });
}

TEST_CASE("no share is below the smallest with which a server starts", "[pack]") {
  for_random_sets(60, [](const Set& set, const Packing& packing) {
    for (std::size_t at = 0; at < packing.seats.size(); ++at) {
      Tenant tenant = tenant_of(set.ground, set.all[at]);
      const vw_candidate asked = candidate_of(tenant, least_served(tenant));
      const auto smallest = smallest_fitting_utilization(tenant.memory, asked, 1000, fits);
      REQUIRE(smallest);
      CHECK(ratio_of(packing.seats[at].share) >= *smallest - 1e-9);
      CHECK(packing.seats[at].share % share_step == 0);
    }
  });
}

TEST_CASE("another model never makes the share of one that is there larger", "[pack]") {
  Random random(7);
  int compared = 0;
  for (int round = 0; round < 60; ++round) {
    Set set = random_set(random);
    const Packing before = pack_all(set.ground, set.all, set.node);
    Asked more = random_model(random, "z");
    more.tensor = 1;
    set.all.push_back(more);
    const Packing after = pack_all(set.ground, set.all, set.node);
    INFO("round " << round);
    CHECK((before.fits() || !after.fits()));
    for (std::size_t at = 0; at < std::min(before.seats.size(), after.seats.size()); ++at) {
      CHECK(after.seats[at].share <= before.seats[at].share);
      ++compared;
    }
  }
  CHECK(compared > 20);
}

TEST_CASE("the order of the models on the command line changes no verdict, share or place in line", "[pack]") {
  Random random(11);
  for (int round = 0; round < 40; ++round) {
    const Set set = random_set(random);
    std::vector<Asked> turned = set.all;
    std::reverse(turned.begin(), turned.end());
    const Packing one = pack_all(set.ground, set.all, set.node), other = pack_all(set.ground, turned, set.node);
    CHECK(one.fit == other.fit);
    CHECK(one.missing == other.missing);
    REQUIRE(one.seats.size() == other.seats.size());
    const std::size_t last = one.seats.size() - 1;
    for (std::size_t at = 0; at < one.seats.size(); ++at) {
      CHECK(one.seats[at].share == other.seats[last - at].share);
      CHECK(one.launch_order[at] == last - other.launch_order[at]);
    }
  }
}

TEST_CASE("a set that lacks memory fits on cards that have as much more", "[pack]") {
  const std::vector<Asked> both = {{"Qwen/Qwen3-8B", "a", 1, 8192, 4, {}},
                                   {"meta-llama/Llama-3.1-8B-Instruct", "b", 1, 8192, 16, {}}};
  const Packing packing = pack_all({"L40S", 0, ""}, both, {1, 0.92});
  CHECK_FALSE(packing.fits());
  CHECK(packing.seats.empty());
  CHECK(packing.missing > 0);
  CHECK(pack_all({"L40S", 0, ""}, both, {2, 0.92}).fits());
}

TEST_CASE("what is left goes to models with something open, the same number of rounds for each", "[pack]") {
  const Ground ground{"rtx-pro-6000-blackwell-server", 0, ""};
  const Asked fixed{"Qwen/Qwen3-8B", "fixed", 1, 4096, 4, {}};
  const Asked one{"TheBloke/Mistral-7B-v0.1-AWQ", "one", 1, 4096, {}, {}};
  const Asked two{"TheBloke/deepseek-coder-33B-instruct-AWQ", "two", 1, 4096, {}, {}};
  const Packing packing = pack_all(ground, {fixed, one, two}, {1, 0.92});
  REQUIRE(packing.fit == Packing::Fit::yes);
  CHECK(packing.seats[0].share == *packing.demands[0].safe);
  CHECK(packing.cards[0].shares > 910000);
  const auto rounds = [&](std::size_t at) {
    return static_cast<double>(packing.seats[at].share - *packing.demands[at].safe) /
           static_cast<double>(packing.demands[at].of_more);
  };
  CHECK(std::abs(rounds(1) - rounds(2)) < 0.2);
  CHECK(std::abs(static_cast<double>(packing.seats[1].served.concurrency - packing.seats[2].served.concurrency)) <= 3);
}

TEST_CASE("a context that is left open grows into the share, up to the model's own", "[pack]") {
  const Ground ground{"L40S", 0, ""};
  const Packing alone = pack_all(ground, {{"Qwen/Qwen3-8B", "a", 1, {}, 1, {}}}, {1, 0.92});
  CHECK(alone.seats.at(0).served.context_tokens == 40960);
  const Packing both =
      pack_all(ground, {{"Qwen/Qwen3-8B", "a", 1, {}, 1, {}}, {"meta-llama/Llama-3.1-8B-Instruct", "b", 1, {}, 1, {}}},
               {1, 0.92});
  REQUIRE(both.fits());
  for (const Seat& seat : both.seats) CHECK(seat.served.context_tokens > 768);
  CHECK(both.seats[0].served.context_tokens < 40960);
}

TEST_CASE("a share that was given is kept, and refused where it is too small", "[pack]") {
  const Ground ground{"L40S", 0, ""};
  const Packing kept = pack_all(ground, {{"Qwen/Qwen2.5-0.5B", "a", 1, 2048, 1, 0.3}}, {1, 0.92});
  CHECK(kept.seats.at(0).share == 300000);
  CHECK_FALSE(pack_all(ground, {{"Qwen/Qwen3-8B", "a", 1, 2048, 1, 0.1}}, {1, 0.92}).fits());
}

TEST_CASE("up to vLLM 0.9 the share of a server has those before it in it", "[pack]") {
  const std::vector<Asked> both = {{"Qwen/Qwen3-8B", "a", 1, 4096, 1, {}}, {"Qwen/Qwen2.5-0.5B", "b", 1, 4096, 1, 0.1}};
  for (const char* release : {"0.9.1", "0.11.0"}) {
    const Packing packing = pack_all({"L40S", 0, release}, both, {1, 0.92});
    REQUIRE(packing.fits());
    CHECK(packing.launch_order == std::vector<std::size_t>{0, 1});
    const Release table = find_release(shipped().catalog(), release);
    const double flag = utilization_flag(table, packing.seats[1], 0);
    const bool counts_others = std::string(release) == "0.9.1";
    CHECK((counts_others ? flag > 0.1 + ratio_of(packing.seats[0].share) - 1e-9 : flag == 0.1));
  }
}

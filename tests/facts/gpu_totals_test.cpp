#include "facts/gpu_totals.hpp"

#include "facts/gpu_mig.hpp"
#include "support/catch.hpp"
#include "support/entries.hpp"
#include "support/message_of.hpp"
#include "support/shipped_gpus.hpp"

#include <cmath>

using namespace vw;
using test::message_of;
using test::shipped;
using test::shipped_gpus;

namespace {

const TotalRules& rules() {
  static const TotalRules shipped_rules(shipped().catalog());
  return shipped_rules;
}

Gpu gpu(const std::string& name) { return shipped_gpus().find(name).gpu; }

// As if nobody had read a total of this card.
Gpu forgotten(Gpu card) {
  card.memory_visible_mib = card.memory_cuda_mib = card.memory_cuda_spread_mib = std::nullopt;
  return card;
}

std::string refusal_of(const Json& totals) {
  return message_of([&] { TotalRules(std::make_shared<const Json>(totals), "my/totals.json").check(); });
}

Json one_rule(const Json& rule) {
  return {{"visible", Json::array({rule})}, {"cuda", Json::array()}, {"unified", Json::array()}};
}

}  // namespace

TEST_CASE("a card has the totals that were read, with grade, source and spread", "[facts]") {
  const MemoryTotals totals = rules().of(gpu("RTX 4090"));
  CHECK(totals.visible.mib == 24564);
  CHECK(totals.visible.grade == "from-memory");
  CHECK(totals.cuda.mib == 24166);
  CHECK(totals.cuda.grade == "logged");
  CHECK(totals.cuda.source.starts_with("vLLM 0.10.2 start-up log, "));
  CHECK(totals.cuda.spread_mib == 0.002 * 24166);
  CHECK(totals.most_utilization == 1);
}

TEST_CASE("a card of which only the label is known has totals by the rules of its siblings", "[facts]") {
  const MemoryTotals ada = rules().of(gpu("RTX 4080"));
  CHECK(ada.visible.grade == "derived");
  CHECK(ada.visible.source == "gpu-db/totals.json: 0.05 % less, ECC off");
  CHECK(std::lround(ada.visible.mib) == 16376);
  CHECK(ada.cuda.grade == "derived");
  CHECK(std::lround(ada.cuda.mib) == 15934);
  CHECK(ada.cuda.spread_mib == 160 + 16);
  const MemoryTotals ecc = rules().of(gpu("A40"));
  CHECK(std::lround(ecc.visible.mib) == 46068);
  const Gpu added =
      read_gpu(JsonReader({{"id", "new"}, {"name", "New"}, {"vendor", "nvidia"}, {"memory_mib", 8192}}, ""));
  CHECK(rules().of(added).cuda.grade == "derived");
  const Gpu foreign = read_gpu(JsonReader({{"id", "new"}, {"name", "New"}, {"memory_mib", 8192}}, ""));
  CHECK(rules().of(foreign).cuda.grade == "guessed");
}

TEST_CASE("the rules find the CUDA total of every card that has one, within their spread", "[facts]") {
  int cards = 0, inside = 0;
  for (const Gpu& card : shipped_gpus().all()) {
    if (card.vendor != "NVIDIA" || !card.memory_cuda_mib || card.unified_memory) continue;
    if (card.id == "gb300") continue;  // its label counts memory that is not for use
    INFO(card.id);
    const MemoryTotals derived =
        rules().of(forgotten(card)).cuda.mib > 0 ? rules().of(forgotten(card)) : MemoryTotals{};
    const double off_mib = std::abs(derived.cuda.mib - *card.memory_cuda_mib);
    ++cards;
    if (off_mib <= derived.cuda.spread_mib) ++inside;
    CHECK(off_mib < 230);
  }
  CHECK(cards >= 24);
  CHECK(inside >= 0.9 * cards);
}

TEST_CASE("the driver of this machine says the visible total, and the CUDA total follows", "[facts]") {
  const auto detected = [](const char* name, double mib) { return rules().detected(gpu(name), mib, 0); };
  CHECK(detected("RTX 4090", 24564).visible.grade == "detected");
  CHECK(detected("RTX 4090", 24564).cuda.mib == 24166);
  CHECK(detected("RTX 4090", 24564).cuda.grade == "logged");
  const MemoryTotals with_ecc = detected("RTX A6000", 46068);
  CHECK(with_ecc.cuda.mib == 48681 - (49152 - 46068));
  CHECK(with_ecc.cuda.grade == "derived");
  CHECK(detected("RTX 3090", 24268).cuda.mib == 24146);  // an old driver holds back what CUDA would
  const MemoryTotals unread = detected("RTX 4080", 16376);
  CHECK(std::lround(unread.cuda.mib) == 15934);
  CHECK(unread.cuda.spread_mib == 160);
}

TEST_CASE("--vram-gb is all three totals", "[facts]") {
  const MemoryTotals totals = rules().given(gpu("RTX 4090"), 20480);
  for (const MemoryTotal& total : {totals.visible, totals.cuda}) {
    CHECK(total.mib == 20480);
    CHECK(total.grade == "given");
    CHECK(total.spread_mib == 0);
  }
}

TEST_CASE("unified memory is shared: others hold some, and the utilization stays below what may be free", "[facts]") {
  const MemoryTotals spark = rules().of(gpu("DGX Spark"));
  CHECK(spark.cuda.mib == 124611);
  CHECK(spark.held_mib == 6144);
  CHECK(spark.most_utilization == 0.85);
  const MemoryTotals nano = rules().of(gpu("Jetson Orin Nano"));
  CHECK(nano.cuda.grade == "derived");
  CHECK(nano.most_utilization == 0.73);
  const MemoryTotals busy = rules().detected(gpu("DGX Spark"), 124611, 62000);
  CHECK(busy.held_mib == 0);
  CHECK(busy.most_utilization == 0.50);
  const MemoryTotals halo = rules().of(gpu("Strix Halo"));
  CHECK(halo.is_setting);
  CHECK(halo.visible.mib == 98304);
  CHECK(halo.cuda.spread_mib > 32768);
}

TEST_CASE("without rules the label stands for all, guessed", "[facts]") {
  Catalog catalog;
  catalog.seal();
  const MemoryTotals totals = TotalRules(catalog).of(forgotten(gpu("RTX 4090")));
  CHECK(totals.cuda.mib == 24576);
  CHECK(totals.cuda.grade == "guessed");
}

TEST_CASE("a user's totals.json takes the place of the installed one", "[facts]") {
  Catalog catalog;
  const Json own = {
      {"visible", {{{"when", Json::object()}, {"rule", "half"}, {"less_share", 0.5}, {"sources", {"me"}}}}}};
  test::add_table(catalog, table_kind::gpu_totals, "totals", own, Origin::Rank::user);
  catalog.seal();
  CHECK(TotalRules(catalog).of(forgotten(gpu("RTX 4090"))).visible.mib == 12288);
}

TEST_CASE("a rule that says too little or something unknown is refused with file and path", "[facts]") {
  Json rule = {{"when", Json::object()}, {"rule", "all of it"}, {"sources", {"made for a test"}}};
  CHECK_NOTHROW(TotalRules(std::make_shared<const Json>(one_rule(rule)), "").check());
  rule["when"] = {{"maker", "NVIDIA"}};
  CHECK_THAT(refusal_of(one_rule(rule)), StartsWith("my/totals.json: /visible/0/when: unknown key 'maker', expected "));
  rule["when"] = Json::object();
  rule["sources"] = Json::array();
  CHECK(refusal_of(one_rule(rule)) ==
        "my/totals.json: /visible/0/sources: is empty, expected where the rule comes from");
  rule["less_share"] = 2;
  CHECK(refusal_of(one_rule(rule)) == "my/totals.json: /visible/0/less_share: is 2, expected a number from 0 to 1");
  CHECK(refusal_of({{"visble", Json::array()}}) == "my/totals.json: unknown key 'visble', did you mean 'visible'?");
}

TEST_CASE("every shipped rule can be read and cites its sources", "[facts]") {
  rules().check();
  for (const Gpu& card : shipped_gpus().all()) {
    INFO(card.id);
    const MemoryTotals totals = rules().of(card);
    if (!card.memory_mib) continue;
    CHECK(totals.cuda.mib > 0);
    CHECK(totals.cuda.mib <= totals.visible.mib);
    CHECK(totals.visible.mib <= *card.memory_mib);
    CHECK_FALSE(totals.visible.source.empty());
    CHECK_FALSE(totals.cuda.source.empty());
    if (card.vllm == "supported" && card.vendor == "NVIDIA") CHECK(totals.cuda.grade != "guessed");
    for (const MigProfile& profile : card.mig_profiles) {
      const MemoryTotals slice = rules().of(slice_of(card, profile));
      INFO(profile.name);
      CHECK(slice.cuda.mib > 0);
      CHECK(slice.cuda.mib <= totals.visible.mib);
    }
  }
}

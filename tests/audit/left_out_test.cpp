// Start-ups predicted without what their own source fitted.
#include "audit/left_out.hpp"
#include "support/catch.hpp"

using namespace vw;

namespace {

constexpr double gib = 1073741824.0;

// 10 GiB of KV cache between 9 and 11, half a GiB of it margin; one term of 1 GiB was set from logs.
Judgement judgement() {
  Judgement made;
  vw_memory& memory = made.memory;
  memory.verdict = VW_FITS;
  memory.starts = VW_YES;
  memory.kv_available_bytes = 10 * gib;
  memory.kv_available_low_bytes = 9 * gib;
  memory.kv_available_high_bytes = 11 * gib;
  memory.kv_sequence_bytes = 2 * gib;
  memory.kv_tokens = 5000;
  made.candidate.context_tokens = 1000;
  made.uncertainty.kv_class = "dense";
  made.uncertainty.kv_margin_gib = 0.5;
  made.uncertainty.fitted_gib = {{"non-torch", 1.0}};
  return made;
}

ObservedRow row(const std::string& source, double kv_gib) {
  ObservedRow made;
  made.id = made.source = source;
  made.observed = {{metric::kv_available, kv_gib}};
  return made;
}

LeftOut left_out_of(const std::vector<ObservedRow>& rows) {
  std::vector<Judged> judged;
  for (const ObservedRow& one : rows) judged.push_back({&one, judgement()});
  return leave_one_out(judged);
}

}  // namespace

TEST_CASE("a fitted term of a source left out is the median of what the others show", "[audit]") {
  // implied terms of b, c, d: 1.2, 1.4, 1.8 GiB
  const LeftOut left_out = left_out_of({row("a", 10), row("b", 9.8), row("c", 9.6), row("d", 9.2)});
  REQUIRE(left_out.scores.size() == 4);
  CHECK(left_out.scores[0].predicted.best == Approx(10 - 0.4));
  CHECK(left_out.scores[3].predicted.best == Approx(10 - 0.2));  // of 1.0, 1.2, 1.4
  CHECK(left_out.all.terms_gib.at("non-torch") == Approx(1.2));  // the lower of both in the middle
}

TEST_CASE("what only one source shows is not known without it", "[audit]") {
  std::vector<Judged> judged;
  const ObservedRow known = row("a", 10), alone = row("b", 10);
  judged.push_back({&known, judgement()});
  judged.push_back({&alone, judgement()});
  judged.back().judgement.uncertainty.fitted_gib = {{"unified memory", 2.0}};
  CHECK(leave_one_out(judged).scores[1].predicted.best == Approx(12));
}

TEST_CASE("a margin is what the log exceeds the spreads by, the largest of few sources", "[audit]") {
  // spreads without margin: half a GiB; e is 1.5 above the median of the others
  const LeftOut left_out = left_out_of({row("a", 10), row("b", 10), row("c", 10), row("d", 10), row("e", 11.5)});
  CHECK(left_out.all.kv_margins_gib.at("dense") == Approx(1.0));
  const auto& last = left_out.scores.back().predicted;  // without e nothing exceeds them
  CHECK(last.high - last.best == Approx(0.5));
  const auto& first = left_out.scores.front().predicted;
  CHECK(first.high - first.best == Approx(1.5));
}

TEST_CASE("tokens, concurrency and verdict follow the KV cache that was predicted anew", "[audit]") {
  Judgement low = judgement();
  low.memory.max_concurrency = 5;
  const auto predicted = predictions_of(low, {-9, 0, 0});
  CHECK(predicted.at(metric::kv_tokens).best == Approx(500));
  CHECK(predicted.at(metric::concurrency).best == Approx(0.5));
  CHECK(predicted.at(metric::starts).best == 0);
  CHECK(predicted.at(metric::starts).high == 1);
}

TEST_CASE("a model that tells no uncertainty is predicted as before", "[audit]") {
  std::vector<Judged> judged;
  const ObservedRow a = row("a", 10), b = row("b", 12);
  for (const ObservedRow* one : {&a, &b}) {
    judged.push_back({one, judgement()});
    judged.back().judgement.uncertainty = {};
  }
  CHECK(leave_one_out(judged).scores[1].predicted.best == 10);
}

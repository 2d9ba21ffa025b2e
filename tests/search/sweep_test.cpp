#include "search/sweep.hpp"

#include "plan/plan.hpp"
#include "search/columns.hpp"
#include "support/catch.hpp"
#include "support/message_of.hpp"
#include "support/search_lab.hpp"

#include <cstring>

using namespace vw;
using test::SearchLab;

namespace {

std::string text_of(const std::vector<Ranked>& rows) {
  std::string text;
  for (const Ranked& row : rows) text += csv_row(row) + "\n";
  return text;
}

// What `plan` says for the command that is printed with a row.
Plan plan_of(const SearchLab& lab, const Ranked& row) {
  const Place& place = row.row.place;
  Request request = lab.request;
  request.gpu = row.row.lane->scenario.hardware.gpu.id;
  request.quantization = row.row.lane->weights[place.weights].word;
  request.kv_cache_dtype = row.row.lane->kv[place.kv].word;
  request.tensor_parallel = place.layout.tensor;
  request.pipeline_parallel = place.layout.pipeline;
  request.gpus = place.layout.gpus_per_node;
  if (place.context != automatic) request.max_model_len = static_cast<std::int64_t>(row.row.candidate.context_tokens);
  if (place.max_num_seqs > 0) request.max_num_seqs = place.max_num_seqs;
  if (place.max_num_seqs != automatic && row.row.candidate.max_batched_tokens > 0)
    request.max_num_batched_tokens = static_cast<std::int64_t>(row.row.candidate.max_batched_tokens);
  request.solve_max_num_seqs = place.max_num_seqs == automatic;
  request.prompt_tokens = place.prompt_tokens;
  request.generated_tokens = place.generated_tokens;
  request.concurrency = place.concurrency;
  const Scenario scenario = [&] {
    const Catalog& catalog = test::shipped().catalog();
    Scenario gathered = gather(catalog, test::shipped().defaults(), request, {&lab.model, nullptr});
    read_checkpoints(catalog, test::shipped().defaults(), gathered);
    return gathered;
  }();
  Judges judges = lab.open(scenario);
  return make_plan(scenario, judges.memory, judges.perf);
}

void expect_equal(const SearchLab& lab, const Ranked& ranked) {
  const Row& row = ranked.row;
  const Plan plan = plan_of(lab, ranked);
  INFO(csv_row(ranked));
  CHECK(row.fits == plan.fits());
  if (!row.lane->obstacle_of(row.place).empty()) return;  // a plan judges the memory of what cannot run, too
  CHECK(row.memory.weights_bytes == plan.memory.weights_bytes);
  CHECK(row.memory.kv_required_bytes == plan.memory.kv_required_bytes);
  CHECK(row.memory.headroom_bytes == plan.memory.headroom_bytes);
  CHECK(row.memory.reason == plan.memory.reason);
  CHECK(row.candidate.context_tokens == plan.candidate.context_tokens);
  CHECK(row.candidate.utilization == plan.candidate.utilization);
  if (!row.fits) return;
  CHECK(row.running.context_tokens == plan.recommended.candidate.context_tokens);
  CHECK(row.running.max_sequences == plan.recommended.candidate.max_sequences);
  CHECK(row.running.max_batched_tokens == plan.recommended.candidate.max_batched_tokens);
  CHECK(row.lane->scenario.kv_formats[row.running.kv_format].id ==
        (plan.recommended.kv_cache_dtype == "auto" ? "auto" : "fp8"));
  CHECK(row.perf.tpot_ms == plan.perf.tpot_ms);
  CHECK(row.perf.ttft_ms == plan.perf.ttft_ms);
}

}  // namespace

TEST_CASE("a row of a sweep says what plan says for the command that is printed with it", "[search]") {
  const SearchLab lab(test::sample_axes());
  const std::vector<Ranked> rows = lab.rows();
  REQUIRE(rows.size() > 300);
  for (std::size_t i = 0; i < rows.size(); i += 3) expect_equal(lab, rows[i]);
}

TEST_CASE("a row with another checkpoint says what plan says for it", "[search]") {
  Axes axes = test::sample_axes();
  axes.quantizations = {"awq"};
  axes.concurrencies = {1, 32};
  const SearchLab lab(axes, "Qwen/Qwen3-32B");
  for (const Ranked& row : lab.rows()) expect_equal(lab, row);
}

TEST_CASE("a context or a number of sequences that is left open is the one that plan takes", "[search]") {
  Axes axes = test::sample_axes();
  axes.contexts = {automatic, 8192};
  axes.max_num_seqs = {automatic, 48, as_needed};
  axes.quantizations = {"none"};
  axes.concurrencies = {1, 32};
  const SearchLab lab(axes);
  for (const Ranked& row : lab.rows()) expect_equal(lab, row);
}

TEST_CASE("the number of workers changes no byte of the answer", "[search]") {
  Axes axes = test::sample_axes();
  axes.concurrencies.clear();
  for (std::int64_t users = 1; users <= 600; ++users) axes.concurrencies.push_back(users);
  const SearchLab lab(axes);
  const std::string alone = text_of(lab.rows(1));
  CHECK(lab.space->blocks() > 4);
  CHECK(alone == text_of(lab.rows(2)));
  CHECK(alone == text_of(lab.rows(4)));
}

TEST_CASE("requests longer than their context are left out and counted", "[search]") {
  Axes axes = test::sample_axes();
  axes.prompts = {1000, 6000};
  const SearchLab lab(axes);
  const Progressed counts = run_sweep(
      *lab.space, *lab.lanes, lab.open, 2, [](const JudgedBlock&) -> Merge { return [] {}; }, nullptr);
  CHECK(counts.candidates == lab.space->size());
  CHECK(counts.left_out == lab.space->size() / 4);
  CHECK(lab.rows().size() == lab.space->size() - counts.left_out);
}

TEST_CASE("what a card cannot run is a row that does not fit and says why", "[search]") {
  Axes axes = test::sample_axes();
  axes.gpus = {"t4"};
  axes.quantizations = {"fp8"};
  axes.concurrencies = {1};
  for (const Ranked& row : SearchLab(axes).rows()) {
    CHECK_FALSE(row.row.fits);
    CHECK_THAT(to_json(row).at("reason").get<std::string>(), StartsWith("needs compute capability 8.0, NVIDIA T4 has"));
  }
}

TEST_CASE("the first block that fails is the error, however many workers there are", "[search]") {
  Axes axes = test::sample_axes();
  const SearchLab lab(axes);
  for (const unsigned threads : {1U, 4U}) {
    const auto fails = [&] {
      run_sweep(
          *lab.space, *lab.lanes, lab.open, threads,
          [&](const JudgedBlock& block) -> Merge {
            const std::string gpu = block.row(0).lane->scenario.hardware.gpu.id;
            if (gpu != "a100-pcie-40gb") throw Error("digest", "cannot look at " + gpu);
            return [] {};
          },
          nullptr);
    };
    CHECK(test::message_of(fails) == "digest: cannot look at h100-sxm5-80gb");
  }
}

TEST_CASE("progress counts every candidate once", "[search]") {
  const SearchLab lab(test::sample_axes());
  std::uint64_t last = 0;
  run_sweep(
      *lab.space, *lab.lanes, lab.open, 2, [](const JudgedBlock&) -> Merge { return [] {}; },
      [&](const Progressed& so_far) {
        CHECK(so_far.candidates > last);
        last = so_far.candidates;
      });
  CHECK(last == lab.space->size());
}

// What is asked of every memory model and performance heuristic: rows in, believable rows out, always the same.
#include "conformance/all_parts.hpp"
#include "parts/rows.hpp"
#include "support/catch.hpp"
#include "support/random_request.hpp"

#include <cstring>

using namespace vw;
using test::all_parts;
using test::Random;
using test::sample_settings;

namespace {

vw_candidate random_candidate(Random& random) {
  vw_candidate candidate{};
  candidate.tensor_parallel = static_cast<std::uint32_t>(1 << random.whole(0, 3));
  candidate.pipeline_parallel = static_cast<std::uint32_t>(random.whole(1, 2));
  candidate.data_parallel = candidate.expert_parallel = candidate.nodes = 1;
  candidate.gpus = candidate.tensor_parallel * candidate.pipeline_parallel;
  candidate.flags = static_cast<std::uint32_t>(random.whole(0, 7));
  candidate.block_tokens = random.coin() ? 0 : 16;
  candidate.context_tokens = static_cast<std::uint64_t>(random.whole(1, 200000));
  candidate.concurrency = static_cast<std::uint64_t>(random.whole(1, 256));
  candidate.prompt_tokens = static_cast<std::uint64_t>(random.whole(1, 8192));
  candidate.generated_tokens = static_cast<std::uint64_t>(random.whole(1, 1024));
  candidate.max_sequences = random.coin() ? 0 : static_cast<std::uint64_t>(random.whole(1, 1024));
  candidate.max_batched_tokens = random.coin() ? 0 : static_cast<std::uint64_t>(random.whole(256, 65536));
  candidate.utilization = random.real(0.1, 1);
  return candidate;
}

std::vector<vw_candidate> random_candidates(std::size_t count) {
  Random random;
  std::vector<vw_candidate> candidates;
  for (std::size_t i = 0; i < count; ++i) candidates.push_back(random_candidate(random));
  return candidates;
}

std::vector<vw_memory> memory_of(Instance& model, const std::vector<vw_candidate>& candidates) {
  std::vector<vw_memory> rows(candidates.size());
  model.evaluate(candidates, rows);
  return rows;
}

std::vector<vw_perf> speed_of(Instance& model, const std::vector<vw_candidate>& candidates,
                              const std::vector<vw_memory>& memory) {
  std::vector<vw_perf> rows(candidates.size());
  model.evaluate(candidates, memory, rows);
  return rows;
}

// low <= best <= high wherever a row gives the three.
template <class Row>
void expect_ordered(const Row& row, std::span<const RowField> fields) {
  for (const RowField& field : fields) {
    const std::string name = field.name;
    const auto at = name.find("_low_");
    if (at == std::string::npos) continue;
    const std::string rest = name.substr(at + 4);
    const RowField* best = find_field(fields, name.substr(0, at) + rest);
    const RowField* high = find_field(fields, name.substr(0, at) + "_high" + rest);
    INFO(name);
    REQUIRE(best != nullptr);
    REQUIRE(high != nullptr);
    const double low_value = read_field(&row, field), high_value = read_field(&row, *high);
    if (low_value == 0 && high_value == 0) continue;
    CHECK(low_value <= read_field(&row, *best));
    CHECK(read_field(&row, *best) <= high_value);
  }
}

template <class Row>
bool same(const std::vector<Row>& left, const std::vector<Row>& right) {
  return left.size() == right.size() && std::memcmp(left.data(), right.data(), left.size() * sizeof(Row)) == 0;
}

template <class Check>
void for_hot_parts(const char* kind, Check&& check) {
  for (const auto& part : all_parts().of_kind(kind))
    for (const Json& settings : sample_settings()) {
      INFO(part->label() << " of " << part->origin().path << " with " << settings.at("model").at("family"));
      check(*part, settings);
    }
}

}  // namespace

TEST_CASE("memory models give the same rows one by one, in blocks of any size, and twice", "[conformance]") {
  const std::vector<vw_candidate> candidates = random_candidates(300);
  for_hot_parts(VW_KIND_MEMORY_MODEL, [&](const Part& part, const Json& settings) {
    Instance model = part.open(settings), other = part.open(settings);
    const std::vector<vw_memory> whole = memory_of(model, candidates);
    CHECK(same(whole, memory_of(model, candidates)));
    CHECK(same(whole, memory_of(other, candidates)));
    for (const std::size_t size : {std::size_t{1}, std::size_t{7}, std::size_t{64}}) {
      std::vector<vw_memory> pieces;
      for (std::size_t at = 0; at < candidates.size(); at += size) {
        const auto end = std::min(at + size, candidates.size());
        for (const vw_memory& row : memory_of(model, {candidates.begin() + static_cast<std::ptrdiff_t>(at),
                                                      candidates.begin() + static_cast<std::ptrdiff_t>(end)}))
          pieces.push_back(row);
      }
      CHECK(same(whole, pieces));
    }
    CHECK(memory_of(model, {}).empty());
  });
}

TEST_CASE("memory models give ordered intervals and parts that are there for a reason", "[conformance]") {
  const std::vector<vw_candidate> candidates = random_candidates(200);
  for_hot_parts(VW_KIND_MEMORY_MODEL, [&](const Part& part, const Json& settings) {
    Instance model = part.open(settings);
    for (const vw_memory& row : memory_of(model, candidates)) {
      expect_ordered(row, memory_fields());
      CHECK(row.capacity_bytes > 0);
      if (row.total_bytes > 0) CHECK(row.capacity_bytes <= row.total_bytes);
      CHECK((row.verdict == VW_DOES_NOT_FIT) == (row.reason != VW_REASON_NONE && row.verdict != VW_UNSUPPORTED));
      CHECK(row.kv_sequence_bytes <= row.kv_required_bytes + 1);
    }
  });
}

TEST_CASE("memory models never need less for more context, and never fit again once they did not", "[conformance]") {
  Random random;
  for_hot_parts(VW_KIND_MEMORY_MODEL, [&](const Part& part, const Json& settings) {
    Instance model = part.open(settings);
    for (int round = 0; round < 20; ++round) {
      std::vector<vw_candidate> growing(40, random_candidate(random));
      for (std::size_t i = 0; i < growing.size(); ++i) growing[i].context_tokens = 1 + 977 * i;
      const std::vector<vw_memory> rows = memory_of(model, growing);
      for (std::size_t i = 1; i < rows.size(); ++i) {
        CHECK(rows[i].kv_required_bytes >= rows[i - 1].kv_required_bytes);
        CHECK(rows[i].weights_bytes == rows[i - 1].weights_bytes);
        CHECK((rows[i].verdict != VW_FITS || rows[i - 1].verdict == VW_FITS));
      }
    }
  });
}

TEST_CASE("performance heuristics give ordered, repeatable rows whose shares are shares", "[conformance]") {
  const std::vector<vw_candidate> candidates = random_candidates(200);
  const auto memory_model = all_parts().catalog().part(VW_KIND_MEMORY_MODEL, "classic");
  for_hot_parts(VW_KIND_PERF_HEURISTIC, [&](const Part& part, const Json& settings) {
    Instance memory = memory_model->open(settings), model = part.open(settings), other = part.open(settings);
    const std::vector<vw_memory> memory_rows = memory_of(memory, candidates);
    const std::vector<vw_perf> rows = speed_of(model, candidates, memory_rows);
    CHECK(same(rows, speed_of(model, candidates, memory_rows)));
    CHECK(same(rows, speed_of(other, candidates, memory_rows)));
    for (const vw_perf& row : rows) {
      expect_ordered(row, perf_fields());
      const double shares =
          row.weights_share + row.kv_share + row.compute_share + row.all_reduce_share + row.overhead_share;
      CHECK(shares <= 1 + 1e-9);
      CHECK((row.verdict == VW_UNSUPPORTED || (row.ttft_ms > 0 && row.tpot_ms > 0)));
    }
  });
}

TEST_CASE("a hot part that explains gives terms with values, and warnings in words", "[conformance]") {
  for (const char* kind : {VW_KIND_MEMORY_MODEL, VW_KIND_PERF_HEURISTIC})
    for_hot_parts(kind, [](const Part& part, const Json& settings) {
      if (!part.can_ask()) return;
      Json candidate = Json::object();
      const vw_candidate row = random_candidates(1).front();
      for (const RowField& field : candidate_fields())
        candidate[field.name] = field.type == RowField::Type::f64
                                    ? Json(read_field(&row, field))
                                    : Json(static_cast<std::uint64_t>(read_field(&row, field)));
      const Json reply = part.open(settings).ask({{"verb", "explain"}, {"candidate", candidate}});
      REQUIRE(reply.is_object());
      for (const Json& term : reply.value("terms", Json::array())) {
        INFO(term);
        CHECK(term.at("name").is_string());
        CHECK(term.at("formula").is_string());
        CHECK((term.contains("value") || term.contains("value_bytes")));
      }
      for (const char* key : {"warnings", "assumptions"})
        for (const Json& text : reply.value(key, Json::array())) CHECK(text.is_string());
    });
}

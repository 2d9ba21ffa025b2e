#include "facts/efficiency.hpp"

#include "base/files.hpp"
#include "support/catch.hpp"
#include "support/message_of.hpp"
#include "support/shipped_gpus.hpp"

using namespace vw;
using namespace vw::test;

namespace {

Json file_of_card() {
  return Json::parse(R"({
    "gpu": "card", "sources": ["a bench"], "peaks": {"memory_bandwidth_gb_s": 1000, "bf16_tflops": 100},
    "gemm": [{"format": "bf16", "peak": "bf16", "vllm": "0.24.0", "launch_us": 4, "memory_share": 0.8,
              "compute_share": 0.9, "blend": 2, "weight_bytes": 2, "rows": 10, "error_median_percent": 5}],
    "collectives": [{"operation": "all-reduce", "gpus": 2, "launch_us": 5, "gb_s": 200}]})");
}

std::string refusal(const Json& patch) {
  Json file = file_of_card().patch(patch);
  return message_of([&] { read_efficiency_file(file, "card.json", "card"); });
}

}  // namespace

TEST_CASE("a file of measured efficiency keeps what heuristics read, without how good each fit is", "[facts]") {
  const Json kept = read_efficiency_file(file_of_card(), "card.json", "card");
  CHECK(kept.at("gemm").at(0).at("launch_us") == 4);
  CHECK_FALSE(kept.at("gemm").at(0).contains("rows"));
  CHECK_FALSE(kept.contains("sources"));
}

TEST_CASE("a file of measured efficiency with a wrong key or number is refused at its place", "[facts]") {
  CHECK(refusal({{{"op", "add"}, {"path", "/gem"}, {"value", Json::array()}}}) ==
        "card.json: unknown key 'gem', did you mean 'gemm'?");
  CHECK(refusal({{{"op", "add"}, {"path", "/gemm/0/lauch_us"}, {"value", 1}}}) ==
        "card.json: /gemm/0: unknown key 'lauch_us', did you mean 'launch_us'?");
  CHECK(refusal({{{"op", "remove"}, {"path", "/gemm/0/blend"}}}) == "card.json: /gemm/0: has no 'blend'");
  CHECK(refusal({{{"op", "replace"}, {"path", "/gemm/0/memory_share"}, {"value", 0}}}) ==
        "card.json: /gemm/0/memory_share: is 0, expected a number from 0.001 to 200");
  CHECK(refusal({{{"op", "replace"}, {"path", "/gpu"}, {"value", "other"}}}) ==
        "card.json: /gpu: is not the name of the file, expected 'card'");
}

TEST_CASE("every shipped file of measured efficiency is read, and is of a card that is known", "[facts]") {
  const Catalog& catalog = shipped().catalog();
  for (const std::string& id : catalog.ids(table_kind::efficiency)) {
    INFO(id);
    const auto file = catalog.table(table_kind::efficiency, id);
    if (id != "_shared") CHECK(shipped_gpus().find(id).gpu.id == id);
    CHECK_FALSE(file->empty());
  }
}

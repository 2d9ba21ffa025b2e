#include "search/columns.hpp"

#include "base/text.hpp"
#include "search/prices.hpp"
#include "search/scatter.hpp"
#include "support/catch.hpp"
#include "support/message_of.hpp"
#include "support/search_lab.hpp"

#include <set>

using namespace vw;

TEST_CASE("fields with commas, quotes and line breaks are quoted in CSV, null is empty", "[search]") {
  CHECK(csv_line({"plain", "a,b", "say \"so\"", "two\nlines", nullptr, 1.5, 7, true}) ==
        "plain,\"a,b\",\"say \"\"so\"\"\",\"two\nlines\",,1.5,7,true");
}

TEST_CASE("CSV and JSON name the same columns", "[search]") {
  const test::SearchLab lab(test::sample_axes());
  const Ranked row = lab.rows().back();
  std::set<std::string> names;
  const Json json = to_json(row);
  for (const auto& [name, value] : json.items()) names.insert(name);
  const std::vector<std::string> header = split(csv_header(), ',');
  CHECK(names == std::set<std::string>(header.begin(), header.end()));
  CHECK(names.size() == columns().size());
}

TEST_CASE("a price list wins over gpu-db, whose dearer end counts", "[search]") {
  const Catalog& catalog = test::shipped().catalog();
  const Gpu l40s = GpuTable(catalog, "l40s").find("l40s").gpu;
  const Gpu h100 = GpuTable(catalog, "h100-sxm5-80gb").find("h100-sxm5-80gb").gpu;
  const Json list = {{"usd_per_hour", {{"NVIDIA L40S", 0.5}}}, {"source", "an offer"}};
  const Prices prices(JsonReader(list, "prices.json"), catalog);
  CHECK(prices.of(l40s)->usd_per_gpu_hour == 0.5);
  CHECK(prices.of(l40s)->source == "an offer");
  CHECK(prices.of(h100)->usd_per_gpu_hour == h100.json.at("usd_per_hour").at("high").get<double>());
  CHECK(prices.of(h100)->source == h100.json.at("price_source").get<std::string>());
  CHECK_FALSE(Prices().of(GpuTable(catalog, "t4").find("t4").gpu));
}

TEST_CASE("a price list with an unknown card, key or a negative price is refused where it stands", "[search]") {
  const auto message = [](const Json& list) {
    return test::message_of([&] { Prices(JsonReader(list, "p.json"), test::shipped().catalog()); });
  };
  CHECK_THAT(message({{"usd_per_hour", {{"L40SX", 1}}}}), StartsWith("p.json: /usd_per_hour/L40SX: "));
  CHECK_THAT(message({{"usd_per_hour", {{"L40S", -1}}}}), StartsWith("p.json: /usd_per_hour/L40S: "));
  CHECK_THAT(message({{"usd", 1}}), StartsWith("p.json: "));
}

TEST_CASE("a picture names both figures, every card of the front, and no point twice", "[search]") {
  const test::SearchLab lab(test::sample_axes());
  const Tradeoff& tradeoff = find_tradeoff("throughput");
  Points points(tradeoff);
  Front front(tradeoff);
  for (const Ranked& row : lab.rows()) {
    points.add(row.figures, *row.row.lane);
    points.add(row.figures, *row.row.lane);
    front.add(row);
  }
  const std::string svg = scatter_svg("Qwen <3> & more", points, front);
  CHECK_THAT(svg, ContainsSubstring("Qwen &lt;3> &amp; more"));
  CHECK_THAT(svg, ContainsSubstring("output tokens/s per GPU"));
  CHECK_THAT(svg, ContainsSubstring("tokens/s of one user"));
  CHECK_THAT(svg, ContainsSubstring("<polyline"));
  CHECK(points.list().size() < lab.rows().size());
  for (const Ranked& row : front.rows()) CHECK_THAT(svg, ContainsSubstring(row.row.lane->scenario.hardware.gpu.id));
}

TEST_CASE("a picture of nothing says so", "[search]") {
  const Tradeoff& tradeoff = find_tradeoff("cost");
  CHECK_THAT(scatter_svg("empty", Points(tradeoff), Front(tradeoff)), ContainsSubstring("nothing to draw"));
}

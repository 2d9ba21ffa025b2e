#include "facts/gpu_totals.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace vw {
namespace {

constexpr double most_mib = 1e9;

// A rule says what is taken off one total to get the next, and for which cards.
struct Rule {
  double less_mib = 0, less_share = 0, less_slices = 0;
  double spread_mib = 0, spread_share = 0, spread_slices = 0;
  std::string grade, text;
  bool is_setting = false;
};

Rule read_rule(const JsonReader& json) {
  json.expect_only({"when", "less_mib", "less_share", "less_slices", "spread_mib", "spread_share", "spread_slices",
                    "grade", "rule", "is_setting", "sources"});
  Rule rule;
  rule.less_mib = json.number_or("less_mib", 0, 0, most_mib);
  rule.less_share = json.number_or("less_share", 0, 0, 1);
  rule.less_slices = json.number_or("less_slices", 0, 0, 1);
  rule.spread_mib = json.number_or("spread_mib", 0, 0, most_mib);
  rule.spread_share = json.number_or("spread_share", 0, 0, 1);
  rule.spread_slices = json.number_or("spread_slices", 0, 0, 1);
  rule.grade = json.string_or("grade", "derived");
  rule.text = json.at("rule").string();
  rule.is_setting = json.boolean_or("is_setting", false);
  return rule;
}

bool is_word_of(const JsonReader& wanted, const std::string& word) {
  if (wanted.value().is_string()) return lower(wanted.string()) == lower(word);
  const std::vector<std::string> words = wanted.strings();
  return std::any_of(words.begin(), words.end(), [&](const auto& one) { return lower(one) == lower(word); });
}

bool fits(const JsonReader& when, const Gpu& gpu) {
  when.expect_only({"vendor", "architecture", "market", "memory_type", "unified_memory", "mig"});
  const auto is_word = [&](const char* key, const std::string& word) {
    return !when.has(key) || is_word_of(when.at(key), word);
  };
  return is_word("vendor", gpu.vendor) && is_word("architecture", gpu.architecture) && is_word("market", gpu.market) &&
         is_word("memory_type", gpu.memory_type) &&
         when.boolean_or("unified_memory", gpu.unified_memory) == gpu.unified_memory &&
         when.boolean_or("mig", gpu.slice.has_value()) == gpu.slice.has_value();
}

// The first of a list whose `when` fits.
std::optional<JsonReader> rule_for(const JsonReader& list, const Gpu& gpu) {
  if (list.is_null()) return std::nullopt;
  for (const JsonReader& rule : list.items())
    if (fits(rule.at("when"), gpu)) return rule;
  return std::nullopt;
}

// `slice_mib`: of one memory slice, 0 for a whole card.
MemoryTotal less(const Rule& rule, double from_mib, double slice_mib) {
  MemoryTotal total;
  const double less_mib = rule.less_mib + rule.less_share * from_mib + rule.less_slices * slice_mib;
  total.mib = std::max(0.0, from_mib - less_mib);
  total.spread_mib = rule.spread_mib + rule.spread_share * from_mib + rule.spread_slices * slice_mib;
  total.grade = rule.grade;
  total.source = "gpu-db/totals.json: " + rule.text;
  return total;
}

// What the entry cites for this key.
std::string source_of(const Gpu& gpu, const std::string& key) {
  for (const std::string& source : gpu.sources)
    if (source.starts_with(key + ": ")) return source.substr(key.size() + 2);
  return gpu.where;
}

double share_rounded_down(double share) { return std::floor(std::clamp(share, 0.0, 1.0) * 100) / 100; }

}  // namespace

void put_totals(const MemoryTotals& totals, Json& card) {
  card["memory_visible_mib"] = totals.visible.mib;
  card["memory_visible_grade"] = totals.visible.grade;
  card["memory_cuda_mib"] = totals.cuda.mib;
  card["memory_cuda_grade"] = totals.cuda.grade;
  card["memory_cuda_spread_mib"] = totals.cuda.spread_mib;
}

const std::vector<std::string>& visible_grades() {
  static const std::vector<std::string> grades = {"listed", "from-memory"};
  return grades;
}

const std::vector<std::string>& cuda_grades() {
  static const std::vector<std::string> grades = {"logged", "arithmetic", "from-other-logs"};
  return grades;
}

TotalRules::TotalRules(const Catalog& catalog) {
  const std::vector<TableLayer> layers = catalog.layers(table_kind::gpu_totals, "totals");
  table_ = layers.empty() ? std::make_shared<const Json>(Json::object()) : layers.front().table;
  where_ = layers.empty() ? "" : layers.front().path;
  rules().expect_only({"spread_share", "visible", "cuda", "unified"});
}

TotalRules::TotalRules(std::shared_ptr<const Json> table, std::string where)
    : table_(std::move(table)), where_(std::move(where)) {
  rules().expect_only({"spread_share", "visible", "cuda", "unified"});
}

double TotalRules::spread_of(const std::string& grade) const {
  return rules().find("spread_share").number_or(grade, 0, 0, 1);
}

MemoryTotal TotalRules::visible_of(const Gpu& gpu, bool& is_setting) const {
  if (gpu.memory_visible_mib)
    return {*gpu.memory_visible_mib, gpu.memory_visible_grade, source_of(gpu, "memory_visible"), 0};
  if (!gpu.memory_mib) return {};
  const double slice_mib = gpu.slice ? *gpu.memory_mib / gpu.slice->memory_slices : 0;
  const auto found = rule_for(rules().find("visible"), gpu);
  if (!found) return {*gpu.memory_mib, "guessed", "as on the label: no rule of gpu-db/totals.json fits", 0};
  const Rule rule = read_rule(*found);
  is_setting = rule.is_setting;
  return less(rule, *gpu.memory_mib, slice_mib);
}

MemoryTotal TotalRules::cuda_of(const Gpu& gpu, const MemoryTotal& visible) const {
  if (gpu.memory_cuda_mib) {
    const double spread_mib =
        gpu.memory_cuda_spread_mib.value_or(spread_of(gpu.memory_cuda_grade) * *gpu.memory_cuda_mib);
    return {*gpu.memory_cuda_mib, gpu.memory_cuda_grade, source_of(gpu, "memory_cuda"), spread_mib};
  }
  if (visible.mib <= 0) return {};
  const auto found = rule_for(rules().find("cuda"), gpu);
  if (!found) return {visible.mib, "guessed", "as the driver prints: no rule of gpu-db/totals.json fits", 0};
  MemoryTotal cuda = less(read_rule(*found), visible.mib, 0);
  cuda.spread_mib += visible.spread_mib;
  if (visible.grade == "guessed") cuda.grade = visible.grade;
  return cuda;
}

void TotalRules::share(const Gpu& gpu, MemoryTotals& totals) const {
  if (!gpu.unified_memory || totals.cuda.mib <= 0) return;
  const auto found = rule_for(rules().find("unified"), gpu);
  if (!found) return;
  found->expect_only({"when", "held_mib", "reserve_share", "sources"});
  totals.held_mib = std::min(found->at("held_mib").number(0, most_mib), totals.cuda.mib / 2);
  const double reserve = std::max(found->at("reserve_share").number(0, 1), totals.held_mib / totals.cuda.mib);
  totals.most_utilization = share_rounded_down(1 - reserve);
}

MemoryTotals TotalRules::of(const Gpu& gpu) const {
  MemoryTotals totals;
  totals.visible = visible_of(gpu, totals.is_setting);
  totals.cuda = cuda_of(gpu, totals.visible);
  share(gpu, totals);
  return totals;
}

MemoryTotals TotalRules::detected(const Gpu& gpu, double driver_mib, double used_mib) const {
  const MemoryTotals known = of(gpu);
  if (driver_mib <= 0) return known;
  MemoryTotals totals;
  totals.visible = {driver_mib, "detected", "the driver of this machine", 0};
  const double shift_mib = driver_mib - known.visible.mib;
  const bool is_usual = driver_mib > known.cuda.mib && shift_mib < known.visible.spread_mib + 16;
  Gpu measured = gpu;
  if (gpu.memory_cuda_mib && !is_usual) {
    measured.memory_cuda_mib = std::max(1.0, *gpu.memory_cuda_mib + shift_mib);
    measured.memory_cuda_grade = "derived";
    measured.memory_cuda_spread_mib = 2 * known.cuda.spread_mib;
  }
  totals.cuda = cuda_of(measured, totals.visible);
  share(gpu, totals);
  if (!gpu.unified_memory || totals.cuda.mib <= 0) return totals;
  totals.held_mib = 0;  // it is among what the driver counts as used
  totals.most_utilization = std::min(totals.most_utilization, share_rounded_down(1 - used_mib / totals.cuda.mib));
  return totals;
}

MemoryTotals TotalRules::given(const Gpu& gpu, double mib) const {
  MemoryTotals totals;
  totals.visible = totals.cuda = {mib, "given", "--vram-gb", 0};
  share(gpu, totals);
  return totals;
}

void TotalRules::check() const {
  for (const char* step : {"visible", "cuda"})
    for (const JsonReader& rule : rules().at(step).items()) {
      fits(rule.at("when"), Gpu{});
      read_rule(rule);
      if (rule.at("sources").strings().empty()) rule.at("sources").fail("is empty, expected where the rule comes from");
    }
  for (const JsonReader& rule : rules().at("unified").items()) {
    fits(rule.at("when"), Gpu{});
    rule.expect_only({"when", "held_mib", "reserve_share", "sources"});
  }
}

}  // namespace vw

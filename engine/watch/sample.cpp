#include "watch/sample.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <set>

namespace vw {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double most = 1e300;

// A whole text that is a number; "+Inf" where a bound may be one. "None" and "inf" are none.
std::optional<double> number_in(const std::string& text) {
  if (text == "+Inf") return infinity;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_whole = error == std::errc() && end == text.data() + text.size();
  return is_whole && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

std::optional<double> at_least_zero(std::optional<double> number) {
  return number && std::isfinite(*number) && *number >= 0 ? number : std::nullopt;
}

// One sample of a reply.
struct Entry {
  explicit Entry(const JsonReader& json) : name(json.at("name").string()) {
    for (const auto& [label, text] : json.at("labels").members()) labels[label] = text.string();
    if (json.has("value")) value = json.at("value").number(-most, most);
  }

  std::string label(const char* wanted) const {
    const auto found = labels.find(wanted);
    return found == labels.end() ? "" : found->second;
  }
  std::optional<double> number(const char* wanted) const { return at_least_zero(number_in(label(wanted))); }

  // The series that it belongs to: all labels but the bound of a bucket.
  std::string series() const {
    std::string text;
    for (const auto& [wanted, is] : labels)
      if (wanted != "le") text += wanted + "=" + quote(is) + ",";
    return text;
  }

  std::string name;
  std::map<std::string, std::string> labels;
  std::optional<double> value;  // empty: NaN or infinite
};

class Page {
 public:
  Page(const JsonReader& families, const MetricNames& names) : families_(families), names_(names) {}

  // Samples of a measure by the first of its names that is there.
  std::vector<Entry> entries(const std::string& key) const {
    const auto known = names_.find(key);
    if (known == names_.end()) return {};
    for (const std::string& name : known->second) {
      if (!families_.has(name)) continue;
      std::vector<Entry> found;
      for (const JsonReader& sample : families_.at(name).items()) found.emplace_back(sample);
      if (!only_.empty())
        std::erase_if(found, [&](const Entry& entry) {
          return entry.labels.contains("model_name") && entry.label("model_name") != only_;
        });
      return found;
    }
    return {};
  }

  std::vector<std::string> models() const {
    std::set<std::string> models;
    for (const auto& [key, known] : names_)
      for (const Entry& entry : entries(key))
        if (const auto model = entry.label("model_name"); !model.empty()) models.insert(model);
    return {models.begin(), models.end()};
  }

  void leave_only(const std::string& model) { only_ = model; }

 private:
  JsonReader families_;
  const MetricNames& names_;
  std::string only_;
};

// A bucket, the sum or the count of a histogram.
void take(const Entry& entry, Histograms& histograms) {
  Histogram& histogram = histograms[entry.series()];
  const auto value = at_least_zero(entry.value);
  if (!value) return;
  if (entry.name.ends_with("_sum")) histogram.sum = *value;
  if (entry.name.ends_with("_count")) histogram.count = *value;
  if (const auto bound = number_in(entry.label("le")); bound && entry.name.ends_with("_bucket"))
    histogram.up_to[*bound] = *value;
}

void take(const std::string& key, const std::vector<Entry>& entries, Look& look) {
  for (const Entry& entry : entries) {
    const bool is_bucket = entry.name.ends_with("_bucket");
    const bool is_of_histogram = is_bucket || entry.name.ends_with("_sum") || entry.name.ends_with("_count");
    if (is_of_histogram)
      take(entry, look.histograms[key]);
    else if (const auto value = at_least_zero(entry.value))
      look.numbers[key][entry.series()] = *value;
  }
}

ServedCache cache_of(const Entry& entry) {
  return {entry.number("num_gpu_blocks"), entry.number("block_size"), entry.number("gpu_memory_utilization"),
          entry.label("cache_dtype")};
}

void read_page(const JsonReader& families, const MetricNames& names, const std::string& model, Look& look) {
  Page page(families, names);
  look.models = page.models();
  if (std::find(look.models.begin(), look.models.end(), model) != look.models.end()) page.leave_only(model);
  for (const auto& [key, known] : names) {
    const auto entries = page.entries(key);
    if (key != "cache_config") {
      take(key, entries, look);
      continue;
    }
    for (const Entry& entry : entries) look.caches.push_back(cache_of(entry));
  }
}

}  // namespace

std::optional<double> ServedCache::tokens() const {
  return blocks && block_tokens ? std::optional(*blocks * *block_tokens) : std::nullopt;
}

const Series* Look::find(const std::string& key) const {
  const auto found = numbers.find(key);
  return found == numbers.end() ? nullptr : &found->second;
}

const Histograms* Look::find_histograms(const std::string& key) const {
  const auto found = histograms.find(key);
  return found == histograms.end() ? nullptr : &found->second;
}

std::optional<double> Look::total(const std::string& key) const {
  const Series* series = find(key);
  return series == nullptr ? std::nullopt : std::optional(sum_of(*series));
}

Look read_look(const Json& reply, const std::string& where, const MetricNames& names, const std::string& model) {
  const JsonReader reader(reply, where);
  const JsonReader status = reader.at("status");
  Look look;
  if (status.string() == "failed") {
    look.problem = reader.at("message").string();
    look.hint = reader.string_or("hint", "");
    if (look.problem.empty()) reader.at("message").fail("is empty, expected a reason");
  } else if (status.string() == "ok") {
    read_page(reader.at("families"), names, model, look);
  } else {
    status.fail("is " + quote(status.string()) + ", expected 'ok' or 'failed'");
  }
  return look;
}

std::vector<CardUse> read_cards(const Json& reply, const std::string& where) {
  std::vector<CardUse> cards;
  constexpr double most_mib = 1e9;
  for (const JsonReader& gpu : JsonReader(reply, where).at("gpus").items()) {
    CardUse card;
    card.index = gpu.integer_or("index", static_cast<std::int64_t>(cards.size()), 0, 100000);
    card.name = gpu.string_or("name", "");
    if (gpu.has("vram_mib")) card.total_mib = gpu.at("vram_mib").number(0, most_mib);
    if (gpu.has("vram_used_mib")) card.used_mib = gpu.at("vram_used_mib").number(0, most_mib);
    if (gpu.has("busy_ratio")) card.busy_ratio = gpu.at("busy_ratio").number(0, 1);
    cards.push_back(std::move(card));
  }
  return cards;
}

}  // namespace vw

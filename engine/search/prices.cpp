#include "search/prices.hpp"

namespace vw {
namespace {

constexpr double dearest_usd = 1e6;  // of one card in an hour

}  // namespace

Prices::Prices(const JsonReader& list, const Catalog& catalog) {
  list.expect_only({"usd_per_hour", "source"});
  source_ = list.string_or("source", list.where());
  const GpuTable table(catalog);
  for (const auto& [name, price] : list.at("usd_per_hour").members()) {
    try {
      given_[table.find(name).gpu.id] = price.number(0, dearest_usd);
    } catch (const Error& error) {
      if (error.where() == "--gpu") price.fail(error.message(), error.hint());
      throw;
    }
  }
}

std::optional<Price> Prices::of(const Gpu& gpu) const {
  if (const auto given = given_.find(gpu.id); given != given_.end()) return Price{given->second, source_};
  const JsonReader card(gpu.json, gpu.where);
  if (!card.has("usd_per_hour")) return std::nullopt;
  return Price{card.at("usd_per_hour").at("high").number(0, dearest_usd), card.string_or("price_source", "gpu-db")};
}

}  // namespace vw

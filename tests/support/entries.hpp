// Filling a catalog by hand: tables from JSON, parts from functions.
#pragma once

#include "parts/catalog.hpp"
#include "support/fake_part.hpp"

#include <fmt/format.h>

#include <memory>
#include <string>
#include <utility>

namespace vw::test {

inline void add_table(Catalog& catalog, const std::string& kind, const std::string& id, Json table,
                      Origin::Rank rank = Origin::Rank::installed) {
  const auto shared = std::make_shared<const Json>(std::move(table));
  const Origin origin{rank, fmt::format("{}/{}/{}", Origin{rank, "", ""}.label(), kind, id), ""};
  catalog.add(kind, id, origin, [shared]() -> Loaded { return shared; });
}

inline void add_part(Catalog& catalog, Fake fake, Origin::Rank rank = Origin::Rank::installed) {
  fake.origin = {rank, fmt::format("{}/{}/{}.so", Origin{rank, "", ""}.label(), fake.kind, fake.id), "fake 1.0.0"};
  const std::string kind = fake.kind, id = fake.id;
  const Origin origin = fake.origin;
  const auto part = std::make_shared<const Part>(make_part(std::move(fake)));
  catalog.add(kind, id, origin, [part]() -> Loaded { return part; });
}

// A cold part that answers by verb: {"describe": reply, ...}; null for every other verb.
inline Fake answering(const std::string& kind, const std::string& id, Json replies) {
  Fake fake;
  fake.kind = kind;
  fake.id = id;
  fake.ask = [replies = std::move(replies)](const std::string& request) {
    const std::string verb = Json::parse(request).at("verb").get<std::string>();
    return replies.contains(verb) ? replies.at(verb).dump() : std::string("null");
  };
  return fake;
}

}  // namespace vw::test

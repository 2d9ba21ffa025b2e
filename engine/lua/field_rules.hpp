// lua: words in which declarations.cpp and its tables say what a field may hold.
#pragma once

#include "lua/schema.hpp"

#include <array>

namespace vw::lua::declared {

using Type = Rule::Type;

constexpr Rule id{Type::id};
constexpr Rule line{Type::line};
constexpr Rule text{Type::text};
constexpr Rule boolean{Type::boolean};
constexpr Rule open_table{Type::open_table};

constexpr Rule integer(double least, double most) { return {Type::integer, least, most}; }
constexpr Rule number(double least, double most) { return {Type::number, least, most}; }
constexpr Rule list_of(const Rule& item) { return {Type::list, 0, 0, &item}; }
constexpr Rule map_to(const Rule& item) { return {Type::map, 0, 0, &item}; }
constexpr Rule function(const char* signature) {
  return {Type::function, 0, 0, nullptr, nullptr, 0, nullptr, 0, signature};
}
template <std::size_t N>
constexpr Rule choice(const std::array<const char*, N>& choices) {
  return {Type::choice, 0, 0, nullptr, nullptr, 0, choices.data(), N};
}
template <std::size_t N>
constexpr Rule table(const std::array<Field, N>& fields) {
  return {Type::table, 0, 0, nullptr, fields.data(), N};
}
template <std::size_t N>
constexpr Rule open(const std::array<Field, N>& fields) {
  return {Type::open_table, 0, 0, nullptr, fields.data(), N};
}

constexpr bool required = true, optional = false;
constexpr double most_bytes = 1e15, most_rate = 1e7;

constexpr Rule texts = list_of(text);
constexpr Rule ids = list_of(id);

constexpr Field id_field{"id", id, required, "the file's name without .lua"};
constexpr Field summary_field{"summary", line, required, "what it is, in one line"};
constexpr Field sources_field{"sources", texts, optional, "where the numbers come from: documents, files, dates"};
constexpr Field api_field{"api", integer(0, 1000), optional, "version of this API the script was written for, now 1"};

}  // namespace vw::lua::declared

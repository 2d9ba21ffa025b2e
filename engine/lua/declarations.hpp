// lua, inside: the schema of every constructor. Read by the checks, the editor API and the field tables.
#pragma once

#include "lua/schema.hpp"

namespace vw::lua {

// In the order of the documentation.
std::span<const Schema> schemas() noexcept;
const Schema* find_schema(std::string_view constructor) noexcept;
const Schema* schema_of_kind(std::string_view kind) noexcept;

}  // namespace vw::lua

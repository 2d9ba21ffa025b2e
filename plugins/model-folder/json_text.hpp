// model-folder: JSON from outside. Depth over 64, duplicate keys and an absurd number of values are refused while
// reading, before they cost anything; every complaint has line and column.
#pragma once

#include <nlohmann/json.hpp>

#include <functional>
#include <string>
#include <string_view>

namespace vw::checkpoint {

using Json = nlohmann::json;

// Takes one member of the outermost object, which is then forgotten.
using TakeMember = std::function<void(const std::string& key, const Json& value)>;

// Throws Failure "config.json: line 3 column 7: unexpected '}', expected string literal".
Json parse_json(std::string_view text, const std::string& where);

// Parses an object member by member, so that a header of 100 MiB never becomes a tree. Throws Failure, and what `take`
// throws.
void parse_members(std::string_view text, const std::string& where, const TakeMember& take);

// A member that is a string; "" when it is missing or anything else.
std::string text_or_empty(const Json& object, const char* key);

}  // namespace vw::checkpoint

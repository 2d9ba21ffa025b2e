// base: YAML in and out by way of JSON values. yaml-cpp parses and emits; what it lets through is caught here.
#pragma once

#include "base/json_reader.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace vw {

// One document. Plain scalars become null, booleans, integers and numbers by the YAML 1.2 core schema; quoted ones
// stay strings. Duplicate keys, anchors, aliases, tags, several documents, depth over 64 and non-string keys are
// errors with line and column. Throws vw::Error.
Json parse_yaml(std::string_view text, const std::string& where);

// What others wrote for tools that read all of YAML: several documents; anchors, aliases and merge keys (<<) are
// replaced by what they stand for, up to a million values in all. Else as parse_yaml.
struct YamlDocuments {
  std::vector<Json> documents;
  // Of every text, number and word its line, from 1, by document and path: "/0/services/vllm/image". What came by an
  // alias has none.
  std::map<std::string, std::size_t> lines;
};
YamlDocuments parse_yaml_documents(std::string_view text, const std::string& where);

// Block style, two spaces, keys in the given order of the value (sorted). Every string that any YAML 1.1 or 1.2
// reader could take for something else ("true", "no", "8192", "0.10", "1e5", "12:30", "") is double-quoted.
// parse_yaml(to_yaml(x)) == x, but for what Unicode calls noncharacters (U+FFFE), which become U+FFFD.
// Throws vw::Error if a number is not finite, text is not UTF-8 or the value nests deeper than 64 levels.
std::string to_yaml(const Json& value);
// The same for values whose key order matters.
std::string to_yaml(const nlohmann::ordered_json& value);

}  // namespace vw

#include "facts/flag_syntax.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace vw {
namespace {

constexpr std::array kinds = std::to_array<std::pair<const char*, Takes>>({{"switches", Takes::nothing},
                                                                           {"integers", Takes::integer},
                                                                           {"counts", Takes::count},
                                                                           {"numbers", Takes::number},
                                                                           {"objects", Takes::object},
                                                                           {"lists", Takes::list}});

const std::string no = "--no-";

std::map<std::string, std::string> texts_of(const JsonReader& table, const char* key) {
  std::map<std::string, std::string> texts;
  if (table.has(key))
    for (const auto& [name, text] : table.at(key).members()) texts[name] = text.string();
  return texts;
}

}  // namespace

std::string FlagSyntax::canonical(const std::string& flag) const {
  if (const auto known = aliases.find(flag); known != aliases.end()) return known->second;
  std::string dashed = flag;
  std::replace(dashed.begin(), dashed.end(), '_', '-');
  return dashed;
}

std::string FlagSyntax::negated(const std::string& flag) const {
  if (!flag.starts_with(no)) return "";
  std::string positive = "--" + flag.substr(no.size());
  const auto known = takes.find(positive);
  return known != takes.end() && known->second == Takes::nothing ? positive : "";
}

Takes FlagSyntax::behind(const std::string& flag) const {
  if (!negated(flag).empty()) return Takes::nothing;
  const auto known = takes.find(flag);
  return known == takes.end() ? Takes::text : known->second;
}

FlagSyntax flag_syntax(const Release& release) {
  FlagSyntax syntax;
  const JsonReader table(release.json, "release '" + release.table + "'");
  if (!table.has("flag_syntax")) return syntax;
  const JsonReader written = table.at("flag_syntax");
  syntax.negated_since = written.string_or("negated_since", "");
  syntax.aliases = texts_of(written, "aliases");
  syntax.useless_without = texts_of(written, "useless_without");
  syntax.useless_beside = texts_of(written, "useless_beside");
  syntax.refused_without = texts_of(written, "refused_without");
  for (const auto& [list, takes] : kinds)
    if (written.has(list))
      for (const std::string& flag : written.at(list).strings()) syntax.takes[flag] = takes;
  return syntax;
}

bool knows_written(const Release& release, const FlagSyntax& syntax, const std::string& flag) {
  if (flag == "-O" || release.knows_flag(flag)) return true;
  const std::string positive = syntax.negated(flag);
  const bool has_forms =
      !syntax.negated_since.empty() && compare_versions(release.version, syntax.negated_since).value_or(-1) >= 0;
  return !positive.empty() && has_forms && release.knows_flag(positive);
}

}  // namespace vw

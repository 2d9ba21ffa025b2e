#include "base/yaml.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/yaml_scalars.hpp"

#include <fmt/format.h>
#include <yaml-cpp/emitter.h>
#include <yaml-cpp/emittermanip.h>
#include <yaml-cpp/null.h>

#include <algorithm>
#include <cmath>

namespace vw {
namespace {

constexpr std::size_t most_levels = 64;

// YAML 1.1 reads 1e+300 as text: a number needs its point.
std::string real_text(double value) {
  if (!std::isfinite(value)) throw Error("YAML", fmt::format("cannot write {}, expected a finite number", value));
  std::string text = fmt::format("{}", value);
  if (text.find('.') == std::string::npos) text.insert(std::min(text.find('e'), text.size()), ".0");
  return text;
}

void emit_text(YAML::Emitter& out, const std::string& text) {
  if (!is_utf8(text)) throw Error("YAML", fmt::format("cannot write {}, expected UTF-8", quote(text)));
  if (!is_plain_text(text)) out << YAML::DoubleQuoted;
  // Otherwise yaml-cpp writes byte 127 and U+2028 as they are, which other readers refuse or fold.
  if (printable(text, text.size()) != text) out << YAML::EscapeNonAscii;
  out << text;
}

void emit_key(YAML::Emitter& out, const std::string& key) {
  // Readers look 1,024 characters ahead for the colon, and an escaped character takes up to ten.
  constexpr std::size_t most_bytes_on_a_line = 100;
  if (key.size() > most_bytes_on_a_line) out << YAML::LongKey;
  out << YAML::Key;
  emit_text(out, key);
  out << YAML::Value;
}

template <class Value>
void emit(YAML::Emitter& out, const Value& value, std::size_t level) {
  if (value.is_structured() && level == most_levels)
    throw Error("YAML", fmt::format("nesting is too deep, expected at most {} levels", most_levels));
  if (value.is_object()) {
    out << YAML::BeginMap;
    for (const auto& [key, member] : value.items()) {
      emit_key(out, key);
      emit(out, member, level + 1);
    }
    out << YAML::EndMap;
  } else if (value.is_array()) {
    out << YAML::BeginSeq;
    for (const auto& item : value) emit(out, item, level + 1);
    out << YAML::EndSeq;
  } else if (value.is_string()) {
    emit_text(out, value.template get_ref<const std::string&>());
  } else if (value.is_number_float()) {
    out << real_text(value.template get<double>());
  } else if (value.is_null()) {
    out << YAML::Null;
  } else {
    out << value.dump();  // true, false and whole numbers are the same in JSON
  }
}

template <class Value>
std::string written(const Value& value) {
  YAML::Emitter out;
  out.SetIndent(2);
  out.SetNullFormat(YAML::LowerNull);
  emit(out, value, 0);
  if (!out.good()) throw Error::internal("yaml-cpp cannot write: " + out.GetLastError());
  return std::string(out.c_str(), out.size()) + "\n";
}

}  // namespace

std::string to_yaml(const Json& value) { return written(value); }
std::string to_yaml(const nlohmann::ordered_json& value) { return written(value); }

}  // namespace vw

// Fields of the engine's JSON that may be absent.
#pragma once

#include <nlohmann/json.hpp>

#include <stdexcept>
#include <string>

namespace vw::settings {

using Json = nlohmann::json;

inline const Json* find(const Json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  const auto member = object.find(key);
  return member == object.end() || member->is_null() ? nullptr : &*member;
}

inline double number(const Json& object, const char* key, double otherwise = 0) {
  const Json* const value = find(object, key);
  return value != nullptr && value->is_number() ? value->get<double>() : otherwise;
}

inline std::string text(const Json& object, const char* key, const std::string& otherwise = "") {
  const Json* const value = find(object, key);
  return value != nullptr && value->is_string() ? value->get<std::string>() : otherwise;
}

inline bool flag(const Json& object, const char* key, bool otherwise = false) {
  const Json* const value = find(object, key);
  return value != nullptr && value->is_boolean() ? value->get<bool>() : otherwise;
}

inline const Json& member(const Json& object, const char* key) {
  static const Json nothing = Json::object();
  const Json* const value = find(object, key);
  return value == nullptr ? nothing : *value;
}

inline const Json& required(const Json& object, const char* key) {
  const Json* const value = find(object, key);
  if (value == nullptr) throw std::runtime_error(std::string("the settings have no '") + key + "'");
  return *value;
}

}  // namespace vw::settings

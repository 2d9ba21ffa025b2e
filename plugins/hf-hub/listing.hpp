// hf-hub: what the Hub says a commit of a model holds.
#pragma once

#include "model-folder/json_text.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace vw::hub {

struct Listing {
  std::string commit;
  std::map<std::string, std::optional<std::uint64_t>> files;  // name -> bytes, where the Hub says so
};

// Forty hexadecimal digits.
bool is_commit(const std::string& text);

// Reads the Hub's reply to /api/models. Throws checkpoint::Failure.
Listing parse_listing(const std::string& text, const std::string& where);

}  // namespace vw::hub

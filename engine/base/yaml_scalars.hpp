// base: which plain YAML words are text, and which a reader takes for something else.
#pragma once

#include "base/json_reader.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace vw {

// What a plain (unquoted) scalar means in the YAML 1.2 core schema: null, boolean, number, else text. Empty when it is
// a number that JSON cannot hold: .inf, .nan, 1e999.
std::optional<Json> read_plain_scalar(std::string_view word);

// True when every YAML 1.1 and 1.2 reader takes the unquoted words for this very text. Errs on the side of quotes.
bool is_plain_text(std::string_view text);

}  // namespace vw

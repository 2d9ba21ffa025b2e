// logs: what Python prints of its values, as JSON: "{'model': 'x', 'port': 8000}", "Namespace(model='x', port=8000)"
// and "model='x', port=8000".
#pragma once

#include "base/json_reader.hpp"

#include <string_view>

namespace vw {

// An object of what could be read up to the first thing that cannot be, as a log that was cut leaves it; an empty one
// for any other text. Objects of classes become objects of their fields, members of enumerations their values,
// everything else that has no JSON its text. What lies deeper than 32 is left out. Never fails.
Json read_python_values(std::string_view text);

}  // namespace vw

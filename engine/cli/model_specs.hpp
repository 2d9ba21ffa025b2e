// cli: `--model ID:FORMAT,ctx=8192,c=8`, said once for each model that shares cards.
#pragma once

#include "facts/request.hpp"

namespace vw::cli {

// What stands before the first comma is a model, and behind its last colon a format, unless all of it is a name on this
// machine. Throws vw::Error: unknown key (did you mean), a value out of range.
SharedModel read_model_spec(const std::string& spec);

}  // namespace vw::cli

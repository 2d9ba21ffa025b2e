// The candidate of a question, as the engine writes it.
#pragma once

#include "plugin.h"

#include <nlohmann/json_fwd.hpp>

namespace vw::settings {

// Fields that are absent stay 0.
vw_candidate read_candidate(const nlohmann::json& json);

}  // namespace vw::settings

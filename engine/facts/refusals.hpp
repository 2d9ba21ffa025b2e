// facts: values that vLLM refuses of options, as far as that hangs on its release or on the model.
#pragma once

#include "facts/scenario.hpp"

namespace vw {

// Adds warnings where the release is known to list other values or the model is not known to have what is asked for.
// Throws vw::Error where vLLM refuses for certain.
void check_serving_of_model(Scenario& scenario);

}  // namespace vw

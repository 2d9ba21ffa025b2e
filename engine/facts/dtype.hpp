// facts: the number format of weights that are not quantized: what vLLM picks, and what it refuses.
#pragma once

#include "parts/catalog.hpp"

#include <string>

namespace vw {

struct Model;
struct Scenario;

// "float16" -> "fp16"; "auto" stays.
std::string short_dtype(const std::string& dtype);

// As asked for, else what vLLM picks for model and card, with a warning where that is not the checkpoint's own. Needs
// the scenario's request, release, hardware and model.
std::string resolve_dtype(const Catalog& catalog, Scenario& scenario);

// What is stored in 16 bit is loaded in 32 bit.
void widen_to_fp32(Model& model);

// Adds an obstacle where the card lacks the dtype or vLLM refuses it for the model, and sets `running_dtype` to one
// that runs.
void check_dtype(const Catalog& catalog, Scenario& scenario);

}  // namespace vw

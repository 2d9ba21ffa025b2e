// cli: what `size` prints: up to three plans, or what was missed.
#pragma once

#include "search/sizing.hpp"

#include <functional>
#include <string>

namespace vw::cli {

struct Sized {
  std::string model;
  Target target;
  std::int64_t prompt_tokens = 0, generated_tokens = 0;
  Sizing sizing;
  std::function<std::string(const Row& row)> command;  // that plans a replica
};

std::string size_text(const Sized& sized);
Json size_json(const Sized& sized);

}  // namespace vw::cli

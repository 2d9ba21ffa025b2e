// facts: everything that is constant for one planning run, gathered once.
#pragma once

#include "facts/defaults.hpp"
#include "facts/hardware.hpp"
#include "facts/model.hpp"
#include "facts/release.hpp"
#include "facts/request.hpp"

#include <string>
#include <vector>

namespace vw {

// A way to store the weights that vLLM really offers for this model.
struct WeightChoice {
  Format format;
  std::string checkpoint;  // another repository to serve instead, empty: this model
  std::string flag;        // --quantization to give, empty: none
};

struct Scenario {
  Request request;
  Model model;
  Hardware hardware;
  Release release;
  std::string dtype;                  // of the weights that are not quantized: bf16, fp16, fp32
  std::vector<WeightChoice> weights;  // [0] as requested; the others are alternatives, most bits first
  std::vector<Format> kv_formats;     // [0] as requested ("auto" is a format without kv part); [1] fp8 where possible
  std::vector<std::string> warnings;
  RecommendationRules rules;
  double weights_bytes = 0;  // all stored weights, before any choice

  // The settings that hot parts are opened with (JSON of facts; see plugins/README.md).
  Json settings() const;
};

// Throws vw::Error for every kind of wrong input.
Scenario gather(const Catalog& catalog, const Defaults& defaults, const Request& request);

// "float16" -> "fp16"; "auto" stays.
std::string short_dtype(const std::string& dtype);

}  // namespace vw

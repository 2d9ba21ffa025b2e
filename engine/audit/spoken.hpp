// audit: what people write about a start-up in their own words, read as far as it changes memory.
#pragma once

#include "base/json_reader.hpp"

#include <optional>
#include <string>

namespace vw {

// Options in free text ("speculative mtp n=3, enable_prefix_caching"), as far as they are known here.
struct SpokenOptions {
  Json serving = Json::object();  // see facts/serving.hpp
  bool is_chunked_prefill_off = false;
  std::string unsupported;  // an option that no memory model can be told of, empty: none
};
SpokenOptions read_options(const std::string& words);

// The format of weights for words like "awq-4bit (compressed-tensors)"; "" for 16 bit, nothing when the words are not
// known. `checkpoint` is the repository's name: "fp8" of one that is stored so means another layout than vLLM makes.
std::optional<std::string> format_of_words(const std::string& words, const std::string& checkpoint);

// "0.14.0rc1.dev2+g7d" -> "0.14.0"; empty when the text does not begin with a version.
std::string release_of_version(const std::string& version);
// The release that was current at the date in these words ("Oct 2025", "late 2025"), or that a default in them tells;
// empty when they tell neither.
std::string release_of_words(const std::string& words);

}  // namespace vw

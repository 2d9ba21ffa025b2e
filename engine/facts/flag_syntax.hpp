// facts: how the flags of `vllm serve` are written. The same for all releases; data of the release tables.
#pragma once

#include "facts/release.hpp"

#include <map>
#include <string>

namespace vw {

enum class Takes { text, nothing, integer, count, number, object, list };

struct FlagSyntax {
  std::map<std::string, std::string> aliases;  // "-tp" to "--tensor-parallel-size"
  std::map<std::string, Takes> takes;          // what is not here takes one word of text
  std::string negated_since;                   // the release from which on switches have a form --no-x
  // flag to the one without, or beside, which it does nothing; to the one without which vLLM refuses it
  std::map<std::string, std::string> useless_without, useless_beside, refused_without;

  // "-tp", "--tensor_parallel_size" -> "--tensor-parallel-size".
  std::string canonical(const std::string& flag) const;
  // What stands behind a canonical flag; nothing behind "--no-x" of a switch.
  Takes behind(const std::string& flag) const;
  // "--x" of "--no-x" where x is a switch; else empty.
  std::string negated(const std::string& flag) const;
};

FlagSyntax flag_syntax(const Release& release);

// Whether the release knows a canonical flag, forms --no-x of switches and -O included.
bool knows_written(const Release& release, const FlagSyntax& syntax, const std::string& flag);

}  // namespace vw

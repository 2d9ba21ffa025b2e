// facts: the numbers that stand behind options, ours and those of `vllm serve`.
#pragma once

#include <cstdint>
#include <string>

namespace vw {

// All throw vw::Error naming `option`, the word and what was expected.
std::int64_t whole_number(const std::string& option, const std::string& word, std::int64_t least, std::int64_t most);
double finite_number(const std::string& option, const std::string& word);
// 8192, 8k, 8K; see parse_count.
std::int64_t token_count(const std::string& option, const std::string& word);
std::int64_t byte_count(const std::string& option, const std::string& word);

}  // namespace vw

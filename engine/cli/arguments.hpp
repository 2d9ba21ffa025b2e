// cli: the words of a command line, taken apart by Boost.Program_options and held against the table of options.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace vw::cli {

class Arguments {
 public:
  // `groups` and `most_positionals` are what the command takes. Throws vw::Error: unknown option (did you mean), an
  // option of another command, missing value, given twice, too many words.
  Arguments(const std::vector<std::string>& words, std::span<const char* const> groups, std::size_t most_positionals,
            const std::string& command);

  // The same command line with options left out, or with one value of an option that was given a list of them.
  Arguments without(std::span<const char* const> options) const;
  Arguments with(const std::string& option, const std::string& value) const;

  bool has(const std::string& option) const { return values_.contains(option); }
  std::string text(const std::string& option, const std::string& otherwise = "") const;
  std::vector<std::string> texts(const std::string& option) const;  // every occurrence
  std::string positional(std::size_t index) const;                  // empty when it was not given
  const std::vector<std::string>& positionals() const noexcept { return positionals_; }

  // Numbers, checked. Throw vw::Error naming the option, the word and the range. `tokens` knows 8k and 128K.
  std::optional<std::int64_t> integer(const std::string& option, std::int64_t least, std::int64_t most) const;
  std::optional<double> number(const std::string& option) const;
  std::optional<std::int64_t> tokens(const std::string& option) const;
  std::optional<std::int64_t> bytes(const std::string& option) const;  // knows 8G

 private:
  std::map<std::string, std::vector<std::string>> values_;
  std::vector<std::string> positionals_;
};

}  // namespace vw::cli

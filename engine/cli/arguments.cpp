#include "cli/arguments.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/options.hpp"
#include "facts/option_values.hpp"

#include <fmt/format.h>
#include <boost/program_options.hpp>

#include <set>

namespace vw::cli {
namespace {

namespace po = boost::program_options;

bool is_repeatable(const std::string& option, const std::string& command) {
  static const std::set<std::string> anywhere = {"plugin-dir", "script-dir", "gpu-db"};
  return anywhere.contains(option) || (command == "plan" && option == "vllm-version") ||
         (command == "pack" && option == "model");
}

// "-c=3": Program_options would take "=3" for the value.
void refuse_equals(const std::string& word) {
  if (word.size() < 3 || word[0] != '-' || word[1] == '-' || word[2] != '=') return;
  for (const Option& option : all_options())
    if (option.letter == word[1] && *option.value != 0)
      throw Error(printable(word), fmt::format("a short option takes its value after a space, expected -{} {}",
                                               option.letter, shell_quoted(word.substr(3))));
}

// Second long names become the first, and "--option -1" becomes "--option=-1", which Program_options would read as a
// short option.
std::vector<std::string> normalised(const std::vector<std::string>& words) {
  std::vector<std::string> result;
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::string word = words[i];
    refuse_equals(word);
    if (word.starts_with("--") && word.size() > 2) {
      const std::size_t equals = word.find('=');
      const Option* option =
          find_option(std::string_view(word).substr(2, equals == std::string::npos ? equals : equals - 2));
      if (option != nullptr)
        word = "--" + std::string(option->name) + (equals == std::string::npos ? "" : word.substr(equals));
      const bool takes_value = option != nullptr && *option->value != 0 && equals == std::string::npos;
      const bool negative = i + 1 < words.size() && words[i + 1].size() > 1 && words[i + 1][0] == '-' &&
                            (std::isdigit(static_cast<unsigned char>(words[i + 1][1])) != 0 || words[i + 1][1] == '.');
      if (takes_value && negative) word += "=" + words[++i];
    }
    result.push_back(word);
  }
  return result;
}

po::options_description describe(const std::vector<const Option*>& options) {
  po::options_description description;
  for (const Option* option : options) {
    std::string name = option->name;
    if (option->letter != 0) name += std::string(",") + option->letter;
    if (*option->value == 0)
      description.add_options()(name.c_str(), "");
    else
      description.add_options()(name.c_str(), po::value<std::vector<std::string>>(), "");
  }
  return description;
}

[[noreturn]] void fail_unknown(const std::string& given, const std::vector<const Option*>& options,
                               const std::string& command) {
  const std::string shown = printable(given);
  const std::string name = given.substr(std::min(given.find_first_not_of('-'), given.size()));
  if (find_option(name) != nullptr)
    throw Error(shown, "is no option of '" + command + "', expected one that vllm-wizard " + command + " --help lists");
  std::vector<std::string> names;
  for (const Option* option : options) names.push_back("--" + std::string(option->name));
  const std::string near = did_you_mean("--" + name, names);
  throw Error(
      shown, "unknown option, " + (near.empty() ? "expected one that vllm-wizard " + command + " --help lists" : near));
}

}  // namespace

Arguments::Arguments(const std::vector<std::string>& words, std::span<const char* const> groups,
                     std::size_t most_positionals, const std::string& command) {
  const std::vector<const Option*> options = options_of(groups);
  const po::options_description description = describe(options);
  const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
  try {
    const auto parsed = po::command_line_parser(normalised(words)).options(description).style(style).run();
    for (const auto& option : parsed.options) {
      if (option.position_key >= 0 || option.string_key.empty()) {
        positionals_.insert(positionals_.end(), option.value.begin(), option.value.end());
        continue;
      }
      std::vector<std::string>& values = values_[option.string_key];
      if (!values.empty() && !is_repeatable(option.string_key, command))
        throw Error("--" + option.string_key, "is given twice, expected it once");
      values.push_back(option.value.empty() ? "" : option.value.front());
    }
  } catch (const po::unknown_option& unknown) {
    fail_unknown(unknown.get_option_name(), options, command);
  } catch (const po::error_with_option_name& wrong) {
    const Option* option = find_option(std::string_view(wrong.get_option_name()).substr(2));
    const bool is_switch = option != nullptr && *option->value == 0;
    throw Error(wrong.get_option_name(),
                is_switch ? "takes no value"
                          : std::string("has no value, expected ") + (option != nullptr ? option->value : "one"));
  } catch (const po::error& wrong) {
    throw Error("command line", wrong.what());
  }
  if (positionals_.size() > most_positionals)
    throw Error(quote(positionals_[most_positionals]), "is one word too many, expected options after '" + command + "'",
                "vllm-wizard " + command + " --help shows how it is called");
}

Arguments Arguments::without(std::span<const char* const> options) const {
  Arguments rest = *this;
  for (const char* option : options) rest.values_.erase(option);
  return rest;
}

Arguments Arguments::with(const std::string& option, const std::string& value) const {
  Arguments one = *this;
  one.values_[option] = {value};
  return one;
}

std::string Arguments::text(const std::string& option, const std::string& otherwise) const {
  const auto found = values_.find(option);
  return found == values_.end() ? otherwise : found->second.front();
}

std::vector<std::string> Arguments::texts(const std::string& option) const {
  const auto found = values_.find(option);
  return found == values_.end() ? std::vector<std::string>{} : found->second;
}

std::string Arguments::positional(std::size_t index) const {
  return index < positionals_.size() ? positionals_[index] : "";
}

std::optional<std::int64_t> Arguments::integer(const std::string& option, std::int64_t least, std::int64_t most) const {
  if (!has(option)) return std::nullopt;
  return whole_number("--" + option, text(option), least, most);
}

std::optional<double> Arguments::number(const std::string& option) const {
  if (!has(option)) return std::nullopt;
  return finite_number("--" + option, text(option));
}

std::optional<std::int64_t> Arguments::tokens(const std::string& option) const {
  if (!has(option)) return std::nullopt;
  return token_count("--" + option, text(option));
}

std::optional<std::int64_t> Arguments::bytes(const std::string& option) const {
  if (!has(option)) return std::nullopt;
  return byte_count("--" + option, text(option));
}

}  // namespace vw::cli

#include "facts/serve_options.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <utility>

namespace vw {
namespace {

constexpr std::size_t deepest_member = 32;

bool is_number(const std::string& word) {
  const std::size_t digits = word.find_first_not_of("0123456789.", 1);
  return word.size() > 1 && word.front() == '-' && digits == std::string::npos;
}

// argparse takes "-1" for a value.
bool is_flag(const std::string& word) { return word.size() > 1 && word.front() == '-' && !is_number(word); }

Json json_or_text(const std::string& text) {
  try {
    return parse_json(text, "");
  } catch (const Error&) {
    return text;
  }
}

std::string as_value(const Json& value) { return value.is_string() ? value.get<std::string>() : to_text(value); }

// Sets a member by its path; the last name of a list may end in "+", which adds to it.
void set_member(Json& object, const std::vector<std::string>& path, const Json& value) {
  Json* at = &object;
  for (const std::string& name : path) {
    const bool adds = name.ends_with('+');
    if (!at->is_object()) *at = Json::object();
    at = &(*at)[adds ? name.substr(0, name.size() - 1) : name];
    if (!adds) continue;
    if (!at->is_array()) *at = Json::array();
    at->push_back(nullptr);
    at = &at->back();
  }
  *at = value;
}

struct Written {
  std::string name;
  std::optional<std::string> value;
};

// "--x=1", "-O3", "-O.mode" apart.
Written taken_apart(const std::string& word) {
  const std::size_t equals = word.find('=');
  Written written{word.substr(0, equals), std::nullopt};
  if (equals != std::string::npos) written.value = word.substr(equals + 1);
  if (!written.name.starts_with("-O") || written.name == "-O") return written;
  if (written.name[2] == '.') return {"--compilation-config" + written.name.substr(2), written.value};
  return {"-O", written.name.substr(2)};
}

class Reader {
 public:
  Reader(const std::vector<std::string>& words, const FlagSyntax& syntax, std::size_t first)
      : words_(words), syntax_(syntax), at_(first) {
    command_.first_word = first;
  }

  ServeCommand read() {
    bool only_names = false;
    for (; at_ < words_.size(); ++at_) {
      if (!only_names && words_[at_] == "--")
        only_names = true;
      else if (!only_names && is_flag(words_[at_]))
        add(taken_apart(words_[at_]));
      else
        name();
    }
    return std::move(command_);
  }

 private:
  void name() {
    if (!command_.model.empty()) return command_.stray.push_back(at_);
    command_.model = words_[at_];
    command_.name_word = at_;
  }

  std::optional<std::string> next_value() {
    if (at_ + 1 >= words_.size() || is_flag(words_[at_ + 1])) return std::nullopt;
    return words_[++at_];
  }

  void add(Written written) {
    const std::size_t word = at_;
    std::vector<std::string> path = split(written.name, '.');
    const std::string flag = syntax_.canonical(path.front());
    const Takes takes = syntax_.behind(flag);
    if (!written.value && takes != Takes::nothing) written.value = next_value();
    if (flag == "--model" && written.value) {
      command_.model = *written.value;
      command_.name_word = word;
      return;
    }
    path.erase(path.begin());
    if (!path.empty() && path.size() < deepest_member) return add_member({flag, word}, path, written.value);
    ServeOption option{flag, written.value, {}, word};
    if (takes == Takes::list && written.value)
      while (const auto more = next_value()) option.more.push_back(*more);
    command_.options.push_back(std::move(option));
  }

  // Members that were given one by one become one object.
  void add_member(const std::pair<std::string, std::size_t>& flag, const std::vector<std::string>& path,
                  const std::optional<std::string>& value) {
    const auto known = members_.find(flag.first);
    const std::size_t place = known == members_.end() ? command_.options.size() : known->second;
    if (known == members_.end()) {
      members_[flag.first] = place;
      command_.options.push_back({flag.first, "{}", {}, flag.second});
    }
    ServeOption& option = command_.options[place];
    Json object = parse_json(*option.value, "");
    set_member(object, path, value ? json_or_text(*value) : Json(true));
    option.value = to_text(object);
  }

  const std::vector<std::string>& words_;
  const FlagSyntax& syntax_;
  std::size_t at_;
  ServeCommand command_;
  std::map<std::string, std::size_t> members_;
};

ServeOption option_of(const std::string& name, const Json& value, const FlagSyntax& syntax, std::size_t place) {
  ServeOption option{syntax.canonical("--" + name), std::nullopt, {}, place};
  if (value.is_boolean() && syntax.behind(option.flag) == Takes::nothing) {
    if (!value.get<bool>()) option.flag = "--no-" + option.flag.substr(2);
  } else if (value.is_array() && syntax.behind(option.flag) == Takes::list && !value.empty()) {
    option.value = as_value(value.front());
    for (std::size_t index = 1; index < value.size(); ++index) option.more.push_back(as_value(value[index]));
  } else {
    option.value = as_value(value);
  }
  return option;
}

}  // namespace

const ServeOption* ServeCommand::find(const std::string& flag) const {
  const auto last =
      std::find_if(options.rbegin(), options.rend(), [&](const ServeOption& option) { return option.flag == flag; });
  return last == options.rend() ? nullptr : &*last;
}

ServeCommand read_serve_arguments(const std::vector<std::string>& words, const FlagSyntax& syntax, std::size_t first) {
  return Reader(words, syntax, first).read();
}

ServeCommand read_serve_settings(const JsonReader& settings, const FlagSyntax& syntax) {
  ServeCommand command;
  std::size_t place = 0;
  for (const auto& [name, value] : settings.members()) {
    const std::size_t word = place++;
    if (value.is_null()) continue;
    const std::string flag = syntax.canonical("--" + name);
    if (flag == "--model" || flag == "--model-tag") {
      command.model = value.string();
      command.name_word = word;
    } else {
      command.options.push_back(option_of(name, value.value(), syntax, word));
    }
  }
  return command;
}

std::vector<std::string> to_words(const ServeOption& option) {
  std::vector<std::string> words = {option.flag};
  if (option.value) words.push_back(*option.value);
  words.insert(words.end(), option.more.begin(), option.more.end());
  return words;
}

}  // namespace vw

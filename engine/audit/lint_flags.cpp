// Flags that a release does not know, and values that it does not take.
#include "audit/lint.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "facts/option_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace vw {
namespace {

constexpr std::int64_t most = std::int64_t{1} << 60;

std::string entry_of(const Release& release, const char* list, const std::string& flag) {
  if (!release.json.contains(list)) return "";
  return release.json[list].value(flag, "");
}

bool has_finding(const Linted& linted, const ServeOption& option) {
  return std::any_of(linted.findings.begin(), linted.findings.end(),
                     [&](const Finding& finding) { return finding.flag == option.flag; });
}

void judge_flag(const Judged& judged, const ServeOption& option) {
  const Release& release = judged.release;
  if (knows_written(release, judged.syntax, option.flag)) return;
  const std::string positive = judged.syntax.negated(option.flag);
  const std::string& flag = positive.empty() ? option.flag : positive;
  const std::string vllm = "vLLM " + release.version;
  if (const std::string instead = entry_of(release, "removed_flags", flag); !instead.empty())
    return judged.add(Severity::error, option, option.flag + " is gone in " + vllm, instead);
  if (const std::string since = entry_of(release, "later_flags", flag); !since.empty())
    return judged.add(Severity::error, option, option.flag + " is not in " + vllm + " yet, " + since + " has it");
  if (const std::string since = entry_of(release, "doubtful_flags", flag); !since.empty())
    return judged.add(Severity::warning, option, option.flag + " may not be in " + vllm + " yet, surely in " + since);
  if (!positive.empty() && release.knows_flag(positive))
    return judged.add(Severity::warning, option,
                      fmt::format("{} may not be in {}: switches have such a form from {} on", option.flag, vllm,
                                  judged.syntax.negated_since));
  const std::vector<std::string> flags(release.flags.begin(), release.flags.end());
  judged.add(Severity::warning, option, option.flag + " is in no release table: its history is not known here",
             did_you_mean(option.flag, flags));
}

void expect_readable(const ServeOption& option, Takes takes) {
  switch (takes) {
    case Takes::integer:
      whole_number(option.flag, *option.value, -most, most);
      break;
    case Takes::number:
      finite_number(option.flag, *option.value);
      break;
    case Takes::count:
      if (*option.value != "-1" && *option.value != "auto") token_count(option.flag, *option.value);
      break;
    case Takes::object:
      if (option.value->starts_with('{')) parse_json(*option.value, option.flag);
      break;
    default:
      break;
  }
}

// Before switches had a form --no-x, some of them took True or False.
void judge_switch(const Judged& judged, const ServeOption& option) {
  const bool is_older = compare_versions(judged.release.version, judged.syntax.negated_since).value_or(0) < 0;
  const bool is_off = lower(*option.value) == "false" && !option.flag.starts_with("--no-");
  judged.add(
      is_older ? Severity::warning : Severity::error, option,
      fmt::format("{} {} no value, and has {}", option.flag, is_older ? "may take" : "takes", quote(*option.value)),
      is_off ? "--no-" + option.flag.substr(2) : option.flag);
}

void judge_shape(const Judged& judged, const ServeOption& option) {
  const Takes takes = judged.syntax.behind(option.flag);
  const bool is_known = judged.release.knows_flag(option.flag) || judged.syntax.takes.contains(option.flag);
  if (takes == Takes::nothing && option.value) return judge_switch(judged, option);
  if (takes != Takes::nothing && is_known && !option.value)
    return judged.add(Severity::error, option, option.flag + " has no value, and needs one");
  if (!option.value) return;
  try {
    expect_readable(option, takes);
  } catch (const Error& wrong) {
    judged.add(Severity::error, option, wrong.where() + " " + wrong.message());
  }
}

// Lists of values; that of quantization methods is not complete.
void judge_listed(const Judged& judged, const ServeOption& option) {
  const Release& release = judged.release;
  const bool is_method = option.flag == "--quantization";
  const std::vector<std::string>* list = nullptr;
  if (option.flag == "--kv-cache-dtype") list = &release.kv_cache_dtypes;
  if (is_method) list = &release.quantizations;
  if (const auto listed = release.flag_values.find(option.flag); listed != release.flag_values.end())
    list = &listed->second;
  if (list == nullptr || list->empty() || !option.value) return;
  if (std::find(list->begin(), list->end(), *option.value) != list->end()) return;
  const std::string near = did_you_mean(*option.value, *list);
  judged.add(is_method ? Severity::warning : Severity::error, option,
             fmt::format("{} {} is not {} vLLM {}", option.flag, printable(*option.value),
                         is_method ? "known of" : "taken by", release.version),
             near.empty() ? "one of " + join(*list, ", ") : near);
}

}  // namespace

void find_unknown_flags(const Judged& judged) {
  std::set<std::string> known;  // each is told once
  for (const ServeOption& option : judged.launch.command.options)
    if (known.insert(option.flag).second) judge_flag(judged, option);
}

void find_wrong_values(const Judged& judged) {
  for (const ServeOption& option : judged.launch.command.options) {
    if (!has_finding(judged.linted, option)) judge_shape(judged, option);
    if (!has_finding(judged.linted, option)) judge_listed(judged, option);
  }
  for (const std::size_t word : judged.launch.command.stray) {
    const ShellWord& stray = judged.launch.words[word];
    judged.linted.findings.push_back({Severity::error, judged.launch.where, stray.line, "",
                                      quote(stray.text) + " belongs to no flag, and vLLM takes one model only", ""});
  }
}

}  // namespace vw

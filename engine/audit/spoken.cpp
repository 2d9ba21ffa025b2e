#include "audit/spoken.hpp"

#include "base/text.hpp"

#include <array>
#include <regex>
#include <utility>
#include <vector>

namespace vw {
namespace {

constexpr double bytes_per_gib = 1073741824.0;
constexpr double most_kv_bytes = 1e15;
// Regular expressions of the library recurse with the text; what matters stands at its beginning.
constexpr std::size_t most_words_bytes = 4000;

std::string readable(const std::string& text) { return lower(trimmed(text.substr(0, most_words_bytes))); }

// The first group of a pattern; "-" and "_" are the same in our patterns' "." .
std::optional<std::string> found(const std::string& words, const std::string& pattern) {
  std::smatch match;
  if (!std::regex_search(words, match, std::regex(pattern))) return std::nullopt;
  return match.size() > 1 ? match[1].str() : match[0].str();
}

std::optional<std::int64_t> found_number(const std::string& words, const std::string& pattern) {
  const auto digits = found(words, pattern);
  if (!digits || digits->empty() || digits->size() > 15) return std::nullopt;
  return std::stoll(*digits);
}

// "enable_x", "--enable-x", "enable_x=False", "--no-enable-x", "x off".
std::optional<bool> found_switch(const std::string& words, const std::string& name) {
  if (found(words, "no.(enable.)?" + name) || found(words, "(enable.)?" + name + "\\s*[=:]?\\s*(false|off)"))
    return false;
  if (found(words, "enable." + name)) return true;
  return std::nullopt;
}

void read_lora(const std::string& words, Json& serving) {
  if (!found_switch(words, "lora").value_or(false)) return;
  serving["lora"]["slots"] = found_number(words, "max.loras\\D{1,3}(\\d+)").value_or(1);
  serving["lora"]["rank"] = found_number(words, "max.lora.rank\\D{1,3}(\\d+)").value_or(16);
}

// "speculative mtp n=3", "speculative_config={'method': 'mtp', 'num_speculative_tokens': 3}", "MTP4".
void read_speculation(const std::string& words, const std::string& as_written, SpokenOptions& options) {
  const auto tokens_of_mtp = found_number(words, "\\bmtp[ =-]?(\\d+)");
  if (words.find("specul") == std::string::npos && !tokens_of_mtp) return;
  if (words.find("dflash") != std::string::npos) {
    options.unsupported = "speculative decoding with a DFlash draft model";
    return;
  }
  Json speculative = Json::object();
  for (const char* method : {"mtp", "eagle3", "eagle", "ngram", "suffix"})
    if (words.find(method) != std::string::npos && !speculative.contains("method")) speculative["method"] = method;
  if (const auto model = found(as_written, "'model'\\s*:\\s*'([^']+)'")) speculative["model"] = *model;
  if (!speculative.contains("method") && speculative.contains("model")) speculative["method"] = "draft";
  const auto tokens = found_number(words, "(?:num_speculative_tokens\\W{1,4}|\\b[nk]\\s*=\\s*)(\\d+)");
  speculative["tokens"] = tokens.value_or(tokens_of_mtp.value_or(1));
  const std::string method = speculative.value("method", "");
  const bool lacks_model = (method == "draft" || method.starts_with("eagle")) && !speculative.contains("model");
  if (method.empty() || lacks_model)
    options.unsupported = "speculative decoding of which method or draft model is not said";
  else
    options.serving["speculative"] = speculative;
}

void read_images(const std::string& words, Json& serving) {
  const auto limits = found(words, "limit.mm[^;]*");
  if (!limits) return;
  for (const char* modality : {"image", "video", "audio"})
    if (const auto most = found_number(*limits, std::string(modality) + "\\D{1,4}(\\d+)"))
      serving["limit_mm_per_prompt"][modality] = *most;
}

void read_kv_bytes(const std::string& words, Json& serving) {
  std::smatch match;
  if (!std::regex_search(words, match,
                         std::regex("kv.cache.memory.bytes\\D{1,2}([0-9]{1,18}\\.?[0-9]{0,9})\\s*(gib|gb|g\\b)?")))
    return;
  const double number = std::stod(match[1].str());
  const double unit = match[2].str() == "gib" || match[2].str() == "g" ? bytes_per_gib : match[2].matched ? 1e9 : 1;
  if (number * unit < most_kv_bytes) serving["kv_cache_memory_bytes"] = static_cast<std::int64_t>(number * unit);
}

void read_stages(const std::string& words, Json& serving) {
  const auto layers = found(words, "pp.layer.partition\\W{1,2}([0-9,]+)");
  if (!layers) return;
  for (const std::string& count : split(*layers, ','))
    if (!count.empty() && count.size() < 6) serving["pipeline_layers"].push_back(std::stoll(count));
}

void read_words(const std::string& words, Json& serving) {
  if (const auto gib = found_number(words, "cpu.offload.gb\\D{1,2}(\\d+)")) serving["cpu_offload_gib"] = *gib;
  if (const auto most = found_number(words, "max.cudagraph.capture.size\\D{1,2}(\\d+)"))
    serving["max_cudagraph_capture_size"] = *most;
  if (const auto mode = found(words, "performance.mode\\W{1,2}(balanced|throughput|interactivity)"))
    serving["performance_mode"] = *mode;
  if (const auto mode = found(words, "mm.encoder.tp.mode\\W{1,2}(weights|data)")) serving["mm_encoder_tp_mode"] = *mode;
  if (const auto on = found_number(words, "use_v2_model_runner\\s*=\\s*([01])"))
    serving["runner"] = *on == 1 ? "v2" : "v1";
  if (found(words, "\\bllm class|offline llm|\\bllm\\(")) serving["offline_class"] = true;
}

void read_switches(const std::string& words, Json& serving) {
  if (const auto on = found_switch(words, "prefix.caching")) serving["enable_prefix_caching"] = *on;
  const std::pair<const char*, const char*> plain[] = {
      {"language.model.only", "language_model_only"},
      {"skip.mm.profiling", "skip_mm_profiling"},
      {"disable.hybrid.kv.cache.manager", "disable_hybrid_kv_cache_manager"},
      {"async.scheduling", "async_scheduling"}};
  for (const auto& [pattern, key] : plain) {
    if (!found(words, pattern)) continue;
    const bool is_off =
        found(words, std::string("no.") + pattern) || found(words, std::string(pattern) + "\\s*=\\s*false");
    serving[key] = !is_off;
  }
}

struct FormatWords {
  const char* pattern;
  const char* format;
};
// The first that is found. An empty format: 16 bit.
constexpr std::array format_words = {
    FormatWords{"^(none|bf16|fp16|bfloat16|float16)?$", ""},
    FormatWords{"experts.?int8", "experts-int8"},
    FormatWords{"fbgemm", "fbgemm-fp8"},
    FormatWords{"nvfp4.*fp8|mixed", "modelopt-mixed"},
    FormatWords{"nvfp4|fp4.*modelopt", "nvfp4"},
    FormatWords{"mxfp4", "mxfp4"},
    FormatWords{"mxfp8", "mxfp8"},
    FormatWords{"auto.?round", "auto-round"},
    FormatWords{"w4a16|awq.*compressed.tensors|compressed.tensors.*(awq|int4)", "w4a16"},
    FormatWords{"w8a16", "w8a16"},
    FormatWords{"w8a8|int8$", "int8"},
    FormatWords{"compressed.tensors.*fp8|fp8.*(dynamic|channel|compressed)", "fp8-channel"},
    FormatWords{"fp8.*block|deepseek.*fp8", "fp8-block"},
    FormatWords{"bitsandbytes|bnb", "bitsandbytes"},
    FormatWords{"gptq", "gptq"},
    FormatWords{"awq", "awq"},
};

// Month by month the release that was current in its middle. Up to 0.14 as published, later ones between dated builds.
struct MonthOfRelease {
  int year, month;
  const char* release;
};
constexpr std::array months_of_releases = {
    MonthOfRelease{2025, 2, "0.7.2"},   MonthOfRelease{2025, 3, "0.8.0"},   MonthOfRelease{2025, 4, "0.8.4"},
    MonthOfRelease{2025, 5, "0.8.5"},   MonthOfRelease{2025, 6, "0.9.1"},   MonthOfRelease{2025, 7, "0.9.2"},
    MonthOfRelease{2025, 8, "0.10.0"},  MonthOfRelease{2025, 9, "0.10.2"},  MonthOfRelease{2025, 10, "0.11.0"},
    MonthOfRelease{2025, 11, "0.11.0"}, MonthOfRelease{2025, 12, "0.12.0"}, MonthOfRelease{2026, 1, "0.13.0"},
    MonthOfRelease{2026, 2, "0.15.0"},  MonthOfRelease{2026, 3, "0.17.0"},  MonthOfRelease{2026, 4, "0.19.0"},
    MonthOfRelease{2026, 5, "0.21.0"},  MonthOfRelease{2026, 6, "0.23.0"},  MonthOfRelease{2026, 7, "0.25.0"},
    MonthOfRelease{2026, 8, "0.27.0"},  MonthOfRelease{2026, 9, "0.29.0"},
};

std::string release_of_month(int year, int month) {
  std::string release;
  for (const MonthOfRelease& known : months_of_releases)
    if (known.year * 12 + known.month <= year * 12 + month) release = known.release;
  return release;
}

int month_of(const std::string& name) {
  static const std::vector<std::string> names = {"jan", "feb", "mar", "apr", "may", "jun",
                                                 "jul", "aug", "sep", "oct", "nov", "dec"};
  for (std::size_t month = 0; month < names.size(); ++month)
    if (name == names[month]) return static_cast<int>(month) + 1;
  return name == "early" ? 2 : name == "mid" ? 6 : 11;  // early, mid, late of a year
}

}  // namespace

SpokenOptions read_options(const std::string& text) {
  const std::string as_written = text.substr(0, most_words_bytes), words = lower(as_written);
  SpokenOptions options;
  read_switches(words, options.serving);
  read_words(words, options.serving);
  read_images(words, options.serving);
  read_lora(words, options.serving);
  read_kv_bytes(words, options.serving);
  read_stages(words, options.serving);
  read_speculation(words, as_written, options);
  options.is_chunked_prefill_off = found_switch(words, "chunked.prefill") == false;
  if (found_number(words, "decode.context.parallel.size\\D{1,2}(\\d+)").value_or(1) > 1)
    options.unsupported = "decode context parallelism";
  return options;
}

std::optional<std::string> format_of_words(const std::string& as_written, const std::string& checkpoint) {
  const std::string words = readable(as_written);
  if (words == "fp8") return readable(checkpoint).find("fp8") != std::string::npos ? "fp8-block" : "fp8";
  for (const FormatWords& known : format_words)
    if (found(words, known.pattern)) return known.format;
  return std::nullopt;
}

std::string release_of_version(const std::string& version) {
  return found(readable(version), "^v?(\\d+(?:\\.\\d+)+)").value_or("");
}

std::string release_of_words(const std::string& as_written) {
  const std::string words = readable(as_written);
  std::smatch match;
  static const std::regex in_words(
      "\\b(early|mid|late|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\\.?,?[ -](20\\d\\d)\\b");
  if (std::regex_search(words, match, in_words)) return release_of_month(std::stoi(match[2]), month_of(match[1]));
  static const std::regex in_digits("\\b(20\\d\\d)-(0[1-9]|1[0-2])\\b");
  if (std::regex_search(words, match, in_digits)) return release_of_month(std::stoi(match[1]), std::stoi(match[2]));
  if (found(words, "default \\(?0\\.92")) return "0.21.0";  // the first release with it
  constexpr int middle = 6;
  if (const auto year = found_number(words, "\\b(20\\d\\d)\\b"))
    return release_of_month(static_cast<int>(*year), middle);
  return "";
}

}  // namespace vw

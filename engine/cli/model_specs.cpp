#include "cli/model_specs.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/units.hpp"

#include <charconv>
#include <filesystem>

namespace vw::cli {
namespace {

constexpr std::int64_t most_tokens = std::int64_t{1} << 40, most_sequences = 1000000, most_gpus = 100000;

struct Setting {
  std::string key, value;
};

[[noreturn]] void fail(const Setting& setting, const std::string& expected) {
  throw Error("--model", setting.key + " is " + quote(setting.value) + ", expected " + expected);
}

std::int64_t count_of(const Setting& setting, std::int64_t most, const char* expected) {
  const auto count = parse_count(setting.value);
  if (!count || *count < 1 || *count > most) fail(setting, expected);
  return *count;
}

double share_of(const Setting& setting) {
  double share = 0;
  const std::string& text = setting.value;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), share);
  const bool is_read = error == std::errc{} && end == text.data() + text.size();
  if (!is_read || !(share > 0 && share <= 1)) fail(setting, "a share of the card above 0 and up to 1, like 0.4");
  return share;
}

void take(const Setting& setting, SharedModel& model) {
  constexpr const char* tokens = "a number of tokens like 8192 or 8k";
  const std::string& key = setting.key;
  if (key == "q") {
    model.quantization = setting.value;
  } else if (key == "kv") {
    model.kv_cache_dtype = setting.value;
  } else if (key == "name") {
    model.name = setting.value;
  } else if (key == "ctx") {
    model.max_model_len = count_of(setting, most_tokens, tokens);
  } else if (key == "c") {
    model.concurrency = count_of(setting, most_sequences, "a number of requests up to 1000000");
  } else if (key == "prompt") {
    model.prompt_tokens = count_of(setting, most_tokens, tokens);
  } else if (key == "gen") {
    model.generated_tokens = count_of(setting, most_tokens, tokens);
  } else if (key == "tp") {
    model.tensor_parallel = count_of(setting, most_gpus, "a number of cards");
  } else if (key == "share") {
    model.share = share_of(setting);
  } else {
    const std::vector<std::string> known = {"ctx", "c", "q", "kv", "tp", "prompt", "gen", "name", "share"};
    const std::string near = did_you_mean(key, known);
    throw Error("--model",
                "unknown setting " + quote(key) + ", " + (near.empty() ? "expected " + join_or(known) : near),
                "--model ORG/NAME:awq,ctx=8192,c=8");
  }
}

Setting read_setting(const std::string& text) {
  const std::size_t equals = text.find('=');
  Setting setting{trimmed(text.substr(0, equals)), equals == std::string::npos ? "" : trimmed(text.substr(equals + 1))};
  if (setting.key.empty() || setting.value.empty())
    throw Error("--model", quote(text) + " is no setting, expected one like ctx=8192",
                "--model ORG/NAME:awq,ctx=8192,c=8");
  return setting;
}

bool is_here(const std::string& path) {
  std::error_code error;
  return std::filesystem::exists(path, error);
}

}  // namespace

SharedModel read_model_spec(const std::string& spec) {
  SharedModel model;
  const std::vector<std::string> parts = split(spec, ',');
  model.model = trimmed(parts.front());
  const std::size_t colon = model.model.rfind(':');
  if (colon != std::string::npos && !is_here(model.model)) {
    model.quantization = model.model.substr(colon + 1);
    model.model.resize(colon);
    if (model.quantization.empty())
      throw Error("--model", quote(spec) + " has no format behind its colon, expected one like awq");
  }
  if (model.model.empty())
    throw Error("--model", quote(spec) + " names no model, expected a Hugging Face id, a folder or a file",
                "--model ORG/NAME:awq,ctx=8192,c=8");
  for (std::size_t i = 1; i < parts.size(); ++i) take(read_setting(parts[i]), model);
  return model;
}

}  // namespace vw::cli

// Flags that do not go together, and what stands around them: image, GPUs, model, keys.
#include "audit/lint.hpp"
#include "base/error.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace vw {
namespace {

void judge_repeats(const Judged& judged) {
  const auto& options = judged.launch.command.options;
  for (std::size_t index = 0; index < options.size(); ++index) {
    const ServeOption& option = options[index];
    const std::string positive = judged.syntax.negated(option.flag);
    for (std::size_t before = 0; before < index; ++before) {
      const std::string& other = options[before].flag;
      const bool is_opposite = other == positive || judged.syntax.negated(other) == option.flag;
      if (is_opposite && !(positive.empty() && judged.syntax.negated(other).empty()))
        judged.add(Severity::error, option, fmt::format("{} contradicts {}", option.flag, other), "one of them");
      if (other != option.flag || option.flag == "--middleware") continue;
      const bool is_same = options[before].value == option.value;
      judged.add(is_same ? Severity::note : Severity::warning, option,
                 option.flag + " is given twice" +
                     (is_same ? "" : fmt::format(", and {} counts", quote(option.value.value_or("the last")))));
      break;
    }
  }
}

void judge_pairs(const Judged& judged) {
  const ServeCommand& command = judged.launch.command;
  const FlagSyntax& syntax = judged.syntax;
  const auto other_of = [](const std::map<std::string, std::string>& pairs, const std::string& flag) {
    const auto pair = pairs.find(flag);
    return pair == pairs.end() ? std::string() : pair->second;
  };
  for (const ServeOption& option : command.options) {
    const std::string needed = other_of(syntax.refused_without, option.flag);
    if (!needed.empty() && command.find(needed) == nullptr)
      judged.add(Severity::error, option, fmt::format("{} is refused without {}", option.flag, needed),
                 option.flag + " " + needed);
    const std::string useful = other_of(syntax.useless_without, option.flag);
    if (!useful.empty() && command.find(useful) == nullptr)
      judged.add(Severity::warning, option, fmt::format("{} does nothing without {}", option.flag, useful));
    const std::string beside = other_of(syntax.useless_beside, option.flag);
    if (!beside.empty() && command.find(beside) != nullptr)
      judged.add(Severity::warning, option, fmt::format("{} does nothing beside {}", option.flag, beside));
  }
}

// vllm/config/scheduler.py
void judge_batch(const Judged& judged) {
  const Request& request = judged.linted.request;
  const ServeOption* tokens = judged.launch.command.find("--max-num-batched-tokens");
  if (tokens == nullptr || !request.max_num_batched_tokens) return;
  const std::int64_t step = *request.max_num_batched_tokens;
  if (request.max_num_seqs && step < *request.max_num_seqs)
    judged.add(
        Severity::error, *tokens,
        fmt::format("--max-num-batched-tokens {} is refused beside --max-num-seqs {}", step, *request.max_num_seqs),
        fmt::format("at least {}", *request.max_num_seqs));
  const bool is_whole = judged.launch.command.find("--no-enable-chunked-prefill") != nullptr;
  if (is_whole && request.max_model_len && step < *request.max_model_len)
    judged.add(Severity::error, *tokens,
               fmt::format("--max-num-batched-tokens {} is refused with --no-enable-chunked-prefill: a prompt may have "
                           "{} tokens",
                           step, *request.max_model_len),
               fmt::format("at least {}", *request.max_model_len));
}

// What a shell puts in is not written here.
void judge_keys(const Judged& judged) {
  const auto& command = judged.launch.command;
  const char* const instead = "VLLM_API_KEY from the environment or a secret";
  if (const ServeOption* key = command.find("--api-key"); key != nullptr && key->value)
    judged.add(Severity::error, *key, "an API key is written here (--api-key)", instead);
  const auto variable = command.environment.find("VLLM_API_KEY");
  const bool is_written = variable != command.environment.end() && !variable->second.empty() &&
                          variable->second.find('$') == std::string::npos;
  if (is_written) judged.add(Severity::error, "an API key is written here (VLLM_API_KEY)", instead);
}

void judge_image(const Judged& judged) {
  const std::string& image = judged.launch.command.image;
  if (image.empty() || !is_vllm_image(image) || image.find_first_of("$@{") != std::string::npos) return;
  const std::size_t colon = image.rfind(':'), slash = image.rfind('/');
  const bool has_tag = colon != std::string::npos && (slash == std::string::npos || colon > slash);
  const std::string tag = has_tag ? image.substr(colon + 1) : "";
  if (tag.empty() || tag == "latest" || tag == "nightly")
    judged.add(Severity::note, fmt::format("image {} is another vLLM tomorrow", quote(image)),
               "a tag with a version, such as v" + judged.release.version);
  const std::string version = release_of_image(image);
  if (!version.empty() && compare_versions(version, judged.release.version).value_or(0) != 0)
    judged.add(Severity::warning,
               fmt::format("image {} is vLLM {}, judged is {}", quote(image), version, judged.release.version));
}

void judge_gpus(const Judged& judged) {
  const Request& request = judged.linted.request;
  if (!judged.launch.gpus || !judged.linted.is_whole || spans_nodes(judged.launch.command, request)) return;
  const std::int64_t given = *judged.launch.gpus;
  const std::int64_t needed =
      request.tensor_parallel.value_or(1) * request.pipeline_parallel.value_or(1) * request.data_parallel.value_or(1);
  if (needed > given)
    judged.add(Severity::error, fmt::format("{} GPUs are given, and {} are needed (TP {} x PP {} x DP {})", given,
                                            needed, request.tensor_parallel.value_or(1),
                                            request.pipeline_parallel.value_or(1), request.data_parallel.value_or(1)));
  if (needed < given)
    judged.add(Severity::warning, fmt::format("{} GPUs are given, and {} of them would be idle", given, given - needed),
               fmt::format("--tensor-parallel-size {}, or fewer GPUs", given));
}

void judge_model(const Judged& judged) {
  const ServeCommand& command = judged.launch.command;
  const auto& words = judged.launch.words;
  if (command.name_word < words.size() && words[command.name_word].is_expanded) return;  // told by tell_expanded
  if (command.find("--config") != nullptr)
    judged.add(Severity::note, *command.find("--config"), "what --config names is not read", "lint of that file");
  else if (command.model.empty() && judged.linted.request.model.empty() && judged.linted.is_whole)
    judged.add(Severity::warning, "no model is named: vLLM starts with a small one of its own");
}

}  // namespace

bool spans_nodes(const ServeCommand& command, const Request& request) {
  const ServeOption* executor = command.find("--distributed-executor-backend");
  if (request.nodes > 1 || (executor != nullptr && executor->value == "ray")) return true;
  const std::string flags[] = {"--nnodes",
                               "--data-parallel-size-local",
                               "--data-parallel-backend",
                               "--data-parallel-rank",
                               "--data-parallel-start-rank",
                               "--data-parallel-address"};
  return std::any_of(std::begin(flags), std::end(flags),
                     [&](const std::string& flag) { return command.find(flag) != nullptr; });
}

void find_contradictions(const Judged& judged) {
  judge_repeats(judged);
  judge_pairs(judged);
  judge_batch(judged);
}

void find_surroundings(const Judged& judged) {
  judge_keys(judged);
  judge_image(judged);
  judge_gpus(judged);
  judge_model(judged);
}

}  // namespace vw

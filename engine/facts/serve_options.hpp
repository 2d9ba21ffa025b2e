// facts: the options of `vllm serve` as people wrote them: words of a command line, members of a config.yaml, what a
// log calls non-default arguments.
#pragma once

#include "base/json_reader.hpp"
#include "facts/flag_syntax.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace vw {

struct ServeOption {
  std::string flag;                  // "--max-model-len" for --max_model_len; "--no-x" and "-O" stay
  std::optional<std::string> value;  // "--x.member v" becomes the JSON object {"member": v}
  std::vector<std::string> more;     // further words behind a flag that takes several
  std::size_t word = 0;              // the word where it stands; of settings: its place among the members
};

struct ServeCommand {
  std::string model;  // empty: it is not said, or in --config
  std::vector<ServeOption> options;
  std::vector<std::size_t> stray;  // words behind the model that belong to nothing
  std::map<std::string, std::string> environment;
  std::string image;           // of a container, empty: none
  std::string gpus;            // what the container may use: "all", "2", "device=0,1"
  std::size_t first_word = 0;  // the first behind `vllm serve`
  std::size_t name_word = 0;   // where the model stands

  // The last option of this flag; null: none.
  const ServeOption* find(const std::string& flag) const;
};

// The command line `words`, with what stands before it: VAR=value, env, exec, docker run. Nothing where no vLLM server
// is started: `vllm serve`, `python -m vllm.entrypoints...api_server`, an image of vLLM.
std::optional<ServeCommand> read_serve_words(const std::vector<std::string>& words, const FlagSyntax& syntax);

// What stands behind `vllm serve`.
ServeCommand read_serve_arguments(const std::vector<std::string>& words, const FlagSyntax& syntax,
                                  std::size_t first = 0);

// Names of options with their values, e.g. {"max_model_len": 8192, "enable_prefix_caching": false}: a switch that is
// false becomes --no-x, null is left out. Throws vw::Error where `settings` is no object.
ServeCommand read_serve_settings(const JsonReader& settings, const FlagSyntax& syntax);

// Whether a container of this name holds a vLLM server: "vllm/vllm-openai:v0.10.0".
bool is_vllm_image(const std::string& image);

// Options as words for `vllm serve`, the model not among them.
std::vector<std::string> to_words(const ServeOption& option);

}  // namespace vw

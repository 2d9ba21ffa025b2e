// audit: what is wrong with how a server is started, before anybody starts it.
#pragma once

#include "audit/launch.hpp"
#include "facts/request.hpp"

#include <string>
#include <vector>

namespace vw {

// error: vLLM refuses it, or it should not stand there. warning: it does nothing, or nobody here knows. note: good to
// know.
enum class Severity { error, warning, note };
const char* to_text(Severity severity);

struct Finding {
  Severity severity;
  std::string where;     // of Launch
  std::size_t line = 0;  // 0: not known
  std::string flag;      // that it is about; empty: none
  std::string what, instead;
};

// A launch held against a release.
struct Linted {
  std::vector<Finding> findings;
  Request request;       // what the flags describe; what a shell puts in is left out
  bool is_whole = true;  // false: what is planned hangs on what a shell puts in
};
Linted lint(const Launch& launch, const Release& release, const FlagSyntax& syntax, const Request& base);

// Whether the server is one of several machines, so that the GPUs of one say little.
bool spans_nodes(const ServeCommand& command, const Request& request);

// Which vLLM an image holds by its tag: "0.10.1" for vllm/vllm-openai:v0.10.1; empty: it does not say.
std::string release_of_image(const std::string& image);

// Tokens and keys that are written out in a text, by line.
std::vector<Finding> find_secrets(const std::string& text);

// ---- the steps of lint(), each in a file of its own

struct Judged {
  const Launch& launch;
  const Release& release;
  const FlagSyntax& syntax;
  Linted& linted;

  void add(Severity severity, const ServeOption& option, std::string what, std::string instead = "") const;
  void add(Severity severity, std::string what, std::string instead = "") const;
};

void find_unknown_flags(const Judged& judged);
void find_wrong_values(const Judged& judged);
void find_contradictions(const Judged& judged);
void find_surroundings(const Judged& judged);  // image, GPUs, model

}  // namespace vw

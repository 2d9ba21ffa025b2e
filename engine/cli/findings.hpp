// cli: what `check` finds, on its way to the terminal: one line each, advice below.
#pragma once

#include "cli/commands.hpp"

#include <functional>
#include <string>

namespace vw::cli {

class Findings {
 public:
  void ok(const std::string& what);
  void note(const std::string& what);  // known, and nothing to do
  void warning(const std::string& what, const std::string& advice = "");
  void error(const std::string& what, const std::string& advice = "");
  // Runs a check; a vw::Error becomes a finding, with `advice` where it has no hint. True when it passed.
  bool attempt(const std::function<void()>& check, const std::string& advice = "");

  const std::string& text() const noexcept { return text_; }
  int exit_code() const noexcept { return errors_ == 0 ? exit_ok : exit_wrong_input; }

 private:
  void add(const char* level, const std::string& what, const std::string& advice);
  std::string text_;
  int errors_ = 0;
};

}  // namespace vw::cli

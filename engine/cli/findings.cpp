#include "cli/findings.hpp"

#include "base/error.hpp"
#include "cli/terminal.hpp"

namespace vw::cli {

void Findings::ok(const std::string& what) { add("OK       ", what, ""); }
void Findings::note(const std::string& what) { add("NOTE     ", what, ""); }
void Findings::warning(const std::string& what, const std::string& advice) { add("WARNING  ", what, advice); }

void Findings::error(const std::string& what, const std::string& advice) {
  ++errors_;
  add("ERROR    ", what, advice);
}

bool Findings::attempt(const std::function<void()>& check, const std::string& advice) {
  try {
    check();
    return true;
  } catch (const Error& wrong) {
    error(wrong.what(), wrong.hint().empty() ? advice : wrong.hint());
  }
  return false;
}

void Findings::add(const char* level, const std::string& what, const std::string& advice) {
  text_ += level + for_terminal(what) + "\n";
  if (!advice.empty()) text_ += "         " + for_terminal(advice) + "\n";
}

}  // namespace vw::cli

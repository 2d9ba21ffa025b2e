// base: what every room stands on. The one error type.
#pragma once

#include <exception>
#include <string>

namespace vw {

// Wrong input, file, script or plugin. Printed as `vllm-wizard: error: <where>: <message>` and a `hint:` line.
// `where` is what the user can point at: a file with line, an option, a part. `message` says what is wrong and what
// was expected: lower case, no full stop, quotes around the user's words.
class Error : public std::exception {
 public:
  enum class Kind { user, internal };

  Error(std::string where, std::string message, std::string hint = {});
  // A broken invariant of ours: exit code 3 and a request to report it.
  static Error internal(std::string message);

  const std::string& where() const noexcept { return where_; }
  const std::string& message() const noexcept { return message_; }
  const std::string& hint() const noexcept { return hint_; }
  const std::string& traceback() const noexcept { return traceback_; }
  Kind kind() const noexcept { return kind_; }

  // "where: message", without hint. Never fails.
  const char* what() const noexcept override { return text_.c_str(); }

  // Returns the same error with context in front, outermost first: within("family 'llama'").
  Error within(const std::string& context) const;
  // Attaches a script's traceback, printed with --verbose only.
  Error with_traceback(std::string traceback) const;

 private:
  std::string where_, message_, hint_, traceback_, text_;
  Kind kind_ = Kind::user;
};

// The text of an error for a vw_sink or a refusal: "where: message" and, if any, "\nhint: ...".
std::string describe(const Error& error);
// The reverse: splits "message\nhint: ..." that a part wrote. The result has the given `where`.
Error error_from_text(const std::string& where, const std::string& text);

}  // namespace vw

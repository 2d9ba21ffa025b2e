#include "base/shell_words.hpp"

#include "base/error.hpp"

#include <fmt/format.h>

#include <utility>

namespace vw {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }
bool is_digits(const std::string& text) { return text.find_first_not_of("0123456789") == std::string::npos; }

class Lexer {
 public:
  Lexer(std::string_view text, const std::string& where, bool is_shell)
      : text_(text), where_(where), is_shell_(is_shell) {}

  std::vector<ShellCommand> read() {
    while (at_ < text_.size()) step();
    end_command();
    return std::move(commands_);
  }

 private:
  char here() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool is_next(std::string_view text) const { return text_.substr(at_).starts_with(text); }

  void next() {
    if (here() == '\n') ++line_;
    ++at_;
  }

  [[noreturn]] void fail(std::size_t line, const std::string& what) const {
    throw Error(fmt::format("{}: line {}", where_, line), what + " is never closed, expected its end");
  }

  void begin_word() {
    if (in_word_) return;
    in_word_ = true;
    word_ = {"", line_, false};
  }
  void put(char c) {
    begin_word();
    word_.text += c;
  }
  void end_word() {
    if (in_word_ && !std::exchange(drops_word_, false)) command_.push_back(std::move(word_));
    in_word_ = false;
  }
  void end_command() {
    end_word();
    if (!command_.empty()) commands_.push_back(std::move(command_));
    command_.clear();
    drops_word_ = false;
  }

  void step() {
    const char c = here();
    if (c == '\\') return escape();
    if (c == '\'') return single_quoted();
    if (c == '"') return double_quoted();
    if (is_blank(c)) return next(), end_word();
    if (c == '\n') return newline();
    if (!is_shell_) return put(c), next();
    if (c == '#' && !in_word_) return comment();
    if (c == '$' || c == '`') return begin_word(), expansion();
    if (c == '<' || c == '>') return redirection();
    if (c == ';' || c == '&' || c == '|' || c == '(' || c == ')') return next(), end_command();
    put(c);
    next();
  }

  void newline() {
    next();
    if (!is_shell_) return end_word();
    end_command();
    for (const std::string& end : std::exchange(here_documents_, {})) skip_document(end);
  }

  void comment() {
    while (at_ < text_.size() && here() != '\n') ++at_;
  }

  void escape() {
    next();
    if (here() == '\r' && text_.substr(at_ + 1).starts_with('\n')) next();
    if (here() != '\n' && at_ < text_.size()) put(here());
    if (at_ < text_.size()) next();
  }

  void single_quoted() {
    const std::size_t line = line_;
    begin_word();
    for (next(); here() != '\''; next()) {
      if (at_ >= text_.size()) fail(line, "the quote");
      put(here());
    }
    next();
  }

  void double_quoted() {
    const std::size_t line = line_;
    begin_word();
    next();
    while (here() != '"' || at_ >= text_.size()) {
      if (at_ >= text_.size()) fail(line, "the quote");
      if (here() == '\\') {
        next();
        if (at_ >= text_.size()) fail(line, "the quote");
        if (std::string_view("$`\"\\\n").find(here()) == std::string_view::npos) put('\\');
        if (here() != '\n') put(here());
        next();
      } else if (is_shell_ && (here() == '$' || here() == '`')) {
        expansion();
      } else {
        put(here());
        next();
      }
    }
    next();
  }

  // "$NAME", "${NAME}", "$(command)" and "`command`" as they stand.
  void expansion() {
    const std::size_t line = line_;
    if (here() == '`') return verbatim_up_to("`", line, "the command in backticks");
    put('$');
    next();
    if (here() == '(') return verbatim_nested('(', ')', line, "the $(...)");
    if (here() == '{') return verbatim_nested('{', '}', line, "the ${...}");
    const char c = here();
    const bool is_name = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    word_.is_expanded |= is_name || c == '_' || c == '@' || c == '*' || c == '?' || c == '#';
  }

  void verbatim_up_to(std::string_view end, std::size_t line, const char* what) {
    word_.is_expanded = true;
    do {
      put(here());
      next();
      if (at_ >= text_.size()) fail(line, what);
    } while (!is_next(end));
    put(here());
    next();
  }

  void verbatim_nested(char open, char close, std::size_t line, const char* what) {
    word_.is_expanded = true;
    std::size_t depth = 0;
    do {
      if (at_ >= text_.size()) fail(line, what);
      if (here() == open) ++depth;
      if (here() == close) --depth;
      put(here());
      next();
    } while (depth > 0);
  }

  void redirection() {
    if (in_word_ && is_digits(word_.text)) in_word_ = false;  // "2>"
    end_word();
    const bool is_document = is_next("<<") && !is_next("<<<");
    while (here() == '<' || here() == '>' || here() == '&' || here() == '|') next();
    if (is_document) return here_document();
    drops_word_ = true;
  }

  void here_document() {
    if (here() == '-') next();
    while (is_blank(here())) next();
    std::string end;
    for (; at_ < text_.size() && !is_blank(here()) && here() != '\n' && here() != ';' && here() != ')'; next())
      if (here() != '\'' && here() != '"' && here() != '\\') end += here();
    here_documents_.push_back(end);
  }

  void skip_document(const std::string& end) {
    while (at_ < text_.size()) {
      const std::size_t stop = text_.find('\n', at_);
      std::string_view line = text_.substr(at_, stop - at_);
      at_ = stop == std::string_view::npos ? text_.size() : stop + 1;
      ++line_;
      while (!line.empty() && line.front() == '\t') line.remove_prefix(1);
      if (line == end) return;
    }
  }

  std::string_view text_;
  const std::string& where_;
  bool is_shell_;
  std::size_t at_ = 0, line_ = 1;
  ShellWord word_;
  bool in_word_ = false, drops_word_ = false;
  ShellCommand command_;
  std::vector<ShellCommand> commands_;
  std::vector<std::string> here_documents_;
};

}  // namespace

std::vector<ShellCommand> shell_commands(std::string_view script, const std::string& where) {
  return Lexer(script, where, true).read();
}

ShellCommand quoted_words(std::string_view text, const std::string& where) {
  std::vector<ShellCommand> commands = Lexer(text, where, false).read();
  return commands.empty() ? ShellCommand{} : std::move(commands.front());
}

}  // namespace vw

// cli: what the terminal can show, and where results and messages go.
#pragma once

#include "base/error.hpp"
#include "cli/arguments.hpp"
#include "parts/part.hpp"

#include <string>
#include <vector>

namespace vw::cli {

struct Display {
  bool color = false;    // --color, NO_COLOR, TERM=dumb, and whether standard output is a terminal
  bool unicode = false;  // block characters: a terminal with a UTF-8 locale
  bool is_live = false;  // standard output is a terminal whose cursor can be moved
  int width = 80;        // columns; reports never use more than 80
  int height = 0;        // lines; 0: not known
};

Display display_for(const Arguments& arguments);

// Shows progress on one line of standard error once the work has lasted half a second; null where that is no terminal,
// is a dumb one, or --quiet was given.
Progress progress_for(const Arguments& arguments);

// Throws vw::Error unless the folder that `path` is to lie in exists: only the last name of a path is made.
void expect_folder_above(const std::string& option, const std::string& path);
// Prints to standard output; throws vw::Error when it cannot be written.
void print_text(const std::string& text);
// The same, or writes --output FILE atomically.
void print_result(const Arguments& arguments, const std::string& text);
// Lines of text whose control characters cannot reach the terminal, wherever the words came from.
std::string for_terminal(const std::string& text);
// "vllm-wizard: warning: ..." on standard error, one line each; nothing with --quiet.
void print_warnings(const Arguments& arguments, const std::vector<std::string>& warnings);
// "vllm-wizard: error: where: what" and a hint line.
void print_error(const Error& error, bool verbose);

// Words in lines of at most 80 columns; all but the first begin with `indent` blanks, which the first has already.
std::string wrapped(const std::string& text, std::size_t indent);
// "1 line", "2,048 lines".
std::string counted(std::size_t count, const std::string& what);
// Each line but empty ones behind two blanks.
std::string indented(const std::string& lines);
// Columns of text, left-aligned, two spaces apart, the last one unpadded. Rows may be shorter than the header.
std::string table(const std::vector<std::vector<std::string>>& rows);

}  // namespace vw::cli

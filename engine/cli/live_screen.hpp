// cli: a view that is drawn again and again in the same place of a terminal.
#pragma once

#include "cli/terminal.hpp"

#include <string>

namespace vw::cli {

class LiveScreen {
 public:
  explicit LiveScreen(const Display& display) : display_(display) {}

  // Where standard output is no terminal, blocks follow one another, an empty line between them. Lines that begin with
  // WARNING or NO ANSWER stand out where there is colour. Throws vw::Error when nothing can be written.
  void show(const std::string& text);

 private:
  std::string drawn(const std::string& text);

  Display display_;
  std::size_t lines_ = 0;  // that the last view took
};

// Those lines in colour.
std::string with_warnings_marked(const std::string& text, const Display& display);

}  // namespace vw::cli

#include "cli/live_screen.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace vw::cli {
namespace {

std::string marked(const std::string& line, const Display& display) {
  const bool stands_out = line.starts_with("WARNING") || line.starts_with("NO ANSWER");
  return display.color && stands_out ? "\x1b[33m" + line + "\x1b[0m" : line;
}

// A line that wrapped would be two where one is counted. Bytes do: what is not ASCII is a name now and then.
std::string cut(const std::string& line, int width) {
  const auto most = static_cast<std::size_t>(width);
  return line.size() <= most ? line : line.substr(0, utf8_prefix_bytes(line.substr(0, most)));
}

}  // namespace

std::string with_warnings_marked(const std::string& text, const Display& display) {
  std::vector<std::string> lines = split(text, '\n');
  for (std::string& line : lines) line = marked(line, display);
  return join(lines, "\n");
}

// Up over what was drawn before, and everything below it away.
std::string LiveScreen::drawn(const std::string& text) {
  std::vector<std::string> lines = split(text, '\n');
  if (!lines.empty() && lines.back().empty()) lines.pop_back();
  // one line stays free for the cursor: a screen that scrolls would be drawn beside itself
  if (display_.height > 1 && lines.size() >= static_cast<std::size_t>(display_.height))
    lines.resize(static_cast<std::size_t>(display_.height) - 1);
  std::string drawn = lines_ > 0 ? fmt::format("\x1b[{}A\r\x1b[J", lines_) : "";
  for (const std::string& line : lines) drawn += marked(cut(line, display_.width), display_) + "\n";
  lines_ = lines.size();
  return drawn;
}

void LiveScreen::show(const std::string& text) {
  if (display_.is_live) return print_text(drawn(text));
  print_text((lines_ > 0 ? "\n" : "") + with_warnings_marked(text, display_));
  lines_ = 1;
}

}  // namespace vw::cli

#include "cli/terminal.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "base/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>

#include <sys/ioctl.h>
#include <unistd.h>

namespace vw::cli {
namespace {

bool locale_is_utf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const std::string value = lower(environment(name));
    if (!value.empty()) return value.find("utf-8") != std::string::npos || value.find("utf8") != std::string::npos;
  }
  return false;
}

void read_size(Display& display) {
  winsize size{};
  constexpr int narrowest = 40, usual = 80;
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return;
  display.width = std::clamp<int>(size.ws_col, narrowest, usual);
  display.height = size.ws_row;
}

bool is_dumb() { return environment("TERM") == "dumb"; }

// Display columns, near enough for names: UTF-8 continuation bytes take none.
std::size_t columns_of(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; }));
}

}  // namespace

Display display_for(const Arguments& arguments) {
  const bool is_terminal = isatty(STDOUT_FILENO) == 1 && !arguments.has("output");
  const std::string choice = arguments.text("color", "auto");
  if (choice != "auto" && choice != "always" && choice != "never")
    throw Error("--color", "is " + quote(choice) + ", expected auto, always or never");
  Display display;
  display.color =
      choice == "always" || (choice == "auto" && is_terminal && environment("NO_COLOR").empty() && !is_dumb());
  display.unicode = is_terminal && locale_is_utf8();
  display.is_live = is_terminal && !is_dumb();
  if (is_terminal) read_size(display);
  return display;
}

Progress progress_for(const Arguments& arguments) {
  if (isatty(STDERR_FILENO) != 1 || is_dumb() || arguments.has("quiet")) return nullptr;
  using Clock = std::chrono::steady_clock;
  return [start = Clock::time_point(), is_shown = false](const std::string& text) mutable {
    constexpr auto patience = std::chrono::milliseconds(500);
    constexpr const char* clear_line = "\r\x1b[K";
    if (start == Clock::time_point()) start = Clock::now();
    if (text.empty()) {
      if (is_shown) fmt::print(stderr, "{}", clear_line);
      start = Clock::time_point();
      is_shown = false;
    } else if (Clock::now() - start >= patience) {
      fmt::print(stderr, "{}{}", clear_line, for_terminal(text.substr(0, 79)));
      is_shown = true;
    }
  };
}

void expect_folder_above(const std::string& option, const std::string& path) {
  std::filesystem::path target = path;
  if (!target.has_filename()) target = target.parent_path();  // "out/"
  const std::string folder = target.parent_path().string();
  if (folder.empty() || disk_files().is_folder(folder)) return;
  throw Error(option, "there is no folder " + quote(folder) + ", expected one that exists");
}

void print_text(const std::string& text) {
  const bool is_written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if (std::fflush(stdout) != 0 || !is_written) throw Error("standard output", "cannot be written");
}

void print_result(const Arguments& arguments, const std::string& text) {
  if (arguments.has("output")) {
    expect_folder_above("--output", arguments.text("output"));
    constexpr bool force = true;
    write_atomically(arguments.text("output"), text, force);
    return;
  }
  print_text(text);
}

std::string for_terminal(const std::string& text) {
  std::string shown;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find_first_of("\n\t", at), text.size());
    shown += printable(std::string_view(text).substr(at, end - at), text.size());
    if (end < text.size()) shown += text[end];
    at = end + 1;
  }
  return shown;
}

void print_warnings(const Arguments& arguments, const std::vector<std::string>& warnings) {
  if (arguments.has("quiet")) return;
  for (const std::string& warning : warnings) fmt::print(stderr, "vllm-wizard: warning: {}\n", for_terminal(warning));
}

void print_error(const Error& error, bool verbose) {
  fmt::print(stderr, "vllm-wizard: error: {}\n", for_terminal(error.what()));
  if (!error.hint().empty()) fmt::print(stderr, "hint: {}\n", for_terminal(error.hint()));
  if (verbose && !error.traceback().empty()) fmt::print(stderr, "{}\n", for_terminal(error.traceback()));
  if (error.kind() == Error::Kind::internal)
    fmt::print(stderr, "hint: this is a bug of vllm-wizard; please report it with the command that you ran\n");
}

std::string wrapped(const std::string& text, std::size_t indent) {
  constexpr std::size_t most_columns = 80;
  std::string result, line;
  for (const std::string& word : split(text, ' ')) {
    if (!line.empty() && indent + line.size() + 1 + word.size() > most_columns) {
      result += line + "\n" + std::string(indent, ' ');
      line.clear();
    }
    line += line.empty() ? word : " " + word;
  }
  return result + line;
}

std::string counted(std::size_t count, const std::string& what) {
  return show_count(static_cast<std::int64_t>(count)) + " " + what + (count == 1 ? "" : "s");
}

std::string indented(const std::string& lines) {
  std::string result;
  std::size_t end = 0;
  for (std::size_t at = 0; at < lines.size(); at = end + 1) {
    end = std::min(lines.find('\n', at), lines.size());
    result += (end > at ? "  " : "") + lines.substr(at, end - at) + "\n";
  }
  return result;
}

std::string table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (widths.size() <= i) widths.resize(i + 1);
      widths[i] = std::max(widths[i], columns_of(row[i]));
    }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      if (i + 1 < row.size()) line += std::string(widths[i] - columns_of(row[i]) + 2, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

}  // namespace vw::cli

// The arrows between the rooms, held against every #include; and the size of what a reader has to read at once.
#include "support/catch.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
const fs::path root = VW_ROOT;

// Which rooms a room may include, besides itself.
const std::map<std::string, std::set<std::string>>& arrows() {
  static const std::map<std::string, std::set<std::string>> allowed = {
      {"abi", {}},
      {"base", {"abi"}},
      {"parts", {"base", "abi"}},
      {"native", {"parts", "base", "abi"}},
      {"lua", {"parts", "base", "abi"}},
      {"facts", {"parts", "base", "abi"}},
      {"plan", {"facts", "parts", "base", "abi"}},
      {"audit", {"plan", "facts", "parts", "base", "abi"}},
      {"logs", {"plan", "facts", "parts", "base", "abi"}},
      {"search", {"plan", "facts", "parts", "base", "abi"}},
      {"pack", {"plan", "facts", "parts", "base", "abi"}},
      {"watch", {"facts", "parts", "base", "abi"}},
      {"cli", {"audit", "logs", "pack", "search", "watch", "plan", "facts", "native", "lua", "parts", "base", "abi"}},
  };
  return allowed;
}

// A header of a library or the system, and the only files that may include it: the beginnings of both.
struct Reserved {
  std::string header;
  std::vector<std::string> places;
};
const std::vector<Reserved>& reserved() {
  static const std::vector<Reserved> headers = {
      {"lua.h", {"engine/lua/"}},
      {"lauxlib.h", {"engine/lua/"}},
      {"lualib.h", {"engine/lua/"}},
      {"dlfcn.h", {"engine/native/"}},
      {"boost/program_options", {"engine/cli/"}},
      {"boost/process", {"engine/base/process.cpp", "plugins/tool-runner/"}},
      {"yaml-cpp", {"engine/base/"}},
      {"curl/", {"plugins/http-transfers/"}},
  };
  return headers;
}

bool may_include(const std::string& file, const std::string& header) {
  for (const Reserved& library : reserved())
    if (header.starts_with(library.header))
      return std::any_of(library.places.begin(), library.places.end(),
                         [&](const std::string& place) { return file.starts_with(place); });
  return true;
}

bool is_source(const fs::path& path) {
  static const std::set<std::string> endings = {".cpp", ".hpp", ".h", ".c"};
  return endings.contains(path.extension().string());
}

std::vector<std::string> sources_of(const std::string& folder) {
  std::vector<std::string> found;
  for (const auto& file : fs::recursive_directory_iterator(root / folder))
    if (file.is_regular_file() && is_source(file.path())) found.push_back(fs::relative(file.path(), root).string());
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<std::string> lines_of(const std::string& file) {
  std::vector<std::string> lines;
  std::ifstream stream(root / file);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

struct Include {
  std::string name;
  bool is_own = false;  // "..." and not <...>
};

std::vector<Include> includes_of(const std::string& file) {
  static const std::regex pattern(R"(^\s*#\s*include\s*([<"])([^>"]+)[>"])");
  std::vector<Include> includes;
  std::smatch match;
  for (const std::string& line : lines_of(file))
    if (std::regex_search(line, match, pattern)) includes.push_back({match[2], match[1] == "\""});
  return includes;
}

std::size_t column_of(const std::string& line) { return std::min(line.find_first_not_of(' '), line.size()); }

// Lines from the head to the closing brace of the function that is opened by the end of this line; 0: none is. In our
// layout it ends with a brace in the column where its head began: 0, or 2 in a class.
std::size_t length_of_block(const std::vector<std::string>& lines, std::size_t opening) {
  static const std::regex end_of_head(R"(\).*\{$)"),
      statement(R"(^\s*(\} )?(for|if|else|while|switch|do|try|catch)\b)");
  const std::string& line = lines[opening];
  if (!std::regex_search(line, end_of_head) || std::regex_search(line, statement)) return 0;
  std::size_t head = opening;
  while (head > 0 && column_of(lines[head]) > 2) --head;
  const std::string closing = std::string(column_of(lines[head]), ' ') + "}";
  std::size_t end = opening + 1;
  while (end < lines.size() && !lines[end].starts_with(closing)) ++end;
  return end - head + 1;
}

std::string first_part(const std::string& path) { return path.substr(0, path.find('/')); }

}  // namespace

TEST_CASE("every room of the engine is known to the arrows", "[architecture]") {
  std::set<std::string> rooms;
  for (const auto& entry : fs::directory_iterator(root / "engine"))
    if (entry.is_directory()) rooms.insert(entry.path().filename().string());
  std::set<std::string> known;
  for (const auto& [room, allowed] : arrows()) known.insert(room);
  CHECK(rooms == known);
}

TEST_CASE("a room includes only the rooms below it, and always by room and file", "[architecture]") {
  for (const auto& [room, allowed] : arrows())
    for (const std::string& file : sources_of("engine/" + room))
      for (const Include& include : includes_of(file)) {
        if (!include.is_own) continue;
        INFO(file << " includes \"" << include.name << "\"");
        const bool in_abi =
            room == "abi" && include.name.find('/') == std::string::npos;  // plugins see that folder only
        const std::string target = in_abi ? room : first_part(include.name);
        CHECK((target == room || allowed.contains(target)));
        CHECK((in_abi || fs::exists(root / "engine" / include.name)));
      }
}

TEST_CASE("a library is included only where it is wrapped", "[architecture]") {
  for (const char* folder : {"engine", "plugins"})
    for (const std::string& file : sources_of(folder))
      for (const Include& include : includes_of(file)) {
        INFO(file << " includes <" << include.name << ">");
        CHECK(may_include(file, include.name));
      }
}

TEST_CASE("a plugin includes of the engine nothing but its border", "[architecture]") {
  for (const std::string& file : sources_of("plugins"))
    for (const Include& include : includes_of(file)) {
      if (!include.is_own) continue;
      INFO(file << " includes \"" << include.name << "\"");
      const std::string beside = (fs::path(file).parent_path() / include.name).string();
      const bool is_border = include.name == "plugin.h" || include.name == "plugin.hpp";
      const bool is_shared = fs::exists(root / "plugins" / include.name);  // another folder of plugins/
      bool in_any_plugin = false;
      for (const auto& entry : fs::directory_iterator(root / "plugins"))
        in_any_plugin = in_any_plugin || fs::exists(entry.path() / include.name);
      CHECK((is_border || is_shared || in_any_plugin || fs::exists(root / beside)));
      for (const auto& [room, allowed] : arrows()) CHECK(first_part(include.name) != room);
    }
}

TEST_CASE("planning, packing and watching are pure: no files, clock, environment or processes", "[architecture]") {
  static const std::set<std::string> forbidden = {"fstream", "filesystem",     "chrono",           "ctime",
                                                  "cstdlib", "cstdio",         "iostream",         "random",
                                                  "thread",  "base/files.hpp", "base/process.hpp", "base/yaml.hpp"};
  for (const char* room : {"engine/plan", "engine/pack", "engine/watch"})
    for (const std::string& file : sources_of(room))
      for (const Include& include : includes_of(file)) {
        INFO(file << " includes " << include.name);
        CHECK_FALSE(forbidden.contains(include.name));
      }
}

TEST_CASE("no file is longer than 400 lines", "[architecture]") {
  for (const char* folder : {"engine", "plugins", "tests"})
    for (const std::string& file : sources_of(folder)) {
      INFO(file);
      CHECK(lines_of(file).size() <= 400);
    }
}

TEST_CASE("no function is longer than 60 lines", "[architecture]") {
  for (const char* folder : {"engine", "plugins"})
    for (const std::string& file : sources_of(folder)) {
      const std::vector<std::string> lines = lines_of(file);
      for (std::size_t opening = 0; opening < lines.size(); ++opening) {
        const std::size_t length = length_of_block(lines, opening);
        INFO(file << ":" << opening + 1 << ": " << lines[opening]);
        CHECK(length <= 60);
      }
    }
}

TEST_CASE("no folder or file is called util, common, helper or manager", "[architecture]") {
  static const std::regex vague("(^|[/_-])(util|utils|common|helper|helpers|manager|misc)([./_-]|$)");
  for (const char* folder : {"engine", "plugins", "tests"})
    for (const std::string& file : sources_of(folder)) {
      INFO(file);
      CHECK_FALSE(std::regex_search(file, vague));
    }
}

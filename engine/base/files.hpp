// base: files. The engine reads through `Files`, so that tests hand it an in-memory twin; only writing is direct.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vw {

class Files {
 public:
  virtual ~Files() = default;
  // The content; empty when there is no such file. Throws vw::Error when it exists but cannot be read, is not a
  // regular file, or is larger than most_bytes.
  virtual std::optional<std::string> read(const std::string& path, std::size_t most_bytes = default_limit) const = 0;
  // Names (not paths) in a folder, sorted; empty when there is no such folder.
  virtual std::vector<std::string> list(const std::string& folder) const = 0;
  virtual bool is_folder(const std::string& path) const = 0;

  static constexpr std::size_t default_limit = 64u << 20;
};

// The real file system. Never destroyed before the end of the process.
const Files& disk_files();

// read(), or an Error that says the file is missing. `where` stands in front of the message.
std::string read_file(const Files& files, const std::string& path, const std::string& where);

// Writes a temporary file beside `path` and renames it: all or nothing. Creates missing folders. An existing file
// that differs is kept unless `force`: Written::kept. Throws vw::Error when it cannot be written.
enum class Written { created, replaced, unchanged, kept };
Written write_atomically(const std::string& path, std::string_view text, bool force, bool executable = false);

// Home-relative and XDG folders; empty when the environment does not say.
std::string environment(const char* name);

}  // namespace vw

#include "base/files.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/units.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace vw {
namespace {

std::string system_words(int code) { return lower(std::generic_category().message(code)); }

// An open file, closed at the end of the scope.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (is_open()) ::close(number_);
  }
  bool is_open() const { return number_ >= 0; }
  int number() const { return number_; }

 private:
  int number_;
};

[[noreturn]] void cannot(const std::string& what, const std::string& path, int code) {
  throw Error(printable(path), fmt::format("cannot be {}: {}", what, system_words(code)));
}

// The size that the file is said to have; see read_all.
std::size_t check_regular(const Descriptor& file, const std::string& path) {
  struct stat status {};
  if (::fstat(file.number(), &status) != 0) cannot("read", path, errno);
  if (S_ISDIR(status.st_mode)) throw Error(printable(path), "is a folder, expected a file");
  if (!S_ISREG(status.st_mode)) throw Error(printable(path), "is a device or pipe, expected a file");
  return static_cast<std::size_t>(status.st_size);
}

// Reads on to the end instead of trusting the size: files in /proc have none.
std::string read_all(const Descriptor& file, const std::string& path, std::size_t said_bytes, std::size_t most_bytes) {
  constexpr std::size_t least_piece_bytes = std::size_t{4} << 10, most_piece_bytes = std::size_t{1} << 20;
  std::string content;
  for (;;) {
    const std::size_t before = content.size();
    const std::size_t left_bytes = said_bytes > before ? said_bytes - before + 1 : least_piece_bytes;
    const std::size_t piece_bytes = std::min(left_bytes, most_piece_bytes);
    content.resize(before + piece_bytes);
    const ssize_t count = ::read(file.number(), content.data() + before, piece_bytes);
    if (count < 0 && errno != EINTR) cannot("read", path, errno);
    content.resize(before + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    if (content.size() > most_bytes)
      throw Error(printable(path),
                  fmt::format("is too large, expected at most {}", show_bytes(static_cast<double>(most_bytes))));
    if (count == 0) return content;
  }
}

class DiskFiles : public Files {
 public:
  std::optional<std::string> read(const std::string& path, std::size_t most_bytes) const override {
    if (path.find('\0') != std::string::npos) return std::nullopt;
    // Without O_NONBLOCK a named pipe would hold us until somebody writes to it.
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    if (!file.is_open() && (errno == ENOENT || errno == ENOTDIR)) return std::nullopt;
    if (!file.is_open()) cannot("read", path, errno);
    const std::size_t said_bytes = check_regular(file, path);
    return read_all(file, path, said_bytes, most_bytes);
  }

  std::vector<std::string> list(const std::string& folder) const override {
    if (!is_folder(folder)) return {};
    std::vector<std::string> names;
    std::error_code error;
    const std::filesystem::directory_iterator end;
    for (std::filesystem::directory_iterator entry(folder, error); !error && entry != end; entry.increment(error))
      names.push_back(entry->path().filename().string());
    if (error) cannot("listed", folder, error.value());
    std::sort(names.begin(), names.end());
    return names;
  }

  bool is_folder(const std::string& path) const override {
    std::error_code ignored;
    return std::filesystem::is_directory(path, ignored);
  }
};

// The folders that a write needed; removed again, when empty, unless the write came to its end.
class NewFolders {
 public:
  explicit NewFolders(const std::filesystem::path& folder) {
    std::error_code error;
    for (auto missing = folder; !missing.empty() && !std::filesystem::exists(missing, error);
         missing = missing.parent_path())
      made_.push_back(missing);
    std::filesystem::create_directories(folder, error);
    if (!error) return;
    remove();
    cannot("made", folder.string(), error.value());
  }
  NewFolders(const NewFolders&) = delete;
  NewFolders& operator=(const NewFolders&) = delete;
  ~NewFolders() { remove(); }
  void keep() { made_.clear(); }

 private:
  void remove() {
    std::error_code ignored;
    for (const auto& folder : made_) std::filesystem::remove(folder, ignored);
  }

  std::vector<std::filesystem::path> made_;  // innermost first
};

// A file under a name of its own, gone unless it was moved into place.
class TemporaryFile {
 public:
  TemporaryFile(const std::filesystem::path& folder, mode_t mode) : file_(create(folder, mode)) {}
  ~TemporaryFile() {
    if (!path_.empty()) ::unlink(path_.c_str());
  }

  void write(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t count = ::write(file_.number(), text.data(), text.size());
      if (count < 0 && errno != EINTR) cannot("written", path_, errno);
      text.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    }
    // A disk that fills up may say so only here.
    if (::fsync(file_.number()) != 0) cannot("written", path_, errno);
  }

  void set_mode(mode_t mode) const {
    if (::fchmod(file_.number(), mode) != 0) cannot("written", path_, errno);
  }

  void move_to(const std::string& path) {
    if (::rename(path_.c_str(), path.c_str()) != 0) cannot("written", path, errno);
    path_.clear();
  }

 private:
  int create(const std::filesystem::path& folder, mode_t mode) {
    for (int attempt = 0;; ++attempt) {
      path_ = (folder / fmt::format(".vllm-wizard-{}-{}.tmp", ::getpid(), attempt)).string();
      const int number = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
      if (number >= 0) return number;
      const int code = errno;
      if (code == EEXIST && attempt < 1000) continue;
      path_.clear();
      cannot("written to", folder.string(), code);
    }
  }

  std::string path_;
  Descriptor file_;
};

// The permissions of an existing file; empty when there is none.
std::optional<mode_t> mode_of(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return status.st_mode & 07777u;
}

}  // namespace

const Files& disk_files() {
  static const Files& files = *new DiskFiles;
  return files;
}

std::string read_file(const Files& files, const std::string& path, const std::string& where) {
  const bool is_named = where.find(path) != std::string::npos;
  std::optional<std::string> content;
  try {
    content = files.read(path);
  } catch (const Error& error) {
    if (is_named) throw;
    throw error.within(where);
  }
  if (!content) throw Error(where, is_named ? "there is no such file" : "there is no file " + quote(path));
  return *std::move(content);
}

Written write_atomically(const std::string& path, std::string_view text, bool force, bool executable) {
  const std::filesystem::path target(path);
  if (!target.has_filename() || path.find('\0') != std::string::npos)
    throw Error(quote(path), "is not the name of a file, expected one");
  const auto before = disk_files().read(path, std::string().max_size());
  if (before == text) return Written::unchanged;
  if (before && !force) return Written::kept;
  const auto folder = target.has_parent_path() ? target.parent_path() : std::filesystem::path(".");
  NewFolders folders(folder);
  const mode_t execute = executable ? 0111 : 0;
  TemporaryFile file(folder, 0666 | execute);
  file.write(text);
  if (const auto mode = mode_of(path)) file.set_mode(*mode | execute);
  file.move_to(path);
  folders.keep();
  return before ? Written::replaced : Written::created;
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

}  // namespace vw

// model-folder: files of any content and any size. Nothing here trusts a number that a file says about itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace vw::checkpoint {

// "where: what, expected": the message the user reads.
class Failure : public std::runtime_error {
 public:
  Failure(const std::string& where, const std::string& what) : std::runtime_error(where + ": " + what) {}
};

// A name from a file, in quotes, shortened, without control characters.
std::string shown(std::string_view name);

bool is_file(const std::string& path);  // regular, links followed; a dangling link is no file
bool is_folder(const std::string& path);
// Names in a folder, sorted; empty when it cannot be listed.
std::vector<std::string> names_in(const std::string& folder);
std::string joined(const std::string& folder, const std::string& name);
std::string folder_of(const std::string& path);  // "." for a bare name
std::string name_of(const std::string& path);

// The content; empty when there is no such file. Throws Failure when it cannot be read or has more bytes than allowed.
std::optional<std::string> read_text(const std::string& path, std::uint64_t most_bytes);

// True when the file is the small text that Git LFS leaves in place of a large one.
bool is_lfs_pointer(const std::string& path);

// Reads one file from front to back; numbers are little-endian. Every read names what it wants, so that a file that
// ends too early is reported by what is missing.
class FileReader {
 public:
  // Throws Failure when it is no regular file or cannot be opened (a pipe would block).
  explicit FileReader(std::string path);

  const std::string& path() const noexcept { return path_; }
  std::uint64_t size_bytes() const noexcept { return size_; }
  std::uint64_t position() const noexcept { return position_; }
  std::uint64_t left_bytes() const noexcept { return size_ - position_; }

  std::uint32_t u32(const char* what) { return static_cast<std::uint32_t>(unsigned_number(4, what)); }
  std::uint64_t u64(const char* what) { return unsigned_number(8, what); }
  std::uint64_t unsigned_number(unsigned width_bytes, const char* what);
  // `count` bytes; the caller has bounded count.
  std::string bytes(std::uint64_t count, const char* what);
  void skip(std::uint64_t count, const char* what);

  [[noreturn]] void fail(const std::string& what) const { throw Failure(path_, what); }

 private:
  void require(std::uint64_t count, const char* what) const;
  void fill(const char* what);

  std::string path_;
  std::ifstream file_;
  std::uint64_t size_ = 0, position_ = 0;
  std::vector<char> buffer_;
  std::size_t used_ = 0;  // bytes of buffer_ already given out
};

}  // namespace vw::checkpoint

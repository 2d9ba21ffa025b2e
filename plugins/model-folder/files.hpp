// model-folder: files of any content and any size, from wherever they come. Nothing here trusts a number that a file
// says about itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vw::checkpoint {

// "where: what, expected": the message the user reads.
class Failure : public std::runtime_error {
 public:
  Failure(const std::string& where, const std::string& what) : std::runtime_error(where + ": " + what) {}
};

// A name from a file, in quotes, shortened, without control characters.
std::string shown(std::string_view name);

// The bytes of one file, wherever it lies.
class Bytes {
 public:
  virtual ~Bytes() = default;
  virtual std::uint64_t size_bytes() const = 0;
  // Writes at least one and at most `most` bytes from `offset` on, which lies inside the file, and says how many they
  // are. Throws Failure when they cannot be had.
  virtual std::size_t read(std::uint64_t offset, char* to, std::size_t most) = 0;
};

// Where the files of one model come from: the disk, or a repository far away.
class Files {
 public:
  virtual ~Files() = default;
  virtual bool is_file(const std::string& path) = 0;  // something that can be opened
  // Names in a folder, sorted; empty when it cannot be listed.
  virtual std::vector<std::string> names_in(const std::string& folder) = 0;
  // Throws Failure when it is no regular file or cannot be opened (a pipe would block).
  virtual std::unique_ptr<Bytes> open(const std::string& path) = 0;
  // These files are read next, where they are there: what comes from far away can come all at once.
  virtual void will_read(const std::vector<std::string>& /*paths*/) {}
};

// This machine's. Links are followed; a dangling one is no file.
Files& disk();
bool is_folder(const std::string& path);  // on disk

std::string joined(const std::string& folder, const std::string& name);
std::string folder_of(const std::string& path);  // "." for a bare name
std::string name_of(const std::string& path);

// The content. Throws Failure when it cannot be read or has more bytes than allowed.
std::string read_text(Files& files, const std::string& path, std::uint64_t most_bytes);

// True when the file is the small text that Git LFS leaves in place of a large one.
bool is_lfs_pointer(Files& files, const std::string& path);

// Reads one file from front to back; numbers are little-endian. Every read names what it wants, so that a file that
// ends too early is reported by what is missing.
class FileReader {
 public:
  FileReader(Files& files, std::string path) : path_(std::move(path)), file_(files.open(path_)) {}

  const std::string& path() const noexcept { return path_; }
  std::uint64_t size_bytes() const noexcept { return file_->size_bytes(); }
  std::uint64_t position() const noexcept { return position_; }
  std::uint64_t left_bytes() const noexcept { return size_bytes() - position_; }

  std::uint32_t u32(const char* what) { return static_cast<std::uint32_t>(unsigned_number(4, what)); }
  std::uint64_t u64(const char* what) { return unsigned_number(8, what); }
  std::uint64_t unsigned_number(unsigned width_bytes, const char* what);
  // `count` bytes; the caller has bounded count.
  std::string bytes(std::uint64_t count, const char* what);
  void skip(std::uint64_t count, const char* what);

  [[noreturn]] void fail(const std::string& what) const { throw Failure(path_, what); }

 private:
  void require(std::uint64_t count, const char* what) const;
  void fill();

  std::string path_;
  std::unique_ptr<Bytes> file_;
  std::uint64_t position_ = 0;
  std::vector<char> buffer_;
  std::size_t used_ = 0;  // bytes of buffer_ already given out
};

}  // namespace vw::checkpoint

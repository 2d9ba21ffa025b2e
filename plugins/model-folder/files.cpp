#include "model-folder/files.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace vw::checkpoint {

namespace fs = std::filesystem;

std::string shown(std::string_view name) {
  constexpr std::size_t most_bytes = 120;
  std::string text = "'";
  for (const char c : name.substr(0, most_bytes)) {
    const auto byte = static_cast<unsigned char>(c);
    text += byte < 0x20 || byte >= 0x7f ? '?' : c;
  }
  return text + (name.size() > most_bytes ? "...'" : "'");
}

namespace {

class DiskFile : public Bytes {
 public:
  explicit DiskFile(const std::string& path) : path_(path) {
    std::error_code error;
    if (!fs::is_regular_file(path, error)) throw Failure(path, "is not a regular file");
    file_.open(path, std::ios::binary);
    size_ = fs::file_size(path, error);
    if (!file_ || error) throw Failure(path, "cannot be read, check its permissions");
  }

  std::uint64_t size_bytes() const override { return size_; }

  std::size_t read(std::uint64_t offset, char* to, std::size_t most) override {
    if (offset != position_) file_.seekg(static_cast<std::streamoff>(offset));
    file_.read(to, static_cast<std::streamsize>(most));
    const auto count = static_cast<std::size_t>(file_.gcount());
    if (count == 0) throw Failure(path_, "cannot be read at byte " + std::to_string(offset));
    position_ = offset + count;
    return count;
  }

 private:
  const std::string path_;
  std::ifstream file_;
  std::uint64_t size_ = 0, position_ = 0;
};

class Disk : public Files {
 public:
  bool is_file(const std::string& path) override {
    std::error_code ignored;
    return fs::is_regular_file(path, ignored);
  }

  std::vector<std::string> names_in(const std::string& folder) override {
    std::vector<std::string> names;
    std::error_code error;
    fs::directory_iterator entry(folder, error);
    for (; !error && entry != fs::directory_iterator(); entry.increment(error))
      names.push_back(entry->path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
  }

  std::unique_ptr<Bytes> open(const std::string& path) override { return std::make_unique<DiskFile>(path); }
};

}  // namespace

Files& disk() {
  static Disk files;
  return files;
}

bool is_folder(const std::string& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

std::string joined(const std::string& folder, const std::string& name) {
  if (folder == ".") return name;
  return folder.back() == '/' ? folder + name : folder + "/" + name;
}

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string name_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }

std::string read_text(Files& files, const std::string& path, std::uint64_t most_bytes) {
  FileReader reader(files, path);
  if (reader.size_bytes() > most_bytes)
    reader.fail("has " + std::to_string(reader.size_bytes()) + " bytes, expected at most " +
                std::to_string(most_bytes));
  return reader.bytes(reader.size_bytes(), "its content");
}

bool is_lfs_pointer(Files& files, const std::string& path) {
  constexpr std::uint64_t largest_pointer_bytes = 1024;  // github.com/git-lfs/git-lfs/blob/main/docs/spec.md
  if (!files.is_file(path)) return false;
  FileReader reader(files, path);
  if (reader.size_bytes() > largest_pointer_bytes) return false;
  return reader.bytes(reader.size_bytes(), "its content").starts_with("version https://git-lfs.github.com/spec/");
}

void FileReader::require(std::uint64_t count, const char* what) const {
  if (count <= left_bytes()) return;
  fail("ends inside " + std::string(what) + ": " + std::to_string(count) + " bytes needed at byte " +
       std::to_string(position_) + ", but the file has " + std::to_string(size_bytes()));
}

void FileReader::fill() {
  constexpr std::uint64_t block_bytes = std::uint64_t{64} << 10;
  buffer_.resize(static_cast<std::size_t>(std::min(block_bytes, left_bytes())));
  buffer_.resize(file_->read(position_, buffer_.data(), buffer_.size()));
  used_ = 0;
}

std::uint64_t FileReader::unsigned_number(unsigned width_bytes, const char* what) {
  require(width_bytes, what);
  std::uint64_t number = 0;
  for (unsigned i = 0; i < width_bytes; ++i, ++position_) {
    if (used_ == buffer_.size()) fill();
    number |= static_cast<std::uint64_t>(static_cast<unsigned char>(buffer_[used_++])) << (8 * i);
  }
  return number;
}

std::string FileReader::bytes(std::uint64_t count, const char* what) {
  require(count, what);
  std::string text;
  while (text.size() < count) {
    if (used_ == buffer_.size()) fill();
    const auto piece = std::min<std::size_t>(buffer_.size() - used_, static_cast<std::size_t>(count) - text.size());
    text.append(buffer_.data() + used_, piece);
    used_ += piece;
    position_ += piece;
  }
  return text;
}

void FileReader::skip(std::uint64_t count, const char* what) {
  require(count, what);
  position_ += count;
  if (count <= buffer_.size() - used_) {
    used_ += static_cast<std::size_t>(count);
    return;
  }
  buffer_.clear();
  used_ = 0;
}

}  // namespace vw::checkpoint

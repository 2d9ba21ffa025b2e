#include "cli/row_stream.hpp"

#include "base/error.hpp"

#include <filesystem>

#include <unistd.h>

namespace vw::cli {
namespace {

std::string unfinished(const std::string& path) { return path + ".part"; }

}  // namespace

RowStream::RowStream(const Arguments& arguments) : path_(arguments.text("output")), file_(stdout) {
  if (path_.empty()) return;
  file_ = std::fopen(unfinished(path_).c_str(), "wb");
  if (file_ == nullptr) throw Error("--output", "cannot write " + path_ + ", expected a file in a folder that exists");
  interrupt_.emplace();
}

RowStream::~RowStream() {
  if (path_.empty() || file_ == nullptr) return;
  std::fclose(file_);
  ::unlink(unfinished(path_).c_str());
}

void RowStream::write(const std::string& text) {
  if (interrupt_ && interrupt_->has_come()) throw Interrupted{};
  if (std::fwrite(text.data(), 1, text.size(), file_) != text.size())
    throw Error(path_.empty() ? "standard output" : "--output", "cannot be written");
}

void RowStream::finish() {
  const bool is_written = std::fflush(file_) == 0;
  if (!is_written) throw Error(path_.empty() ? "standard output" : "--output", "cannot be written");
  if (path_.empty()) return;
  std::fclose(file_);
  file_ = nullptr;
  std::filesystem::rename(unfinished(path_), path_);
}

}  // namespace vw::cli

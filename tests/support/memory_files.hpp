// The in-memory twin of the file system.
#pragma once

#include "base/error.hpp"
#include "base/files.hpp"

#include <map>
#include <set>
#include <string>

namespace vw::test {

class MemoryFiles : public Files {
 public:
  MemoryFiles() = default;
  explicit MemoryFiles(std::map<std::string, std::string> files) : files_(std::move(files)) {}

  void put(const std::string& path, std::string content) { files_[path] = std::move(content); }

  std::optional<std::string> read(const std::string& path, std::size_t most_bytes) const override {
    const auto found = files_.find(path);
    if (found == files_.end()) return std::nullopt;
    if (found->second.size() > most_bytes) throw Error(path, "is too large");
    return found->second;
  }
  std::vector<std::string> list(const std::string& folder) const override {
    std::set<std::string> names;
    const std::string prefix = folder.ends_with('/') ? folder : folder + "/";
    for (const auto& [path, content] : files_)
      if (path.starts_with(prefix))
        names.insert(path.substr(prefix.size(), path.find('/', prefix.size()) - prefix.size()));
    return {names.begin(), names.end()};
  }
  bool is_folder(const std::string& path) const override { return !list(path).empty(); }

 private:
  std::map<std::string, std::string> files_;
};

}  // namespace vw::test

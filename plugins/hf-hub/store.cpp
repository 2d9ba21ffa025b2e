#include "store.hpp"

#include "model-folder/files.hpp"
#include "model-folder/hub_names.hpp"
#include "transfers.hpp"

#include <unistd.h>

#include <atomic>
#include <cinttypes>
#include <cstdio>
#include <filesystem>
#include <fstream>

namespace vw::hub {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_head_bytes = 128;
constexpr std::uint64_t most_entry_bytes = std::uint64_t{128} << 20;

// FNV-1a: against damage, not against malice.
std::uint64_t checksum_of(const std::string& bytes) {
  std::uint64_t sum = 14695981039346656037u;
  for (const char c : bytes) sum = (sum ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return sum;
}

// The first line of an entry.
std::string head_of(const Entry& entry) {
  char text[most_head_bytes];
  std::snprintf(text, sizeof text, "vllm-wizard hub 1 %" PRIu64 " %zu %016" PRIx64 "\n", entry.total_bytes,
                entry.bytes.size(), checksum_of(entry.bytes));
  return text;
}

std::optional<Entry> parsed(const std::string& text) {
  const auto line = text.find('\n');
  if (line == std::string::npos || line >= most_head_bytes) return std::nullopt;
  Entry entry;
  if (std::sscanf(text.c_str(), "vllm-wizard hub 1 %" SCNu64, &entry.total_bytes) != 1) return std::nullopt;
  entry.bytes = text.substr(line + 1);
  if (entry.bytes.size() > entry.total_bytes || head_of(entry) != text.substr(0, line + 1)) return std::nullopt;
  return entry;
}

// A name of this process' own beside `path`.
std::string temporary_beside(const std::string& path) {
  static std::atomic<unsigned> count = 0;
  return path + "." + std::to_string(getpid()) + "-" + std::to_string(++count) + ".part";
}

}  // namespace

// One file name for a name of any characters; empty when it would be too long.
std::string Store::path_of(const std::string& kind, const std::string& name) const {
  constexpr std::size_t most_name_bytes = 200;
  std::string file = escaped_segment(name);
  if (file.starts_with('.')) file.replace(0, 1, "%2E");
  const bool is_kept = !folder_.empty() && !file.empty() && file.size() <= most_name_bytes;
  return is_kept ? folder_ + "/" + kind + "/" + file : "";
}

std::optional<Entry> Store::load(const std::string& kind, const std::string& name) const {
  const auto path = path_of(kind, name);
  try {
    if (path.empty() || !checkpoint::disk().is_file(path)) return std::nullopt;
    return parsed(checkpoint::read_text(checkpoint::disk(), path, most_entry_bytes));
  } catch (const checkpoint::Failure&) {
    return std::nullopt;
  }
}

void Store::keep(const std::string& kind, const std::string& name, const Entry& entry) const {
  const auto path = path_of(kind, name);
  if (path.empty()) return;
  std::error_code error;
  if (fs::create_directories(fs::path(path).parent_path(), error))
    fs::permissions(folder_, fs::perms::owner_all, error);  // models may be private
  const auto temporary = temporary_beside(path);
  std::ofstream file(temporary, std::ios::binary);
  file << head_of(entry) << entry.bytes;
  file.close();
  if (file) fs::rename(temporary, path, error);
  if (!file || error) fs::remove(temporary, error);
}

std::string store_folder() {
  if (const auto cache = checkpoint::environment("XDG_CACHE_HOME"); !cache.empty())
    return checkpoint::expanded(cache) + "/vllm-wizard/hub";
  const auto home = checkpoint::environment("HOME");
  return home.empty() ? "" : home + "/.cache/vllm-wizard/hub";
}

}  // namespace vw::hub

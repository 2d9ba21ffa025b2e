// Readers of plugins/model-folder, plugins/hf-hub and plugins/vllm-metrics.
#include "fuzz/targets.hpp"

#include "hf-hub/listing.hpp"
#include "model-folder/gguf.hpp"
#include "model-folder/model_folder.hpp"
#include "model-folder/safetensors.hpp"
#include "vllm-metrics/exposition.hpp"

#include <algorithm>
#include <map>

namespace vw::fuzz {
namespace {

using namespace checkpoint;

class MemoryBytes : public Bytes {
 public:
  explicit MemoryBytes(std::string_view bytes) : bytes_(bytes) {}
  std::uint64_t size_bytes() const override { return bytes_.size(); }
  std::size_t read(std::uint64_t offset, char* to, std::size_t most) override {
    if (offset >= bytes_.size()) throw Failure("memory", "read beyond the end");
    const std::string_view piece = bytes_.substr(offset, most);
    std::copy(piece.begin(), piece.end(), to);
    return piece.size();
  }

 private:
  std::string_view bytes_;
};

// One folder.
class MemoryFolder : public Files {
 public:
  explicit MemoryFolder(std::map<std::string, std::string_view> files) : files_(std::move(files)) {}
  bool is_file(const std::string& path) override { return files_.contains(name_of(path)); }
  std::vector<std::string> names_in(const std::string& /*folder*/) override {
    std::vector<std::string> names;
    for (const auto& [name, bytes] : files_) names.push_back(name);
    return names;
  }
  std::unique_ptr<Bytes> open(const std::string& path) override {
    const auto file = files_.find(name_of(path));
    if (file == files_.end()) throw Failure(path, "is not a regular file");
    return std::make_unique<MemoryBytes>(file->second);
  }

 private:
  std::map<std::string, std::string_view> files_;
};

template <class Read>
void refused_or_read(const Read& read) {
  try {
    read();
  } catch (const Failure&) {
  }
}

}  // namespace

void safetensors(std::string_view bytes) {
  MemoryFolder folder({{"config.json", "{}"}, {"model.safetensors", bytes}});
  refused_or_read([&] { read_model_folder(folder, "model").dump(-1, ' ', false, Json::error_handler_t::replace); });
}

void shard_index(std::string_view text) {
  MemoryFolder folder({{"config.json", "{}"}, {"model.safetensors.index.json", text}});
  refused_or_read([&] { read_model_folder(folder, "model").dump(-1, ' ', false, Json::error_handler_t::replace); });
}

void gguf(std::string_view bytes) {
  MemoryFolder folder({{"model.gguf", bytes}});
  refused_or_read(
      [&] { read_model_file(folder, "model/model.gguf").dump(-1, ' ', false, Json::error_handler_t::replace); });
}

void hub_reply(std::string_view text) {
  refused_or_read([&] { hub::parse_listing(std::string(text), "the Hub"); });
}

void metrics_page(std::string_view text) {
  try {
    metrics::parse_exposition(text);
  } catch (const metrics::Malformed&) {
  }
}

}  // namespace vw::fuzz

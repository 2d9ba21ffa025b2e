// Native hot parts walk the rows of a newer host, which are longer than those they were built with.
#include "abi/plugin.h"
#include "conformance/all_parts.hpp"
#include "support/catch.hpp"

#include <dlfcn.h>

#include <cstring>
#include <filesystem>

using namespace vw;

namespace {

std::vector<std::string> plugin_files() {
  std::vector<std::string> files;
  for (const char* folder : {VW_BINARY_DIR "/plugins", VW_BINARY_DIR "/example-plugins"})
    for (const auto& file : std::filesystem::recursive_directory_iterator(folder))
      if (file.path().extension() == ".so") files.push_back(file.path().string());
  return files;
}

const vw_plugin& plugin_of(const std::string& file) {
  void* library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  REQUIRE(library != nullptr);
  const auto* plugin = static_cast<const vw_plugin*>(dlsym(library, "vw_plugin_main"));
  REQUIRE(plugin != nullptr);
  return *plugin;
}

vw_sink silent() {
  return {nullptr, [](void*, const char*, std::size_t) {}};
}

vw_candidate candidate_of(std::size_t i) {
  vw_candidate candidate{};
  candidate.gpus = candidate.nodes = candidate.tensor_parallel = candidate.pipeline_parallel = candidate.data_parallel =
      1;
  candidate.expert_parallel = 1;
  candidate.concurrency = 1 + i;
  candidate.context_tokens = 1024 * (i + 1);
  candidate.prompt_tokens = 512;
  candidate.generated_tokens = 256;
  candidate.utilization = 0.9;
  return candidate;
}

// The results of a batch whose rows are `extra` bytes longer than the structs; the bytes between stay untouched.
std::vector<char> evaluate(const vw_part& part, std::size_t row_bytes, std::size_t extra) {
  constexpr std::size_t count = 17;
  const std::size_t candidate_stride = sizeof(vw_candidate) + extra, stride = row_bytes + extra;
  std::vector<char> candidates(count * candidate_stride, '\x7f'), rows(count * stride, 0),
      memory(count * (sizeof(vw_memory) + extra), 0);
  for (std::size_t i = 0; i < count; ++i) {
    const vw_candidate candidate = candidate_of(i);
    std::memcpy(candidates.data() + i * candidate_stride, &candidate, sizeof candidate);
    std::memset(rows.data() + i * stride + row_bytes, 0x55, extra);
  }
  const std::string settings = test::sample_settings().front().dump();
  void* self = part.open == nullptr ? nullptr : part.open(&part, settings.data(), settings.size(), silent());
  REQUIRE((part.open == nullptr || self != nullptr));
  const bool is_perf = std::string(part.kind) == VW_KIND_PERF_HEURISTIC;
  const vw_batch batch{sizeof(vw_batch),
                       count,
                       candidate_stride,
                       is_perf ? sizeof(vw_memory) + extra : 0,
                       stride,
                       candidates.data(),
                       is_perf ? memory.data() : nullptr,
                       rows.data()};
  CHECK(part.evaluate(self, &batch, silent()) == VW_OK);
  if (part.close != nullptr) part.close(self);
  std::vector<char> packed;
  for (std::size_t i = 0; i < count; ++i) {
    const char* row = rows.data() + i * stride;
    packed.insert(packed.end(), row, row + row_bytes);
    CHECK(std::all_of(row + row_bytes, row + stride, [](char c) { return c == 0x55; }));
  }
  return packed;
}

}  // namespace

TEST_CASE("native hot parts give the same rows whatever the strides", "[conformance]") {
  std::size_t tried = 0;
  for (const std::string& file : plugin_files()) {
    const vw_plugin& plugin = plugin_of(file);
    for (std::uint32_t i = 0; i < plugin.part_count; ++i) {
      const vw_part& part = *plugin.parts[i];
      if (part.evaluate == nullptr) continue;
      INFO(file << ": " << part.id);
      const std::size_t row_bytes =
          std::string(part.kind) == VW_KIND_PERF_HEURISTIC ? sizeof(vw_perf) : sizeof(vw_memory);
      const std::vector<char> packed = evaluate(part, row_bytes, 0);
      CHECK(packed == evaluate(part, row_bytes, 8));
      CHECK(packed == evaluate(part, row_bytes, 120));
      ++tried;
    }
  }
  CHECK(tried >= 1);
}

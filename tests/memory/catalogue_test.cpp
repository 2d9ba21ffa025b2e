// Properties over the whole catalogue, cards and formats: each model meets some of the cards and formats, in turn, so
// that all of them are met.
#include "memory/vllm_lab.hpp"
#include "support/catch.hpp"

#include <cmath>
#include <optional>

using namespace vw;
using namespace vw::test;

namespace {

struct Shelf {
  std::vector<Json> gpus, formats, kv_formats;
};

const Shelf& shelf() {
  static const Shelf all = [] {
    Shelf found;
    const Catalog& catalog = shipped().catalog();
    for (const Gpu& gpu : GpuTable(catalog).all())
      if (gpu.vllm == "supported" && gpu.memory_mib) found.gpus.push_back(gpu.json);
    for (const std::string& id : catalog.ids(table_kind::quantization)) {
      const Json format = *catalog.table(table_kind::quantization, id);
      if (format.contains("weights")) found.formats.push_back(format);
      if (format.contains("kv")) found.kv_formats.push_back(format);
    }
    return found;
  }();
  return all;
}

std::vector<std::string> catalogue_models() {
  std::vector<std::string> ids;
  const Catalog& catalog = shipped().catalog();
  for (const std::string& organisation : catalog.ids(table_kind::models))
    for (const Json& entry : catalog.table(table_kind::models, organisation)->at("entries"))
      ids.push_back(entry.at("id"));
  return ids;
}

// Settings with every card and KV format; a model of 16 bit with every format of weights, too.
Json widened(const Scenario& scenario) {
  Json settings = scenario.settings();
  for (const Json& gpu : shelf().gpus) settings["gpus"].push_back(gpu);
  for (const Json& format : shelf().kv_formats) settings["kv_formats"].push_back(format);
  if (!scenario.model.is_quantized())
    for (const Json& format : shelf().formats) settings["formats"].push_back(format);
  return settings;
}

void expect_sound(const vw_memory& memory) {
  for (const double value :
       {memory.weights_bytes, memory.activation_bytes, memory.non_torch_bytes, memory.cuda_graph_bytes,
        memory.kv_available_bytes, memory.kv_required_bytes, memory.kv_blocks, memory.kv_tokens, memory.max_concurrency,
        memory.max_context_tokens, memory.capacity_bytes}) {
    REQUIRE(std::isfinite(value));
    REQUIRE(value >= 0);
  }
  REQUIRE(std::isfinite(memory.headroom_bytes));
  REQUIRE(memory.kv_available_low_bytes <= memory.kv_available_bytes);
  REQUIRE(memory.kv_available_bytes <= memory.kv_available_high_bytes);
}

class Walk {
 public:
  explicit Walk(const Scenario& scenario) : settings_(widened(scenario)), model_(vllm_memory().open(settings_)) {}

  vw_memory judge(const vw_candidate& candidate) {
    vw_memory memory{};
    model_.evaluate({&candidate, 1}, {&memory, 1});
    expect_sound(memory);
    return memory;
  }

  // The `step`-th combination of card, formats and tensor parallel size.
  vw_candidate at(std::size_t step) const {
    vw_candidate candidate = on_gpus(1u << (step % 4));
    candidate.gpu = static_cast<std::uint32_t>(step * 7 % settings_.at("gpus").size());
    candidate.format = static_cast<std::uint32_t>(step % settings_.at("formats").size());
    candidate.kv_format = static_cast<std::uint32_t>(step * 5 % settings_.at("kv_formats").size());
    return candidate;
  }

 private:
  Json settings_;
  Instance model_;
};

// With the steps of the server fixed, more load asks for more and leaves no more.
void expect_growth(Walk& walk, vw_candidate candidate) {
  candidate.max_batched_tokens = 4096;
  candidate.max_sequences = 64;
  vw_memory before{};
  for (const std::uint64_t tokens : {1u, 100u, 5000u, 40000u, 300000u}) {
    candidate.context_tokens = tokens;
    const vw_memory now = walk.judge(candidate);
    REQUIRE(now.kv_required_bytes >= before.kv_required_bytes);
    before = now;
  }
  vw_candidate two = candidate;
  two.concurrency = 2;
  REQUIRE(walk.judge(two).kv_required_bytes >= before.kv_required_bytes);
  vw_candidate larger = candidate;
  larger.max_batched_tokens = 8192;
  larger.max_sequences = 128;
  REQUIRE(walk.judge(larger).kv_available_bytes <= before.kv_available_bytes);
}

}  // namespace

TEST_CASE("every model of the catalogue is sound on every kind of card, in every format", "[memory]") {
  constexpr std::size_t steps_a_model = 6;
  std::size_t step = 0, models = 0;
  for (const std::string& id : catalogue_models()) {
    std::optional<Walk> walk;
    try {
      walk.emplace(scenario_of(request_for(id, "h100-sxm5-80gb", 8)));
    } catch (const Error&) {
      continue;  // architectures that no family knows
    }
    ++models;
    for (std::size_t i = 0; i < steps_a_model; ++i, ++step) {
      const vw_candidate candidate = walk->at(step);
      INFO(id << ": gpu " << candidate.gpu << ", format " << candidate.format << ", kv " << candidate.kv_format
              << ", tp " << candidate.tensor_parallel);
      expect_growth(*walk, candidate);
    }
  }
  CHECK(models > 350);
}

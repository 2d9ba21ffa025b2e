// Requests at random, for properties that must hold for all of them. Seeded: a failure comes again.
#pragma once

#include "facts/request.hpp"

#include <random>
#include <string>
#include <vector>

namespace vw::test {

class Random {
 public:
  explicit Random(std::uint32_t seed = 20240817) : engine_(seed) {}

  // Both ends included. std::uniform_* differ between libraries, so these are our own.
  std::int64_t whole(std::int64_t least, std::int64_t most) {
    return least + static_cast<std::int64_t>(engine_() % static_cast<std::uint64_t>(most - least + 1));
  }
  double real(double least, double most) {
    return least + (most - least) * static_cast<double>(engine_() >> 11) * 0x1p-53;
  }
  bool coin() { return (engine_() & 1) != 0; }
  template <class T>
  T one_of(const std::vector<T>& choices) {
    return choices[static_cast<std::size_t>(whole(0, static_cast<std::int64_t>(choices.size()) - 1))];
  }

 private:
  std::mt19937_64 engine_;
};

inline Request random_request(Random& random) {
  const auto maybe_whole = [&](std::int64_t least, std::int64_t most) {
    return random.coin() ? std::optional<std::int64_t>(random.whole(least, most)) : std::nullopt;
  };
  const auto maybe_real = [&](double least, double most) {
    return random.coin() ? std::optional<double>(random.real(least, most)) : std::nullopt;
  };
  const auto maybe_word = [&](const std::string& word) { return random.coin() ? word : std::string(); };
  Request request;
  request.model = random.one_of<std::string>({"org/model", "true", "8192", "./folder: odd", "na\xc3\xafve"});
  request.revision = maybe_word("0123");
  request.dtype = random.one_of<std::string>({"auto", "fp16", "bfloat16"});
  request.quantization = random.one_of<std::string>({"none", "awq", "fp8"});
  request.kv_cache_dtype = random.one_of<std::string>({"auto", "fp8", "fp8_e5m2"});
  request.tokenizer = maybe_word("org/tokenizer");
  request.trust_remote_code = random.coin();
  request.max_model_len = maybe_whole(1, 1 << 20);
  request.params_b = maybe_real(0.1, 500);
  request.gpu = random.one_of<std::string>({"auto", "A100 80GB", "4090"});
  request.interconnect = random.one_of<std::string>({"", "pcie", "nvlink", "unknown"});
  request.gpus = maybe_whole(1, 8);
  request.nodes = random.whole(1, 4);
  request.vram_gib = maybe_real(4, 192);
  request.tensor_parallel = maybe_whole(1, 8);
  request.pipeline_parallel = maybe_whole(1, 4);
  request.data_parallel = maybe_whole(1, 4);
  request.enable_expert_parallel = random.coin();
  if (random.coin())
    request.models = {
        {"org/one", maybe_word("one"), maybe_word("awq"), maybe_word("fp8"), maybe_whole(1, 8192), maybe_whole(1, 64),
         maybe_whole(1, 512), maybe_whole(1, 512), maybe_whole(1, 8), maybe_real(0.01, 1)},
        {"org/two", "", "", "", {}, {}, {}, {}, {}, {}}};
  request.prompt_tokens = random.whole(1, 100000);
  request.generated_tokens = random.whole(1, 100000);
  request.concurrency = random.whole(1, 1000);
  request.target_latency_ms = maybe_real(1, 60000);
  request.spec_acceptance = maybe_real(0, 1);
  request.prefix_cache_hit = maybe_real(0, 1);
  request.streaming = random.coin();
  request.batching_mode = random.one_of<std::string>({"throughput", "latency", "balanced"});
  request.vllm_version = maybe_word("0.21");
  request.enforce_eager = random.coin();
  request.max_num_seqs = maybe_whole(1, 1024);
  request.max_num_batched_tokens = maybe_whole(1, 65536);
  request.block_size = maybe_whole(1, 128);
  request.gpu_memory_utilization = maybe_real(0.01, 1);
  request.overhead_gib = maybe_real(0, 10);
  request.fragmentation_factor = maybe_real(1, 2);
  request.headroom_gib = maybe_real(0, 10);
  request.memory_model = maybe_word("classic");
  request.perf_model = maybe_word("classic");
  request.detector = maybe_word("nvidia-smi");
  request.source = maybe_word("catalogue");
  request.family = maybe_word("llama");
  request.offline = random.coin();
  if (random.coin()) request.emit = {"command", "k8s"};
  if (random.coin()) request.vllm_args = {"--seed", "7", "no"};
  return request;
}

// Every field; to_profile may forget one.
inline bool same(const Request& a, const Request& b) {
  const auto model = [](const Request& r) {
    return std::tie(r.model, r.revision, r.dtype, r.quantization, r.kv_cache_dtype, r.tokenizer, r.trust_remote_code,
                    r.max_model_len, r.params_b);
  };
  const auto hardware = [](const Request& r) {
    return std::tie(r.gpu, r.interconnect, r.gpus, r.nodes, r.vram_gib, r.tensor_parallel, r.pipeline_parallel,
                    r.data_parallel, r.enable_expert_parallel);
  };
  const auto workload = [](const Request& r) {
    return std::tie(r.prompt_tokens, r.generated_tokens, r.concurrency, r.target_latency_ms, r.streaming,
                    r.batching_mode, r.spec_acceptance, r.prefix_cache_hit);
  };
  const auto policy = [](const Request& r) {
    return std::tie(r.vllm_version, r.enforce_eager, r.max_num_seqs, r.max_num_batched_tokens, r.block_size,
                    r.gpu_memory_utilization, r.overhead_gib, r.fragmentation_factor, r.headroom_gib);
  };
  const auto rest = [](const Request& r) {
    return std::tie(r.memory_model, r.perf_model, r.detector, r.source, r.family, r.offline, r.emit, r.vllm_args);
  };
  return model(a) == model(b) && hardware(a) == hardware(b) && workload(a) == workload(b) && policy(a) == policy(b) &&
         rest(a) == rest(b);
}

}  // namespace vw::test

#include "facts/request.hpp"

#include "base/yaml.hpp"
#include "support/catch.hpp"
#include "support/message_of.hpp"
#include "support/random_request.hpp"

using namespace vw;
using test::message_of;

namespace {

std::string refusal_of(const std::string& yaml) {
  return message_of([&] { read_profile(parse_yaml(yaml, "mine.yaml"), "mine.yaml"); });
}

Request read(const std::string& yaml) { return read_profile(parse_yaml(yaml, "mine.yaml"), "mine.yaml"); }

template <class Change>
std::string complaint(Change change) {
  Request request;
  request.model = "org/model";
  change(request);
  return message_of([&] { check_request(request); });
}

}  // namespace

TEST_CASE("a profile that a request wrote reads back as that request", "[facts]") {
  test::Random random;
  for (int round = 0; round < 500; ++round) {
    const Request request = test::random_request(random);
    const Json profile = to_profile(request);
    INFO(profile.dump(2));
    const Request again = read_profile(profile, "profile");
    CHECK(to_profile(again) == profile);
    CHECK(test::same(again, request));
    CHECK(test::same(read_profile(parse_yaml(to_yaml(profile), "profile"), "profile"), request));
  }
}

TEST_CASE("null and absence mean the default", "[facts]") {
  CHECK(test::same(read("{}"), Request()));
  CHECK(
      test::same(read("model: {dtype: null, max_model_len: null}\nhardware: null\nworkload: {mode: null}"), Request()));
}

TEST_CASE("a profile of the reference program is read", "[facts]") {
  const Request request = read(R"(
profile_version: 1
model: {id: meta-llama/Llama-3.1-8B, revision: null, dtype: auto, quantization: none, kv_cache_dtype: auto, max_model_len: 8192, params_b: null}
hardware: {gpu_name: RTX 4090, gpus: 2, vram_gb: 24.0, interconnect: pcie, tp_size: 2}
workload: {prompt_tokens: 1024, gen_tokens: 512, concurrency: 4, streaming: true, mode: throughput}
policy: {gpu_memory_utilization: 0.85, overhead_gb: null, fragmentation_factor: 1.15, headroom_gb: 1.0}
outputs: {emit: "command,profile", vllm_args: ["--seed", "7"]}
)");
  CHECK(request.model == "meta-llama/Llama-3.1-8B");
  CHECK(request.max_model_len == 8192);
  CHECK(request.tensor_parallel == 2);
  CHECK(request.batching_mode == "throughput");
  CHECK(request.gpu_memory_utilization == 0.85);
  CHECK(request.emit == std::vector<std::string>{"command", "profile"});
  CHECK(request.vllm_args == std::vector<std::string>{"--seed", "7"});
}

TEST_CASE("a context is a number of tokens, written short, or auto", "[facts]") {
  CHECK(read("model: {max_model_len: 8k}").max_model_len == 8000);
  CHECK(read("model: {max_model_len: 128K}").max_model_len == 131072);
  CHECK_FALSE(read("model: {max_model_len: auto}").max_model_len);
  CHECK(refusal_of("model: {max_model_len: plenty}") ==
        "mine.yaml: /model/max_model_len: is 'plenty', expected a number of tokens like 8192 or 8k, or 'auto'");
  CHECK(refusal_of("model: {max_model_len: 0}") ==
        "mine.yaml: /model/max_model_len: is 0, expected a whole number from 1 to 1099511627776");
}

TEST_CASE("unknown keys of a profile are errors with did-you-mean", "[facts]") {
  CHECK(refusal_of("modle: {}") == "mine.yaml: unknown key 'modle', did you mean 'model'?");
  CHECK(refusal_of("model: {qantization: awq}") ==
        "mine.yaml: /model: unknown key 'qantization', did you mean 'quantization'?");
  CHECK(refusal_of("hardware: {gpu: A100}") == "mine.yaml: /hardware: unknown key 'gpu', did you mean 'gpus'?");
  CHECK(refusal_of("parts: {colour: red}") ==
        "mine.yaml: /parts: unknown key 'colour', expected 'memory_model', 'perf_model', 'detector', 'source', "
        "'family' or "
        "'offline'");
}

TEST_CASE("values of a profile are checked", "[facts]") {
  CHECK(refusal_of("profile_version: 2") == "mine.yaml: /profile_version: is 2, expected 1");
  CHECK(refusal_of("hardware: {tp_size: 0}") ==
        "mine.yaml: /hardware/tp_size: is 0, expected a whole number from 1 to 100000");
  CHECK(refusal_of("workload: {concurrency: -1}") ==
        "mine.yaml: /workload/concurrency: is -1, expected a whole number from 1 to 1000000");
  CHECK(refusal_of("policy: {fragmentation_factor: 3}") ==
        "mine.yaml: /policy/fragmentation_factor: is 3, expected a number from 1 to 2");
  CHECK(refusal_of("outputs: {emit: 7}") == "mine.yaml: /outputs/emit: is 7, expected a list");
  CHECK(refusal_of("") ==
        "mine.yaml: is empty, expected a profile: model, hardware, workload, policy, serving, outputs, parts");
  CHECK(refusal_of("[1, 2]") == "mine.yaml: is a list, expected an object");
}

TEST_CASE("a request without a model is refused with an example", "[facts]") {
  CHECK(message_of([] { check_request(Request()); }) ==
        "--model: is missing, expected a Hugging Face id, a folder or a file\n"
        "hint: vllm-wizard plan -m meta-llama/Llama-3.1-8B-Instruct --gpu \"RTX 4090\"");
}

TEST_CASE("words and ranges that no table decides are checked", "[facts]") {
  CHECK(complaint([](Request&) {}) == "nothing was thrown");
  CHECK(complaint([](Request& r) { r.batching_mode = "balancd"; }) ==
        "--batching-mode: 'balancd' is not known, expected throughput, latency or balanced; did you mean 'balanced'?");
  CHECK(complaint([](Request& r) { r.interconnect = "string"; }) ==
        "--interconnect: 'string' is not known, expected pcie, nvlink or unknown");
  CHECK(complaint([](Request& r) { r.dtype = "fp17"; }) ==
        "--dtype: 'fp17' is not known, expected auto, fp16, bf16, fp32, float16, half, bfloat16, float32 or float; "
        "did you mean 'fp16'?");
  CHECK(complaint([](Request& r) { r.gpu_memory_utilization = 0; }) ==
        "--gpu-memory-utilization: is 0, expected more than 0 and at most 1");
  CHECK(complaint([](Request& r) { r.gpu_memory_utilization = 1.1; }) ==
        "--gpu-memory-utilization: is 1.1, expected more than 0 and at most 1");
  CHECK(complaint([](Request& r) { r.fragmentation_factor = 0.9; }) ==
        "--fragmentation-factor: is 0.9, expected 1 to 2");
  CHECK(complaint([](Request& r) { r.max_num_batched_tokens = 1, r.max_num_seqs = 3; }) ==
        "--max-num-batched-tokens: is 1, which vLLM refuses with --max-num-seqs 3, expected at least as many tokens");
  CHECK(complaint([](Request& r) { r.headroom_gib = -1; }) == "--headroom-gb: is -1, expected 0 to 1000000 GiB");
  CHECK(complaint([](Request& r) { r.vram_gib = 0; }) == "--vram-gb: is 0, expected 0.01 to 1000000 GiB");
  CHECK(complaint([](Request& r) { r.params_b = std::numeric_limits<double>::quiet_NaN(); }) ==
        "--params-b: is nan, expected 0.000001 to 1000000");
}

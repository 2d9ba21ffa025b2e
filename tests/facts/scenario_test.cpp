#include "facts/scenario.hpp"

#include "support/catch.hpp"
#include "support/message_of.hpp"
#include "support/shipped.hpp"

#include <map>

using namespace vw;
using test::message_of;
using test::shipped;

namespace {

Request about(const std::string& model, const std::string& gpu = "H100") {
  Request request;
  request.model = model;
  request.gpu = gpu;
  request.vllm_version = "0.28";
  return request;
}

Scenario gathered(const Request& request) { return gather(shipped().catalog(), shipped().defaults(), request); }
std::string refusal_of(const Request& request) {
  return message_of([&] { gathered(request); });
}

std::vector<std::string> weights_of(const Scenario& scenario) {
  std::vector<std::string> names;
  for (const WeightChoice& choice : scenario.weights)
    names.push_back(choice.format.id + (choice.checkpoint.empty() ? "" : " of " + choice.checkpoint) +
                    (choice.flag.empty() ? "" : " by --quantization " + choice.flag));
  return names;
}

std::vector<std::string> kv_of(const Scenario& scenario) {
  std::vector<std::string> names;
  for (const Format& format : scenario.kv_formats) names.push_back(format.id);
  return names;
}

const std::string llama = "meta-llama/Llama-3.1-8B-Instruct", qwen = "Qwen/Qwen3-8B";

}  // namespace

TEST_CASE("a scenario is everything that is constant for one plan", "[facts]") {
  const Scenario scenario = gathered(about(llama));
  CHECK(scenario.model.params == 8030261248);
  CHECK(scenario.hardware.gpu.id == "h100-sxm5-80gb");
  CHECK(scenario.release.table == "0.28.0");
  CHECK(scenario.dtype == "bf16");
  CHECK(scenario.weights_bytes == 2.0 * 8030261248);
  CHECK(scenario.warnings.empty());
}

TEST_CASE("a scenario loads only the scripts that it needs", "[facts]") {
  const test::Shipped fresh;
  gather(fresh.catalog(), fresh.defaults(), about(llama));
  std::map<std::string, std::size_t> loaded;
  for (const Listing& listing : fresh.catalog().listings(false))
    if (!listing.summary.empty()) ++loaded[listing.kind];
  CHECK(loaded[VW_KIND_MODEL_FAMILY] == 1);
  CHECK(loaded[VW_KIND_METADATA_SOURCE] == 1);
  CHECK(loaded[table_kind::release] == 1);
  CHECK(loaded[table_kind::quantization] <= 3);  // bf16, fp8, and awq of another checkpoint
  CHECK(loaded[VW_KIND_MEMORY_MODEL] + loaded[VW_KIND_PERF_HEURISTIC] + loaded[VW_KIND_RENDERER] == 0);
}

TEST_CASE("the settings of hot parts hold facts by index", "[facts]") {
  Request request = about(llama);
  request.vram_gib = 40;
  request.overhead_gib = 2;
  const Json settings = gathered(request).settings();
  CHECK(settings.at("params") == 8030261248.0);
  CHECK(settings.at("model").at("layers") == 32);
  CHECK(settings.at("gpus").at(0).at("memory_mib") == 40960);
  CHECK(settings.at("gpus").at(0).at("memory_visible_mib") == 40960);
  CHECK(settings.at("gpus").at(0).at("memory_cuda_mib") == 40960);
  CHECK(settings.at("formats").at(0).at("id") == "bf16");
  CHECK(settings.at("kv_formats").at(0).at("id") == "auto");
  CHECK(settings.at("kv_formats").at(1).at("id") == "fp8");
  CHECK(settings.at("releases").at(0).at("id") == "0.28.0");
  CHECK(settings.at("dtype") == "bf16");
  CHECK(settings.at("link") == "nvlink");
  CHECK(settings.at("policy") == Json{{"overhead_gib", 2.0}});
  CHECK(settings.at("memory_used_mib") == 0);
}

TEST_CASE("the dtype is the model's own in 16 bit unless given, in any of vLLM's spellings", "[facts]") {
  const auto dtype = [](const std::string& asked, const std::string& model = llama) {
    Request request = about(model);
    request.dtype = asked;
    return gathered(request).dtype;
  };
  CHECK(dtype("auto") == "bf16");
  CHECK(dtype("auto", "TheBloke/Llama-2-7B-AWQ") == "fp16");
  CHECK(dtype("half") == "fp16");
  CHECK(dtype("float16") == "fp16");
  CHECK(dtype("bfloat16") == "bf16");
  CHECK(dtype("float") == "fp32");
}

TEST_CASE("beside 16 bit stand what vLLM really offers for this model, most bits first", "[facts]") {
  CHECK(weights_of(gathered(about(llama))) ==
        std::vector<std::string>{"bf16", "fp8 by --quantization fp8",
                                 "awq of hugging-quants/Meta-Llama-3.1-8B-Instruct-AWQ-INT4"});
  CHECK(weights_of(gathered(about(llama, "A100"))) ==
        std::vector<std::string>{"bf16", "awq of hugging-quants/Meta-Llama-3.1-8B-Instruct-AWQ-INT4"});
}

TEST_CASE("a quantized checkpoint is served as it is stored", "[facts]") {
  const std::string stored = "hugging-quants/Meta-Llama-3.1-8B-Instruct-AWQ-INT4";
  CHECK(weights_of(gathered(about(stored))) == std::vector<std::string>{"awq"});
  Request request = about(stored);
  request.quantization = "awq";
  CHECK(weights_of(gathered(request)) == std::vector<std::string>{"awq"});
  request.quantization = "gptq";
  CHECK(refusal_of(request) ==
        "--quantization: is 'gptq', but the checkpoint is already 'awq', expected none or that one");
}

TEST_CASE("a format that vLLM makes at load time is asked for by its flag", "[facts]") {
  Request request = about(qwen);
  request.quantization = "fp8";
  CHECK(weights_of(gathered(request)) == std::vector<std::string>{"fp8 by --quantization fp8"});
  CHECK(gathered(request).warnings.empty());
}

TEST_CASE("a format that vLLM cannot make is served from a checkpoint that is stored so", "[facts]") {
  Request request = about(llama);
  request.quantization = "awq";
  const Scenario known = gathered(request);
  CHECK(weights_of(known) == std::vector<std::string>{"awq of hugging-quants/Meta-Llama-3.1-8B-Instruct-AWQ-INT4"});
  CHECK(known.warnings == std::vector<std::string>{"vLLM cannot make 'awq' from a 16-bit checkpoint: planned with "
                                                   "'hugging-quants/Meta-Llama-3.1-8B-Instruct-AWQ-INT4'"});
  request.model = "Qwen/Qwen2.5-0.5B";
  CHECK(gathered(request).warnings ==
        std::vector<std::string>{"vLLM cannot make 'awq' from a 16-bit checkpoint: serve one that is stored so"});
}

TEST_CASE("an fp8 KV cache is offered where card and release have it", "[facts]") {
  CHECK(kv_of(gathered(about(llama))) == std::vector<std::string>{"auto", "fp8"});
  CHECK(kv_of(gathered(about(llama, "A100"))) == std::vector<std::string>{"auto"});
  CHECK(kv_of(gathered(about(llama, "MI300X"))) == std::vector<std::string>{"auto", "fp8"});
}

TEST_CASE("a KV cache format that the card or the release lacks is planned with a warning", "[facts]") {
  Request request = about(llama, "A100");
  request.kv_cache_dtype = "fp8_e4m3";
  const Scenario scenario = gathered(request);
  CHECK(kv_of(scenario) == std::vector<std::string>{"fp8_e4m3"});
  CHECK(scenario.warnings.size() == 1);
  CHECK_THAT(scenario.warnings.front(),
             StartsWith("KV cache format 'fp8_e4m3' needs compute capability 8.9, NVIDIA A100 "
                        "SXM4 40GB has 8.0 (the fp8 KV cache needs"));
  request = about(llama, "B200");
  request.kv_cache_dtype = "nvfp4";
  request.vllm_version = "0.10";
  CHECK(gathered(request).warnings ==
        std::vector<std::string>{"vLLM 0.10 has no --kv-cache-dtype nvfp4: the files say 'auto'"});
}

TEST_CASE("a format that does not run on the card is planned with a warning", "[facts]") {
  Request request = about(llama, "V100");
  request.dtype = "bfloat16";
  CHECK(
      gathered(request).warnings ==
      std::vector<std::string>{"format 'bf16' needs compute capability 8.0, NVIDIA Tesla V100 SXM2 16GB has 7.0 (vLLM "
                               "refuses bfloat16 below 8.0; use --dtype half)"});
  request.dtype = "half";
  CHECK(gathered(request).warnings.empty());
}

TEST_CASE("a card without bfloat16 runs such a model in fp16 unless told otherwise", "[facts]") {
  const Scenario scenario = gathered(about(llama, "V100"));
  CHECK(scenario.dtype == "fp16");
  CHECK(scenario.warnings ==
        std::vector<std::string>{"NVIDIA Tesla V100 SXM2 16GB has no bfloat16: vLLM runs the model in fp16"});
}

TEST_CASE("an unusual share of memory is warned of", "[facts]") {
  Request request = about(llama);
  request.gpu_memory_utilization = 0.4;
  CHECK(gathered(request).warnings ==
        std::vector<std::string>{"--gpu-memory-utilization 0.4 is unusual, expected 0.5 to 0.98"});
  request.gpu_memory_utilization = 0.98;
  CHECK(gathered(request).warnings.empty());
}

TEST_CASE("wrong input of every kind is one message", "[facts]") {
  CHECK_THAT(refusal_of(about("meta-llama/Llama-3.1-8B-Instrct")),
             ContainsSubstring("did you mean 'meta-llama/Llama-3.1-8B-Instruct'"));
  CHECK_THAT(refusal_of(about(llama, "RTX 4091")),
             StartsWith("--gpu: unknown gpu 'RTX 4091', did you mean 'RTX 4090'"));
  Request request = about(llama);
  request.quantization = "awk";
  CHECK_THAT(refusal_of(request), StartsWith("--quantization: unknown format 'awk', did you mean 'awq'?"));
  request = about(llama);
  request.kv_cache_dtype = "fp9";
  CHECK_THAT(refusal_of(request), StartsWith("--kv-cache-dtype: unknown KV cache format 'fp9', did you mean 'fp8'"));
  request = about(llama);
  request.vllm_version = "0.1";
  CHECK_THAT(refusal_of(request), StartsWith("--vllm-version: '0.1' is older than every known release"));
}

TEST_CASE("--params-b without a config plans a typical shape and scales its stored bytes", "[facts]") {
  Request request = about("nobody/knows-70b");
  request.params_b = 70;
  const Scenario scenario = gathered(request);
  CHECK(scenario.model.family == "typical");
  CHECK(scenario.model.params == 70e9);
  CHECK(scenario.model.attention_heads == 64);
  CHECK(scenario.weights_bytes == Approx(140e9).epsilon(1e-9));
}

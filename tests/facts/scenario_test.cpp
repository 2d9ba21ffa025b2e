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
                    (choice.flag.empty() ? "" : " by --quantization " + choice.flag) +
                    (choice.is_missing ? ", which nobody has" : ""));
  return names;
}

std::vector<std::string> kv_of(const Scenario& scenario) {
  std::vector<std::string> names;
  for (const Format& format : scenario.kv_formats) names.push_back(format.id);
  return names;
}

std::vector<std::string> obstacles_of(const Scenario& scenario) {
  std::vector<std::string> lines;
  for (const Obstacle& obstacle : scenario.obstacles)
    lines.push_back(obstacle.what + " " + obstacle.why + "; instead " + obstacle.mend);
  return lines;
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
        std::vector<std::string>{"bf16", "fp8 of neuralmagic/Meta-Llama-3.1-8B-Instruct-FP8",
                                 "awq of hugging-quants/Meta-Llama-3.1-8B-Instruct-AWQ-INT4"});
}

TEST_CASE("checkpoints are offered by the format that they declare, not by a name that formats share", "[facts]") {
  // declared as compressed-tensors, like five other formats
  CHECK(weights_of(gathered(about("Qwen/Qwen2.5-7B-Instruct", "A100"))) ==
        std::vector<std::string>{"bf16", "int8 of RedHatAI/Qwen2.5-7B-Instruct-quantized.w8a8",
                                 "awq of Qwen/Qwen2.5-7B-Instruct-AWQ", "gptq of Qwen/Qwen2.5-7B-Instruct-GPTQ-Int4"});
  Request request = about("Qwen/Qwen2.5-7B-Instruct");
  request.quantization = "w4a16";
  CHECK(weights_of(gathered(request)) == std::vector<std::string>{"w4a16, which nobody has"});
  request.quantization = "int8";
  CHECK(weights_of(gathered(request)) ==
        std::vector<std::string>{"int8 of RedHatAI/Qwen2.5-7B-Instruct-quantized.w8a8"});
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

TEST_CASE("a name that vLLM has for the stored format means the stored format", "[facts]") {
  Request request = about("Qwen/Qwen3-8B-FP8");
  request.quantization = "fp8";
  CHECK(weights_of(gathered(request)) == std::vector<std::string>{"fp8-block"});
  request.quantization = "nvfp4";  // like fp8-block it goes by 'modelopt', too
  CHECK(refusal_of(request) ==
        "--quantization: is 'nvfp4', but the checkpoint is already 'fp8-block', expected none or that one");
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
}

TEST_CASE("a format that vLLM cannot make and nobody is known to have made is a what-if", "[facts]") {
  Request request = about("Qwen/Qwen2.5-0.5B");
  request.quantization = "awq";
  const Scenario scenario = gathered(request);
  CHECK(weights_of(scenario) == std::vector<std::string>{"awq, which nobody has"});
  CHECK(scenario.warnings ==
        std::vector<std::string>{"no checkpoint of 'Qwen/Qwen2.5-0.5B' stored as 'awq' is known, and vLLM cannot make "
                                 "one from 16 bit: these numbers are a what-if"});
}

TEST_CASE("an fp8 KV cache is offered where card and release have it", "[facts]") {
  CHECK(kv_of(gathered(about(llama))) == std::vector<std::string>{"auto", "fp8"});
  CHECK(kv_of(gathered(about(llama, "A100"))) == std::vector<std::string>{"auto"});
  CHECK(kv_of(gathered(about(llama, "MI300X"))) == std::vector<std::string>{"auto", "fp8"});
}

TEST_CASE("a KV cache format that the card or the release lacks is an obstacle, and auto runs instead", "[facts]") {
  Request request = about(llama, "A100");
  request.kv_cache_dtype = "fp8_e4m3";
  const Scenario old_card = gathered(request);
  CHECK(obstacles_of(old_card) ==
        std::vector<std::string>{
            "--kv-cache-dtype fp8_e4m3 needs compute capability 8.9, NVIDIA A100 SXM4 40GB has 8.0 (the fp8 KV cache "
            "needs fp8 conversion in hardware: 8.9 and up, MI300 and up); instead --kv-cache-dtype auto"});
  CHECK(kv_of(old_card) == std::vector<std::string>{"fp8_e4m3", "auto"});
  CHECK(old_card.running_kv == 1);
  CHECK_FALSE(old_card.smaller_kv());
  request = about(llama, "B200");
  request.kv_cache_dtype = "nvfp4";
  request.vllm_version = "0.10";
  const Scenario old_release = gathered(request);
  CHECK(obstacles_of(old_release) ==
        std::vector<std::string>{"--kv-cache-dtype nvfp4 is not known to vLLM 0.10; instead --kv-cache-dtype auto"});
  CHECK_FALSE(old_release.obstacles.front().is_of_card);
  CHECK(old_release.warnings == std::vector<std::string>{"--kv-cache-dtype nvfp4 is not known to vLLM 0.10"});
  CHECK(kv_of(old_release) == std::vector<std::string>{"nvfp4", "auto", "fp8"});
  CHECK(old_release.smaller_kv() == 2u);
}

TEST_CASE("a dtype that the card lacks is an obstacle, and fp16 runs instead", "[facts]") {
  Request request = about(llama, "V100");
  request.dtype = "bfloat16";
  const std::string why =
      "--dtype bf16 needs compute capability 8.0, NVIDIA Tesla V100 SXM2 16GB has 7.0 (vLLM "
      "refuses bfloat16 below 8.0; use --dtype half)";
  const Scenario scenario = gathered(request);
  CHECK(obstacles_of(scenario) == std::vector<std::string>{why + "; instead --dtype fp16"});
  CHECK(scenario.warnings == std::vector<std::string>{why});
  CHECK(scenario.is_mendable());
  CHECK(scenario.weights[scenario.running_weights].format.id == "fp16");
  CHECK(scenario.running_dtype == "fp16");
  // ... beside quantized weights, too
  request.model = "TheBloke/Llama-2-7B-AWQ";
  request.gpu = "T4";
  const Scenario quantized = gathered(request);
  CHECK(quantized.obstacles.size() == 1);
  CHECK(quantized.weights[quantized.running_weights].format.id == "awq");
  CHECK(quantized.running_dtype == "fp16");
  request.dtype = "half";
  CHECK(gathered(request).obstacles.empty());
}

TEST_CASE("weights that the card cannot run give way to 16 bit, unless the checkpoint is stored so", "[facts]") {
  Request request = about(llama, "V100");
  request.quantization = "fp8";
  const Scenario made = gathered(request);
  CHECK(obstacles_of(made) ==
        std::vector<std::string>{"--quantization fp8 needs compute capability 8.0, NVIDIA Tesla V100 SXM2 16GB has 7.0 "
                                 "(8-bit matrix units from 8.9 and MI300 on; on 8.0 to 8.8 weights stay fp8 and Marlin "
                                 "computes in 16 bit); instead --quantization none"});
  CHECK(made.weights[made.running_weights].format.id == "fp16");
  request = about("Qwen/Qwen3-8B-FP8", "V100");
  const Scenario stored = gathered(request);
  CHECK(
      obstacles_of(stored) ==
      std::vector<std::string>{"a checkpoint stored as fp8-block needs compute capability 8.0, NVIDIA Tesla V100 SXM2 "
                               "16GB has 7.0 (8-bit matrix units from 8.9 and MI300 on; on 8.0 to 8.8 weights stay "
                               "fp8 and Marlin computes in 16 bit); instead "});
  CHECK_FALSE(stored.is_mendable());
}

TEST_CASE("another checkpoint is read as it says itself how it is stored", "[facts]") {
  Scenario scenario = gathered(about("google/gemma-4-31B-it"));
  const auto find = [](const Scenario& in) {
    return std::find_if(in.weights.begin(), in.weights.end(),
                        [](const WeightChoice& choice) { return choice.checkpoint == "nvidia/Gemma-4-31B-IT-NVFP4"; });
  };
  REQUIRE(find(scenario) != scenario.weights.end());
  CHECK(find(scenario)->own == nullptr);
  read_checkpoints(shipped().catalog(), shipped().defaults(), scenario);
  REQUIRE(find(scenario)->own != nullptr);
  const Scenario asked_for = gathered(about("nvidia/Gemma-4-31B-IT-NVFP4"));
  CHECK(find(scenario)->own->weights_bytes == asked_for.weights_bytes);
  CHECK(scenario.settings(*find(scenario)->own).at("model") == asked_for.settings().at("model"));
}

TEST_CASE("another checkpoint that no source can read is warned of", "[facts]") {
  Scenario scenario = gathered(about(llama));
  WeightChoice unknown = scenario.weights.front();
  unknown.checkpoint = "org/not-there-AWQ";
  scenario.weights.push_back(unknown);
  read_checkpoints(shipped().catalog(), shipped().defaults(), scenario);
  CHECK(scenario.weights.back().own == nullptr);
  CHECK(scenario.warnings == std::vector<std::string>{"'org/not-there-AWQ' is planned as this model's matrices in "
                                                      "bf16: what it says of itself could not be read"});
}

TEST_CASE("hot parts are told how large quantized weights are as stored", "[facts]") {
  const Scenario quantized = gathered(about("openai/gpt-oss-120b"));
  CHECK(quantized.settings().at("stored_weights_bytes") == quantized.weights_bytes);
  CHECK(quantized.weights_bytes == Approx(60.77 * 1073741824).epsilon(1e-3));
  CHECK_FALSE(gathered(about(llama)).settings().contains("stored_weights_bytes"));
}

TEST_CASE("a card without bfloat16 runs such a model in fp16 unless told otherwise", "[facts]") {
  const Scenario scenario = gathered(about(llama, "V100"));
  CHECK(scenario.dtype == "fp16");
  CHECK(scenario.warnings ==
        std::vector<std::string>{"NVIDIA Tesla V100 SXM2 16GB has no bfloat16: vLLM runs the model in fp16"});
}

TEST_CASE("float16 that vLLM refuses for an architecture is an obstacle, and bf16 runs instead", "[facts]") {
  Request request = about("google/gemma-3-4b-it", "L4");
  request.dtype = "half";
  const Scenario scenario = gathered(request);
  CHECK(obstacles_of(scenario) ==
        std::vector<std::string>{"--dtype fp16 is refused by vLLM for Gemma3ForConditionalGeneration (its numbers "
                                 "overflow); instead --dtype bf16"});
  CHECK(scenario.weights[scenario.running_weights].format.id == "bf16");
  CHECK(scenario.running_dtype == "bf16");
  request.gpu = "T4";
  CHECK_FALSE(gathered(request).is_mendable());
}

TEST_CASE("a card without bfloat16 runs a model that cannot do float16 in fp32, twice as large", "[facts]") {
  const Scenario large = gathered(about("google/gemma-3-4b-it", "T4"));
  const Scenario usual = gathered(about("google/gemma-3-4b-it", "L4"));
  CHECK(large.dtype == "fp32");
  CHECK(large.obstacles.empty());
  CHECK(large.warnings ==
        std::vector<std::string>{
            "NVIDIA T4 has no bfloat16, and vLLM refuses float16 for "
            "Gemma3ForConditionalGeneration: it runs the model in fp32, twice as large as in 16 bit"});
  CHECK(large.weights_bytes == 2 * usual.weights_bytes);
  CHECK(large.model.normal_form.at("matrices").at(0).at("stored_as") == "fp32");
  CHECK(large.model.normal_form.at("towers").at(0).at("matrices").at(0).at("stored_as") == "fp32");
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
  request.quantization = "fp8_e5m2";
  CHECK(refusal_of(request) ==
        "--quantization: 'fp8_e5m2' stores only a KV cache, expected a format of weights\n"
        "hint: --kv-cache-dtype fp8_e5m2 asks for it");
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

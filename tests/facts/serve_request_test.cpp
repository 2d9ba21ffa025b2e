#include "facts/serve_request.hpp"

#include "base/text.hpp"
#include "support/catch.hpp"
#include "support/message_of.hpp"
#include "support/random_request.hpp"
#include "support/shipped.hpp"

using namespace vw;
using test::message_of;
using test::shipped;

namespace {

const FlagSyntax& syntax() {
  static const FlagSyntax known = flag_syntax(find_release(shipped().catalog(), ""));
  return known;
}

Request asked(const std::vector<std::string>& words, const Request& base = {}) {
  return request_of(read_serve_arguments(words, syntax()), base);
}

Request asked(const std::string& line, const Request& base = {}) { return asked(split(line, ' '), base); }

}  // namespace

TEST_CASE("options that planning knows become the request", "[facts]") {
  const Request request = asked(
      "org/model -tp 2 -pp 3 -dp 4 -ep --max-model-len 8K --gpu-memory-utilization 0.85 --max-num-seqs 12 "
      "--max-num-batched-tokens 4k --dtype half -q awq_marlin --kv-cache-dtype fp8_e4m3 --block-size 32 "
      "--enforce-eager "
      "--trust-remote-code --revision main --tokenizer org/tokenizer --seed 7 --served-model-name a b");
  CHECK(request.model == "org/model");
  CHECK(request.tensor_parallel == 2);
  CHECK(request.pipeline_parallel == 3);
  CHECK(request.data_parallel == 4);
  CHECK(request.enable_expert_parallel);
  CHECK(request.max_model_len == 8192);
  CHECK(request.gpu_memory_utilization == 0.85);
  CHECK(request.max_num_seqs == 12);
  CHECK(request.max_num_batched_tokens == 4000);
  CHECK(request.dtype == "half");
  CHECK(request.quantization == "awq_marlin");
  CHECK(request.kv_cache_dtype == "fp8_e4m3");
  CHECK(request.block_size == 32);
  CHECK(request.enforce_eager);
  CHECK(request.trust_remote_code);
  CHECK(request.revision == "main");
  CHECK(request.tokenizer == "org/tokenizer");
  CHECK(request.vllm_args == std::vector<std::string>{"--seed", "7", "--served-model-name", "a", "b"});
  CHECK(request.serving.empty());
}

TEST_CASE("a server without parallel sizes has one GPU, and later options win", "[facts]") {
  const Request request = asked("m --enforce-eager --no-enforce-eager --max-num-seqs 1 --max-num-seqs 2");
  CHECK(request.tensor_parallel == 1);
  CHECK(request.pipeline_parallel == 1);
  CHECK(request.data_parallel == 1);
  CHECK_FALSE(request.enforce_eager);
  CHECK(request.max_num_seqs == 2);
  Request base;
  base.model = "other";
  base.max_model_len = 5;
  base.tensor_parallel = 8;
  CHECK(asked("--max-model-len auto", base).max_model_len == std::nullopt);
  CHECK(asked("--max-model-len -1", base).max_model_len == std::nullopt);
  CHECK(asked("--port 1", base).model == "other");
  CHECK(asked("--port 1", base).tensor_parallel == 8);
}

TEST_CASE("what a server does beside becomes the serving section", "[facts]") {
  const auto serving = [](const std::string& line) { return to_text(asked(line).serving); };
  CHECK(serving("m --enable-lora") == R"({"lora":{"rank":16,"slots":1}})");
  CHECK(serving("m --enable-lora --max-loras 4 --max-lora-rank 64") == R"({"lora":{"rank":64,"slots":4}})");
  CHECK(serving("m --max-loras 4") == "{}");
  CHECK(
      serving("m --no-enable-prefix-caching --async-scheduling --skip-mm-profiling --language-model-only") ==
      R"({"async_scheduling":true,"enable_prefix_caching":false,"language_model_only":true,"skip_mm_profiling":true})");
  CHECK(serving("m --cpu-offload-gb 4 --kv-cache-memory-bytes 8G --max-cudagraph-capture-size 64") ==
        R"({"cpu_offload_gib":4.0,"kv_cache_memory_bytes":8589934592,"max_cudagraph_capture_size":64})");
  CHECK(serving("m --performance-mode throughput --mm-encoder-tp-mode data --runner pooling") ==
        R"({"mm_encoder_tp_mode":"data","performance_mode":"throughput","pooling":true})");
  CHECK(serving(R"(m --limit-mm-per-prompt {"image":2,"video":0})") ==
        R"({"limit_mm_per_prompt":{"image":2,"video":0}})");
  CHECK(serving("m --limit-mm-per-prompt image=2,video=0") == R"({"limit_mm_per_prompt":{"image":2,"video":0}})");
  CHECK(serving("m --limit-mm-per-prompt.image 3") == R"({"limit_mm_per_prompt":{"image":3}})");
  CHECK(serving(R"(m --limit-mm-per-prompt {"image":{"count":2,"width":512}})") ==
        R"({"limit_mm_per_prompt":{"image":2}})");
  CHECK(serving("m --task embed") == R"({"pooling":true})");
}

TEST_CASE("speculation is read whatever it is called", "[facts]") {
  const auto speculative = [](const std::string& config) {
    const Request request = asked({"m", "--speculative-config", config});
    return request.serving.empty() ? join(request.vllm_args, " ") : to_text(request.serving["speculative"]);
  };
  CHECK(speculative(R"({"method": "mtp", "num_speculative_tokens": 2})") == R"({"method":"mtp","tokens":2})");
  CHECK(speculative(R"({"method": "deepseek_mtp", "num_speculative_tokens": 1})") == R"({"method":"mtp","tokens":1})");
  CHECK(speculative(R"({"model": "org/small", "num_speculative_tokens": 5})") ==
        R"({"method":"draft","model":"org/small","tokens":5})");
  CHECK(speculative(R"({"model": "org/EAGLE3-x", "num_speculative_tokens": 5})") ==
        R"({"method":"eagle3","model":"org/EAGLE3-x","tokens":5})");
  CHECK(speculative(R"({"model": "[ngram]", "num_speculative_tokens": 5, "prompt_lookup_max": 4})") ==
        R"({"method":"ngram","tokens":5})");
  CHECK(speculative(R"({"method": "suffix"})") == R"({"method":"suffix","tokens":24})");
  CHECK(speculative(R"({"method": "medusa", "num_speculative_tokens": 5})") ==
        R"(--speculative-config {"method":"medusa","num_speculative_tokens":5})");
  CHECK(to_text(asked("m --spec-method eagle --spec-model org/e --spec-tokens 3").serving) ==
        R"({"speculative":{"method":"eagle","model":"org/e","tokens":3}})");
}

TEST_CASE("the environment and several nodes are read", "[facts]") {
  const auto command = read_serve_words(
      split("env VLLM_PP_LAYER_PARTITION=20,12 VLLM_USE_V2_MODEL_RUNNER=1 vllm serve m -pp 2", ' '), syntax());
  REQUIRE(command);
  CHECK(to_text(request_of(*command).serving) == R"({"pipeline_layers":[20,12],"runner":"v2"})");
  const Request spread = asked("m -dp 16 --data-parallel-backend ray --data-parallel-size-local 8 --port 1");
  CHECK(spread.nodes == 2);
  CHECK(spread.vllm_args == std::vector<std::string>{"--port", "1"});
  const Request alone = asked("m -dp 8 --data-parallel-size-local 8");
  CHECK(alone.nodes == 1);
  CHECK(alone.vllm_args == std::vector<std::string>{"--data-parallel-size-local", "8"});
}

TEST_CASE("every option that cannot be read is told, and the others count", "[facts]") {
  const auto message = [](const std::string& line) { return message_of([&] { asked(line); }); };
  CHECK(message("m -tp two") == "--tensor-parallel-size: is 'two', expected a whole number from 1 to 100000");
  CHECK(message("m --max-model-len 8x") == "--max-model-len: is '8x', expected a number of tokens like 8192 or 8k");
  CHECK(message("m --gpu-memory-utilization 90") ==
        "--gpu-memory-utilization: is 90, expected more than 0 and at most 1");
  CHECK(message("m --dtype fp16") == "--dtype: is 'fp16', expected auto, half, float16, bfloat16, float or float32");
  CHECK(message("m --block-size") == "--block-size: has no value, expected one");
  CHECK(message("m --limit-mm-per-prompt image") ==
        "--limit-mm-per-prompt: is 'image', expected JSON like {\"image\": 2} or image=2");
  CHECK(message("m --speculative-config [1]") == "--speculative-config: is '[1]', expected a JSON object");
  CHECK(message("m --performance-mode fast").starts_with("--performance-mode: is 'fast', expected balanced"));
  std::vector<WrongOption> wrong;
  const Request request =
      request_of(read_serve_arguments(split("m -tp two --max-num-seqs 4 --dtype x", ' '), syntax()), {}, wrong);
  REQUIRE(wrong.size() == 2);
  CHECK(wrong[0].word == 1);
  CHECK(wrong[1].word == 5);
  CHECK(request.max_num_seqs == 4);
}

// ---- our own commands, read back

namespace {

Json random_serving(test::Random& random) {
  Json serving = Json::object();
  if (random.coin()) serving["lora"] = {{"slots", random.whole(1, 9)}, {"rank", 16 << random.whole(0, 3)}};
  if (random.coin())
    serving["speculative"] = {{"method", "eagle3"}, {"model", "org/d"}, {"tokens", random.whole(1, 9)}};
  if (random.coin()) serving["limit_mm_per_prompt"] = {{"image", random.whole(0, 9)}};
  if (random.coin()) serving["cpu_offload_gib"] = static_cast<double>(random.whole(1, 90)) / 2;
  if (random.coin()) serving["kv_cache_memory_bytes"] = random.whole(1, std::int64_t{1} << 38);
  if (random.coin()) serving["max_cudagraph_capture_size"] = random.whole(0, 512);
  for (const char* flag : {"enable_prefix_caching", "async_scheduling"})
    if (random.coin()) serving[flag] = random.coin();
  for (const char* flag : {"disable_hybrid_kv_cache_manager", "skip_mm_profiling", "language_model_only", "pooling"})
    if (random.coin()) serving[flag] = true;
  if (random.coin()) serving["performance_mode"] = "throughput";
  if (random.coin()) serving["mm_encoder_tp_mode"] = "data";
  if (random.coin()) serving["runner"] = random.coin() ? "v1" : "v2";
  if (random.coin()) serving["pipeline_layers"] = {random.whole(1, 40), random.whole(1, 40)};
  return serving;
}

Request random_server(test::Random& random) {
  Request request = test::random_request(random);
  request.dtype = random.one_of<std::string>({"auto", "bfloat16", "float16"});
  request.quantization = random.one_of<std::string>({"none", "fp8"});
  for (auto* size : {&request.tensor_parallel, &request.pipeline_parallel, &request.data_parallel})
    *size = random.whole(1, 8);
  request.nodes = 1;
  request.gpu_memory_utilization = static_cast<double>(random.whole(1, 100)) / 100;
  request.max_num_seqs = random.whole(1, 1024);
  request.max_model_len = random.whole(1, 1 << 20);
  request.max_num_batched_tokens = random.whole(1, 65536);
  request.serving = random_serving(random);
  if (!request.vllm_args.empty()) request.vllm_args = {"--seed", "7", "--served-model-name", "a", "b c"};
  return request;
}

// As the plan's JSON has it.
Json configuration(const Request& request) {
  Json config = {{"model", request.model},
                 {"dtype", request.dtype},
                 {"tensor_parallel_size", *request.tensor_parallel},
                 {"pipeline_parallel_size", *request.pipeline_parallel},
                 {"data_parallel_size", *request.data_parallel},
                 {"enable_expert_parallel", request.enable_expert_parallel},
                 {"trust_remote_code", request.trust_remote_code},
                 {"max_model_len", *request.max_model_len},
                 {"gpu_memory_utilization", *request.gpu_memory_utilization},
                 {"kv_cache_dtype", request.kv_cache_dtype},
                 {"max_num_seqs", *request.max_num_seqs},
                 {"max_num_batched_tokens", *request.max_num_batched_tokens},
                 {"enforce_eager", request.enforce_eager},
                 {"serving", request.serving},
                 {"vllm_args", request.vllm_args}};
  if (request.quantization != "none") config["quantization_flag"] = request.quantization;
  if (!request.revision.empty()) config["revision"] = request.revision;
  if (!request.tokenizer.empty()) config["tokenizer"] = request.tokenizer;
  if (request.block_size) config["block_size"] = *request.block_size;
  return config;
}

std::vector<std::string> our_command(const Request& request, const Release& release) {
  const auto renderer = shipped().catalog().part(VW_KIND_RENDERER, "command");
  const Json plan = {{"model", {{"id", request.model}}}, {"config", configuration(request)}};
  const Json answer =
      renderer->open(Json::object())
          .ask({{"verb", "render"}, {"plan", plan}, {"release", release.json}, {"options", Json::object()}});
  return answer.at("data").at("commands").at(0).get<std::vector<std::string>>();
}

}  // namespace

TEST_CASE("our own serve command, read back, asks for the same", "[facts]") {
  const Release release = find_release(shipped().catalog(), "");
  test::Random random;
  for (int round = 0; round < 300; ++round) {
    const Request request = random_server(random);
    const std::vector<std::string> words = our_command(request, release);
    INFO(join(words, " "));
    const auto command = read_serve_words(words, syntax());
    REQUIRE(command);
    const Request again = request_of(*command);
    CHECK(to_text(configuration(again)) == to_text(configuration(request)));
  }
}

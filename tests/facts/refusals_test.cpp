// What vLLM refuses of options, by release and model.
#include "facts/scenario.hpp"
#include "support/message_of.hpp"
#include "support/shipped.hpp"

#include "support/catch.hpp"

using namespace vw;
using test::shipped;

namespace {

Request about(const std::string& model) {
  Request request;
  request.model = model;
  request.gpu = "h100-sxm5-80gb";
  request.vllm_version = "0.21.0";
  return request;
}

std::vector<std::string> warnings_of(const Request& request) {
  return gather(shipped().catalog(), shipped().defaults(), request).warnings;
}

const char* const llama = "meta-llama/Llama-3.1-8B-Instruct";

}  // namespace

TEST_CASE("a block size that vLLM refuses is warned of", "[facts]") {
  Request request = about(llama);
  request.block_size = 7;
  CHECK(warnings_of(request) ==
        std::vector<std::string>{"--block-size 7 is refused by vLLM 0.21.0, expected 1, 8, 16, 32, 64, 128, 256"});
  request.block_size = 32;
  CHECK(warnings_of(request).empty());
}

TEST_CASE("an adapter rank that vLLM refuses is warned of", "[facts]") {
  Request request = about(llama);
  request.serving = {{"lora", {{"slots", 1}, {"rank", 7}}}};
  CHECK(warnings_of(request) == std::vector<std::string>{"--max-lora-rank 7 is refused by vLLM 0.21.0, expected 1, 8, "
                                                         "16, 32, 64, 128, 256, 320, 512"});
  request.serving["lora"]["rank"] = 64;
  CHECK(warnings_of(request).empty());
}

TEST_CASE("MTP of a model that is not known to have such layers is warned of", "[facts]") {
  Request request = about(llama);
  request.serving = {{"speculative", {{"method", "mtp"}, {"tokens", 1}}}};
  CHECK(warnings_of(request) ==
        std::vector<std::string>{"--spec-method mtp: no layers of 'meta-llama/Llama-3.1-8B-Instruct' that predict "
                                 "several tokens are known; vLLM refuses to start without them"});
  request.model = "deepseek-ai/DeepSeek-V3";
  CHECK(warnings_of(request).empty());
}

TEST_CASE("a draft model with another vocabulary is refused", "[facts]") {
  Request request = about(llama);
  request.serving = {{"speculative", {{"method", "draft"}, {"tokens", 3}, {"model", "Qwen/Qwen3-0.6B"}}}};
  CHECK(test::message_of([&] { warnings_of(request); }) ==
        "--spec-model: has a vocabulary of 151936 tokens, which vLLM refuses beside the 128256 of "
        "meta-llama/Llama-3.1-8B-Instruct, expected a draft model with the same");
  request.serving["speculative"]["model"] = "meta-llama/Llama-3.2-1B-Instruct";
  CHECK(warnings_of(request).empty());
}

// Options, formats and dates in people's own words.
#include "audit/spoken.hpp"
#include "support/catch.hpp"

using namespace vw;

namespace {

Json serving(const std::string& words) { return read_options(words).serving; }

}  // namespace

TEST_CASE("speculative decoding is read in several spellings", "[audit]") {
  const Json mtp = {{"speculative", {{"method", "mtp"}, {"tokens", 3}}}};
  CHECK(serving("speculative mtp n=3") == mtp);
  CHECK(serving("speculative_config={'method': 'mtp', 'num_speculative_tokens': 3}") == mtp);
  CHECK(serving("--kv-cache-memory-bytes 4.25 GiB, MTP4") ==
        Json{{"kv_cache_memory_bytes", 4563402752}, {"speculative", {{"method", "mtp"}, {"tokens", 4}}}});
  CHECK(serving("speculative_config={'method': 'eagle3', 'model': 'Org/Draft-3', 'num_speculative_tokens': 2}") ==
        Json{{"speculative", {{"method", "eagle3"}, {"model", "Org/Draft-3"}, {"tokens", 2}}}});
}

TEST_CASE("speculation with a model that nobody can be told of is not supported", "[audit]") {
  CHECK(read_options("speculative dflash draft n=5").unsupported == "speculative decoding with a DFlash draft model");
  CHECK(read_options("speculative eagle n=5").unsupported ==
        "speculative decoding of which method or draft model is not said");
}

TEST_CASE("switches are on, off or not said", "[audit]") {
  CHECK(serving("enable_prefix_caching") == Json{{"enable_prefix_caching", true}});
  CHECK(serving("--enable-prefix-caching, X=1") == Json{{"enable_prefix_caching", true}});
  CHECK(serving("enable_prefix_caching=False") == Json{{"enable_prefix_caching", false}});
  CHECK(serving("--no-enable-prefix-caching") == Json{{"enable_prefix_caching", false}});
  CHECK(serving("prefix caching off (hybrid)") == Json{{"enable_prefix_caching", false}});
  CHECK(serving("--language-model-only") == Json{{"language_model_only", true}});
  CHECK(serving("--trust-remote-code, ray") == Json::object());
  CHECK(read_options("chunked prefill off").is_chunked_prefill_off);
  CHECK_FALSE(read_options("chunked prefill").is_chunked_prefill_off);
}

TEST_CASE("adapters, images, stages and the entry point are read", "[audit]") {
  CHECK(serving("enable_lora=True") == Json{{"lora", {{"slots", 1}, {"rank", 16}}}});
  CHECK(serving("--enable-lora --max-loras 4 --max-lora-rank 64") == Json{{"lora", {{"slots", 4}, {"rank", 64}}}});
  CHECK(serving("limit_mm image 2 audio 0") == Json{{"limit_mm_per_prompt", {{"image", 2}, {"audio", 0}}}});
  CHECK(serving("VLLM_PP_LAYER_PARTITION=16,32, ray") == Json{{"pipeline_layers", {16, 32}}});
  CHECK(serving("offline LLM class") == Json{{"offline_class", true}});
}

TEST_CASE("words for a format become the id of one", "[audit]") {
  CHECK(format_of_words("none", "org/m") == "");
  CHECK(format_of_words("fp8", "Qwen/Qwen3-8B-FP8") == "fp8-block");
  CHECK(format_of_words("fp8", "Qwen/Qwen3-8B") == "fp8");
  CHECK(format_of_words("compressed-tensors-fp8", "") == "fp8-channel");
  CHECK(format_of_words("awq-4bit (compressed-tensors)", "") == "w4a16");
  CHECK(format_of_words("auto_round-int4", "") == "auto-round");
  CHECK(format_of_words("nvfp4 (modelopt)", "") == "nvfp4");
  CHECK(format_of_words("fp8 (fbgemm)", "") == "fbgemm-fp8");
  CHECK(format_of_words("int8 weight-only (experts_int8)", "") == "experts-int8");
  CHECK_FALSE(format_of_words("exl3", ""));
}

TEST_CASE("a version keeps its numbers, a date gives the release of its month", "[audit]") {
  CHECK(release_of_version("0.10.1.1") == "0.10.1.1");
  CHECK(release_of_version("v0.6.4.post1") == "0.6.4");
  CHECK(release_of_version("0.26.1rc1.dev608") == "0.26.1");
  CHECK(release_of_version("an image (Aug 2025)").empty());
  CHECK(release_of_words("an image (Aug 2025)") == "0.10.0");
  CHECK(release_of_words("nightly September 2025") == "0.10.2");
  CHECK(release_of_words("image of late 2025") == "0.11.0");
  CHECK(release_of_words("run on 2026-01-21") == "0.13.0");
  CHECK(release_of_words("absent, so the default 0.92") == "0.21.0");
  CHECK(release_of_words("as 2026 builds have it") == "0.23.0");
  CHECK(release_of_words("start refused").empty());
}

TEST_CASE("endless words are read at their beginning", "[audit]") {
  const std::string endless(2000000, 'a');
  CHECK(read_options("--language-model-only " + endless).serving == Json{{"language_model_only", true}});
  CHECK(read_options("limit_mm " + std::string(2000000, '(')).serving == Json::object());
  CHECK(release_of_words("Oct 2025 " + endless) == "0.11.0");
  CHECK(release_of_version("0.14.0" + std::string(2000000, '1')).size() < 5000);
  CHECK_FALSE(format_of_words(endless, endless));
  CHECK(read_options("kv_cache_memory_bytes=999999999999999999").serving == Json::object());
}

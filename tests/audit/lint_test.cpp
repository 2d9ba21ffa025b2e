#include "audit/lint.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "support/catch.hpp"
#include "support/message_of.hpp"
#include "support/shipped.hpp"

using namespace vw;
using test::shipped;

namespace {

using Lines = std::vector<std::string>;

const FlagSyntax& syntax() {
  static const FlagSyntax known = flag_syntax(find_release(shipped().catalog(), ""));
  return known;
}

std::string shown(const Finding& finding) {
  const std::string line = finding.line > 0 ? std::to_string(finding.line) + " " : "";
  return line + to_text(finding.severity) + ": " + finding.what +
         (finding.instead.empty() ? "" : " -> " + finding.instead);
}

Lines findings_of(const std::vector<Launch>& launches, const std::string& version) {
  Lines lines;
  for (const Launch& launch : launches)
    for (const Finding& finding : lint(launch, find_release(shipped().catalog(), version), syntax(), {}).findings)
      lines.push_back(shown(finding));
  return lines;
}

Lines linted(const std::string& command, const std::string& version = "0.21.0") {
  return findings_of(read_shell(command, "s.sh", syntax()), version);
}

std::vector<Launch> launches_in(const std::string& text) {
  return read_launches(text, "f", syntax(), find_release(shipped().catalog(), ""));
}

Lines linted_file(const std::string& text, const std::string& version = "0.21.0") {
  return findings_of(launches_in(text), version);
}

// "where | model | gpus | card | image" of each server.
Lines servers_in(const std::string& text) {
  Lines lines;
  for (const Launch& launch : launches_in(text))
    lines.push_back(join({launch.where, launch.command.model, launch.gpus ? std::to_string(*launch.gpus) : "",
                          launch.gpu_name, launch.command.image},
                         " | "));
  return lines;
}

}  // namespace

TEST_CASE("a command without fault has no findings", "[audit]") {
  CHECK(linted("vllm serve org/model --max-model-len 8k -tp 2 --no-enable-prefix-caching -O3 --api-key \"$KEY\"")
            .empty());
}

TEST_CASE("flags are held against the history of each release", "[audit]") {
  struct Case {
    const char *flags, *version, *finding;
  };
  for (const Case& one : std::initializer_list<Case>{
           {"--swap-space 4", "0.9.1", ""},
           {"--swap-space 4", "0.21.0",
            "error: --swap-space is gone in vLLM 0.21.0 -> nothing: the V1 engine never swaps"},
           {"--speculative-model m", "0.8.0", ""},
           {"--speculative-model m", "0.9.1",
            "error: --speculative-model is gone in vLLM 0.9.1 -> --speculative-config"},
           {"--num-scheduler-steps 8", "0.11.0",
            "error: --num-scheduler-steps is gone in vLLM 0.11.0 -> nothing: the V1 engine schedules every step"},
           {"--disable-log-requests", "0.10.0", ""},
           {"--disable-log-requests", "0.21.0",
            "error: --disable-log-requests is gone in vLLM 0.21.0 -> nothing: off unless --enable-log-requests"},
           {"--guided-decoding-backend x", "0.12.0",
            "error: --guided-decoding-backend is gone in vLLM 0.12.0 -> --structured-outputs-config"},
           {"--task embed", "0.21.0", "error: --task is gone in vLLM 0.21.0 -> --runner and --convert"},
           {"--worker-use-ray", "0.8.0",
            "error: --worker-use-ray is gone in vLLM 0.8.0 -> --distributed-executor-backend ray"},
           {"--enable-reasoning", "0.10.0",
            "error: --enable-reasoning is gone in vLLM 0.10.0 -> --reasoning-parser alone"},
           {"--max-seq-len-to-capture 8192", "0.13.0",
            "error: --max-seq-len-to-capture is gone in vLLM 0.13.0 -> --max-cudagraph-capture-size"},
           {"--async-scheduling", "0.8.0", "error: --async-scheduling is not in vLLM 0.8.0 yet, 0.10.0 has it"},
           {"--async-scheduling", "0.9.1",
            "warning: --async-scheduling may not be in vLLM 0.9.1 yet, surely in 0.10.0"},
           {"--moe-backend x", "0.14.0", "error: --moe-backend is not in vLLM 0.14.0 yet, 0.26.0 has it"},
           {"--moe-backend x", "0.22.0", "warning: --moe-backend may not be in vLLM 0.22.0 yet, surely in 0.26.0"},
           {"--moe-backend x", "0.26.0", ""},
           {"--no-enforce-eager", "0.9.1", ""},
           {"--no-enforce-eager", "0.8.0",
            "warning: --no-enforce-eager may not be in vLLM 0.8.0: switches have such a form from 0.9.1 on"},
           {"--max-model-lenn 8", "0.21.0",
            "warning: --max-model-lenn is in no release table: its history is not known here -> did you mean "
            "'--max-model-len'?"}}) {
    INFO(one.flags << " with " << one.version);
    const Lines expected = *one.finding == 0 ? Lines{} : Lines{std::string("1 ") + one.finding};
    CHECK(linted(std::string("vllm serve m ") + one.flags, one.version) == expected);
  }
}

TEST_CASE("values are held against what a flag takes", "[audit]") {
  CHECK(linted("vllm serve m --enforce-eager=true") ==
        Lines{"1 error: --enforce-eager takes no value, and has 'true' -> --enforce-eager"});
  CHECK(linted("vllm serve m --trust-remote-code True") ==
        Lines{"1 error: 'True' belongs to no flag, and vLLM takes one model only"});
  CHECK(linted("vllm serve m --port http --seed") ==
        Lines{"1 error: --port is 'http', expected a whole number from -1152921504606846976 to 1152921504606846976",
              "1 error: --seed has no value, and needs one"});
  CHECK(linted("vllm serve m --gpu-memory-utilization 95") ==
        Lines{"1 error: --gpu-memory-utilization is 95, expected more than 0 and at most 1"});
  CHECK(
      linted("vllm serve m --kv-cache-dtype fp8_e4m4") ==
      Lines{
          "1 error: --kv-cache-dtype fp8_e4m4 is not taken by vLLM 0.21.0 -> did you mean 'fp8_e4m3' or 'fp8_e5m2'?"});
  CHECK(linted("vllm serve m --block-size 20") ==
        Lines{"1 error: --block-size 20 is not taken by vLLM 0.21.0 -> one of 16, 32, 64, 128, 256"});
  CHECK(linted("vllm serve m -q sevenbit")
            .front()
            .starts_with("1 warning: --quantization sevenbit is not known of vLLM"));
  CHECK(
      linted("vllm serve m --hf-overrides '{\"a\": }'").front().starts_with("1 error: --hf-overrides: line 1 column"));
}

TEST_CASE("a switch that is given a value is told what to write", "[audit]") {
  CHECK(linted("vllm serve m --enable-chunked-prefill=False", "0.10.0") ==
        Lines{"1 error: --enable-chunked-prefill takes no value, and has 'False' -> --no-enable-chunked-prefill"});
  CHECK(linted("vllm serve m --enable-chunked-prefill=False", "0.8.4") ==
        Lines{"1 warning: --enable-chunked-prefill may take no value, and has 'False' -> --no-enable-chunked-prefill"});
}

TEST_CASE("flags that do not go together are told", "[audit]") {
  CHECK(linted("vllm serve m --enable-prefix-caching --no-enable-prefix-caching") ==
        Lines{"1 error: --no-enable-prefix-caching contradicts --enable-prefix-caching -> one of them"});
  CHECK(linted("vllm serve m --no-enable-prefix-caching --enable-prefix-caching") ==
        Lines{"1 error: --enable-prefix-caching contradicts --no-enable-prefix-caching -> one of them"});
  CHECK(linted("vllm serve m --seed 1 --seed 2 --port 80 --port 80") ==
        Lines{"1 warning: --seed is given twice, and '2' counts", "1 note: --port is given twice"});
  CHECK(linted("vllm serve m --enforce-eager --max-cudagraph-capture-size 64") ==
        Lines{"1 warning: --max-cudagraph-capture-size does nothing beside --enforce-eager"});
  CHECK(linted("vllm serve m --max-loras 2") == Lines{"1 warning: --max-loras does nothing without --enable-lora"});
  CHECK(linted("vllm serve m --enable-auto-tool-choice") ==
        Lines{"1 error: --enable-auto-tool-choice is refused without --tool-call-parser -> --enable-auto-tool-choice "
              "--tool-call-parser"});
  CHECK(linted("vllm serve m --max-num-seqs 64 --max-num-batched-tokens 32") ==
        Lines{"1 error: --max-num-batched-tokens 32 is refused beside --max-num-seqs 64 -> at least 64"});
  CHECK(
      linted("vllm serve m --max-model-len 4096 --max-num-batched-tokens 2048 --no-enable-chunked-prefill") ==
      Lines{
          "1 error: --max-num-batched-tokens 2048 is refused with --no-enable-chunked-prefill: a prompt may have 4096 "
          "tokens -> at least 4096"});
}

TEST_CASE("what a shell puts in is told where a plan hangs on it", "[audit]") {
  CHECK(
      linted("vllm serve \"$MODEL\" -tp $TP --port \"$PORT\" $MORE") ==
      Lines{"1 warning: --tensor-parallel-size is not judged: a shell or its like puts the value in",
            "1 warning: the model is '$MODEL', which a shell or its like puts in -> -m MODEL says which one to plan"});
  CHECK(
      linted("vllm serve \"$MODEL\"") ==
      Lines{"1 warning: the model is '$MODEL', which a shell or its like puts in -> -m MODEL says which one to plan"});
  CHECK(linted("vllm serve") == Lines{"1 warning: no model is named: vLLM starts with a small one of its own"});
  CHECK(linted("vllm serve --config c.yaml") == Lines{"1 note: what --config names is not read -> lint of that file"});
}

TEST_CASE("keys are told and never repeated", "[audit]") {
  const std::string token = "hf_" + std::string(34, 'a');
  const auto findings = find_secrets("a\nexport HF_TOKEN=" + token + "\nhf_short my_hf_" + std::string(40, 'b'));
  REQUIRE(findings.size() == 1);
  CHECK(shown(findings[0]) ==
        "2 error: a Hugging Face token is written here (hf_...) -> HF_TOKEN from the environment or "
        "a secret, and revoke this one");
  CHECK(linted("VLLM_API_KEY=abc vllm serve m") ==
        Lines{"1 error: an API key is written here (VLLM_API_KEY) -> VLLM_API_KEY from the environment or a secret"});
  CHECK(linted("vllm serve m --api-key abc") ==
        Lines{"1 error: an API key is written here (--api-key) -> VLLM_API_KEY from the environment or a secret"});
}

TEST_CASE("an image tells its release", "[audit]") {
  CHECK(release_of_image("vllm/vllm-openai:v0.10.1.1") == "0.10.1.1");
  CHECK(release_of_image("registry:5000/vllm/vllm-openai:v0.11.0-x86_64") == "0.11.0");
  CHECK(release_of_image("rocm/vllm:rocm6.4.1_vllm_0.9.1_20250702") == "0.9.1");
  for (const char* silent :
       {"vllm/vllm-openai", "vllm/vllm-openai:latest", "nvcr.io/nvidia/vllm:25.09-py3", "lmcache/vllm-openai:v0.3.9",
        "registry:5000/vllm/vllm-openai", "", ":", "vllm/vllm-openai@sha256:0123"})
    CHECK(release_of_image(silent).empty());
  CHECK(linted("docker run --gpus 2 vllm/vllm-openai --model m") ==
        Lines{"1 note: image 'vllm/vllm-openai' is another vLLM tomorrow -> a tag with a version, such as v0.21.0",
              "1 warning: 2 GPUs are given, and 1 of them would be idle -> --tensor-parallel-size 2, or fewer GPUs"});
  CHECK(linted("docker run --gpus '\"device=0\"' vllm/vllm-openai:v0.10.0 --model m -tp 4") ==
        Lines{"1 warning: image 'vllm/vllm-openai:v0.10.0' is vLLM 0.10.0, judged is 0.21.0",
              "1 error: 1 GPUs are given, and 4 are needed (TP 4 x PP 1 x DP 1)"});
}

TEST_CASE("servers are found in shell scripts, also behind bash -c", "[audit]") {
  CHECK(servers_in("#!/bin/sh\nset -e\nsrun bash -lc 'exec vllm serve \"$@\" --port 1' vllm org/a -tp 2\n") ==
        Lines{" | org/a |  |  | "});
  CHECK(servers_in("#!/bin/sh\nCMD=\"vllm serve org/b\"\n") == Lines{" | org/b |  |  | "});
  CHECK(servers_in("#!/bin/sh\nCMD=(vllm serve org/c --port 1)\n\"${CMD[@]}\"\n") == Lines{" | org/c |  |  | "});
  CHECK(linted_file("#!/bin/sh\n\nvllm serve m \\\n  --swap-space 4 \\\n  --port 1\n") ==
        Lines{"4 error: --swap-space is gone in vLLM 0.21.0 -> nothing: the V1 engine never swaps"});
  CHECK(servers_in("#!/bin/sh\necho hello\n").empty());
}

TEST_CASE("servers are found in Compose files", "[audit]") {
  const char* const text = R"(
x-common: &common
  image: vllm/vllm-openai:v0.10.0
  environment: {HF_TOKEN: "${HF_TOKEN}"}
services:
  chat:
    <<: *common
    command: --model org/a --swap-space 4 --api-key ${KEY}
    deploy: {resources: {reservations: {devices: [{driver: nvidia, count: 2, capabilities: [gpu]}]}}}
  embed:
    <<: *common
    entrypoint: ["vllm", "serve"]
    command:
      - org/b
      - --task=embed
      - --made-up
  web:
    image: nginx
    command: nginx -g 'daemon off;'
)";
  CHECK(servers_in(text) == Lines{"service 'chat' | org/a | 2 |  | vllm/vllm-openai:v0.10.0",
                                  "service 'embed' | org/b |  |  | vllm/vllm-openai:v0.10.0"});
  CHECK(linted_file(text, "0.10.0") ==
        Lines{"8 warning: 2 GPUs are given, and 1 of them would be idle -> --tensor-parallel-size 2, or fewer GPUs",
              "16 warning: --made-up is in no release table: its history is not known here"});
}

TEST_CASE("servers are found in objects of Kubernetes and Helm values", "[audit]") {
  const char* const text = R"(apiVersion: v1
kind: Service
metadata: {name: web}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: chat
spec:
  template:
    spec:
      nodeSelector: {nvidia.com/gpu.product: NVIDIA-L40S}
      containers:
        - name: vllm
          image: vllm/vllm-openai:v0.21.0
          args: ["--model", "org/a", "--enable-reasoning"]
          resources: {limits: {nvidia.com/gpu: "1"}}
)";
  CHECK(servers_in(text) == Lines{"Deployment 'chat' | org/a | 1 | NVIDIA L40S | vllm/vllm-openai:v0.21.0"});
  CHECK(linted_file(text) == Lines{"16 error: --enable-reasoning is gone in vLLM 0.21.0 -> --reasoning-parser alone"});
  CHECK(servers_in(R"({"kind": "Pod", "metadata": {"name": "p"}, "spec": {"containers": [
    {"image": "mine", "command": ["sh", "-c", "vllm serve org/b --port 1"]}]}})") ==
        Lines{"Pod 'p' | org/b |  |  | mine"});
  CHECK(servers_in("image: {repository: vllm/vllm-openai, tag: v0.21.0}\ncommand: [vllm, serve]\nargs: [org/c]\n") ==
        Lines{" | org/c |  |  | vllm/vllm-openai:v0.21.0"});
  CHECK(servers_in(
            "servingEngineSpec:\n  modelSpec:\n    - {modelURL: org/d, repository: vllm/vllm-openai, tag: v0.21.0, "
            "requestGPU: 2, vllmConfig: {tensorParallelSize: 2, extraArgs: [--port, \"1\"]}}\n") ==
        Lines{" | org/d | 2 |  | vllm/vllm-openai:v0.21.0"});
}

TEST_CASE("servers are found in units and config.yaml", "[audit]") {
  const char* const unit =
      "[Service]\nEnvironment=\"VLLM_API_KEY=abc\"\nExecStart=-/usr/bin/env \\\n  vllm serve \"org/it's a\" \\\n"
      "  --revision $REV --tokenizer $$x%%y \\\n  --swap-space 4\n";
  CHECK(servers_in(unit) == Lines{" | org/it's a |  |  | "});
  CHECK(linted_file(unit) ==
        Lines{"5 warning: --revision is not judged: a shell or its like puts the value in",
              "6 error: --swap-space is gone in vLLM 0.21.0 -> nothing: the V1 engine never swaps",
              "4 error: an API key is written here (VLLM_API_KEY) -> VLLM_API_KEY from the environment or a secret"});
  const char* const config = "# ours\nmodel: org/a\ntensor_parallel_size: two\nenable-prefix-caching: false\n";
  CHECK(servers_in(config) == Lines{" | org/a |  |  | "});
  CHECK(
      linted_file(config) ==
      Lines{"4 warning: 'enable-prefix-caching: false' does nothing in a config.yaml -> no-enable-prefix-caching: true",
            "3 error: --tensor-parallel-size is 'two', expected a whole number from 1 to 100000"});
  CHECK(servers_in("title: a page\nauthor: me\n").empty());
}

TEST_CASE("more words or servers than anybody writes are refused", "[audit]") {
  const auto message = [](const std::string& text) { return test::message_of([&] { launches_in(text); }); };
  std::string flags, servers = "#!/bin/sh\n";
  for (int count = 0; count < 2000; ++count) flags += " -x";
  for (int count = 0; count < 101; ++count) servers += "vllm serve m\n";
  CHECK(message("#!/bin/sh\nvllm serve" + flags) == "the command at line 2: has 2002 words, expected at most 2000");
  CHECK(message(servers) == "f: starts 101 servers, expected at most 100");
  CHECK(linted("vllm serve m --odd-one --odd-one").size() == 2);  // the flag, and that it stands twice
}

TEST_CASE("broken files are errors with their place", "[audit]") {
  const auto message = [](const std::string& text) { return test::message_of([&] { launches_in(text); }); };
  CHECK(message(std::string("a\0b", 3)).starts_with("f: is not text, expected a script"));
  CHECK(message("\xff\xfe").starts_with("f: is not text"));
  CHECK(message("a: [1\n") == "f: line 1 column 5: the key '1' is not text, expected it in double quotes");
  CHECK(message("#!/bin/sh\nvllm serve 'm\n") == "f: line 2: the quote is never closed, expected its end");
  CHECK(message("a: " + std::string(100, '[') + "\n") == "f: line 1 column 5: the key is a list or map, expected text");
  CHECK(servers_in("").empty());
}

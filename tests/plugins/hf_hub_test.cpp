#include "plugins/hub_lab.hpp"
#include "support/catch.hpp"

#include <fstream>

namespace vw::test {

namespace {

std::uint64_t memory_kib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::stoull(line.substr(6));
  return 0;
}

}  // namespace

TEST_CASE("a model of the Hub is described from its configuration and headers, pinned to a commit", "[plugins]") {
  HubLab lab;
  auto& server = lab.server;
  server.add_model("org/tiny", {{"config.json", tiny_config},
                                {"preprocessor_config.json", R"({"size": 3})"},
                                {"hf_quant_config.json", R"({"quantization": {"quant_algo": "FP8"}})"},
                                {"model.safetensors", safetensors({{"w", "BF16", {8}, 16}})},
                                {"README.md", "read me"}});
  const auto record = lab.describe();
  CHECK(record["id"] == "org/tiny");
  CHECK(record["source"] == "hf-hub");
  CHECK(record["revision"] == HubServer::commit);
  CHECK(record["location"] == server.url() + "/org/tiny/tree/" + HubServer::commit);
  CHECK(record["config"]["hidden_size"] == 64);
  CHECK(record["preprocessor_config"]["size"] == 3);
  CHECK(record["hf_quant_config"]["quantization"]["quant_algo"] == "FP8");
  CHECK(record["weights_bytes"] == 16);
  CHECK(record["tensors"][0]["pattern"] == "w");
  CHECK(record["notes"].empty());
  CHECK(server.seen().size() == 5);  // the listing and four files
}

TEST_CASE("of a large sharded model only the headers come, all shards together", "[plugins]") {
  HubLab lab;
  constexpr unsigned shards = 20;
  constexpr std::uint64_t elements = 200'000;  // 400 kB of weights a shard
  lab.server.add_model("org/tiny", sharded(shards, elements));
  lab.server.delay(0.03);
  const auto record = lab.describe();
  CHECK(record["weights_bytes"] == shards * elements * 2);
  CHECK(record["params"] == shards * elements);
  CHECK(record["params_basis"] == "safetensors headers");
  CHECK(lab.server.seen().size() == 1 + 2 + shards);  // the listing, config and index, one request a shard
  CHECK(lab.server.most_at_a_time() > 2);
  CHECK(lab.server.most_at_a_time() <= 8);
  for (const auto& seen : lab.server.seen())
    if (seen.target.ends_with(".safetensors")) CHECK(seen.range == "bytes=0-131071");
}

TEST_CASE("a header longer than the first piece is fetched to its end and no further", "[plugins]") {
  HubLab lab;
  std::vector<Stored> tensors;
  for (unsigned i = 0; i < 2000; ++i) tensors.push_back({"layers." + std::to_string(i) + ".weight", "F16", {256}, 512});
  const auto file = safetensors(tensors);
  lab.server.add_model("org/tiny", {{"config.json", tiny_config}, {"model.safetensors", file}});
  CHECK(lab.describe()["params"] == 2000 * 256);
  const auto seen = lab.server.seen();
  REQUIRE(seen.size() == 4);
  std::uint64_t header_bytes = 0;
  for (unsigned i = 0; i < 8; ++i) header_bytes |= std::uint64_t{static_cast<unsigned char>(file[i])} << (8 * i);
  CHECK(seen[3].range == "bytes=131072-" + std::to_string(header_bytes + 7));
}

TEST_CASE("files whose sizes the Hub does not list are read as well", "[plugins]") {
  HubLab lab;
  const auto weights = safetensors({{"w", "BF16", {100'000}, 200'000}});
  lab.server.put(lab.file("config.json"), tiny_config);
  lab.server.put(lab.file("model.safetensors"), weights);
  const Json siblings = {{{"rfilename", "config.json"}}, {{"rfilename", "model.safetensors"}, {"size", nullptr}}};
  lab.server.put(lab.listing(), Json{{"sha", HubServer::commit}, {"siblings", siblings}}.dump());
  CHECK(lab.describe()["weights_bytes"] == 200'000);
}

TEST_CASE("a file of unknown size that shrinks on the way is refused", "[plugins]") {
  HubLab lab;
  const auto weights = safetensors({{std::string(140'000, 'w'), "BF16", {100'000}, 200'000}});
  const auto target = lab.file("model.safetensors");
  lab.server.put(lab.file("config.json"), tiny_config);
  const Json siblings = {{{"rfilename", "config.json"}}, {{"rfilename", "model.safetensors"}}};
  lab.server.put(lab.listing(), Json{{"sha", HubServer::commit}, {"siblings", siblings}}.dump());
  const Answer first = {
      .status = 206, .body = weights.substr(0, 131'072), .headers = {{"Content-Range", "bytes 0-131071/300000"}}};
  lab.server.answer(target, {first, {.status = 206, .headers = {{"Content-Range", "bytes 131072-131072/131072"}}}});
  CHECK(lab.failure() ==
        "<hub>: org/tiny/model.safetensors: has 131072 bytes, expected 300000 as announced\n"
        "hint: try again; a proxy or a mirror in between may change what it passes on");
}

TEST_CASE("a mirror that answers with whole files gives the beginning all the same", "[plugins]") {
  HubLab lab;
  const auto weights = safetensors({{"w", "BF16", {100'000}, 200'000}});
  lab.server.add_model("org/tiny", {{"config.json", tiny_config}, {"model.safetensors", weights}});
  lab.server.always(lab.file("model.safetensors"), {.status = 200, .body = weights});
  CHECK(lab.describe()["weights_bytes"] == 200'000);
}

TEST_CASE("a revision is asked for by its name, a commit once and for all", "[plugins]") {
  HubLab lab;
  const std::string other = "0123456789abcdef0123456789abcdef01234567";
  lab.server.add_model("org/tiny", {{"config.json", R"({"hidden_size": 32})"}}, "refs%2Fpr%2F1", other);
  CHECK(lab.describe("org/tiny", {{"revision", "refs/pr/1"}})["revision"] == other);
  CHECK(lab.describe("org/tiny", {{"revision", other}})["config"]["hidden_size"] == 32);
  lab.server.forget();
  CHECK(lab.describe("org/tiny", {{"revision", other}})["revision"] == other);
  CHECK(lab.server.seen().empty());
}

TEST_CASE("a repository with one GGUF file is read from its header", "[plugins]") {
  HubLab lab;
  const auto gguf = GgufBytes()
                        .text("general.architecture", "llama")
                        .number("llama.block_count", 2)
                        .texts("tokenizer.ggml.tokens", 100'000)  // 1.3 MB: the header goes on
                        .tensor("token_embd.weight", {64, 32'000}, 0, 64 * 32'000 * 4)
                        .bytes();
  lab.server.add_model("org/tiny", {{"model-Q4_K_M.gguf", gguf}, {"README.md", "read me"}});
  const auto record = lab.describe();
  CHECK(record["params"] == 64 * 32'000);
  CHECK(record["config"]["num_hidden_layers"] == 2);
  CHECK(record["gguf"]["architecture"] == "llama");
  CHECK(lab.server.seen().size() == 4);  // the listing and three pieces: 128 KiB, 1 MiB, the rest
}

TEST_CASE("one of several GGUF files is named by its quantization or its path", "[plugins]") {
  HubLab lab;
  const auto gguf = [](unsigned layers) {
    return GgufBytes().text("general.architecture", "llama").number("llama.block_count", layers).bytes();
  };
  lab.server.add_model("org/tiny", {{"config.json", tiny_config},
                                    {"tiny-Q4_K_M.gguf", gguf(4)},
                                    {"tiny-Q4_K_M_L.gguf", gguf(5)},
                                    {"big/tiny-Q8_0.gguf", gguf(8)},
                                    {"mmproj-Q8_0.gguf", gguf(1)}});
  CHECK(lab.describe("org/tiny:q4_k_m")["config"]["num_hidden_layers"] == 4);
  CHECK(lab.describe("org/tiny:Q8_0")["id"] == "org/tiny:Q8_0");
  CHECK(lab.describe("org/tiny/big/tiny-Q8_0.gguf")["config"]["num_hidden_layers"] == 8);
  CHECK(lab.failure("org/tiny:Q5_0") ==
        "'org/tiny': no GGUF file is of 'Q5_0', expected one of them\n"
        "hint: name one of org/tiny/tiny-Q4_K_M.gguf, org/tiny/tiny-Q4_K_M_L.gguf, org/tiny/big/tiny-Q8_0.gguf");
  CHECK(lab.failure("org/tiny/tiny-Q5_0.gguf") ==
        "'org/tiny': has no file 'tiny-Q5_0.gguf', expected one of its files");
}

TEST_CASE("what is no model at all is said so", "[plugins]") {
  HubLab lab;
  lab.server.add_model("org/tiny", {{"data.parquet", "rows"}});
  lab.server.add_model("org/many", {{"a-Q4_0.gguf", "GGUF"}, {"a-Q8_0.gguf", "GGUF"}});
  CHECK(lab.failure() == "'org/tiny': holds neither config.json nor a GGUF file, expected a model");
  CHECK(lab.failure("org/many") ==
        "'org/many': holds 2 GGUF models, expected the name of one\n"
        "hint: name one of org/many/a-Q4_0.gguf, org/many/a-Q8_0.gguf, or a quantization like org/many:Q4_K_M");
  CHECK(lab.failure("org/many:Q5_0") ==
        "'org/many': no GGUF file is of 'Q5_0', expected one of them\n"
        "hint: name one of org/many/a-Q4_0.gguf, org/many/a-Q8_0.gguf");
}

TEST_CASE("text that is no name of a model is nobody's question to the Hub", "[plugins]") {
  HubLab lab;
  for (const std::string text : {"", "/", "./model", "../org/tiny", "/models/tiny", "org/", "a/b/c", "org--tiny",
                                 "a:", "~/x", "org/tiny?x=1", "org/ti ny"})
    CHECK(lab.describe(text).is_null());
  CHECK(lab.server.seen().empty());
  CHECK(ask_plugin("sources/hf-hub", {{"verb", "list"}}).is_null());
  CHECK(ask_plugin("sources/hf-hub", {{"verb", "suggest"}, {"model", "org/tiny"}}).is_null());
}

TEST_CASE("a header that lies about its length costs neither memory nor traffic", "[plugins]") {
  HubLab lab;
  const std::string data(3'000'000, '\x01');
  const auto lying = [&](std::uint64_t length) { return little_endian(length, 8) + "{\"w\": [" + data; };
  const auto serve = [&](const std::string& weights) {
    lab.server.forget();
    lab.server.add_model("org/tiny", {{"config.json", tiny_config}, {"model.safetensors", weights}});
  };
  serve(lying(2'000'000));
  const auto before_kib = memory_kib();
  CHECK(lab.failure() ==
        "org/tiny/model.safetensors: header says 2000000 bytes, but byte 7 of it is no text, expected JSON");
  CHECK(lab.server.seen().size() == 3);
  serve(lying(std::uint64_t{1} << 40));
  CHECK(lab.failure() == "org/tiny/model.safetensors: header says 1099511627776 bytes, but the file has 3000015");
  serve(little_endian(70'000, 8) + data);
  CHECK(lab.failure() ==
        "org/tiny/model.safetensors: header says 70000 bytes, but does not begin with '{', expected JSON");
  CHECK(memory_kib() - before_kib < 64 * 1024);
}

}  // namespace vw::test

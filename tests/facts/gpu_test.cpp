#include "facts/gpu.hpp"

#include "support/catch.hpp"
#include "support/entries.hpp"
#include "support/memory_files.hpp"
#include "support/message_of.hpp"
#include "support/shipped_gpus.hpp"

using namespace vw;
using test::message_of;
using test::shipped;
using test::shipped_gpus;

namespace {

std::string found(const std::string& text) { return shipped_gpus().find(text).gpu.id; }
std::vector<std::string> warnings(const std::string& text) { return shipped_gpus().find(text).warnings; }

std::string detected(const std::string& name, double total_mib) {
  const auto match = shipped_gpus().find_detected(name, total_mib);
  return match ? match->gpu.id : "unknown";
}

Json card(const std::string& id, const std::string& name, double memory_mib) {
  return {{"id", id}, {"name", name}, {"memory_mib", memory_mib}, {"sources", {"made for a test"}}};
}

void add_file(Catalog& catalog, const std::string& id, Json gpus, Origin::Rank rank = Origin::Rank::installed) {
  test::add_table(catalog, table_kind::gpu_file, id, {{"gpus", std::move(gpus)}}, rank);
}

std::string refusal_of(const Json& entry) {
  return message_of([&] { read_gpu(JsonReader(entry, "gpu-db/lab.json", "/gpus/0")); });
}

}  // namespace

TEST_CASE("names of cards match without case, maker and punctuation", "[facts]") {
  CHECK(gpu_key("NVIDIA A100-SXM4-80GB") == "a100sxm480gb");
  CHECK(gpu_key("NVIDIA GeForce RTX 4090") == "rtx4090");
  CHECK(gpu_key("AMD Instinct MI300X") == "mi300x");
  CHECK(gpu_key(" rtx_4090 ") == "rtx4090");
  CHECK(gpu_key("nvidia") == "");
  for (const char* name : {"NVIDIA A100-SXM4-80GB", "a100-sxm4-80gb", "A100 SXM4 80GB", "A100 80GB", "a100-80gb"})
    CHECK(found(name) == "a100-sxm4-80gb");
  for (const char* name : {"RTX 4090", "rtx-4090", "4090", "GeForce RTX 4090", "nvidia geforce rtx 4090", "rtx4090"})
    CHECK(found(name) == "rtx-4090");
}

TEST_CASE("a full name or an id is taken without a warning", "[facts]") {
  for (const char* name : {"a100-sxm4-40gb", "NVIDIA A100 80GB PCIe", "rtx-4060-ti", "NVIDIA GeForce RTX 4060 Ti 16GB"})
    CHECK(warnings(name).empty());
}

TEST_CASE("A100 alone is the 40 GB card, with a warning that names the others", "[facts]") {
  CHECK(found("A100") == "a100-sxm4-40gb");
  CHECK(warnings("A100") ==
        std::vector<std::string>{"gpu 'A100' fits several cards; took 'a100-sxm4-40gb' (40 GiB), others: "
                                 "'a100-sxm4-80gb', 'a100-pcie-40gb', 'a100-pcie-80gb'"});
}

TEST_CASE("of several variants the board comes before the PCIe card", "[facts]") {
  CHECK(found("A100 80GB") == "a100-sxm4-80gb");
  CHECK(warnings("A100 80GB") ==
        std::vector<std::string>{"gpu 'A100 80GB' fits several cards; took 'a100-sxm4-80gb' (80 GiB), others: "
                                 "'a100-pcie-80gb'"});
  CHECK(found("H100") == "h100-sxm5-80gb");
  CHECK(found("V100") == "v100-sxm2-16gb");
}

TEST_CASE("a name inside another product's name does not make it ambiguous", "[facts]") {
  CHECK(found("H200") == "h200-sxm-141gb");  // GH200 contains it
  CHECK(found("B200") == "b200-sxm-180gb");
  CHECK(found("L4") == "l4");
  CHECK(found("RTX 3060") == "rtx-3060");
}

TEST_CASE("a name that fits different products is an error that lists them", "[facts]") {
  CHECK(
      message_of([] { shipped_gpus().find("RTX 40"); }) ==
      "--gpu: 'RTX 40' fits 14 different products, expected one of: RTX 4000 Ada, RTX 4000 SFF Ada, RTX 4060, RTX 4060 "
      "Ti, "
      "RTX 4070, RTX 4070 SUPER, RTX 4070 Ti, RTX 4070 Ti SUPER, RTX 4080, RTX 4080 SUPER, RTX 4090, RTX 4090 D, ...\n"
      "hint: vllm-wizard gpus 'RTX 40' lists them");
  CHECK(message_of([] { shipped_gpus().find("RTX 6000"); }) ==
        "--gpu: 'RTX 6000' fits 2 different products, expected one of: RTX 6000 Ada, Quadro RTX 6000\n"
        "hint: vllm-wizard gpus 'RTX 6000' lists them");
}

TEST_CASE("an unknown card gets the nearest names", "[facts]") {
  CHECK(message_of([] { shipped_gpus().find("RTX 4091"); }) ==
        "--gpu: unknown gpu 'RTX 4091', did you mean 'RTX 4090' or 'RTX 3090'?\n"
        "hint: a card that is not in the table: give --vram-gb, or add it to gpu-db or scripts/gpus");
  CHECK(message_of([] { shipped_gpus().find("abacus"); }) ==
        "--gpu: unknown gpu 'abacus', expected a name that `vllm-wizard gpus` lists\n"
        "hint: a card that is not in the table: give --vram-gb, or add it to gpu-db or scripts/gpus");
  CHECK(message_of([] { shipped_gpus().find("NVIDIA"); }) ==
        "--gpu: unknown gpu 'NVIDIA', expected a name that `vllm-wizard gpus` lists\n"
        "hint: a card that is not in the table: give --vram-gb, or add it to gpu-db or scripts/gpus");
}

TEST_CASE("cards with one driver name are told apart by their total", "[facts]") {
  CHECK(detected("NVIDIA GeForce RTX 3060", 12288) == "rtx-3060");
  CHECK(detected("NVIDIA GeForce RTX 3060", 8192) == "rtx-3060-8gb");
  CHECK(detected("NVIDIA GeForce RTX 4060 Ti", 8188) == "rtx-4060-ti");
  CHECK(detected("NVIDIA GeForce RTX 4060 Ti", 16380) == "rtx-4060-ti-16gb");
  CHECK(detected("NVIDIA GeForce RTX 3080", 10240) == "rtx-3080");
  CHECK(detected("NVIDIA GeForce RTX 3080", 12288) == "rtx-3080-12gb");
}

TEST_CASE("the names that drivers print are known", "[facts]") {
  CHECK(detected("NVIDIA A100-SXM4-40GB", 40960) == "a100-sxm4-40gb");
  CHECK(detected("NVIDIA A100-SXM4-80GB", 81920) == "a100-sxm4-80gb");
  CHECK(detected("NVIDIA H100 80GB HBM3", 81559) == "h100-sxm5-80gb");
  CHECK(detected("NVIDIA H100 PCIe", 81559) == "h100-pcie-80gb");
  CHECK(detected("NVIDIA H200", 143771) == "h200-sxm-141gb");
  CHECK(detected("NVIDIA L40S", 46068) == "l40s");
  CHECK(detected("Tesla T4", 15360) == "t4");
  CHECK(detected("Tesla V100-SXM2-32GB", 32768) == "v100-sxm2-32gb");
  CHECK(detected("NVIDIA Imaginary 9000", 24576) == "unknown");
  CHECK(detected("A10", 0) == "a10");
}

TEST_CASE("a card of the user shadows the installed one of the same id, whichever file it lies in", "[facts]") {
  Catalog catalog;
  add_file(catalog, "lab", {card("lab-1", "Lab 1", 1024), card("lab-2", "Lab 2", 2048)});
  add_file(catalog, "mine", {card("lab-2", "Lab 2", 4096)}, Origin::Rank::user);
  test::add_table(catalog, table_kind::gpu, "lab-3", card("lab-3", "Lab 3", 8192), Origin::Rank::user);
  catalog.seal();
  const GpuTable own(catalog);
  CHECK(own.ids() == std::vector<std::string>{"lab-1", "lab-2", "lab-3"});
  CHECK(own.find("lab-2").gpu.memory_mib == 4096);
  CHECK(own.find("lab 3").gpu.where == "gpu 'lab-3'");
  CHECK(own.find("lab-1").gpu.where == "installed/gpu-file/lab: /gpus/0");
}

TEST_CASE("an entry that says too little or something unknown is refused with file and path", "[facts]") {
  Json entry = card("lab-1", "Lab 1", 1024);
  entry["memory_gb"] = 1;
  CHECK(refusal_of(entry) == "gpu-db/lab.json: /gpus/0: unknown key 'memory_gb', did you mean 'memory_mib'?");
  CHECK(refusal_of({{"id", "lab-1"}}) == "gpu-db/lab.json: /gpus/0/name: is missing");
  CHECK(refusal_of({{"id", "Lab 1"}, {"name", "x"}}) == "gpu-db/lab.json: /gpus/0/id: is 'Lab 1', expected kebab-case");
  entry = card("lab-1", "Lab 1", -1);
  CHECK(refusal_of(entry) == "gpu-db/lab.json: /gpus/0/memory_mib: is -1, expected a number from 1 to 67108864");
  entry = card("lab-1", "Lab 1", 1024);
  entry["vllm"] = "perhaps";
  CHECK(refusal_of(entry) == "gpu-db/lab.json: /gpus/0/vllm: is 'perhaps', expected 'supported', 'plugin' or 'no'");
  entry["vllm"] = "no";
  CHECK(refusal_of(entry) == "gpu-db/lab.json: /gpus/0: has no 'vllm_reason', expected one because 'vllm' is 'no'");
}

TEST_CASE("a broken gpu-db file is named with line and column when it is read", "[facts]") {
  const test::MemoryFiles files({{"db/lab.json", "{\"gpus\": [}"}, {"db/notes.txt", "no table"}});
  Catalog catalog;
  index_gpu_db("db", Origin::Rank::installed, files, catalog);
  catalog.seal();
  CHECK(catalog.ids(table_kind::gpu_file) == std::vector<std::string>{"lab"});
  CHECK_THAT(message_of([&] { GpuTable{catalog}; }), StartsWith("db/lab.json: line 1 column "));
}

TEST_CASE("fp8 and links follow from what a card is", "[facts]") {
  const auto has_fp8 = [](const char* name) { return shipped_gpus().find(name).gpu.has_fp8(); };
  const auto link = [](const char* name) { return shipped_gpus().find(name).gpu.link(); };
  CHECK_FALSE(has_fp8("A100"));
  CHECK_FALSE(has_fp8("RTX 3090"));
  CHECK_FALSE(has_fp8("MI250X"));
  CHECK(has_fp8("L4"));
  CHECK(has_fp8("H100"));
  CHECK(has_fp8("MI300X"));
  CHECK(link("H100") == "nvlink");
  CHECK(link("MI300X") == "nvlink");
  CHECK(link("RTX 4090") == "pcie");
  CHECK(link("RTX A6000") == "pcie");  // a bridge joins pairs only
  CHECK(link("Gaudi 3") == "unknown");
}

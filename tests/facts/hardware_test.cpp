#include "facts/hardware.hpp"

#include "support/catch.hpp"
#include "support/entries.hpp"
#include "support/message_of.hpp"
#include "support/shipped.hpp"

using namespace vw;
using test::answering;
using test::message_of;

namespace {

Json card(const std::string& name, double total_mib, double used_mib = 0) {
  return {{"index", 0}, {"name", name}, {"vram_mib", total_mib}, {"vram_used_mib", used_mib}};
}

Json found(const Json& gpus, const Json& links = Json::array()) {
  return {{"status", "ok"}, {"tool", "lab-smi"}, {"gpus", gpus}, {"links", links}};
}

Json link(const std::string& kind) { return {{"a", 0}, {"b", 1}, {"kind", kind}}; }

using Detectors = std::vector<std::pair<std::string, Json>>;

// The installed cards, and detectors that answer as given.
class Machine {
 public:
  explicit Machine(const Detectors& detectors) {
    index_gpu_db(test::shipped_gpu_db, Origin::Rank::installed, disk_files(), catalog_);
    for (const auto& [id, reply] : detectors)
      test::add_part(catalog_, answering(VW_KIND_GPU_DETECTOR, id, {{"detect", reply}}));
    catalog_.seal();
  }
  explicit Machine(const Json& reply) : Machine(Detectors{{"lab-smi", reply}}) {}

  Hardware resolve(const Request& request) const { return resolve_hardware(catalog_, {"first", "second"}, request); }
  std::string refusal(const Request& request) const {
    return message_of([&] { resolve(request); });
  }
  const Catalog& catalog() const { return catalog_; }

 private:
  Catalog catalog_;
};

const Machine& bare() {
  static const Machine machine{Detectors{}};
  return machine;
}

Request on(const std::string& gpu) {
  Request request;
  request.gpu = gpu;
  return request;
}

const std::string hint = "\nhint: name the card you plan for: --gpu \"RTX 4090\", or give its memory: --vram-gb 24";

}  // namespace

TEST_CASE("a card that is named comes from the table", "[facts]") {
  const Hardware hardware = bare().resolve(on("RTX 4090"));
  CHECK(hardware.gpu.id == "rtx-4090");
  CHECK(hardware.memory_mib == 24576);
  CHECK(hardware.link == "pcie");
  CHECK(hardware.total_gpus() == 1);
  CHECK_FALSE(hardware.is_detected);
  CHECK(hardware.warnings.empty());
}

TEST_CASE("without --gpus there are as many cards as the parallel sizes need, spread over the nodes", "[facts]") {
  Request request = on("H100");
  request.tensor_parallel = 4;
  CHECK(bare().resolve(request).gpus_per_node == 4);
  request.pipeline_parallel = 2;
  request.data_parallel = 2;
  request.nodes = 2;
  CHECK(bare().resolve(request).gpus_per_node == 8);
  CHECK(bare().resolve(request).total_gpus() == 16);
  request.nodes = 3;
  CHECK(bare().resolve(request).gpus_per_node == 6);
  request.gpus = 2;
  CHECK(bare().resolve(request).gpus_per_node == 2);
}

TEST_CASE("--vram-gb replaces the table's memory, and is enough for a card that no table knows", "[facts]") {
  Request request = on("RTX 4090");
  request.vram_gib = 48;
  CHECK(bare().resolve(request).memory_mib == 48 * 1024);
  CHECK(bare().resolve(request).totals.cuda.mib == 48 * 1024);
  CHECK(bare().resolve(request).totals.cuda.grade == "given");
  request.gpu = "Abacus 9000";
  const Hardware unknown = bare().resolve(request);
  CHECK(unknown.gpu.name == "Abacus 9000");
  CHECK(unknown.memory_mib == 48 * 1024);
  CHECK(unknown.link == "unknown");
  CHECK(unknown.warnings == std::vector<std::string>{"gpu 'Abacus 9000' is not known: planned for its memory only"});
}

TEST_CASE("--vram-gb without a card is planned for that memory, and it is said what a name would add", "[facts]") {
  Request request = on("auto");
  request.vram_gib = 48;
  const Hardware hardware = bare().resolve(request);
  CHECK(hardware.gpu.name == "GPU of 48 GiB");
  CHECK(hardware.memory_mib == 48 * 1024);
  CHECK(hardware.warnings ==
        std::vector<std::string>{"no gpu was found on this machine and none was named: planned for the memory of "
                                 "--vram-gb only; --gpu NAME says what else the card can do"});
}

TEST_CASE("a card whose memory depends on the machine asks for --vram-gb", "[facts]") {
  CHECK_THAT(bare().refusal(on("M4 Max")),
             StartsWith("--gpu: the memory of Apple M4 Max is not known, expected --vram-gb\nhint: "));
  Request request = on("M4 Max");
  request.vram_gib = 64;
  CHECK_THAT(bare().resolve(request).warnings.front(),
             StartsWith("vLLM runs on Apple M4 Max through a plugin of its own: "));
}

TEST_CASE("a card that vLLM does not run on is refused with the reason", "[facts]") {
  CHECK_THAT(bare().refusal(on("P40")), StartsWith("--gpu: vLLM does not run on NVIDIA Tesla P40: "));
  CHECK_THAT(bare().refusal(on("P40")),
             ContainsSubstring(", expected another card\nhint: vllm-wizard gpus lists the cards"));
}

TEST_CASE("--interconnect wins over what is known", "[facts]") {
  Request request = on("H100");
  CHECK(bare().resolve(request).link == "nvlink");
  request.interconnect = "pcie";
  CHECK(bare().resolve(request).link == "pcie");
}

TEST_CASE("all equal cards that were found are planned with, at the memory the driver says", "[facts]") {
  const Machine machine(
      found({card("NVIDIA H100 80GB HBM3", 81559, 500), card("NVIDIA H100 80GB HBM3", 81559, 900)}, {link("nvlink")}));
  const Hardware hardware = machine.resolve(Request());
  CHECK(hardware.gpu.id == "h100-sxm5-80gb");
  CHECK(hardware.gpus_per_node == 2);
  CHECK(hardware.memory_mib == 81559);
  CHECK(hardware.memory_used_mib == 900);
  Request idle;
  idle.cards_are_idle = true;
  CHECK(machine.resolve(idle).memory_used_mib == 0);
  CHECK(hardware.link == "nvlink");
  CHECK(hardware.is_detected);
  CHECK(hardware.warnings.empty());
}

TEST_CASE("unequal cards are planned for the smallest, and said so", "[facts]") {
  const Machine machine(found({card("NVIDIA GeForce RTX 4090", 24564), card("NVIDIA GeForce RTX 3060", 12288)}));
  const Hardware hardware = machine.resolve(Request());
  CHECK(hardware.gpu.id == "rtx-3060");
  CHECK(hardware.gpus_per_node == 2);
  CHECK(hardware.warnings == std::vector<std::string>{"the 2 detected cards are not equal: planned for the smallest, "
                                                      "'NVIDIA GeForce RTX 3060'"});
}

TEST_CASE("the slowest link of a machine counts", "[facts]") {
  const Json two = {card("NVIDIA H100 80GB HBM3", 81559), card("NVIDIA H100 80GB HBM3", 81559)};
  const auto link_of = [&](const Json& links) { return Machine(found(two, links)).resolve(Request()).link; };
  CHECK(link_of({link("nvlink"), link("pcie")}) == "pcie");
  CHECK(link_of({link("infinity-fabric")}) == "nvlink");
  CHECK(link_of({link("unknown"), link("nvlink")}) == "unknown");
  CHECK(link_of(Json::array()) == "nvlink");  // nobody says: the card's own
}

TEST_CASE("a card that no table knows is planned from what the driver says", "[facts]") {
  Json abacus = card("Abacus 9000", 32768);
  abacus["compute_capability"] = 9.0;
  const Hardware hardware = Machine(found(Json::array({abacus}))).resolve(Request());
  CHECK(hardware.gpu.name == "Abacus 9000");
  CHECK(hardware.gpu.has_fp8());
  CHECK(hardware.memory_mib == 32768);
  CHECK(hardware.warnings ==
        std::vector<std::string>{"gpu 'Abacus 9000' is not in gpu-db: planned from what the driver says of it"});
}

TEST_CASE("more cards than were found are planned with a warning", "[facts]") {
  Request request;
  request.gpus = 4;
  const Hardware hardware = Machine(found(Json::array({card("NVIDIA L4", 23034)}))).resolve(request);
  CHECK(hardware.gpus_per_node == 4);
  CHECK(hardware.warnings == std::vector<std::string>{"--gpus 4 asks for more cards than the 1 found"});
}

namespace {

Json split_card(const Json& slices) {
  Json split = card("NVIDIA A100-SXM4-40GB", 40960);
  split["mig_mode"] = "enabled";
  split["mig_slices"] = slices;
  return split;
}

const Json two_slices = {{{"profile", "1g.5gb+me"}, {"vram_mib", 4864}, {"vram_used_mib", 7}},
                         {{"profile", "3g.20gb"}, {"vram_mib", 19968}, {"vram_used_mib", 19}}};

}  // namespace

TEST_CASE("a machine that MIG splits is planned for its largest slice", "[facts]") {
  const Hardware hardware = Machine(found(Json::array({split_card(two_slices)}))).resolve(Request());
  CHECK(hardware.gpu.id == "a100-sxm4-40gb-mig-3g.20gb");
  CHECK(hardware.memory_mib == 19968);
  CHECK(hardware.memory_used_mib == 19);
  CHECK(hardware.gpus_per_node == 1);
  CHECK(hardware.totals.visible.grade == "detected");
  CHECK(hardware.totals.cuda.mib == 19968);
  CHECK(hardware.link == "unknown");
  CHECK(hardware.warnings == std::vector<std::string>{"MIG splits this machine's cards into 1g.5gb, 3g.20gb: planned "
                                                      "for one slice, the largest"});
}

TEST_CASE("beside a whole card the slices are left out, and named", "[facts]") {
  const Json cards = Json::array({split_card(two_slices), card("NVIDIA A100-SXM4-40GB", 40960)});
  const Hardware hardware = Machine(found(cards)).resolve(Request());
  CHECK(hardware.gpu.id == "a100-sxm4-40gb");
  CHECK(hardware.gpus_per_node == 1);
  CHECK(hardware.warnings ==
        std::vector<std::string>{"planned for the cards that are not split; MIG slices are left out: 1g.5gb, 3g.20gb "
                                 "(--gpu a100-sxm4-40gb-mig-1g.5gb plans for one)"});
}

TEST_CASE("a card that MIG splits into nothing is an error with the commands to mend it", "[facts]") {
  CHECK(Machine(found(Json::array({split_card(Json::array())}))).refusal(Request()) ==
        "--gpu auto: MIG is on and no slice was made, expected at least one\n"
        "hint: nvidia-smi mig -lgip lists the profiles, -cgi PROFILE -C makes a slice");
}

TEST_CASE("slices of a card cannot share a model", "[facts]") {
  Request request = on("H100 MIG 3g.40gb");
  request.tensor_parallel = 2;
  const std::string hint =
      "\nhint: plan for a whole card, --gpu h100-sxm5-80gb, or for servers of their own: --data-parallel-size";
  CHECK(bare().refusal(request) ==
        "--tensor-parallel-size: is 2 on MIG slices, expected 1: slices cannot exchange data through NCCL" + hint);
  request.tensor_parallel.reset();
  request.pipeline_parallel = 2;
  CHECK(bare().refusal(request) ==
        "--pipeline-parallel-size: is 2 on MIG slices, expected 1: slices cannot exchange data through NCCL" + hint);
  request.pipeline_parallel.reset();
  request.data_parallel = 2;
  CHECK(bare().resolve(request).total_gpus() == 2);
}

TEST_CASE("unified memory is planned with a warning", "[facts]") {
  CHECK(bare().resolve(on("DGX Spark")).warnings ==
        std::vector<std::string>{"NVIDIA DGX Spark (GB10) shares its 121.7 GiB with the operating system and all other "
                                 "programs: vLLM refuses to start when less than utilization x total is available"});
  CHECK(bare().resolve(on("Strix Halo")).warnings.front() ==
        "how much memory the GPU of AMD Ryzen AI Max+ 395 (Radeon 8060S) may use is a setting of the machine: planned "
        "for 96.0 GiB +- 32.1 GiB, --vram-gb says what yours has");
}

TEST_CASE("no tool, a failing tool and no card are three different messages", "[facts]") {
  CHECK(bare().refusal(Request()) ==
        "--gpu auto: found no tool that lists gpus (nvidia-smi, rocm-smi, amd-smi)" + hint);
  CHECK(Machine(Json{{"status", "absent"}, {"gpus", Json::array()}}).refusal(Request()) ==
        "--gpu auto: found no tool that lists gpus (nvidia-smi, rocm-smi, amd-smi)" + hint);
  CHECK(Machine(Json{{"status", "failed"}, {"tool", "nvidia-smi"}, {"message", "driver not loaded"}})
            .refusal(Request()) == "--gpu auto: nvidia-smi failed: driver not loaded" + hint);
  CHECK(Machine(Json{{"status", "no-gpu"}, {"tool", "nvidia-smi"}}).refusal(Request()) ==
        "--gpu auto: nvidia-smi found no gpu on this machine" + hint);
  CHECK(Machine(found(Json::array())).refusal(Request()) == "--gpu auto: lab-smi found no gpu on this machine" + hint);
}

TEST_CASE("detectors are asked until one finds a card, and the most telling answer is kept", "[facts]") {
  const Json absent = {{"status", "absent"}}, failed = {{"status", "failed"}, {"message", "broken"}};
  const Json none = {{"status", "no-gpu"}}, good = found(Json::array({card("NVIDIA L4", 23034)}));
  const auto asked = [](const Json& first, const Json& second) {
    const Machine machine(Detectors{{"first", first}, {"second", second}});
    return detect_gpus(machine.catalog(), {"first", "second"}, "").detector;
  };
  CHECK(asked(absent, good) == "second");
  CHECK(asked(good, failed) == "first");
  CHECK(asked(absent, failed) == "second");
  CHECK(asked(failed, none) == "first");
  CHECK(asked(none, absent) == "first");
}

TEST_CASE("a detector of the user's own is asked first, and --detector asks only one", "[facts]") {
  const Json good = found(Json::array({card("NVIDIA L4", 23034)}));
  const Machine machine(Detectors{{"first", good}, {"own", good}, {"second", {{"status", "absent"}}}});
  CHECK(detect_gpus(machine.catalog(), {"first", "second"}, "").detector == "own");
  CHECK(detect_gpus(machine.catalog(), {"first", "second"}, "second").status == Detection::Status::absent);
  CHECK_THAT(message_of([&] { detect_gpus(machine.catalog(), {}, "frist"); }),
             ContainsSubstring("did you mean 'first'?"));
}

TEST_CASE("a detector that answers nonsense is named", "[facts]") {
  CHECK(Machine(Json{{"status", "fine"}}).refusal(Request()) ==
        "gpu-detector 'lab-smi': /status: is 'fine', expected 'ok', 'absent', 'failed' or 'no-gpu'");
  CHECK(Machine(Json{{"status", "ok"}, {"gpus", 3}}).refusal(Request()) ==
        "gpu-detector 'lab-smi': /gpus: is 3, expected a list");
  CHECK(Machine(Json("hello")).refusal(Request()) == "gpu-detector 'lab-smi': is the text 'hello', expected an object");
}

// `detect` before recorded outputs of nvidia-smi: tests/data/nvidia-smi, tests/data/transcripts/detect.txt.
#include "support/golden.hpp"
#include "support/run_cli.hpp"

#include "base/json_reader.hpp"

using namespace vw;
using namespace vw::test;

namespace {

struct Machine : Cli {
  explicit Machine(const std::string& scene) {
    tool("nvidia-smi",
         "cd '" VW_ROOT "/tests/data/nvidia-smi/" + scene +
             "' || exit 1\n"
             "case '" +
             scene +
             "' in old-driver) case $1 in\n"
             "  *compute_cap*) echo 'Field \"compute_cap\" is not a valid field to query.'; exit 2 ;;\n"
             "  *mig.mode*) echo 'Field \"mig.mode.current\" is not a valid field to query.'; exit 2 ;; esac ;; esac\n"
             "case \"$1\" in --query-gpu=*) file=query.csv ;; topo) file=topo.txt ;; -L) file=list.txt ;; *) "
             "file=table.txt ;; esac\n"
             "if [ -f \"$file\" ]; then /bin/cat \"$file\"; fi\n"
             "if [ -f exit-code ]; then read -r code <exit-code; exit \"$code\"; fi");
  }
};

std::string detected(const std::vector<std::string>& scenes, int exit_code) {
  std::string text;
  for (const std::string& scene : scenes)
    text += "# " + scene + "\n" + transcripts(Machine(scene), {{"detect"}}, exit_code) + "\n";
  return text;
}

}  // namespace

TEST_CASE("detect lists cards, slices and links", "[cli]") {
  expect_golden("transcripts/detect-found.txt",
                detected({"one-gpu", "eight-h100", "six-pcie", "mig", "busy", "hidden-memory", "old-driver"}, 0));
}

TEST_CASE("a machine without cards and a broken driver are told apart", "[cli]") {
  expect_golden("transcripts/detect-none.txt", detected({"no-devices"}, 1));
  expect_golden("transcripts/detect-failed.txt", detected({"no-driver", "lost-gpu", "version-mismatch", "garbage"}, 2));
}

TEST_CASE("a machine without any tool says which were looked for", "[cli]") {
  expect_golden("transcripts/detect-absent.txt", transcripts(Cli(), {{"detect"}, {"detect", "--json"}}, 2));
}

TEST_CASE("detect --json is an array with one object per card", "[cli]") {
  const Ran ran = Machine("one-gpu").run({"detect", "--json"});
  CHECK(ran.exit_code == 0);
  const Json cards = parse_json(ran.out, "detect");
  REQUIRE(cards.size() == 1);
  CHECK(cards[0].at("name") == "NVIDIA GeForce RTX 4090");
  CHECK(cards[0].at("vram_mib") == 24564);
  CHECK(cards[0].at("vram_used_mib") == 412);
  CHECK(cards[0].at("compute_capability") == 8.9);
  CHECK(cards[0].at("driver_version") == "550.54.15");
  CHECK(Machine("no-devices").run({"detect", "--json"}).out == "[]\n");
}

TEST_CASE("a tool that hangs is given up after its time-out", "[cli][.slow]") {
  Cli cli;
  cli.tool("nvidia-smi", "/bin/sleep 100");
  expect_golden("transcripts/detect-hangs.txt", transcripts(cli, {{"detect"}}, 2));
}

TEST_CASE("memory that others use is not planned with", "[cli]") {
  const Ran ran = Machine("busy").run({"plan", "-m", VW_ROOT "/tests/data/checkpoints/tiny-llama", "--json"});
  const Json hardware = parse_json(ran.out, "plan").at("hardware");
  CHECK(hardware.at("detected") == true);
  CHECK(hardware.at("gpu_id") == "l40s");
  CHECK(hardware.at("vram_used_mib") == 43817);
}

TEST_CASE("beside slices the card that is not split is planned with, and the slices are named", "[cli]") {
  const Ran ran = Machine("mig").run({"plan", "-m", VW_ROOT "/tests/data/checkpoints/tiny-llama", "--json"});
  const Json plan = parse_json(ran.out, "plan");
  CHECK(plan.at("hardware").at("gpu_id") == "a100-sxm4-40gb");
  CHECK(plan.at("hardware").at("mig_profile").is_null());
  CHECK(plan.at("warnings").at(0) ==
        "planned for the cards that are not split; MIG slices are left out: 3g.20gb, 2g.10gb, 1g.5gb (--gpu "
        "a100-sxm4-40gb-mig-3g.20gb plans for one)");
}

TEST_CASE("a plan for a slice says so, with all three totals", "[cli]") {
  const Ran ran = Cli().run(
      {"plan", "-m", VW_ROOT "/tests/data/checkpoints/tiny-llama", "--gpu", "A100 80GB MIG 3g.40gb", "--json"});
  const Json hardware = parse_json(ran.out, "plan").at("hardware");
  CHECK(hardware.at("gpu") == "NVIDIA A100 SXM4 80GB MIG 3g.40gb");
  CHECK(hardware.at("mig_profile") == "3g.40gb");
  CHECK(hardware.at("vram_gib") == 40);
  CHECK(hardware.at("vram_visible_gib") == 39.25);
  CHECK(hardware.at("vram_cuda_gib") == 39.25);
  CHECK(hardware.at("vram_cuda_grade") == "derived");
  CHECK(hardware.at("link") == "none");
}

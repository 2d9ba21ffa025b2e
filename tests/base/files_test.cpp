#include "base/files.hpp"

#include "support/catch.hpp"
#include "support/memory_files.hpp"
#include "support/temp_dir.hpp"

#include "base/error.hpp"

#include <sys/stat.h>

#include <functional>

using vw::disk_files;
using vw::write_atomically;
using vw::Written;
using vw::test::TempDir;

namespace {

std::string refusal(const std::function<void()>& act) {
  try {
    act();
  } catch (const vw::Error& error) {
    return error.what();
  }
  return "accepted";
}

unsigned mode_of(const std::string& path) {
  return static_cast<unsigned>(std::filesystem::status(path).permissions()) & 0777u;
}

}  // namespace

TEST_CASE("a file is read whole, and a missing one is no error", "[base]") {
  const TempDir folder;
  const std::string content = std::string("a\0\xFF\n", 4) + std::string(200'000, 'x');
  CHECK(disk_files().read(folder.put("a.bin", content)) == content);
  CHECK(disk_files().read(folder.put("empty", "")) == "");
  CHECK(disk_files().read(folder.path("none")) == std::nullopt);
  CHECK(disk_files().read(folder.path("empty/below")) == std::nullopt);
  CHECK(disk_files().read(std::string("a\0b", 3)) == std::nullopt);
  CHECK(disk_files().read("/proc/self/stat").value().size() > 10);
}

TEST_CASE("what is not a readable file is refused with its path", "[base]") {
  const TempDir folder;
  const std::string pipe = folder.path("pipe");
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  CHECK(refusal([&] { disk_files().read(folder.path()); }) == folder.path() + ": is a folder, expected a file");
  CHECK(refusal([&] { disk_files().read(pipe); }) == pipe + ": is a device or pipe, expected a file");
  CHECK(refusal([&] { disk_files().read("/dev/zero"); }) == "/dev/zero: is a device or pipe, expected a file");
  const std::string loop = folder.path("loop");
  std::filesystem::create_symlink(loop, loop);
  CHECK(refusal([&] { disk_files().read(loop); }) == loop + ": cannot be read: too many levels of symbolic links");
  const std::string large = folder.put("large", "12345");
  CHECK(refusal([&] { disk_files().read(large, 4); }) == large + ": is too large, expected at most 4 B");
  CHECK(disk_files().read(large, 5) == "12345");
}

TEST_CASE("a folder is listed by name, sorted", "[base]") {
  const TempDir folder;
  folder.put("b.lua", "");
  folder.put("a/c.lua", "");
  folder.put("_x.lua", "");
  CHECK(disk_files().list(folder.path()) == std::vector<std::string>{"_x.lua", "a", "b.lua"});
  CHECK(disk_files().list(folder.path("none")).empty());
  CHECK(disk_files().list(folder.path("b.lua")).empty());
  CHECK(disk_files().is_folder(folder.path("a")));
  CHECK_FALSE(disk_files().is_folder(folder.path("b.lua")));
  CHECK_FALSE(disk_files().is_folder(folder.path("none")));
}

TEST_CASE("a file that must be there is missed by the words of whoever asks", "[base]") {
  vw::test::MemoryFiles files;
  files.put("a.json", "{}");
  CHECK(vw::read_file(files, "a.json", "--profile") == "{}");
  CHECK(refusal([&] { vw::read_file(files, "b.json", "--profile"); }) == "--profile: there is no file 'b.json'");
  CHECK(refusal([&] { vw::read_file(files, "b.json", "b.json"); }) == "b.json: there is no such file");
  CHECK(refusal([&] { vw::read_file(disk_files(), "/proc", "--profile"); }) ==
        "--profile: /proc: is a folder, expected a file");
  CHECK(refusal([&] { vw::read_file(disk_files(), "/proc", "/proc"); }) == "/proc: is a folder, expected a file");
}

TEST_CASE("a file is written with its folders and nothing else", "[base]") {
  const TempDir folder;
  const std::string path = folder.path("a/b/plan.json");
  CHECK(write_atomically(path, "{}", false) == Written::created);
  CHECK(disk_files().read(path) == "{}");
  CHECK(disk_files().list(folder.path("a/b")) == std::vector<std::string>{"plan.json"});
  CHECK((mode_of(path) & 0111u) == 0);
  CHECK(write_atomically(folder.path("run.sh"), "x", false, true) == Written::created);
  CHECK((mode_of(folder.path("run.sh")) & 0100u) == 0100u);
}

TEST_CASE("a file that differs is kept unless forced, and keeps its permissions", "[base]") {
  const TempDir folder;
  const std::string path = folder.put("plan.json", "old");
  std::filesystem::permissions(path, std::filesystem::perms{0640});
  CHECK(write_atomically(path, "old", false) == Written::unchanged);
  CHECK(write_atomically(path, "old", true) == Written::unchanged);
  CHECK(write_atomically(path, "new", false) == Written::kept);
  CHECK(disk_files().read(path) == "old");
  CHECK(write_atomically(path, "new", true) == Written::replaced);
  CHECK(disk_files().read(path) == "new");
  CHECK(mode_of(path) == 0640);
  CHECK(disk_files().list(folder.path()) == std::vector<std::string>{"plan.json"});
}

TEST_CASE("a file in the working folder is written by its bare name", "[base]") {
  const TempDir folder;
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  const Written written = write_atomically("plan.json", "{}", false);
  std::filesystem::current_path(before);
  CHECK(written == Written::created);
  CHECK(disk_files().read(folder.path("plan.json")) == "{}");
}

TEST_CASE("a write that fails leaves nothing behind", "[base]") {
  const TempDir folder;
  const std::string file = folder.put("file", "x");
  CHECK(refusal([&] { write_atomically(file + "/below/plan.json", "{}", true); }) ==
        file + "/below: cannot be made: not a directory");
  CHECK(refusal([&] { write_atomically("/proc/none/plan.json", "{}", true); }) ==
        "/proc/none: cannot be made: no such file or directory");
  CHECK(refusal([&] { write_atomically("/proc/plan.json", "{}", true); }) ==
        "/proc: cannot be written to: no such file or directory");
  // The name is too long for a file, which shows only after the folders were made.
  const std::string path = folder.path("new/deep/" + std::string(300, 'n'));
  CHECK(refusal([&] { write_atomically(path, "{}", true); }).ends_with(": file name too long"));
  CHECK(disk_files().list(folder.path()) == std::vector<std::string>{"file"});
  CHECK(disk_files().read(file) == "x");
}

TEST_CASE("a folder or a device is not overwritten", "[base]") {
  const TempDir folder;
  CHECK(refusal([&] { write_atomically(folder.path(), "{}", true); }) ==
        folder.path() + ": is a folder, expected a file");
  CHECK(refusal([&] { write_atomically("/dev/null", "{}", true); }) ==
        "/dev/null: is a device or pipe, expected a file");
  CHECK(refusal([&] { write_atomically(folder.path() + "/", "{}", true); }) ==
        "'" + folder.path() + "/': is not the name of a file, expected one");
  CHECK(refusal([&] { write_atomically("", "{}", true); }) == "'': is not the name of a file, expected one");
}

TEST_CASE("an unset variable of the environment is empty", "[base]") {
  CHECK(vw::environment("VLLM_WIZARD_NO_SUCH_VARIABLE").empty());
  CHECK_FALSE(vw::environment("PATH").empty());
}

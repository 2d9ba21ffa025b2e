// compile-scripts OUTPUT_FOLDER SCRIPT...: run by the build, see compiled.hpp. The folder holds what was compiled now
// and nothing else.
#include "base/error.hpp"
#include "base/files.hpp"
#include "lua/compiled.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>

int main(int count, char* words[]) {
  try {
    if (count < 2) throw vw::Error("compile-scripts", "expected an output folder and scripts");
    const std::filesystem::path folder = words[1];
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    for (int i = 2; i < count; ++i) {
      const std::string text = vw::read_file(vw::disk_files(), words[i], words[i]);
      std::ofstream(folder / vw::lua::compiled_name(text), std::ios::binary) << vw::lua::compile(words[i], text);
    }
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
  }
}

// Stand-ins for nvidia-smi, amd-smi and rocm-smi: shell scripts on a PATH that has nothing else.
#pragma once

#include "plugins/environment.hpp"
#include "support/temp_dir.hpp"

#include <chrono>
#include <string>

namespace vw::test {

class FakeTools {
 public:
  // `body` is the script. Its own folder is the whole PATH: it calls /bin/cat and /bin/sleep by their places.
  const FakeTools& put(const std::string& tool, const std::string& body) const {
    dir_.put(tool, "#!/bin/sh\n" + body + "\n", true);
    return *this;
  }
  // A file of the tool's that is no program.
  void write(const std::string& name, const std::string& content) const { dir_.put(name, content); }
  std::string path(const std::string& name) const { return dir_.path(name); }

 private:
  TempDir dir_;
  Environment path_{"PATH", dir_.path()};
};

// An nvidia-smi that prints the files of tests/data/nvidia-smi/<scene>, and ends with the code in its `exit-code`.
inline std::string replay_nvidia_smi(const std::string& scene) {
  return "cd '" VW_ROOT "/tests/data/nvidia-smi/" + scene +
         "' || exit 1\n"
         "case \"$1\" in\n"
         "  --query-gpu=*) file=query.csv ;;\n"
         "  topo) file=topo.txt ;;\n"
         "  -L) file=list.txt ;;\n"
         "  *) file=table.txt ;;\n"
         "esac\n"
         "if [ -f \"$file\" ]; then /bin/cat \"$file\"; fi\n"
         "if [ -f exit-code ]; then read -r code <exit-code; exit \"$code\"; fi\n";
}

class Stopwatch {
 public:
  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace vw::test

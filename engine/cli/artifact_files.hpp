// cli: artifacts become files of a folder, all of them or none.
#pragma once

#include "base/files.hpp"
#include "cli/arguments.hpp"
#include "cli/artifacts.hpp"

#include <string>
#include <vector>

namespace vw::cli {

// The file that tells of the last run, and how the schema begins by which one of ours is known.
struct PlanFile {
  const char* name;
  const char* schema;
};

struct Destination {
  std::string folder;
  bool force = false;  // files that differ are replaced
};

// --output-dir. Throws vw::Error: missing, or no folder above it.
std::string output_folder(const Arguments& arguments, const std::string& example);

// Writes them and `plan` under its name, and says what was done and what was left out. A file that differs is the
// user's until --force says otherwise: nothing at all is written then. Throws vw::Error for that, and for two artifacts
// of one file.
void write_artifacts(const Destination& to, std::vector<Artifact> artifacts, const PlanFile& plan_file,
                     const Json& plan, const Files& files);

}  // namespace vw::cli

#include "cli/artifact_files.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <map>

#include <cstdio>

namespace vw::cli {
namespace {

// The plan of an earlier run, whatever that one emitted: one of ours gives way, anything else of the name does not.
bool is_our_plan(const PlanFile& plan_file, const std::string& name, const std::string& text) {
  if (name != plan_file.name) return false;
  try {
    const Json plan = parse_json(text, name);
    return plan.is_object() && plan.contains("schema") && plan.at("schema").is_string() &&
           plan.at("schema").get<std::string>().starts_with(plan_file.schema);
  } catch (const Error&) {
    return false;
  }
}

void expect_own_files(const std::vector<Artifact>& artifacts, const PlanFile& plan_file) {
  std::map<std::string, std::string> owners;
  for (const Artifact& artifact : artifacts) {
    if (artifact.file == plan_file.name)
      throw Error("--emit",
                  fmt::format("renderer {} writes {}, expected another name: the plan itself goes there",
                              quote(artifact.renderer), quote(artifact.file)),
                  "nothing was written");
    const auto [known, added] = owners.emplace(artifact.file, artifact.renderer);
    if (added) continue;
    throw Error("--emit",
                fmt::format("renderers {} and {} both write {}, expected files of their own", quote(known->second),
                            quote(artifact.renderer), quote(artifact.file)),
                "nothing was written; name one of them in --emit");
  }
}

void expect_no_conflicts(const std::string& folder, const std::vector<Artifact>& artifacts, const PlanFile& plan_file,
                         const Files& files) {
  std::vector<std::string> different;
  for (const Artifact& artifact : artifacts) {
    const auto existing = files.read(folder + "/" + artifact.file);
    if (existing && *existing != artifact.text && !is_our_plan(plan_file, artifact.file, *existing))
      different.push_back(artifact.file);
  }
  if (different.empty()) return;
  throw Error(folder, "has other files of these names, kept: " + join(different, ", ") + ", expected none or --force",
              "nothing was written; --force replaces them");
}

const char* verb_of(Written written) {
  switch (written) {
    case Written::created:
      return "wrote";
    case Written::replaced:
      return "replaced";
    case Written::unchanged:
      return "unchanged";
    case Written::kept:
      break;
  }
  return "kept";
}

// What this plan has no use for is told, not written.
std::string take_left_out(std::vector<Artifact>& artifacts) {
  std::string lines;
  for (const Artifact& artifact : artifacts)
    if (!artifact.left_out.empty())
      lines += fmt::format("{:<9} {}: {}\n", "left out", artifact.renderer, printable(artifact.left_out, 300));
  std::erase_if(artifacts, [](const Artifact& artifact) { return !artifact.left_out.empty(); });
  return lines;
}

}  // namespace

std::string output_folder(const Arguments& arguments, const std::string& example) {
  const std::string folder = arguments.text("output-dir");
  if (folder.empty()) throw Error("--output-dir", "is missing, expected a folder to write to", example);
  expect_folder_above("--output-dir", folder);
  return folder;
}

void write_artifacts(const Destination& to, std::vector<Artifact> artifacts, const PlanFile& plan_file,
                     const Json& plan, const Files& files) {
  const std::string left_out = take_left_out(artifacts);
  expect_own_files(artifacts, plan_file);
  artifacts.push_back({"", "", plan_file.name, to_pretty_text(plan), "", false});
  if (!to.force) expect_no_conflicts(to.folder, artifacts, plan_file, files);
  for (const Artifact& artifact : artifacts) {
    const std::string path = to.folder + "/" + artifact.file;
    const bool replace = to.force || artifact.file == plan_file.name;  // expect_no_conflicts saw to it
    const Written written = write_atomically(path, artifact.text, replace, artifact.executable);
    print_text(fmt::format("{:<9} {}\n", verb_of(written), path));
  }
  print_text(left_out);
}

}  // namespace vw::cli

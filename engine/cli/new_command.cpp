#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/terminal.hpp"
#include "cli/workspace.hpp"
#include "facts/release.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace vw::cli {
namespace {

const KindFolder& folder_for(const std::string& kind) {
  std::vector<std::string> names;
  for (const KindFolder& known : kind_folders()) {
    std::string name = known.constructor;
    std::replace(name.begin(), name.end(), '_', '-');
    // "model-family" and "metadata-source" say the same as "family" and "source".
    if (kind == name || kind == short_kind(known.kind)) return known;
    names.push_back(name);
  }
  const std::string near = did_you_mean(kind, names);
  throw Error("new", (kind.empty() ? "names no kind" : "unknown kind " + quote(kind)) + ", " +
                         (near.empty() ? "expected one of " + join(names, ", ") : near));
}

std::string filled(const std::string& text, const std::string& id) {
  constexpr std::string_view place = "${id}";
  std::string result;
  std::size_t from = 0;
  for (std::size_t at = text.find(place); at != std::string::npos; at = text.find(place, from)) {
    result += text.substr(from, at - from) + id;
    from = at + place.size();
  }
  return result + text.substr(from);
}

// The template of a kind lies in the folder of the kind: _template.lua and _template_test.lua.
std::string read_template(const Workspace& workspace, const std::string& folder, const std::string& name) {
  const std::string path = workspace.search_path().scripts.front().path + "/" + folder + "/" + name;
  return read_file(workspace.files(), path, "new");
}

void write_new(const std::string& path, const std::string& text) {
  constexpr bool force = false;
  const Written written = write_atomically(path, text, force);
  if (written == Written::kept || written == Written::unchanged)
    throw Error(path, "exists already, expected a new id; nothing was written");
  print_text(fmt::format("wrote {}\n", path));
}

std::string root_for(const Arguments& arguments) {
  return arguments.has("dir") ? arguments.text("dir") : own_folder("new", "--dir DIR names another") + "/scripts";
}

}  // namespace

int run_new(const Arguments& arguments) {
  const Workspace workspace(arguments);
  const KindFolder& kind = folder_for(arguments.positional(0));
  const std::string id = arguments.positional(1);
  if (id.empty()) throw Error("new", "names no id, expected one like 'my-part' after the kind");
  if (!is_id(id)) throw Error("new", "id " + quote(id) + " is no id, expected kebab-case like 'my-part'");
  if (kind.kind == std::string_view(table_kind::release) && !compare_versions(id, id))
    throw Error("new", "id " + quote(id) + " is no version, expected one like 0.21.0");
  const std::string root = root_for(arguments);
  const std::string base = root + "/" + kind.folder + "/" + id;
  const std::string script = filled(read_template(workspace, kind.folder, "_template.lua"), id);
  const std::string test = filled(read_template(workspace, kind.folder, "_template_test.lua"), id);
  write_new(base + ".lua", script);
  write_new(base + "_test.lua", test);
  print_text(fmt::format("edit it, then: vllm-wizard check {}\n", base + ".lua"));
  if (arguments.has("dir")) print_text(fmt::format("use it with: --script-dir {}\n", root));
  return exit_ok;
}

}  // namespace vw::cli

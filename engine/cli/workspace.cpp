#include "cli/workspace.hpp"

#include "base/text.hpp"
#include "cli/terminal.hpp"
#include "facts/efficiency.hpp"
#include "facts/gpu.hpp"
#include "native/loader.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

namespace vw::cli {
namespace {

std::string folder_of_binary() {
  std::error_code error;
  const std::filesystem::path binary = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? std::string(".") : binary.parent_path().string();
}

// In a build folder everything lies beside the binary; installed it lies in share/ and lib/.
void add_installed(SearchPath& path, const Files& files) {
  const std::string beside = folder_of_binary();
  const bool is_build = files.is_folder(beside + "/plugins") && files.is_folder(beside + "/scripts");
  const std::string data = is_build ? beside : beside + "/" VW_INSTALL_DATA_DIR;
  const std::string plugins = is_build ? beside + "/plugins" : beside + "/" VW_INSTALL_PLUGIN_DIR;
  const auto installed = Origin::Rank::installed;
  path.scripts.push_back({installed, data + "/scripts"});
  path.compiled_scripts = data + "/compiled-scripts";
  path.gpu_db.push_back({installed, data + "/gpu-db"});
  path.plugins.push_back({installed, plugins});
}

void add_user(SearchPath& path) {
  std::vector<std::string> roots;
  if (const std::string own = user_folder(); !own.empty()) roots.push_back(own);
  for (const std::string& root : split(environment("VLLM_WIZARD_PATH"), ':'))
    if (!root.empty()) roots.push_back(root);
  for (const std::string& root : roots) {
    path.scripts.push_back({Origin::Rank::user, root + "/scripts"});
    path.gpu_db.push_back({Origin::Rank::user, root + "/gpu-db"});
    path.plugins.push_back({Origin::Rank::user, root + "/plugins"});
  }
}

void add_given(const Arguments& arguments, const char* option, std::vector<SearchFolder>& folders, const Files& files) {
  for (const std::string& folder : arguments.texts(option)) {
    if (!files.is_folder(folder))
      throw Error("--" + std::string(option), quote(folder) + " is no folder, expected one that exists");
    folders.push_back({Origin::Rank::given, folder});
  }
}

}  // namespace

std::string user_folder() {
  const std::string config = environment("XDG_CONFIG_HOME");
  if (!config.empty()) return config + "/vllm-wizard";
  const std::string home = environment("HOME");
  return home.empty() ? "" : home + "/.config/vllm-wizard";
}

std::string own_folder(const std::string& command, const std::string& elsewhere) {
  const std::string folder = user_folder();
  if (folder.empty())
    throw Error(command, "there is no home to write into, expected HOME or XDG_CONFIG_HOME", elsewhere);
  return folder;
}

SearchPath find_search_path(const Arguments& arguments, const Files& files) {
  SearchPath path;
  add_installed(path, files);
  add_user(path);
  add_given(arguments, "script-dir", path.scripts, files);
  add_given(arguments, "plugin-dir", path.plugins, files);
  add_given(arguments, "gpu-db", path.gpu_db, files);
  return path;
}

Workspace::Workspace(const Arguments& arguments)
    : files_(disk_files()), search_path_(find_search_path(arguments, files_)), catalog_(std::make_unique<Catalog>()) {
  host_.files = &files_;
  host_.catalog = catalog_.get();
  host_.compiled_folder = search_path_.compiled_scripts;
  if (arguments.has("verbose")) host_.log = [](const std::string& line) { fmt::print(stderr, "{}\n", line); };
  for (const SearchFolder& folder : search_path_.scripts)
    lua::index_scripts(folder.path, folder.rank, host_, *catalog_);
  for (const SearchFolder& folder : search_path_.gpu_db) {
    index_gpu_db(folder.path, folder.rank, files_, *catalog_);
    index_efficiency(folder.path, folder.rank, files_, *catalog_);
  }
  for (const SearchFolder& folder : search_path_.plugins) native::index_plugins(folder.path, folder.rank, *catalog_);
  catalog_->seal();
  catalog_->show_progress(progress_for(arguments));
}

const Defaults& Workspace::defaults() const {
  if (!defaults_) defaults_ = std::make_unique<Defaults>(read_defaults(*catalog_));
  return *defaults_;
}

void Workspace::warn_of_refusals(const Arguments& arguments, const Error* cause) const {
  std::vector<std::string> fresh;
  for (const std::string& refusal : catalog_->refusals()) {
    const std::string reason = refusal.substr(0, refusal.find(" (hint: "));
    const bool is_cause = cause != nullptr && std::string_view(cause->what()).find(reason) != std::string_view::npos;
    if (!is_cause && told_.insert(refusal).second) fresh.push_back(refusal);
  }
  print_warnings(arguments, fresh);
}

int with_workspace(const Arguments& arguments, int (*command)(const Workspace&, const Arguments&)) {
  const Workspace workspace(arguments);
  try {
    return command(workspace, arguments);
  } catch (const Error& error) {
    workspace.warn_of_refusals(arguments, &error);
    throw;
  }
}

}  // namespace vw::cli

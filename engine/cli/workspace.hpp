// cli: what this run has to work with: search folders, the catalog filled from them, the defaults.
#pragma once

#include "base/files.hpp"
#include "cli/arguments.hpp"
#include "facts/defaults.hpp"
#include "lua/scripts.hpp"
#include "parts/catalog.hpp"
#include "parts/origins.hpp"

#include <memory>
#include <set>
#include <string>
#include <vector>

namespace vw::cli {

struct SearchPath {
  std::vector<SearchFolder> scripts, plugins, gpu_db;  // weakest first
  std::string compiled_scripts;                        // the build's, beside the installed scripts
};

// Installed folders beside the binary, the user's ($XDG_CONFIG_HOME/vllm-wizard, VLLM_WIZARD_PATH), those of the
// command line. Never the current directory. Throws vw::Error when a folder that was asked for is missing.
SearchPath find_search_path(const Arguments& arguments, const Files& files);

// The user's own folder, "$XDG_CONFIG_HOME/vllm-wizard" or "~/.config/vllm-wizard"; empty without a home.
std::string user_folder();
// The same to write into. Throws vw::Error without a home; `elsewhere` is the hint.
std::string own_folder(const std::string& command, const std::string& elsewhere);

class Workspace {
 public:
  explicit Workspace(const Arguments& arguments);
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;

  const Catalog& catalog() const noexcept { return *catalog_; }
  const Files& files() const noexcept { return files_; }
  const lua::Host& host() const noexcept { return host_; }
  const SearchPath& search_path() const noexcept { return search_path_; }
  const Defaults& defaults() const;
  // Warns of what was refused so far, each refusal once, `cause` not: that is told as the error. Nothing with --quiet.
  void warn_of_refusals(const Arguments& arguments, const Error* cause = nullptr) const;

 private:
  const Files& files_;
  SearchPath search_path_;
  std::unique_ptr<Catalog> catalog_;
  lua::Host host_;
  mutable std::unique_ptr<Defaults> defaults_;
  mutable std::set<std::string> told_;
};

// Runs a command in a new workspace. When it ends in an error, what was refused is told first: it may be the reason.
int with_workspace(const Arguments& arguments, int (*command)(const Workspace&, const Arguments&));

}  // namespace vw::cli

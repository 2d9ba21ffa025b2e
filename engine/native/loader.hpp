// native: plugins. The only room that includes <dlfcn.h>. Opens shared objects, checks their border, hands their parts
// to the catalog; every way to be wrong has its own message.
#pragma once

#include "parts/catalog.hpp"

#include <string>
#include <vector>

namespace vw::native {

// Opens one shared object and returns its parts. Throws vw::Error with one of the distinct refusals:
// cannot be opened (dlerror), no vw_plugin_main, another ABI ("roofline.so: built for plugin ABI 2.0; this
// vllm-wizard speaks 1.0; rebuild it"), null name, no parts, malformed part (null or non-kebab id, unknown kind is a
// note, hot kind without evaluate, cold kind without ask, no close with open), duplicate id in one plugin.
// `notes` collects what was skipped without refusing the plugin (unknown kind or revision). Nothing is ever unloaded.
std::vector<Part> load_plugin(const std::string& path, Origin::Rank rank, std::vector<std::string>& notes);

// Indexes a plugin folder. A shared object in a sub-folder named for a kind (see kind_folders: memory, perf, sources,
// detectors, renderers, families) is opened when a part of that kind with the file's name is asked for; its file name
// is the id of its one part. One lying flat is opened at once, may hold many parts, and its parts carry their own ids.
// A missing folder is empty. Never throws for a broken plugin: it is recorded as refused, notes included. A shared
// object in a sub-folder of another name is refused, too, since it would never be found.
void index_plugins(const std::string& folder, Origin::Rank rank, Catalog& catalog);

}  // namespace vw::native

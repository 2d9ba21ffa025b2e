// model-folder: what the Hugging Face Hub and its own Python client call models, revisions and folders.
#pragma once

#include <string>

namespace vw::checkpoint {

// A variable of the environment; "" when it is not set.
std::string environment(const char* name);
// "~/x" -> "/home/me/x"; everything else is left alone, and all of it when HOME is not set.
std::string expanded(const std::string& path);

// HF_HOME, else XDG_CACHE_HOME/huggingface, else ~/.cache/huggingface. Empty when not even HOME is set.
std::string huggingface_home();

// "org/name", or "name" alone (gpt2), as the Hub allows them. Such an id never climbs out of a folder.
bool is_hub_id(const std::string& id);
// "models--org--name"; empty when the id is none.
std::string hub_folder(const std::string& id);
// A branch, tag, pull request (refs/pr/1) or commit.
bool is_hub_revision(const std::string& text);

}  // namespace vw::checkpoint

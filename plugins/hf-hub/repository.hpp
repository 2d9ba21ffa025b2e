// hf-hub: a model's repository: how it is named, which commit is meant, which files that commit holds.
#pragma once

#include "complaints.hpp"
#include "listing.hpp"
#include "store.hpp"

#include <optional>
#include <string>

namespace vw::hub {

// What `--model` names.
struct ModelName {
  std::string id;            // "org/name"
  std::string file;          // "org/name/model-Q4_K_M.gguf": the last part; else empty
  std::string quantization;  // "org/name:Q4_K_M": what follows the colon; else empty
};
// Empty when the text can be no model of the Hub.
std::optional<ModelName> parse_model_name(const std::string& text);

// A commit and what it holds; or why it could not be found out; or nothing: there is no such model.
struct Lookup {
  std::optional<Listing> listing = {};
  std::optional<Complaint> unanswered = {};
  std::string note = {};   // worth saying beside an answer
  bool may_fetch = false;  // the files can be asked for, too
};

// Asks the Hub, or the store when that is enough, the only choice (`transfers` is null: offline) or all there is
// because the Hub does not answer. Throws checkpoint::Failure when the model is there but the revision is not, or when
// it may not be read.
Lookup look_up(const std::string& id, const std::string& revision, const Access& access, const Store& store,
               Transfers* transfers);

}  // namespace vw::hub

// hf-hub: a metadata source that asks the Hugging Face Hub, for configurations and headers only, never for weights.
#include "hub_files.hpp"
#include "model-folder/files.hpp"
#include "model-folder/gguf.hpp"
#include "model-folder/hub_names.hpp"
#include "model-folder/model_folder.hpp"
#include "plugin.hpp"
#include "repository.hpp"

#include <algorithm>
#include <cctype>
#include <set>

namespace {

using vw::checkpoint::Failure;
using vw::checkpoint::Json;
using vw::checkpoint::text_or_empty;
using namespace vw::hub;

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::toupper(c); });
  return text;
}

// "Q4_K_M" in "model-Q4_K_M-00001-of-00002.gguf", and not in "model-Q4_K_M_L.gguf".
bool is_of_quantization(const std::string& name, const std::string& quantization) {
  const auto text = upper(name), wanted = upper(quantization);
  const auto is_word = [&](std::size_t at) {
    return at < text.size() && (std::isalnum(static_cast<unsigned char>(text[at])) != 0 || text[at] == '_');
  };
  for (auto at = text.find(wanted); at != std::string::npos; at = text.find(wanted, at + 1))
    if ((at == 0 || !is_word(at - 1)) && !is_word(at + wanted.size())) return true;
  return false;
}

// The GGUF models of a repository in all of its folders, as paths.
std::vector<std::string> all_gguf_models(HubFiles& files, const std::string& id, const Listing& listing) {
  std::set<std::string> folders;
  for (const auto& [name, size] : listing.files)
    if (name.ends_with(".gguf")) folders.insert(vw::checkpoint::folder_of(id + "/" + name));
  std::vector<std::string> paths;
  for (const auto& folder : folders)
    for (const auto& name : vw::checkpoint::gguf_models(files, folder)) paths.push_back(folder + "/" + name);
  return paths;
}

std::string some_of(const std::vector<std::string>& paths) {
  constexpr std::size_t most_shown = 6;
  std::string text;
  for (std::size_t i = 0; i < std::min(paths.size(), most_shown); ++i) text += (i > 0 ? ", " : "") + paths[i];
  return text + (paths.size() > most_shown ? " ..." : "");
}

std::string chosen_gguf(HubFiles& files, const ModelName& name, const Listing& listing) {
  const auto all = all_gguf_models(files, name.id, listing);
  if (all.empty())
    throw Failure("'" + name.id + "'", "holds no GGUF files, expected some for ':" + name.quantization + "'");
  std::vector<std::string> matching = all;
  std::erase_if(matching, [&](const std::string& path) {
    return !is_of_quantization(path.substr(name.id.size() + 1), name.quantization);
  });
  if (matching.size() == 1) return matching.front();
  throw Failure("'" + name.id + "'",
                (matching.empty() ? "no GGUF file is of " : std::to_string(matching.size()) + " GGUF files are of ") +
                    vw::checkpoint::shown(name.quantization) + ", expected one of them\nhint: name one of " +
                    some_of(matching.empty() ? all : matching));
}

Json read_record(HubFiles& files, const ModelName& name, const Listing& listing) {
  if (!name.quantization.empty()) return vw::checkpoint::read_model_file(files, chosen_gguf(files, name, listing));
  if (!name.file.empty()) {
    const auto path = name.id + "/" + name.file;
    if (files.is_file(path)) return vw::checkpoint::read_model_file(files, path);
    throw Failure("'" + name.id + "'",
                  "has no file " + vw::checkpoint::shown(name.file) + ", expected one of its files");
  }
  if (vw::checkpoint::has_config(files, name.id)) return vw::checkpoint::read_model_folder(files, name.id);
  const auto models = all_gguf_models(files, name.id, listing);
  if (models.size() == 1) return vw::checkpoint::read_model_file(files, models.front());
  if (models.empty()) throw Failure("'" + name.id + "'", "holds neither config.json nor a GGUF file, expected a model");
  throw Failure("'" + name.id + "'", "holds " + std::to_string(models.size()) +
                                         " GGUF models, expected the name of one\nhint: name one of " +
                                         some_of(models) + ", or a quantization like " + name.id + ":Q4_K_M");
}

class Hub {
 public:
  explicit Hub(std::string_view settings) : patience_(vw::http::read_patience(Json::parse(settings), {})) {}

  void watch(vw_sink progress) noexcept { progress_ = progress; }

  std::string ask(std::string_view request_text) const {
    const auto request = Json::parse(request_text);
    if (text_or_empty(request, "verb") != "describe") return "null";
    const auto offline = request.find("offline");
    const bool is_offline = is_offline_here() || (offline != request.end() && *offline == true);
    const auto name = parse_model_name(text_or_empty(request, "model"));
    const auto revision = text_or_empty(request, "revision");
    if (!name) return "null";
    const auto record = describe(*name, revision.empty() ? "main" : revision, is_offline);
    return record.dump(-1, ' ', false, Json::error_handler_t::replace);
  }

 private:
  Json describe(const ModelName& name, const std::string& revision, bool is_offline) const {
    if (!vw::checkpoint::is_hub_revision(revision)) throw bad_revision(revision);
    const auto access = read_access();
    const auto root = store_folder();
    const Store store(
        root.empty() ? "" : root + "/" + escaped_segment(access.host) + "/" + vw::checkpoint::hub_folder(name.id));
    const auto caller = caller_of(access);
    Transfers transfers(caller, patience_);
    if (!is_offline) vw::write(progress_, access.host + ": asking for " + name.id);
    const auto found = look_up(name.id, revision, access, store, is_offline ? nullptr : &transfers);
    if (!found.listing) return found.unanswered ? unanswered(*found.unanswered, access) : Json();
    HubFiles files(name.id, *found.listing, access, store, found.may_fetch ? &transfers : nullptr,
                   [&](const std::string& text) { vw::write(progress_, access.host + ": " + text); });
    try {
      auto record = read_record(files, name, *found.listing);
      files.keep();
      complete(record, name, found, access);
      return record;
    } catch (const NotStored&) {
      return found.unanswered ? unanswered(*found.unanswered, access) : Json();
    }
  }

  static Failure bad_revision(const std::string& revision) {
    return {"--revision", vw::checkpoint::shown(revision) + " is none, expected a branch, a tag or a commit"};
  }

  static Json unanswered(const Complaint& complaint, const Access& access) {
    return {{"unanswered", access.host + ": " + complaint.what}, {"hint", complaint.hint}};
  }

  static void complete(Json& record, const ModelName& name, const Lookup& found, const Access& access) {
    record["id"] = name.id + (name.quantization.empty() ? "" : ":" + name.quantization) +
                   (name.file.empty() ? "" : "/" + name.file);
    record["source"] = "hf-hub";
    record["revision"] = found.listing->commit;
    record["location"] = access.endpoint + "/" + name.id + "/tree/" + found.listing->commit;
    if (!found.note.empty()) record["notes"].push_back(found.note);
  }

  Patience patience_;
  vw_sink progress_{};
};

constexpr vw_part hub =
    vw::asking_part<Hub>::make(VW_KIND_METADATA_SOURCE, "hf-hub", "models of the Hugging Face Hub, over the network");

}  // namespace

VW_PLUGIN("hf-hub", "0.1.0", &hub)

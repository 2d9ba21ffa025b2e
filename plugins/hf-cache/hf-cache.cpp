// hf-cache: a metadata source that finds models in the cache of huggingface_hub, where vLLM puts what it downloads.
#include "cache.hpp"
#include "model-folder/model_folder.hpp"
#include "plugin.hpp"

#include <algorithm>
#include <string>

namespace {

using vw::checkpoint::Json;
using vw::checkpoint::text_or_empty;
using vw::hub_cache::Snapshot;

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  return text;
}

// What a listing shows; a broken config.json costs this row its details, not the listing.
Json listed(const Snapshot& snapshot) {
  Json row = {{"id", snapshot.id}, {"params", nullptr}, {"quantization", nullptr}, {"location", snapshot.folder}};
  try {
    const auto config = vw::checkpoint::read_config(vw::checkpoint::disk(), snapshot.folder + "/config.json");
    if (const auto quantization = config.find("quantization_config");
        quantization != config.end() && quantization->is_object())
      row["quantization"] = quantization->value("quant_method", Json());
  } catch (const std::exception& failure) {
    row["problem"] = failure.what();
  }
  return row;
}

// Near enough to be meant: the same name whatever its case or organisation, or a name that begins with it.
bool is_near(const std::string& id, const std::string& wanted) {
  const auto name = id.substr(id.rfind('/') + 1), wanted_name = wanted.substr(wanted.rfind('/') + 1);
  return !wanted_name.empty() && (name.starts_with(wanted_name) || wanted_name.starts_with(name));
}

class HubCache {
 public:
  explicit HubCache(std::string_view /*settings*/) {}

  std::string ask(std::string_view request_text) const {
    const auto request = Json::parse(request_text);
    const auto verb = text_or_empty(request, "verb");
    Json reply;
    if (verb == "describe") reply = describe(text_or_empty(request, "model"), text_or_empty(request, "revision"));
    if (verb == "list") reply = list(lower(text_or_empty(request, "filter")));
    if (verb == "suggest") reply = suggest(lower(text_or_empty(request, "model")));
    return reply.dump(-1, ' ', false, Json::error_handler_t::replace);
  }

 private:
  static Json describe(const std::string& model, const std::string& revision) {
    const auto snapshot = vw::hub_cache::find_snapshot(vw::hub_cache::cache_folder(), model, revision);
    if (!snapshot) return nullptr;
    auto record = vw::checkpoint::read_model_folder(vw::checkpoint::disk(), snapshot->folder);
    record["id"] = model;
    record["source"] = "hf-cache";
    record["revision"] = snapshot->commit;
    return record;
  }

  static Json list(const std::string& filter) {
    Json rows = Json::array();
    for (const auto& snapshot : vw::hub_cache::all_snapshots(vw::hub_cache::cache_folder()))
      if (lower(snapshot.id).find(filter) != std::string::npos) rows.push_back(listed(snapshot));
    return rows;
  }

  static Json suggest(const std::string& model) {
    Json ids = Json::array();
    for (const auto& snapshot : vw::hub_cache::all_snapshots(vw::hub_cache::cache_folder()))
      if (is_near(lower(snapshot.id), model)) ids.push_back(snapshot.id);
    return ids;
  }
};

constexpr vw_part hub_cache = vw::asking_part<HubCache>::make(
    VW_KIND_METADATA_SOURCE, "hf-cache", "models that the Hugging Face cache of this machine holds");

}  // namespace

VW_PLUGIN("hf-cache", "0.1.0", &hub_cache)

#include "cli/watched_server.hpp"

#include "base/text.hpp"
#include "facts/hardware.hpp"

#include <utility>

namespace vw::cli {
namespace {

constexpr double probe_timeout_s = 5, usage_timeout_s = 5;

Json families_of(const MetricNames& names) {
  Json families = Json::array();
  for (const auto& [key, known] : names)
    for (const std::string& name : known) families.push_back(name);
  return families;
}

std::string problem_of(const Detection& detection) {
  if (detection.status == Detection::Status::failed) return detection.tool + ": " + detection.message;
  if (detection.status == Detection::Status::no_gpu) return detection.tool + " lists no cards";
  return "no tool here lists cards (nvidia-smi, rocm-smi, amd-smi)";
}

}  // namespace

// The quick question, where the detector knows it.
bool CardMeter::read_usage(Look& look) {
  if (!detector_) return false;
  const std::string where = detector_->part().label();
  const Json reply = detector_->ask({{"verb", "usage"}, {"timeout_s", usage_timeout_s}});
  if (reply.is_null()) return false;
  const JsonReader reader(reply, where);
  if (reader.at("status").string() == "ok")
    look.cards = read_cards(reply, where);
  else
    look.cards_problem = reader.string_or("message", "the cards could not be read");
  return true;
}

void CardMeter::read(Look& look) {
  if (read_usage(look)) return;
  const Detection found = detect_gpus(workspace_.catalog(), workspace_.defaults().detectors, only_);
  if (found.status != Detection::Status::ok) {
    look.cards_problem = problem_of(found);
    return;
  }
  const auto part = workspace_.catalog().part(VW_KIND_GPU_DETECTOR, found.detector);
  only_ = found.detector;
  if (!detector_) detector_.emplace(part->open(Json::object()));
  if (!read_usage(look)) look.cards = read_cards(found.reply, part->label());
}

WatchedServer::WatchedServer(const Workspace& workspace, const Arguments& arguments, const WatchRules& rules,
                             std::string url)
    : probe_(
          workspace.catalog().part(VW_KIND_SERVER_PROBE, arguments.text("probe", rules.probe))->open(Json::object())),
      where_(probe_.part().label()),
      url_(std::move(url)),
      names_(metric_names(workspace.catalog())),
      cards_(workspace, arguments.text("detector")),
      is_detector_given_(arguments.has("detector")) {
  facts_.address = url_;
}

// Again after each time that it was away: it may be another server.
void WatchedServer::describe() {
  const Json reply = probe_.ask({{"verb", "describe"}, {"url", url_}, {"timeout_s", probe_timeout_s}});
  facts_.version = facts_.model = facts_.checkpoint = "";
  facts_.context_tokens.reset();
  is_described_ = true;
  if (reply.is_null()) return;
  const JsonReader reader(reply, where_);
  facts_.version = reader.string_or("version", "");
  if (!reader.has("models")) return;
  constexpr double most_tokens = 1e12;
  for (const JsonReader& model : reader.at("models").items()) {
    if (facts_.model.empty()) facts_.model = model.at("id").string();
    if (!model.has("max_model_len")) continue;  // an adapter
    facts_.model = model.at("id").string();
    facts_.checkpoint = model.string_or("root", "");
    facts_.context_tokens = model.at("max_model_len").number(1, most_tokens);
    return;
  }
}

Look WatchedServer::look(const std::string& model) {
  const Json reply =
      probe_.ask({{"verb", "probe"}, {"url", url_}, {"timeout_s", probe_timeout_s}, {"families", families_of(names_)}});
  Look look = read_look(reply, where_, names_, model);
  const JsonReader reader(reply, where_);
  facts_.address = reader.string_or("address", url_);
  is_local_ = reader.boolean_or("is_local", false);
  if (!look.has_server()) is_described_ = false;
  if (look.has_server() && !is_described_) describe();
  if (sees_cards())
    cards_.read(look);
  else
    look.cards_problem = "the server is on another machine: run watch there to see its cards";
  return look;
}

}  // namespace vw::cli

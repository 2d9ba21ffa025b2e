#include "search/lane.hpp"

#include <algorithm>

namespace vw {
namespace {

std::uint32_t index_of(std::vector<WeightChoice>& choices, WeightChoice wanted) {
  const auto same = std::find_if(choices.begin(), choices.end(), [&](const WeightChoice& choice) {
    return choice.format.id == wanted.format.id && choice.checkpoint == wanted.checkpoint && choice.flag == wanted.flag;
  });
  const auto index = static_cast<std::uint32_t>(same - choices.begin());
  if (same == choices.end())
    choices.push_back(std::move(wanted));
  else
    same->own = wanted.own;
  return index;
}

std::uint32_t index_of(std::vector<Format>& formats, Format wanted) {
  const auto same =
      std::find_if(formats.begin(), formats.end(), [&](const Format& format) { return format.id == wanted.id; });
  const auto index = static_cast<std::uint32_t>(same - formats.begin());
  if (same == formats.end()) formats.push_back(std::move(wanted));
  return index;
}

std::string kv_obstacle(const Scenario& scenario, const Format& format) {
  if (!knows_kv_format(scenario.release, format)) return "is not known to vLLM " + scenario.release.version;
  return format.kv_obstacle(scenario.hardware.gpu);
}

}  // namespace

const std::string& Lane::obstacle_of(const Place& place) const {
  if (!obstacle.empty()) return obstacle;
  const std::string& of_weights = weights[place.weights].obstacle;
  return of_weights.empty() ? kv[place.kv].obstacle : of_weights;
}

Lanes::Lanes(const Catalog& catalog, const Defaults& defaults, const Request& request, const Model& model,
             const Space& space)
    : catalog_(catalog),
      defaults_(defaults),
      request_(request),
      model_(model),
      space_(space),
      opened_(space.lanes().size()) {}

std::shared_ptr<const Lane> Lanes::open(std::size_t lane) const {
  const std::lock_guard lock(mutex_);
  if (auto opened = opened_[lane].lock()) return opened;
  auto made = std::make_shared<const Lane>(make(space_.lanes()[lane]));
  opened_[lane] = made;
  return made;
}

// What another checkpoint says of itself: the same for every card, so it is read once.
std::shared_ptr<const StoredModel> Lanes::describe(const WeightChoice& choice) const {
  const auto known = described_.find(choice.checkpoint);
  if (known != described_.end()) return known->second;
  Scenario asked;
  asked.weights = {choice};
  read_checkpoints(catalog_, defaults_, asked);
  return described_[choice.checkpoint] = asked.weights.front().own;
}

std::vector<Offered> Lanes::offer_weights(Scenario& scenario) const {
  std::vector<Offered> offered;
  for (const std::string& id : space_.axes().quantizations) {
    WeightChoice choice = weights_asked_for(catalog_, {scenario.model, scenario.dtype, id}, scenario.warnings);
    std::string obstacle = choice.format.obstacle(scenario.hardware.gpu);
    if (!choice.checkpoint.empty() && obstacle.empty()) choice.own = describe(choice);
    offered.push_back({id, index_of(scenario.weights, std::move(choice)), std::move(obstacle)});
  }
  return offered;
}

std::vector<Offered> Lanes::offer_kv(Scenario& scenario) const {
  std::vector<Offered> offered;
  for (const std::string& id : space_.axes().kv_cache_dtypes) {
    if (id == "auto") {
      offered.push_back({id, 0, ""});
      continue;
    }
    Format format = find_kv_format(catalog_, id);
    std::string obstacle = kv_obstacle(scenario, format);
    offered.push_back({id, index_of(scenario.kv_formats, std::move(format)), std::move(obstacle)});
  }
  return offered;
}

Lane Lanes::make(const LaneKey& key) const {
  Request request = request_;
  request.vllm_version = key.release;
  request.quantization = "none";
  request.kv_cache_dtype = "auto";
  Lane lane;
  lane.scenario = gather(catalog_, defaults_, request, {&model_, &key.hardware});
  if (!lane.scenario.obstacles.empty())
    lane.obstacle = lane.scenario.obstacles.front().what + " " + lane.scenario.obstacles.front().why;
  lane.smaller_kv = lane.scenario.smaller_kv();  // before the axes add formats that nobody offers here
  lane.weights = offer_weights(lane.scenario);
  lane.kv = offer_kv(lane.scenario);
  lane.price = key.price;
  return lane;
}

}  // namespace vw

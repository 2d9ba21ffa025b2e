#include "search/lane.hpp"

#include <algorithm>

namespace vw {
namespace {

template <class T, class Same>
std::uint32_t index_of(std::vector<T>& list, T wanted, Same is_same) {
  const auto known = std::find_if(list.begin(), list.end(), is_same);
  const auto index = static_cast<std::uint32_t>(known - list.begin());
  if (known == list.end()) list.push_back(std::move(wanted));
  return index;
}

std::uint32_t index_of(std::vector<WeightChoice>& choices, WeightChoice wanted) {
  const auto is_same = [id = wanted.format.id, checkpoint = wanted.checkpoint, flag = wanted.flag](const auto& choice) {
    return choice.format.id == id && choice.checkpoint == checkpoint && choice.flag == flag;
  };
  return index_of(choices, std::move(wanted), is_same);
}

std::uint32_t index_of(std::vector<Format>& formats, Format wanted) {
  const auto is_same = [id = wanted.id](const Format& format) { return format.id == id; };
  return index_of(formats, std::move(wanted), is_same);
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

// What another checkpoint says of itself.
std::shared_ptr<const StoredModel> Lanes::describe(const WeightChoice& choice) const {
  const auto known = described_.find(choice.checkpoint);
  if (known != described_.end()) return known->second;
  Scenario asked;
  asked.weights = {choice};
  read_checkpoints(catalog_, defaults_, asked);
  return described_[choice.checkpoint] = asked.weights.front().own;
}

const std::vector<WeightChoice>& Lanes::choices_for(Scenario& scenario) const {
  const auto known = choices_.find(scenario.dtype);
  if (known != choices_.end()) return known->second;
  std::vector<WeightChoice> choices;
  for (const std::string& id : space_.axes().quantizations) {
    choices.push_back(weights_asked_for(catalog_, {scenario.model, scenario.dtype, id}, scenario.warnings));
    if (!choices.back().checkpoint.empty()) choices.back().own = describe(choices.back());
  }
  return choices_.emplace(scenario.dtype, std::move(choices)).first->second;
}

// As stored, then what the axis asks for: the same list on every card, so that cards can share hot parts.
void Lanes::offer_weights(Lane& lane) const {
  Scenario& scenario = lane.scenario;
  scenario.weights.resize(1);
  const std::vector<WeightChoice>& choices = choices_for(scenario);
  for (std::size_t at = 0; at < choices.size(); ++at) {
    std::string obstacle = choices[at].format.obstacle(scenario.hardware.gpu);
    lane.weights.push_back(
        {space_.axes().quantizations[at], index_of(scenario.weights, choices[at]), std::move(obstacle)});
  }
}

// `auto`, what the axis asks for, and what `auto` may become: the same list on every card, too.
void Lanes::offer_kv(Lane& lane) const {
  Scenario& scenario = lane.scenario;
  const bool has_smaller = scenario.smaller_kv().has_value();
  scenario.kv_formats.resize(1);
  for (const std::string& id : space_.axes().kv_cache_dtypes) {
    if (id == "auto") {
      lane.kv.push_back({id, 0, ""});
      continue;
    }
    Format format = find_kv_format(catalog_, id);
    std::string obstacle = kv_obstacle(scenario, format);
    lane.kv.push_back({id, index_of(scenario.kv_formats, std::move(format)), std::move(obstacle)});
  }
  std::optional<Format> smaller = smaller_kv_format(catalog_);
  if (!smaller) return;
  const std::uint32_t index = index_of(scenario.kv_formats, std::move(*smaller));
  if (has_smaller) lane.smaller_kv = index;
}

const Release& Lanes::release_of(const LaneKey& key) const {
  const auto known = releases_.find(key.release);
  if (known != releases_.end()) return known->second;
  return releases_.emplace(key.release, find_release(catalog_, key.release)).first->second;
}

Lane Lanes::make(const LaneKey& key) const {
  Request request = request_;
  request.vllm_version = key.release;
  request.quantization = "none";
  request.kv_cache_dtype = "auto";
  Lane lane;
  lane.scenario = gather(catalog_, defaults_, request, {&model_, &key.hardware, &release_of(key)});
  if (!lane.scenario.obstacles.empty())
    lane.obstacle = lane.scenario.obstacles.front().what + " " + lane.scenario.obstacles.front().why;
  offer_weights(lane);
  offer_kv(lane);
  lane.price = key.price;
  return lane;
}

}  // namespace vw

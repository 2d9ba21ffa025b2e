#include "placed_tensors.hpp"

#include "engine-settings/json_fields.hpp"
#include "settings.hpp"

#include <algorithm>

namespace vllm_memory {

using namespace vw::settings;
namespace {

using Role = PlacedTensors::Role;

Role role_of(const std::string& name) {
  if (name == "mtp") return Role::predicting;
  return name == "tower" ? Role::tower : Role::target;
}

bool is_loaded(Role role, const Serving& serving, const StageRange& stage) {
  if (role == Role::predicting) return serving.speculative_method == "mtp" && stage.is_last;
  if (role == Role::tower) return !serving.language_model_only && stage.is_first;
  return true;
}

double layers_in_stage(const PlacedTensors::Unexplained& tensor, const StageRange& stage) {
  if (tensor.first < 0) return 1;
  if (tensor.role != Role::target) return tensor.last - tensor.first + 1;  // numbered by themselves
  const int first = std::max(tensor.first, stage.layers.first);
  const int past = std::min(tensor.last + 1, stage.layers.second);
  return std::max(0, past - first);
}

}  // namespace

PlacedTensors read_placed_tensors(const Json& json) {
  PlacedTensors tensors;
  tensors.count = number(json, "count");
  tensors.placed = number(json, "placed");
  tensors.is_exact = flag(json, "exact");
  for (const Json& row : member(json, "unexplained")) {
    PlacedTensors::Unexplained one;
    one.role = role_of(text(row, "role"));
    one.bytes = number(row, "bytes");
    if (const Json* const at = find(row, "at"); at != nullptr && at->size() == 2) {
      one.first = static_cast<int>(at->at(0).get<double>());
      one.last = static_cast<int>(at->at(1).get<double>());
    }
    tensors.unexplained.push_back(one);
  }
  return tensors;
}

double unexplained_bytes(const PlacedTensors& tensors, const Serving& serving, const StageRange& stage) {
  double bytes = 0;
  for (const PlacedTensors::Unexplained& tensor : tensors.unexplained)
    if (is_loaded(tensor.role, serving, stage)) bytes += tensor.bytes * layers_in_stage(tensor, stage);
  return bytes;
}

}  // namespace vllm_memory

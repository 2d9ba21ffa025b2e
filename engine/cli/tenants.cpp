#include "cli/tenants.hpp"

#include "base/text.hpp"
#include "base/units.hpp"
#include "plan/parallel.hpp"
#include "plan/utilization.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>

namespace vw::cli {
namespace {

Request request_of(const SharedGround& ground, const SharedModel& model) {
  Request request = ground.request;
  request.model = model.model;
  if (!model.quantization.empty()) request.quantization = model.quantization;
  if (!model.kv_cache_dtype.empty()) request.kv_cache_dtype = model.kv_cache_dtype;
  if (model.max_model_len) request.max_model_len = model.max_model_len;
  request.concurrency = model.concurrency.value_or(ground.concurrency.value_or(1));
  request.prompt_tokens = model.prompt_tokens.value_or(request.prompt_tokens);
  request.generated_tokens = model.generated_tokens.value_or(request.generated_tokens);
  request.gpu_memory_utilization.reset();
  return request;
}

// On cards of its own: as many as its tensor parallel size.
Tenant open(const SharedGround& ground, Request request, std::int64_t tensor, const SharedModel& model) {
  const Workspace& workspace = ground.workspace;
  Hardware hardware = ground.hardware;
  hardware.gpus_per_node = request.gpus.emplace(tensor);
  request.tensor_parallel = tensor;
  Scenario scenario = gather(workspace.catalog(), workspace.defaults(), request, {nullptr, &hardware, &ground.release});
  if (!scenario.weights.front().checkpoint.empty()) {
    scenario.weights.resize(scenario.running_weights + 1);  // the others are none of a set's
    read_checkpoints(workspace.catalog(), workspace.defaults(), scenario);
  }
  MemoryJudge memory(*hot_parts(workspace, request).memory, scenario);
  const std::optional<std::int64_t> asked = scenario.request.max_model_len;
  const std::int64_t longest = scenario.model.max_context_tokens;
  if (asked && *asked > longest)
    scenario.warnings.push_back(
        fmt::format("a context of {} is above the model's own maximum: planned with {}", *asked, longest));
  const auto context = asked ? std::optional(std::min(*asked, longest)) : std::nullopt;
  const auto load = model.concurrency ? model.concurrency : ground.concurrency;
  return {model.name, std::move(scenario), std::move(memory), context, load, model.share};
}

// Of the sizes that nobody chose, the smallest that holds what is asked for on empty cards.
Tenant open_on_fewest(const SharedGround& ground, const SharedModel& model) {
  const Request request = request_of(ground, model);
  const std::optional<std::int64_t> given =
      model.tensor_parallel ? model.tensor_parallel : ground.request.tensor_parallel;
  if (given) {
    Tenant tenant = open(ground, request, *given, model);
    choose_parallel(tenant.scenario);  // throws where it cannot be
    return tenant;
  }
  Tenant tenant = open(ground, request, 1, model);
  const std::int64_t most = ground.hardware.gpu.slice ? 1 : ground.hardware.gpus_per_node;
  for (std::int64_t tensor = 2; tensor <= most && !demand_of(tenant).least; tensor *= 2)
    if (can_split_heads(tenant.scenario.model, tensor)) tenant = open(ground, request, tensor, model);
  return tenant;
}

// "mistral-7b-v0-1-awq" of "TheBloke/Mistral-7B-v0.1-AWQ": a name for services of all kinds.
std::string service_name(std::string text) {
  constexpr std::size_t longest = 32;
  while (text.ends_with('/')) text.pop_back();
  text = lower(text.substr(text.rfind('/') == std::string::npos ? 0 : text.rfind('/') + 1));
  std::string name;
  for (const char letter : text) {
    const bool is_plain = (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
    if (is_plain) name += letter;
    if (!is_plain && !name.empty() && name.back() != '-') name += '-';
  }
  name.resize(std::min(name.size(), longest));
  while (name.ends_with('-')) name.pop_back();
  return name.empty() ? "model" : name;
}

void name_all(std::vector<SharedModel>& models) {
  std::set<std::string> taken;
  for (const SharedModel& model : models) {
    if (model.name.empty()) continue;
    if (service_name(model.name) != model.name)
      throw Error("--model", "name is " + quote(model.name) + ", expected one like " + quote(service_name(model.name)));
    if (!taken.insert(model.name).second)
      throw Error("--model", "two models have the name " + quote(model.name) + ", expected names of their own");
  }
  for (SharedModel& model : models) {
    if (!model.name.empty()) continue;
    const std::string plain = service_name(model.model);
    model.name = plain;
    for (int copy = 2; !taken.insert(model.name).second; ++copy) model.name = fmt::format("{}-{}", plain, copy);
  }
}

double most_utilization(const SharedGround& ground, const std::vector<Tenant>& tenants) {
  if (ground.request.gpu_memory_utilization) return *ground.request.gpu_memory_utilization;
  double most = 1;
  for (const Tenant& tenant : tenants)
    most = std::min(most, choose_utilization(tenant.scenario, tenant.memory.policy()));
  return most;
}

// Of loads that were given: how many requests there would be room for.
std::vector<std::int64_t> most_requests(PackedSet& set) {
  std::vector<std::int64_t> most(set.tenants.size(), 0);
  if (!set.packing.fits()) return most;
  std::vector<std::optional<std::int64_t>> given;
  for (Tenant& tenant : set.tenants) {
    given.push_back(tenant.concurrency);
    if (tenant.context_tokens) tenant.concurrency.reset();
  }
  const Packing filled = pack(set.tenants, set.node);
  for (std::size_t i = 0; i < set.tenants.size(); ++i) {
    set.tenants[i].concurrency = given[i];
    if (filled.fits()) most[i] = std::max(filled.seats[i].served.concurrency, set.packing.seats[i].most_sequences);
  }
  return most;
}

}  // namespace

PackedSet pack_set(const SharedGround& ground, std::vector<SharedModel> models) {
  PackedSet set;
  name_all(models);
  for (const SharedModel& model : models) {
    try {
      set.tenants.push_back(open_on_fewest(ground, model));
    } catch (const Error& error) {
      throw error.within("model " + quote(model.model));
    }
  }
  set.models = std::move(models);
  set.node = {static_cast<std::size_t>(ground.hardware.gpus_per_node), most_utilization(ground, set.tenants)};
  set.packing = pack(set.tenants, set.node);
  set.most_requests = most_requests(set);
  return set;
}

Planned plan_seat(const SharedGround& ground, const PackedSet& set, std::size_t at, const Arguments& arguments) {
  const Seat& seat = set.packing.seats[at];
  Scenario scenario = set.tenants[at].scenario;
  Request& request = scenario.request;
  request.max_model_len = seat.served.context_tokens;
  request.concurrency = seat.served.concurrency;
  request.max_num_seqs = static_cast<std::int64_t>(seat.candidate.max_sequences);
  request.max_num_batched_tokens = static_cast<std::int64_t>(seat.candidate.max_batched_tokens);
  request.solve_max_num_seqs = false;
  request.target_latency_ms.reset();  // bits are not given up for time here
  request.gpu_memory_utilization = ratio_of(seat.share);
  scenario.hardware.memory_used_mib += ratio_of(seat.before) * set.packing.total_bytes / bytes_per_mib;
  // the set was placed with its KV caches as asked for
  scenario.rules.kv_pressure_for_fp8 = std::numeric_limits<double>::infinity();
  const Request planned = request;
  return plan_scenario(ground.workspace, std::move(scenario), planned, arguments);
}

}  // namespace vw::cli

#include "watch/view_json.hpp"

namespace vw {
namespace {

Json number(const std::optional<double>& value) { return value ? Json(*value) : Json(); }
Json text(const std::string& value) { return value.empty() ? Json() : Json(value); }

Json latency_json(const Latency& latency) {
  constexpr std::array names = {"p50", "p90", "p99"};
  static_assert(names.size() == shown_quantiles.size());
  Json json = {{"observations", latency.requests},
               {"mean", number(latency.mean_ms)},
               {"since_start", latency.is_since_start},
               {"beyond_buckets", Json::array()}};
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto& quantile = latency.quantiles_ms[i];
    json[names[i]] = quantile ? Json(quantile->value) : Json();
    if (quantile && quantile->is_floor) json["beyond_buckets"].push_back(names[i]);
  }
  return json;
}

Json server_json(const View& view, const Look& look, const ServerFacts& facts) {
  Json server = {{"answers", view.has_server},
                 {"problem", text(look.problem)},
                 {"version", text(facts.version)},
                 {"model", text(facts.model)},
                 {"models", look.models},
                 {"max_model_len", number(facts.context_tokens)},
                 {"engines", view.engines},
                 {"restarts", view.restarts},
                 {"kv_cache_blocks", nullptr},
                 {"block_size", nullptr},
                 {"gpu_memory_utilization", nullptr},
                 {"kv_cache_dtype", nullptr}};
  if (look.caches.empty()) return server;
  const ServedCache& cache = look.caches.front();
  server["kv_cache_blocks"] = number(cache.blocks);
  server["block_size"] = number(cache.block_tokens);
  server["gpu_memory_utilization"] = number(cache.gpu_memory_utilization);
  server["kv_cache_dtype"] = text(cache.dtype);
  return server;
}

Json cards_json(const View& view) {
  Json cards = Json::array();
  for (const CardUse& card : view.cards) {
    Json growth;
    for (const Growth& grown : view.growth)
      if (grown.card == card.index) growth = {{"mib", grown.mib}, {"over_s", grown.over_s}};
    cards.push_back({{"index", card.index},
                     {"name", text(card.name)},
                     {"vram_mib", number(card.total_mib)},
                     {"vram_used_mib", number(card.used_mib)},
                     {"busy_ratio", number(card.busy_ratio)},
                     {"growth", std::move(growth)}});
  }
  return cards;
}

Json expected_json(const std::optional<Expected>& expected) {
  if (!expected) return nullptr;
  return {{"low", expected->low}, {"best", expected->best}, {"high", expected->high}};
}

Json plan_json(const PlannedServer* plan) {
  if (plan == nullptr) return nullptr;
  return {{"model", text(plan->model)},
          {"max_model_len", number(plan->context_tokens)},
          {"max_num_seqs", number(plan->sequences)},
          {"concurrency", number(plan->concurrency)},
          {"gpu_memory_utilization", number(plan->gpu_memory_utilization)},
          {"kv_cache_dtype", text(plan->kv_cache_dtype)},
          {"kv_cache_tokens", expected_json(plan->kv_cache_tokens)},
          {"vram_used_gib", expected_json(plan->used_gib)},
          {"ttft_ms", expected_json(plan->first_token_ms)},
          {"tpot_ms", expected_json(plan->token_ms)},
          {"latency_ms", expected_json(plan->request_ms)},
          {"output_tokens_per_s", expected_json(plan->generated_tokens_per_s)},
          {"requests_per_s", expected_json(plan->requests_per_s)}};
}

Json warnings_json(const std::vector<Warning>& warnings) {
  Json json = Json::array();
  for (const Warning& warning : warnings)
    json.push_back({{"id", warning.id}, {"what", warning.what}, {"advice", warning.advice}});
  return json;
}

}  // namespace

Json to_json(const View& view, const History& history, const ServerFacts& facts, const PlannedServer* plan) {
  const Look& look = history.latest();
  return {{"schema", "vllm-wizard/watch/1"},
          {"url", facts.address},
          {"server", server_json(view, look, facts)},
          {"samples", view.looks},
          {"unanswered", view.unanswered},
          {"window_s", view.window_s},
          {"requests",
           {{"running", number(view.running)},
            {"waiting", number(view.waiting)},
            {"finished_per_s", number(view.requests_per_s)},
            {"preemptions", number(view.preemptions)}}},
          {"tokens",
           {{"prompt_per_s", number(view.prompt_tokens_per_s)},
            {"generated_per_s", number(view.generated_tokens_per_s)},
            {"prefix_cache_hit_ratio", number(view.prefix_hit_share)}}},
          {"kv_cache", {{"used_ratio", number(view.cache_share)}, {"tokens", number(view.cache_tokens)}}},
          {"ttft_ms", latency_json(view.first_token)},
          {"tpot_ms", latency_json(view.token)},
          {"latency_ms", latency_json(view.whole_request)},
          {"queue_ms", latency_json(view.queue)},
          {"gpus", cards_json(view)},
          {"gpus_problem", text(look.cards_problem)},
          {"plan", plan_json(plan)},
          {"warnings", warnings_json(view.warnings)}};
}

}  // namespace vw

// watch: where a server leaves its plan, and what to do about it.
#include "base/text.hpp"
#include "base/units.hpp"
#include "watch/view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace vw {
namespace {

std::string percent(double share) { return fmt::format("{:.0f} %", share * 100); }
std::string count(double number) { return show_count(std::llround(number)); }
std::string gib(double mib) { return fmt::format("{:.1f} GiB", to_gib(from_mib(mib))); }

bool is_16_bit(const std::string& dtype) { return dtype.empty() || dtype == "auto" || dtype.find("16") != dtype.npos; }

// What makes room in a KV cache. vLLM's own list, docs.vllm.ai, configuration/optimization: "Preemption".
class Room {
 public:
  Room(const View& view, const History& history, const PlannedServer* plan, const WatchRules& rules)
      : view_(view), look_(history.latest()), plan_(plan), rules_(rules) {}

  std::vector<std::string> advice() const {
    std::vector<std::string> all;
    for (const std::string& one : {fewer_sequences(), smaller_cache(), more_memory()})
      if (!one.empty()) all.push_back(one);
    all.push_back(
        "cap what a request may take with a shorter --max-model-len, or spread the load: more cards "
        "(--tensor-parallel-size) or more servers, which vllm-wizard size counts");
    return all;
  }

 private:
  // As many as what runs now would take at the share that is still room.
  std::string fewer_sequences() const {
    const double running = view_.running.value_or(0), share = view_.cache_share.value_or(0);
    if (running < 2 || share <= rules_.kv_cache_share) return "";
    const double fits = std::max(1.0, std::floor(running * rules_.kv_cache_share / share));
    const std::string planned =
        plan_ != nullptr && plan_->sequences ? fmt::format(" (planned {})", count(*plan_->sequences)) : "";
    return fmt::format(
        "start it with --max-num-seqs {}{}: requests as long as these then leave room, and others wait "
        "instead of being computed twice",
        count(fits), planned);
  }

  std::string smaller_cache() const {
    const std::string dtype =
        look_.caches.empty() ? (plan_ == nullptr ? "" : plan_->kv_cache_dtype) : look_.caches.front().dtype;
    if (!is_16_bit(dtype)) return "";
    return "--kv-cache-dtype fp8 holds about twice as many tokens, where the card and the attention backend have it "
           "(vllm-wizard plan --kv-cache-dtype fp8 says)";
  }

  std::string more_memory() const {
    std::optional<double> share = plan_ == nullptr ? std::nullopt : plan_->gpu_memory_utilization;
    if (!look_.caches.empty() && look_.caches.front().gpu_memory_utilization)
      share = look_.caches.front().gpu_memory_utilization;
    const std::string now = share ? fmt::format(" (now {:.2f})", *share) : "";
    return fmt::format("raise --gpu-memory-utilization{} where the cards have memory left beside vLLM", now);
  }

  const View& view_;
  const Look& look_;
  const PlannedServer* plan_;
  const WatchRules& rules_;
};

std::optional<Warning> full_cache(const View& view, const History& history, const PlannedServer* plan,
                                  const WatchRules& rules) {
  if (!view.cache_share || *view.cache_share <= rules.kv_cache_share) return std::nullopt;
  return Warning{"kv-cache-full",
                 fmt::format("the KV cache is {} full, over {}: soon requests wait, or are preempted",
                             percent(*view.cache_share), percent(rules.kv_cache_share)),
                 Room(view, history, plan, rules).advice()};
}

// A preempted request loses its blocks and is computed again from its first token (RECOMPUTE, the only way of V1:
// vllm/v1/core/sched/scheduler.py).
std::string cost_of(const View& view) {
  const double running = view.running.value_or(0),
               engines = static_cast<double>(std::max<std::size_t>(view.engines, 1));
  if (!view.cache_tokens || !view.cache_share || running <= 0) return "";
  const double held = *view.cache_tokens * *view.cache_share * engines / running;
  return fmt::format(", about {} tokens by what requests hold now", count(held * *view.preemptions));
}

std::optional<Warning> preempted(const View& view, const History& history, const PlannedServer* plan,
                                 const WatchRules& rules) {
  if (view.preemptions.value_or(0) <= 0) return std::nullopt;
  return Warning{
      "preemptions",
      fmt::format("{} {} preempted within {:.0f} s: what they had is computed again{}", count(*view.preemptions),
                  *view.preemptions > 1.5 ? "requests were" : "request was", view.window_s, cost_of(view)),
      Room(view, history, plan, rules).advice()};
}

// Seconds up to now in which every look saw requests wait.
double waited_s(const History& history) {
  const auto& looks = history.window();
  double since_s = history.latest().at_s;
  for (auto look = looks.rbegin(); look != looks.rend() && look->total("waiting").value_or(0) > 0; ++look)
    since_s = look->at_s;
  return history.latest().at_s - since_s;
}

std::optional<Warning> queue(const View& view, const History& history, const PlannedServer* plan,
                             const WatchRules& rules) {
  const double seconds = waited_s(history);
  if (view.waiting.value_or(0) <= 0 || seconds < rules.waiting_s) return std::nullopt;
  Warning warning{"requests-wait",
                  fmt::format("requests have been waiting for {:.0f} s, {} of them now", seconds, count(*view.waiting)),
                  {}};
  const bool has_room = view.cache_share && *view.cache_share <= rules.kv_cache_share;
  const bool is_at_limit = plan != nullptr && plan->sequences && view.running.value_or(0) >= *plan->sequences;
  if (has_room && is_at_limit)
    warning.advice.push_back(fmt::format("all {} of --max-num-seqs run and the KV cache is {} full: raise it",
                                         count(*plan->sequences), percent(*view.cache_share)));
  if (has_room && !is_at_limit)
    warning.advice.push_back("the KV cache has room: raise --max-num-seqs or --max-num-batched-tokens");
  warning.advice.push_back("more comes than one server takes: add servers (vllm-wizard size)");
  return warning;
}

std::vector<std::string> restart_advice() {
  return {
      "restart the server in a quiet hour, and regularly while this goes on: what it holds comes back no other way",
      "look with nvidia-smi whether another process is what grows; give each its own card, or a lower "
      "--gpu-memory-utilization",
      "keep one long-lived server and send requests to it, rather than starting processes that load the model again"};
}

std::optional<Warning> growing(const View& view) {
  if (view.growth.empty()) return std::nullopt;
  const Growth& most = *std::max_element(view.growth.begin(), view.growth.end(),
                                         [](const Growth& a, const Growth& b) { return a.mib < b.mib; });
  return Warning{
      "memory-grows",
      fmt::format("memory in use on card {} grows steadily, by {:.0f} MiB in {:.0f} s; vLLM takes its memory at "
                  "the start",
                  most.card, most.mib, most.over_s),
      restart_advice()};
}

std::optional<Warning> beyond_memory(const View& view, const PlannedServer* plan, const WatchRules& rules) {
  if (plan == nullptr || !plan->used_gib) return std::nullopt;
  constexpr double mib_per_gib = 1024;
  const double most_mib = (plan->used_gib->high + rules.memory_slack_gib) * mib_per_gib;
  for (const CardUse& card : view.cards)
    if (card.used_mib && *card.used_mib > most_mib)
      return Warning{"memory-beyond-plan",
                     fmt::format("card {} has {} in use, planned were up to {:.1f} GiB", card.index,
                                 gib(*card.used_mib), plan->used_gib->high),
                     {"nvidia-smi names the processes on it; what others take, vLLM lacks at its next start",
                      "vllm-wizard calibrate LOG holds the server's own start-up against the plan"}};
  return std::nullopt;
}

std::optional<Warning> small_cache(const View& view, const PlannedServer* plan) {
  if (plan == nullptr || !plan->kv_cache_tokens || !view.cache_tokens) return std::nullopt;
  if (*view.cache_tokens >= plan->kv_cache_tokens->low) return std::nullopt;
  return Warning{"kv-cache-small",
                 fmt::format("the KV cache holds {} tokens, planned were {} to {}", count(*view.cache_tokens),
                             count(plan->kv_cache_tokens->low), count(plan->kv_cache_tokens->high)),
                 {"was it started with the planned flags, on an idle card of the planned kind?",
                  "vllm-wizard calibrate LOG holds the server's own start-up against the plan"}};
}

std::optional<Warning> slow(const char* id, const char* what, const Latency& latency,
                            const std::optional<Expected>& planned, const WatchRules& rules) {
  if (!planned || !latency.mean_ms || latency.is_since_start || latency.requests < rules.least_requests)
    return std::nullopt;
  if (*latency.mean_ms <= planned->high * rules.latency_factor) return std::nullopt;
  return Warning{id,
                 fmt::format("{} takes {:.4g} ms in the mean, planned were up to {:.4g} ms", what, *latency.mean_ms,
                             planned->high),
                 {"is more asked for than was planned: more requests at a time, longer prompts? Plan again with those",
                  "is the card shared, throttled, or another than planned? nvidia-smi -q -d PERFORMANCE says"}};
}

// A folder has whatever name its container gives it.
bool is_hub_id(const std::string& model) { return !model.empty() && model.find_first_of("/.~") != 0; }

// What the server was started with, where it is not what was planned.
std::optional<Warning> other_settings(const History& history, const ServerFacts& facts, const PlannedServer* plan) {
  if (plan == nullptr) return std::nullopt;
  std::vector<std::string> others;
  const auto compare = [&](const char* flag, std::optional<double> served, std::optional<double> planned,
                           int decimals) {
    if (served && planned && std::abs(*served - *planned) > 5e-4)
      others.push_back(fmt::format("{} {:.{}f} instead of {:.{}f}", flag, *served, decimals, *planned, decimals));
  };
  if (is_hub_id(facts.checkpoint) && is_hub_id(plan->model) && lower(facts.checkpoint) != lower(plan->model))
    others.push_back(fmt::format("{} instead of {}", printable(facts.checkpoint), plan->model));
  compare("--max-model-len", facts.context_tokens, plan->context_tokens, 0);
  const auto& caches = history.latest().caches;
  if (!caches.empty()) {
    compare("--gpu-memory-utilization", caches.front().gpu_memory_utilization, plan->gpu_memory_utilization, 3);
    const std::string& dtype = caches.front().dtype;
    if (!dtype.empty() && dtype != plan->kv_cache_dtype && !(is_16_bit(dtype) && is_16_bit(plan->kv_cache_dtype)))
      others.push_back(fmt::format("--kv-cache-dtype {} instead of {}", printable(dtype), plan->kv_cache_dtype));
  }
  if (others.empty()) return std::nullopt;
  return Warning{"other-settings",
                 "the server does not run as planned: " + join(others, ", "),
                 {"plan with what it runs with, or start it with the planned command (vllm-wizard plan prints it)"}};
}

}  // namespace

std::vector<Warning> warnings_of(const View& view, const History& history, const ServerFacts& facts,
                                 const PlannedServer* plan, const WatchRules& rules) {
  std::vector<Warning> warnings;
  const auto add = [&](std::optional<Warning> warning) {
    if (warning) warnings.push_back(std::move(*warning));
  };
  if (view.has_server) {
    add(full_cache(view, history, plan, rules));
    add(preempted(view, history, plan, rules));
    add(queue(view, history, plan, rules));
  }
  add(growing(view));
  add(beyond_memory(view, plan, rules));
  if (view.has_server && plan != nullptr) {
    add(small_cache(view, plan));
    add(slow("first-token-slow", "the first token", view.first_token, plan->first_token_ms, rules));
    add(slow("token-slow", "a token", view.token, plan->token_ms, rules));
    add(other_settings(history, facts, plan));
  }
  return warnings;
}

}  // namespace vw

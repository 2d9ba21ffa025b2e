#include "simulation.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <numeric>
#include <random>

namespace roofline {
namespace {

constexpr double resend_s = 2e-3;  // until a client that got its answer sends again
// Lengths of public benchmarks: 0.8 to 1 times the nominal ones. Equal ones would lock requests into step.
constexpr double length_spread = 0.1 / 0.9;
constexpr double most_joined_steps = 16;  // without a prompt, that are timed as one at their middle

// Distributions of the standard library differ between its implementations.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : bits_(seed) {}

  double share() { return static_cast<double>(bits_() >> 11) * 0x1p-53; }
  double around(double mean, double spread) { return mean * (1 + spread * (2 * share() - 1)); }
  double gap(double mean) { return -mean * std::log1p(-share()); }

 private:
  std::mt19937_64 bits_;
};

struct Request {
  double prompt_tokens = 0, output_tokens = 0;
  double sent_s = 0, visible_s = 0, first_s = 0;
  double computed_tokens = 0, generated_tokens = 0;
  double wanted_tokens = 0;      // to be computed before the next token: after an eviction, what was generated as well
  bool computed_before = false;  // its prompt, when this step began
  bool is_of_first_burst = false;  // of those that a closed loop begins with

  bool is_decoding() const { return computed_tokens >= wanted_tokens; }
  double cached_tokens() const { return is_decoding() ? prompt_tokens + generated_tokens : computed_tokens; }
};

class Scheduler {
 public:
  Scheduler(const Server& server, const Load& load, const Arrivals& arrivals)
      : server_(server), load_(load), arrivals_(arrivals), dice_(arrivals.seed) {
    const double mean_tokens = load.prompt_tokens + load.generated_tokens / 2;
    if (load.memory_sequences > 0) most_cached_tokens_ = std::max(load.memory_sequences, 1.0) * mean_tokens;
  }

  Replay run() {
    arrivals_.rate_per_s > 0 ? send_by_rate() : send_first_burst();
    while (answered_ < arrivals_.requests) {
      take_visible();
      make_room();
      const Work work = schedule();
      if (running_.empty())
        now_s_ = std::max(now_s_, coming_.front().visible_s);
      else
        advance(work);
    }
    return result();
  }

 private:
  // A prompt passes a front end that takes one at a time.
  void send(double when_s, bool is_of_first_burst) {
    Request request;
    request.prompt_tokens = std::max(1.0, std::round(dice_.around(load_.prompt_tokens, length_spread)));
    request.output_tokens = std::max(1.0, std::round(dice_.around(load_.generated_tokens, length_spread)));
    request.wanted_tokens = request.prompt_tokens;
    request.sent_s = when_s;
    request.is_of_first_burst = is_of_first_burst;
    front_free_s_ = std::max(front_free_s_, when_s) + server_.costs().prompt_token_s * request.prompt_tokens;
    request.visible_s = front_free_s_ + server_.costs().arrival_s;
    coming_.push_back(request);
    ++sent_;
  }

  void send_first_burst() {
    const double first = std::min(arrivals_.requests, std::max(1.0, std::round(load_.concurrency)));
    while (sent_ < first) send(0, true);
  }

  void send_by_rate() {
    const double together = std::max(1.0, arrivals_.burst_requests);
    double when_s = 0;
    while (sent_ < arrivals_.requests) {
      when_s += dice_.gap(together / arrivals_.rate_per_s);
      for (double at = 0; at < together && sent_ < arrivals_.requests; ++at) send(when_s, false);
    }
  }

  // Steps are scheduled ahead: what became visible a moment ago waits for the one after.
  void take_visible() {
    while (!coming_.empty() && (coming_.front().visible_s + lag_s_ <= now_s_ || running_.empty())) {
      if (coming_.front().visible_s > now_s_) return;
      waiting_.push_back(coming_.front());
      coming_.pop_front();
    }
  }

  double cached_tokens() const {
    return std::accumulate(running_.begin(), running_.end(), 0.0,
                           [](double sum, const Request& request) { return sum + request.cached_tokens(); });
  }

  // The newest loses its cache until the others have room for their next token. Then nobody is admitted until one is
  // done.
  void make_room() {
    if (most_cached_tokens_ <= 0) return;
    while (running_.size() > 1 && cached_tokens() + static_cast<double>(running_.size()) > most_cached_tokens_) {
      Request evicted = running_.back();
      evicted.wanted_tokens = evicted.prompt_tokens + evicted.generated_tokens;
      evicted.computed_tokens = 0;
      running_.pop_back();
      waiting_.push_front(evicted);
      ++evictions_;
      admits_ = false;
    }
  }

  bool has_room(double cached) const {
    if (waiting_.empty() || static_cast<double>(running_.size()) >= std::max(1.0, load_.most_sequences)) return false;
    return running_.empty() || most_cached_tokens_ <= 0 ||
           cached + waiting_.front().wanted_tokens <= most_cached_tokens_;
  }

  // The next piece of a prompt. The prefix that is cached is not computed.
  double take_chunk(Request& request, double budget) {
    if (request.computed_tokens == 0)
      request.computed_tokens =
          std::min(std::floor(server_.prefix_hit() * request.prompt_tokens), request.wanted_tokens - 1);
    const double tokens = std::min(budget, request.wanted_tokens - request.computed_tokens);
    if (tokens < 1) return 0;
    chunks_.push_back({tokens, request.computed_tokens});
    request.computed_tokens += tokens;
    if (request.is_decoding()) ++finishing_;
    return tokens;
  }

  // Running requests in the order of their admission, then waiting ones, while the budget of tokens lasts.
  Work schedule() {
    chunks_.clear();
    finishing_ = 0;
    Work work;
    work.rows_per_sequence = server_.rows_per_sequence();
    double budget = load_.batched_tokens, context = 0;
    for (Request& request : running_) {
      request.computed_before = request.is_decoding();
      if (!request.is_decoding()) {
        budget -= take_chunk(request, budget);
        continue;
      }
      budget -= work.rows_per_sequence;
      context += request.cached_tokens();
      ++work.sequences;
    }
    for (double cached = cached_tokens(); admits_ && budget >= 1 && has_room(cached);) {
      running_.push_back(waiting_.front());
      waiting_.pop_front();
      running_.back().computed_before = false;
      budget -= take_chunk(running_.back(), budget);
      cached += running_.back().wanted_tokens;
    }
    for (const Chunk& chunk : chunks_) work.prompt_tokens += chunk.tokens;
    work.chunks = chunks_;
    work.context_tokens = work.sequences > 0 ? context / work.sequences : 0;
    work.sampled = work.sequences * work.rows_per_sequence + finishing_;
    return work;
  }

  // Steps until something else than decoding happens.
  double joined_steps(double step_s) const {
    if (!chunks_.empty()) return 1;
    double steps = most_joined_steps;
    for (const Request& request : running_)
      steps =
          std::min(steps, std::ceil((request.output_tokens - request.generated_tokens) / server_.tokens_per_step()));
    if (!coming_.empty()) steps = std::min(steps, std::ceil((coming_.front().visible_s + lag_s_ - now_s_) / step_s));
    if (most_cached_tokens_ > 0)
      steps = std::min(steps, std::floor((most_cached_tokens_ - cached_tokens()) /
                                         (static_cast<double>(running_.size()) * server_.tokens_per_step())));
    return std::max(1.0, steps);
  }

  void advance(Work work) {
    double step_s = server_.step_s(work, finishing_, load_.is_eager);
    const double steps = joined_steps(step_s);
    if (steps > 1) {
      work.context_tokens += (steps - 1) / 2 * server_.tokens_per_step();
      step_s = server_.step_s(work, finishing_, load_.is_eager);
    }
    now_s_ += steps * step_s;
    lag_s_ = (server_.costs().wait_steps - 0.5) * step_s;
    for (Request& request : running_) give_tokens(request, steps);
    const auto is_done = [](const Request& request) { return request.generated_tokens >= request.output_tokens; };
    for (const Request& request : running_)
      if (is_done(request)) answer(request);
    running_.erase(std::remove_if(running_.begin(), running_.end(), is_done), running_.end());
  }

  void give_tokens(Request& request, double steps) {
    if (!request.is_decoding()) return;
    const bool was_prompt = !request.computed_before;
    request.generated_tokens += was_prompt ? 1 : steps * server_.tokens_per_step();
    if (request.first_s == 0) request.first_s = now_s_;
  }

  void answer(const Request& request) {
    ++answered_;
    admits_ = true;
    output_tokens_ += request.output_tokens;
    const double ttft_s = request.first_s + server_.costs().first_token_s - request.sent_s;
    if (request.is_of_first_burst) {
      burst_ttfts_s_.push_back(ttft_s);
    } else {
      ttfts_s_.push_back(ttft_s);
      latencies_s_.push_back(now_s_ + server_.costs().first_token_s - request.sent_s);
      if (request.output_tokens > 1) tpots_s_.push_back((now_s_ - request.first_s) / (request.output_tokens - 1));
    }
    if (arrivals_.rate_per_s <= 0 && sent_ < arrivals_.requests) send(now_s_ + dice_.around(resend_s, 0.5), false);
  }

  Replay result() const {
    Replay replay;
    replay.ttft_s = percentiles_of(ttfts_s_);
    replay.tpot_s = percentiles_of(tpots_s_);
    replay.latency_s = percentiles_of(latencies_s_);
    replay.burst_ttft_s = percentiles_of(burst_ttfts_s_).mean;
    replay.requests = static_cast<double>(ttfts_s_.size());
    replay.requests_per_s = answered_ / now_s_;
    replay.output_tokens_per_s = output_tokens_ / now_s_;
    replay.evictions = evictions_;
    return replay;
  }

  const Server& server_;
  const Load& load_;
  const Arrivals& arrivals_;
  Dice dice_;
  double most_cached_tokens_ = 0;  // 0: no limit is known
  std::deque<Request> coming_, waiting_;
  std::vector<Request> running_;
  std::vector<Chunk> chunks_;
  std::vector<double> ttfts_s_, burst_ttfts_s_, tpots_s_, latencies_s_;
  double now_s_ = 0, lag_s_ = 0, front_free_s_ = 0;
  double sent_ = 0, answered_ = 0, evictions_ = 0, output_tokens_ = 0;
  double finishing_ = 0;  // prompts whose last piece is in this step
  bool admits_ = true;
};

}  // namespace

Percentiles percentiles_of(std::vector<double> values) {
  if (values.empty()) return {};
  std::sort(values.begin(), values.end());
  const auto at = [&](double share) {
    const double place = share * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const std::size_t above = std::min(below + 1, values.size() - 1);
    return values[below] + (values[above] - values[below]) * (place - static_cast<double>(below));
  };
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  return {sum / static_cast<double>(values.size()), at(0.5), at(0.9), at(0.99)};
}

Replay replay(const Server& server, const Load& load, const Arrivals& arrivals) {
  return Scheduler(server, load, arrivals).run();
}

}  // namespace roofline

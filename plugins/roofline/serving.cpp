#include "serving.hpp"

#include <algorithm>
#include <cmath>

namespace roofline {
namespace {

constexpr double most_mixed_share = 0.95;

}  // namespace

double Drafting::yield() const {
  if (tokens <= 0) return 1;
  if (acceptance >= 1) return tokens + 1;
  return (1 - std::pow(acceptance, tokens + 1)) / (1 - acceptance);
}

// Every request brings its prompt and one token a step, and both have to fit the budget of tokens.
double Server::running(const Load& load, bool& is_limited_by_memory) const {
  const double steps = std::max(1.0, load.generated_tokens / drafting_.yield());
  const double computed = load.prompt_tokens * (1 - prefix_hit_);
  const double by_budget = load.batched_tokens * steps / (steps * (1 + drafting_.tokens) + computed);
  double running = std::min({load.concurrency, load.most_sequences, by_budget});
  is_limited_by_memory = load.memory_sequences > 0 && load.memory_sequences < running;
  if (is_limited_by_memory) running = load.memory_sequences;
  return std::max(1.0, running);
}

double Server::step_costs(double sequences) const {
  return layout_.pipeline * costs_.step_s + costs_.sequence_s * sequences + (layout_.pipeline - 1) * stage_hop_s_;
}

double Server::draft_s(double sequences, double context_tokens) const {
  if (drafting_.step == nullptr) return 0;
  return drafting_.tokens * drafting_.step->seconds({sequences, context_tokens, 1, 0, 0, sequences});
}

// The stages of a pipeline take turns: each works on its share of the sequences.
Work Server::work(const Serving& serving, double prompts) const {
  const double share = serving.running / layout_.pipeline, rows = 1 + drafting_.tokens;
  const double chunk = prompts * serving.chunk_tokens;
  return {share, serving.context_tokens, rows, chunk, serving.before_tokens, share * rows + prompts / serving.chunks};
}

double Server::decode_with(const Work& work, double operations_s, bool is_eager) const {
  const double eager_s = is_eager ? costs_.mixed_layer_s * step_.layers() : 0;
  return costs_.decode_factor * operations_s + draft_s(work.sequences, work.context_tokens) + eager_s +
         step_costs(work.sequences);
}

// It leaves the full CUDA graph: attention and what surrounds it are launched layer by layer.
double Server::mixed_with(const Work& work, double finishing, double operations_s) const {
  return costs_.mixed_factor * operations_s + draft_s(work.sequences, work.context_tokens) +
         costs_.mixed_layer_s * step_.layers() + step_costs(work.sequences + finishing);
}

double Server::mixed(const Serving& serving, double prompts) const {
  const Work mixed_work = work(serving, prompts);
  return mixed_with(mixed_work, prompts / serving.chunks, step_.seconds(mixed_work));
}

double Server::step_s(const Work& work, double finishing, bool is_eager) const {
  const double operations_s = step_.seconds(work);
  return work.prompt_tokens > 0 ? mixed_with(work, finishing, operations_s) : decode_with(work, operations_s, is_eager);
}

// Time per token and prompts that share a step depend on each other: solved by secants, as both are almost linear.
void Server::settle(const Load& load, Serving& serving) const {
  const double steps = std::max(1.0, load.generated_tokens / drafting_.yield());
  const double others = std::max(0.0, serving.running - costs_.own_prompts) / layout_.pipeline;
  // Others bring a prompt each while a user computes its own and decodes; what comes meanwhile, it decodes through.
  const auto own_s = [&](double mixed_s) { return costs_.own_prompts * serving.chunks * mixed_s; };
  const auto step_s = [&](double prompts, double mixed_s) {  // mean = decode + through x mean / (steps x mean + own)
    const double through_s = others * serving.chunks * (mixed_s - serving.decode_s) / prompts;
    const double b = own_s(mixed_s) - steps * serving.decode_s - through_s;
    return (std::sqrt(b * b + 4 * steps * serving.decode_s * own_s(mixed_s)) - b) / (2 * steps);
  };
  double prompts = 1, mixed_s = serving.mixed_s, mean_s = step_s(prompts, mixed_s);
  const auto wanted = [&] {
    return std::min(serving.most_prompts, 1 + serving.mixed_s * others / (steps * mean_s + own_s(mixed_s)));
  };
  double before = prompts, off_before = wanted() - prompts;
  prompts = wanted();
  constexpr int most_rounds = 12;
  for (int round = 0; round < most_rounds && std::abs(prompts - before) > 1e-7 * prompts; ++round) {
    mixed_s = mixed(serving, prompts);
    mean_s = step_s(prompts, mixed_s);
    const double off = wanted() - prompts, slope = (off - off_before) / (prompts - before);
    before = prompts;
    off_before = off;
    const double next = slope < 0 ? prompts - off / slope : prompts + off;
    prompts = std::clamp(next, 1.0, serving.most_prompts);
  }
  serving.prompts_per_mixed_step = prompts;
  serving.shared_mixed_s = mixed_s;
  serving.tpot_s = mean_s / drafting_.yield();
}

// Prompts that are computed one at a time, of a closed loop whose users decode in between: by the arrival theorem each
// sees the queue that the others make. Service is always as long, so half of it is left when one comes.
double Server::prompt_queue_s(const Serving& serving, double steps) const {
  const double users = serving.running / layout_.pipeline, others = (users - 1) / users;
  if (others <= 0) return 0;
  const double service_s = serving.chunks * serving.shared_mixed_s;
  const double decoding_s = steps * serving.tpot_s * drafting_.yield(), all_s = users * service_s;
  const double a = others * (decoding_s + service_s / 2), b = decoding_s + service_s + others * all_s;
  const double busy = std::min(most_mixed_share, (b - std::sqrt(b * b - 4 * a * all_s)) / (2 * a));
  return others * busy * service_s / 2 / (1 - others * busy);
}

void Server::answer(const Load& load, Serving& serving) const {
  const double steps = std::max(1.0, load.generated_tokens / drafting_.yield());
  const double gap_s = serving.tpot_s * drafting_.yield() * steps * layout_.pipeline / serving.running;
  const double mixed_s = serving.shared_mixed_s, chunks = serving.chunks;
  const double share = std::min(most_mixed_share, chunks * mixed_s / (serving.prompts_per_mixed_step * gap_s));
  serving.mixed_share = share;
  const double others = std::min(1.0, load.concurrency - 1);  // whose steps are in flight: a single user has none
  serving.wait_s = others * costs_.wait_steps * ((1 - share) * serving.decode_s + share * mixed_s);
  const bool has_queue = chunks > 1 || serving.most_prompts < costs_.queue_below_prompts;
  // The queue counts what is left of a step that carries a prompt.
  if (has_queue) serving.wait_s += prompt_queue_s(serving, steps) - others * share * mixed_s / 2;
  serving.arrival_s = costs_.arrival_s + costs_.prompt_token_s * load.prompt_tokens;
  const double waiting = load.concurrency / serving.running - 1;
  serving.queue_s = waiting > 0 ? waiting * serving.tpot_s * load.generated_tokens : 0;
  serving.ttft_s = serving.arrival_s + serving.wait_s + chunks * mixed_s + costs_.first_token_s + serving.queue_s;
  const double request_s = serving.ttft_s + serving.tpot_s * std::max(0.0, load.generated_tokens - 1);
  serving.requests_per_s = load.concurrency * load.replicas / request_s;
  serving.output_tokens_per_s = serving.requests_per_s * load.generated_tokens;
  serving.prefill_tokens_per_s = load.prompt_tokens / (chunks * serving.mixed_s);
}

Serving Server::serve(const Load& load) const {
  Serving serving;
  serving.tokens_per_step = drafting_.yield();
  serving.running = running(load, serving.is_limited_by_memory);
  serving.context_tokens = load.prompt_tokens + load.generated_tokens / 2;
  const double computed = load.prompt_tokens * (1 - prefix_hit_);
  const double left = std::max(1.0, load.batched_tokens - serving.running * (1 + drafting_.tokens));
  serving.chunks = std::max(1.0, std::ceil(computed / left));
  serving.chunk_tokens = computed / serving.chunks;
  serving.before_tokens = load.prompt_tokens * prefix_hit_ + computed * (serving.chunks - 1) / (2 * serving.chunks);
  serving.decode_parts = step_.time(work(serving, 0));
  serving.mixed_parts = step_.time(work(serving, 1));
  serving.floor = step_.floor(work(serving, 0));
  serving.decode_s = decode_with(work(serving, 0), serving.decode_parts.seconds, load.is_eager);
  serving.mixed_s = mixed_with(work(serving, 1), 1 / serving.chunks, serving.mixed_parts.seconds);
  serving.most_prompts = serving.chunks > 1 ? 1 : std::max(1.0, std::floor(left / std::max(1.0, computed)));
  settle(load, serving);
  answer(load, serving);
  return serving;
}

// All come at once, but the front end passes them on one by one: the first is computed alone, the others in full steps
// in which those before them decode.
double Server::burst_ttft(const Load& load, const Serving& serving) const {
  const double first = std::min(load.concurrency, serving.running), alone = std::min(first, costs_.burst_alone_prompts);
  const double decoding = costs_.burst_decoding_share * first;
  const double budget = std::max(load.prompt_tokens / 2, load.batched_tokens - decoding);
  const double batch = std::min(budget, std::max(1.0, load.concurrency - alone) * load.prompt_tokens);
  const Work full{decoding, load.prompt_tokens, 1, batch, serving.chunks > 1 ? load.prompt_tokens / 4 : 0, 1};
  const double full_s = costs_.mixed_factor * step_.seconds(full) + costs_.mixed_layer_s * step_.layers() +
                        costs_.step_s + costs_.sequence_s * decoding;
  const double more = std::max(0.0, ((first - alone) * load.prompt_tokens - budget) / (2 * load.prompt_tokens));
  const double others_s = full_s + more * full_s * load.prompt_tokens / batch;
  const double computing_s = alone * serving.chunks * serving.mixed_s + (first - alone) / first * others_s;
  const double passing_s = costs_.prompt_token_s * load.prompt_tokens * (first - 1) / 2;
  return serving.arrival_s + std::max(computing_s, passing_s) + costs_.first_token_s + serving.queue_s / 2;
}

double Server::benchmark_ttft(const Load& load, const Serving& serving, double* burst_s) const {
  const double burst = burst_ttft(load, serving);
  if (burst_s != nullptr) *burst_s = burst;
  constexpr double burst_share = 0.1;  // of ten requests a client the first
  return burst_share * burst + (1 - burst_share) * serving.ttft_s;
}

}  // namespace roofline

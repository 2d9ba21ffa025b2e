// Continuous batching in closed form: steps that only decode, steps that carry a chunk of a prompt as well, and what
// requests see of both.
#pragma once

#include "step.hpp"

#include "plugin.h"

#include <memory>

namespace roofline {

// What the server is asked to do, of one data-parallel replica.
struct Load {
  double concurrency = 1, prompt_tokens = 0, generated_tokens = 0;  // means
  double most_sequences = 1, batched_tokens = 0;                    // limits of one step
  double memory_sequences = 0;  // sequences of mean length that the KV cache holds; 0: not known, no limit
  double replicas = 1;
  bool is_eager = false;

  bool operator==(const Load&) const = default;
};

// A draft model or further prediction layers, run before each step.
struct Drafting {
  double tokens = 0, acceptance = 0;
  const Step* step = nullptr;  // null: costs no GPU time

  // Tokens that a step yields for each sequence.
  double yield() const;
};

struct Serving {
  double running = 1, context_tokens = 0;  // sequences that run at a time in a replica, their mean context
  double chunks = 1, chunk_tokens = 0, before_tokens = 0;  // of a prompt
  double prompts_per_mixed_step = 1, most_prompts = 1, mixed_share = 0;
  StepTime decode_parts, mixed_parts;
  double decode_s = 0, mixed_s = 0, shared_mixed_s = 0;  // a step without, with one, with that many prompts
  double tokens_per_step = 1;                            // of each sequence; more with accepted drafts
  double tpot_s = 0, wait_s = 0, queue_s = 0, arrival_s = 0, ttft_s = 0;
  double requests_per_s = 0, output_tokens_per_s = 0, prefill_tokens_per_s = 0;
  bool is_limited_by_memory = false;
  Floor floor;  // of a step that only decodes
};

class Server {
 public:
  Server(const Step& step, const Drafting& drafting, const Costs& costs, const Layout& layout, double stage_hop_s,
         double prefix_hit)
      : step_(step),
        drafting_(drafting),
        costs_(costs),
        layout_(layout),
        stage_hop_s_(stage_hop_s),
        prefix_hit_(prefix_hit) {}

  Serving serve(const Load& load) const;
  // One step as it comes: `finishing` prompts end in it.
  double step_s(const Work& work, double finishing, bool is_eager) const;
  double rows_per_sequence() const { return 1 + drafting_.tokens; }
  double tokens_per_step() const { return drafting_.yield(); }
  double prefix_hit() const { return prefix_hit_; }
  const Costs& costs() const { return costs_; }
  // Mean TTFT of a closed loop of ten times `concurrency` requests that begins with all of them at once, as public
  // benchmarks are run.
  double benchmark_ttft(const Load& load, const Serving& serving, double* burst_s = nullptr) const;

 private:
  double burst_ttft(const Load& load, const Serving& serving) const;
  double running(const Load& load, bool& is_limited_by_memory) const;
  Work work(const Serving& serving, double prompts) const;
  double decode_with(const Work& work, double operations_s, bool is_eager) const;
  double mixed(const Serving& serving, double prompts) const;
  double mixed_with(const Work& work, double finishing, double operations_s) const;
  double step_costs(double sequences) const;
  double draft_s(double sequences, double context_tokens) const;
  void settle(const Load& load, Serving& serving) const;
  double prompt_queue_s(const Serving& serving, double steps) const;
  void answer(const Load& load, Serving& serving) const;

  const Step& step_;
  Drafting drafting_;
  const Costs& costs_;
  Layout layout_;
  double stage_hop_s_, prefix_hit_;
};

}  // namespace roofline

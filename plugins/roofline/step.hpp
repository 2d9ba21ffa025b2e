// One step of the engine on one GPU: the operations of all layers of a layout, and how long they take.
#pragma once

#include "operations.hpp"
#include "settings.hpp"

#include <array>
#include <vector>

namespace roofline {

// How a model is spread over GPUs.
struct Layout {
  double tensor = 1, pipeline = 1, data = 1;
  bool experts_split = false;  // expert parallelism: whole experts on each rank
  double gpus_per_node = 1;
};

struct LayoutQuestion {
  const Settings& settings;
  const Model& model;
  const Gpu& gpu;
  const Format& format;
  const Format& kv_format;
  const Release& release;
  Layout layout;
};

// What a step works on.
struct Work {
  double sequences = 0, context_tokens = 0;     // that decode, and their mean context
  double rows_per_sequence = 1;                 // tokens of each that are computed: more than 1 when drafts are checked
  double prompt_tokens = 0, before_tokens = 0;  // a chunk of a prompt, and what of it was computed before
  double sampled = 0;                           // rows that get a next token
  std::span<const Chunk> chunks = {};           // of several prompts, in place of the one; prompt_tokens is their sum
};

struct StepTime {
  std::array<double, part_count> parts_s{};
  Causes causes;
  double seconds = 0;
};

// Where no record of a format was measured: what was taken for it.
struct Substitute {
  std::string format, taken;
};

// Prepared once for a layout.
class Step {
 public:
  explicit Step(const LayoutQuestion& question, bool is_draft = false);

  StepTime time(const Work& work) const;
  double seconds(const Work& work) const { return time(work).seconds; }
  // Weights and KV cache of decoding sequences read, products computed.
  Floor floor(const Work& work) const;
  double layers() const { return layers_; }
  const std::vector<Gemm>& gemms() const { return gemms_; }
  const std::vector<Substitute>& substitutes() const { return substitutes_; }

 private:
  void add_group(const LayoutQuestion& question, const Group& group);
  void add_matrices(const LayoutQuestion& question, const Group& group);
  void add_gemm(const LayoutQuestion& question, const Matrix& matrix, const Group* group, Part part, double count);
  void add_head(const LayoutQuestion& question);
  void add_attention(const LayoutQuestion& question, const Group& group);
  void add_latent(const LayoutQuestion& question, const Group& group);
  void add_state(const LayoutQuestion& question, const Group& group);
  void add_experts(const LayoutQuestion& question, const Group& group);
  void add_kernels(const LayoutQuestion& question, const Group& group);
  void add_exchanges(const LayoutQuestion& question, const Group& group);
  void exchange(const LayoutQuestion& question, std::vector<Exchange>& list, const char* operation, double gpus,
                double count, double token_bytes);
  void keep_on_host(const LayoutQuestion& question);
  void note_substitute(const std::string& format, const std::string& taken);

  double layers_ = 0;
  double host_factor_ = 0;  // of the time that reading all weights takes at the peak: what the host's share adds
  std::vector<Gemm> gemms_, head_;
  std::vector<Experts> experts_;
  std::vector<HeadAttention> attentions_;
  std::vector<LatentAttention> latents_;
  std::vector<StateUpdate> states_;
  std::vector<Exchange> reduces_, gathers_;
  Elementwise kernels_, sampler_;
  Exchange logits_;
  std::vector<Substitute> substitutes_;
};

// The share of a matrix that one rank holds.
struct Shape {
  double outputs = 0, inputs = 0;
};
Shape local_shape(const Matrix& matrix, const Group* group, double tensor);

// Part of the attention module that latent records time as a whole.
bool is_latent_projection(const Matrix& matrix);

// Bytes of an element of the KV cache: as asked for, as the checkpoint declares, else as the model computes.
double kv_element_bytes(const LayoutQuestion& question);

}  // namespace roofline

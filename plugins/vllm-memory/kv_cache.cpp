#include "kv_cache.hpp"

#include <algorithm>
#include <cmath>

namespace vllm_memory {
namespace {

// Layers that keep the same thing per token (or per sequence).
struct Bucket {
  KvGroup::Kind kind = KvGroup::Kind::full;
  double window_tokens = 0;
  double token_bytes = 0;  // of one layer on one rank; of state layers: the page
  std::vector<int> layers;
};

double heads_of_rank(double heads, double tensor) { return std::max(1.0, std::floor(heads / tensor)); }

// Sparse latent attention stores 656 bytes a token in fp8 and keeps a 132-byte index (width 128) in a layer of its own
// (vllm/v1/attention/backends/mla/indexer.py).
double latent_token_bytes(const Group& group, const KvElement& element) {
  constexpr double sparse_fp8_bytes = 656, scale_bytes = 4, scaled_elements = 128;
  const double indexer = group.has_indexer ? group.indexer_dim + scale_bytes * group.indexer_dim / scaled_elements : 0;
  if (group.has_indexer && element.is_fp8) return sparse_fp8_bytes + indexer;
  return (group.kv_rank + group.rope_dim) * element.bytes + indexer;
}

double token_bytes(const Group& group, const KvElement& element, double tensor) {
  if (group.attention == Attention::latent) return latent_token_bytes(group, element);
  const double heads = heads_of_rank(group.kv_heads, tensor);
  return heads * ((group.key_dim + group.value_dim) * element.bytes + 2 * element.bytes_per_head);
}

class BucketMaker {
 public:
  explicit BucketMaker(const KvQuestion& question)
      : question_(question), element_(kv_element(question.settings, question.release, question.kv_format)) {}

  std::vector<Bucket> make() {
    const Serving& serving = question_.settings.serving;
    for (const Group& group : question_.settings.model.groups)
      if (group.role == "target" || (group.role == "mtp" && serving.speculative_method == "mtp")) add(group);
    if (serving.draft != nullptr)
      for (const Group& group : serving.draft->groups) add(group);
    return std::move(buckets_);
  }

 private:
  void add(const Group& group) {
    if (group.attention != Attention::none && group.attention != Attention::shared) add_attention(group);
    if (group.state.kind == StateKind::none) return;
    Bucket& bucket =
        find(KvGroup::Kind::state, 0,
             state_page_bytes(group, question_.layout.tensor, question_.settings.serving.speculative_tokens));
    bucket.layers.insert(bucket.layers.end(), group.layers.begin(), group.layers.end());
  }

  void add_attention(const Group& group) {
    const bool keeps_windows =
        question_.settings.serving.hybrid_groups && question_.release.flag("hybrid_groups", true);
    KvGroup::Kind kind = KvGroup::Kind::full;
    if (group.attention == Attention::sliding && keeps_windows) kind = KvGroup::Kind::sliding;
    if (group.attention == Attention::chunked && keeps_windows) kind = KvGroup::Kind::chunked;
    if (group.attention == Attention::cross) kind = KvGroup::Kind::cross;
    const double window = kind == KvGroup::Kind::full ? 0 : group.window_tokens;
    Bucket& bucket = find(kind, window, token_bytes(group, element_, question_.layout.tensor));
    bucket.layers.insert(bucket.layers.end(), group.layers.begin(), group.layers.end());
  }

  Bucket& find(KvGroup::Kind kind, double window, double bytes) {
    for (Bucket& bucket : buckets_)
      if (bucket.kind == kind && bucket.window_tokens == window && bucket.token_bytes == bytes) return bucket;
    buckets_.push_back({kind, window, bytes, {}});
    return buckets_.back();
  }

  const KvQuestion& question_;
  KvElement element_;
  std::vector<Bucket> buckets_;
};

using Stages = std::vector<std::pair<int, int>>;

bool is_on(int layer, const Stages& stages, std::size_t stage) {
  const bool is_last = stage + 1 == stages.size();
  return layer >= stages[stage].first && (layer < stages[stage].second || is_last);
}

KvGroup group_of(const Bucket& bucket, double block_tokens, const KvQuestion& question) {
  KvGroup group;
  group.kind = bucket.kind;
  group.block_tokens = block_tokens;
  group.window_tokens = bucket.window_tokens;
  // vllm/v1/kv_cache_interface.py, MambaSpec: prefix caching keeps one state more
  const char* const mode = question.prefix_caching ? "state_blocks.align" : "state_blocks.none";
  group.blocks_per_state = question.release.number(mode, 1) + question.settings.serving.speculative_tokens;
  return group;
}

// All layers in one group: the block holds a page of each.
KvGeometry one_group(const std::vector<Bucket>& buckets, const Stages& stages, const KvQuestion& question) {
  KvGeometry geometry;
  geometry.block_tokens = question.block_tokens;
  geometry.block_bytes.assign(stages.size(), 0);
  for (const Bucket& bucket : buckets)
    for (const int layer : bucket.layers)
      for (std::size_t stage = 0; stage < stages.size(); ++stage)
        if (is_on(layer, stages, stage)) {
          geometry.block_bytes[stage] +=
              bucket.token_bytes * (bucket.kind == KvGroup::Kind::state ? 1 : question.block_tokens);
          break;
        }
  geometry.groups.push_back(group_of(buckets.front(), question.block_tokens, question));
  return geometry;
}

// Pages of all kinds are made equal: attention blocks grow until a page holds a state, smaller pages hold more tokens.
struct Pages {
  double bytes = 0;
  double block_tokens = 16;  // of the attention that needs most bytes a token
};

Pages equal_pages(const std::vector<Bucket>& buckets, const KvQuestion& question) {
  constexpr double kernel_block_tokens = 16;
  double most_token_bytes = 0, state_bytes = 0;
  for (const Bucket& bucket : buckets) {
    double& most = bucket.kind == KvGroup::Kind::state ? state_bytes : most_token_bytes;
    most = std::max(most, bucket.token_bytes);
  }
  const double step = std::max(kernel_block_tokens, question.block_tokens);
  if (most_token_bytes == 0) return {state_bytes, step};
  const double tokens = std::max(question.block_tokens, step * divide_up(state_bytes, step * most_token_bytes));
  return {tokens * most_token_bytes, state_bytes > 0 ? tokens : question.block_tokens};
}

double group_size_of(const std::vector<Bucket>& buckets, const Release& release) {
  std::size_t least = buckets.front().layers.size(), most = least;
  for (const Bucket& bucket : buckets) {
    least = std::min(least, bucket.layers.size());
    most = std::max(most, bucket.layers.size());
  }
  const double ratio = release.number("hybrid_group_ratio", 1);
  return static_cast<double>(most) < ratio * static_cast<double>(least) ? static_cast<double>(most)
                                                                        : static_cast<double>(least);
}

// The most layers that a group of this bucket has on each stage: layers are dealt to the groups in turn.
void raise_group_sizes(const Bucket& bucket, std::size_t group_count, const Stages& stages,
                       std::vector<double>& sizes) {
  for (std::size_t stage = 0; stage < stages.size(); ++stage) {
    std::vector<double> counts(group_count, 0);
    for (std::size_t i = 0; i < bucket.layers.size(); ++i)
      if (is_on(bucket.layers[i], stages, stage)) ++counts[i % group_count];
    sizes[stage] = std::max(sizes[stage], *std::max_element(counts.begin(), counts.end()));
  }
}

KvGeometry hybrid(const std::vector<Bucket>& buckets, const Stages& stages, const KvQuestion& question) {
  const Pages pages = equal_pages(buckets, question);
  const double group_size = group_size_of(buckets, question.release);
  KvGeometry geometry;
  geometry.block_tokens = pages.block_tokens;
  geometry.group_count = 0;
  std::vector<double> sizes(stages.size(), 0);
  for (const Bucket& bucket : buckets) {
    const double tokens =
        bucket.kind == KvGroup::Kind::state ? pages.block_tokens : std::floor(pages.bytes / bucket.token_bytes);
    KvGroup group = group_of(bucket, tokens, question);
    group.count = divide_up(static_cast<double>(bucket.layers.size()), group_size);
    geometry.group_count += group.count;
    geometry.groups.push_back(group);
    raise_group_sizes(bucket, static_cast<std::size_t>(group.count), stages, sizes);
  }
  for (const double size : sizes) geometry.block_bytes.push_back(pages.bytes * size);
  return geometry;
}

double blocks_of_group(const KvGroup& group, double tokens, double in_flight) {
  switch (group.kind) {
    case KvGroup::Kind::full:
    case KvGroup::Kind::cross:
      return divide_up(tokens, group.block_tokens);
    case KvGroup::Kind::sliding:
      return divide_up(std::min(group.window_tokens - 1 + in_flight, tokens), group.block_tokens) + 1;
    case KvGroup::Kind::chunked:
      return divide_up(std::min(group.window_tokens + in_flight, tokens), group.block_tokens);
    case KvGroup::Kind::state:
      break;
  }
  return group.blocks_per_state;
}

}  // namespace

KvElement kv_element(const Settings& settings, const Release& release, const Format& kv_format) {
  if (kv_format.has_kv)
    return {(kv_format.kv_bits + kv_format.kv_group_bits_per_element) / 8, kv_format.kv_bits_per_head / 8,
            kv_format.kv_bits == 8 && kv_format.kv_bits_per_head == 0};
  const bool declares_fp8 = settings.model.kv_cache_format.compare(0, 3, "fp8") == 0;
  if (declares_fp8 && release.flag("checkpoint_kv_cache_dtype")) return {1, 0, true};
  return {settings.model.dtype_bytes, 0, false};
}

double state_page_bytes(const Group& group, double tensor, double speculative_tokens) {
  const State& state = group.state;
  const double taps = state.kernel - 1;
  double conv = 0, recurrent = 0;
  switch (state.kind) {
    case StateKind::mamba1:
      conv = state.inner / tensor * taps;
      recurrent = state.inner / tensor * state.state_dim;
      break;
    case StateKind::mamba2: {
      const double groups = std::fmod(state.groups, tensor) == 0 ? state.groups : tensor;
      conv = (state.inner + 2 * groups * state.state_dim) / tensor * (taps + speculative_tokens);
      recurrent = state.heads / tensor * state.head_dim * state.state_dim;
      break;
    }
    case StateKind::gated_delta:
      conv = (2 * state.key_heads * state.key_dim + state.value_heads * state.value_dim) / tensor *
             (taps + speculative_tokens);
      recurrent = state.value_heads / tensor * state.value_dim * state.key_dim;
      break;
    case StateKind::kda:
      conv = (state.value_heads * state.value_dim + 2 * state.key_heads * state.key_dim) / tensor *
             (taps + speculative_tokens);
      recurrent = state.value_heads / tensor * state.value_dim * state.key_dim;
      break;
    case StateKind::linear:
      recurrent = state.heads / tensor * state.head_dim * state.head_dim;
      break;
    case StateKind::short_conv:
      conv = state.inner / tensor * taps;
      break;
    case StateKind::none:
      break;
  }
  return conv * state.conv_bytes + recurrent * (state.kind == StateKind::kda ? 4 : state.state_bytes);
}

double KvGeometry::largest_block_bytes() const {
  return block_bytes.empty() ? 0 : *std::max_element(block_bytes.begin(), block_bytes.end());
}

double KvGeometry::longest_if(bool is_long, double blocks, double in_flight) const {
  double growing = 0, fixed = 0, block = 0;
  for (const KvGroup& group : groups) {
    const bool is_full = group.kind == KvGroup::Kind::full || group.kind == KvGroup::Kind::cross;
    const bool is_state = group.kind == KvGroup::Kind::state;
    if (is_state || (is_long && !is_full)) {
      constexpr double endless = 1e15;
      fixed += group.count * blocks_of_group(group, endless, in_flight);
      continue;
    }
    growing += group.count;
    fixed += group.kind == KvGroup::Kind::sliding ? group.count : 0;
    block = std::max(block, group.block_tokens);
  }
  return growing > 0 && blocks > fixed ? std::floor((blocks - fixed) / growing) * block : 0;
}

double KvGeometry::blocks_of(double tokens, double in_flight) const {
  double blocks = 0;
  for (const KvGroup& group : groups) blocks += group.count * blocks_of_group(group, tokens, in_flight);
  return blocks;
}

double KvGeometry::longest(double blocks, double in_flight, double most_tokens) const {
  if (blocks_of(1, in_flight) > blocks) return 0;
  for (const bool is_long : {true, false}) {
    const double tokens = std::min(most_tokens, longest_if(is_long, blocks, in_flight));
    const bool is_longest = tokens >= 1 && blocks_of(tokens, in_flight) <= blocks &&
                            (tokens == most_tokens || blocks_of(tokens + 1, in_flight) > blocks);
    if (is_longest) return tokens;
  }
  if (blocks_of(most_tokens, in_flight) <= blocks) return most_tokens;
  double low = 1, high = most_tokens;  // low fits, high does not
  while (high - low > 1) {
    const double middle = std::floor((low + high) / 2);
    (blocks_of(middle, in_flight) <= blocks ? low : high) = middle;
  }
  return low;
}

double KvGeometry::bytes_per_token() const {
  double bytes = 0;
  for (const KvGroup& group : groups)
    if (group.kind == KvGroup::Kind::full) bytes += group.count * largest_block_bytes() / group.block_tokens;
  return bytes;
}

KvGeometry kv_geometry(const KvQuestion& question) {
  const std::vector<Bucket> buckets = BucketMaker(question).make();
  const Stages stages = stages_of(static_cast<int>(question.settings.model.layers),
                                  static_cast<int>(question.layout.pipeline), question.settings.serving.stage_layers);
  if (buckets.empty()) {
    KvGeometry nothing;
    nothing.block_bytes.assign(stages.size(), 0);
    return nothing;
  }
  const auto is_like_first = [&](const Bucket& bucket) {
    return bucket.kind == buckets.front().kind && bucket.window_tokens == buckets.front().window_tokens;
  };
  if (std::all_of(buckets.begin(), buckets.end(), is_like_first)) return one_group(buckets, stages, question);
  return hybrid(buckets, stages, question);
}

}  // namespace vllm_memory

// The encoder pass of the profile run: vllm/multimodal/encoder_budget.py, vllm/v1/core/encoder_cache_manager.py. Only
// the modality with the largest item is profiled, with as many items as the token budget holds, one at least.
#include "load.hpp"

#include <algorithm>
#include <cmath>

namespace vllm_memory {
namespace {

// The dummy item: what the budget counts, and what really is in memory.
struct Item {
  double budget_tokens = 0, real_tokens = 0, patches = 0;
};

double patches_of(const Tower& tower, double tokens) {
  const double side = tower.patch > 0 ? std::floor(tower.image / tower.patch) : 0;
  if (tower.profile == TowerProfile::plain && side > 0 && tower.merge <= 1) {
    const double per_image = side * side;
    return std::max(per_image, tokens);
  }
  return tokens * tower.merge * tower.merge;
}

// Qwen2-VL, Qwen2.5-VL: a video of as many frame pairs as the context holds (models/qwen2_vl.py).
Item qwen2_item(const Tower& tower, const StageQuestion& question) {
  const double tokens = tower.tokens_per_item, most_pairs = question.release.step.qwen2_video_frames / 2;
  const bool has_video = question.settings.serving.videos_per_prompt > 0;
  const double pairs =
      has_video ? std::clamp(std::floor(question.load.context_tokens / tokens), 1.0, std::max(1.0, most_pairs)) : 1;
  const double counted = question.release.step.encoder_counts_limits ? tokens : tokens * pairs;
  return {counted, tokens * pairs, patches_of(tower, tokens * pairs)};
}

// Qwen3-VL and later: for some releases the tokens of a video were counted with its time stamps, twelve and a half
// times what is in memory, so that the video was profiled; else the image is (models/qwen3_vl.py).
Item qwen3_item(const Tower& tower, const StageQuestion& question) {
  constexpr double video_share = 0.75;  // 25.17 M pixels over two frames against 16.78 M of an image
  const double factor = question.release.step.qwen3_video_token_factor;
  const double video = tower.tokens_per_item * video_share;
  const bool is_video = factor > 1 && question.settings.serving.videos_per_prompt > 0;
  if (is_video) return {video * factor, video, patches_of(tower, video)};
  return {tower.tokens_per_item, tower.tokens_per_item, patches_of(tower, tower.tokens_per_item)};
}

Item item_of(const Tower& tower, const StageQuestion& question) {
  if (tower.profile == TowerProfile::qwen2_video) return qwen2_item(tower, question);
  if (tower.profile == TowerProfile::qwen3_video) return qwen3_item(tower, question);
  const bool is_video = tower.profile == TowerProfile::gemma4_video && question.settings.serving.videos_per_prompt > 0;
  const double tokens = is_video ? tower.max_tokens_per_item : tower.tokens_per_item;
  constexpr double gemma4_frames = 32, gemma4_patches = 630;  // models/gemma4_mm.py
  return {tokens, tokens, is_video ? gemma4_frames * gemma4_patches : patches_of(tower, tokens)};
}

double item_count(const Item& item, const StageQuestion& question) {
  const Serving& serving = question.settings.serving;
  const double budget = std::max(question.load.batched_tokens, item.budget_tokens);
  const double most = std::max(serving.images_per_prompt, serving.videos_per_prompt);
  const double per_prompt =
      std::max(1.0, std::min(most, std::floor(question.load.context_tokens / item.budget_tokens)));
  return std::max(1.0, std::min(std::floor(budget / item.budget_tokens), question.load.sequences * per_prompt));
}

// Hidden states, projections and the feed-forward of one block, or the position embeddings before the first one.
double pass_bytes(const Tower& tower, double patches, const StageQuestion& question) {
  const double tensor = question.settings.serving.encoder_data_parallel ? 1 : question.layout.tensor;
  const double width = tower.hidden, inner = (tower.is_gated ? 3 : 2) * tower.intermediate;
  const double block = 2 * width + std::max(inner, 7 * width) / tensor;
  const bool interpolates = tower.profile == TowerProfile::qwen3_video;
  const double embedding = (interpolates ? question.release.step.encoder_embed_factor : 3) * width;
  return patches * 2 * std::max(block, embedding);
}

// Gemma 4 builds a one-hot of positions and its 16-bit copy, frame by frame or in chunks of what is free
// (models/gemma4_mm.py).
double position_table_bytes(const Tower& tower, double frames, const StageQuestion& question) {
  if (tower.profile != TowerProfile::gemma4_video) return 0;
  constexpr double positions = 10240, patches = 630, copy = 1.25;
  const double one_frame = patches * 2 * positions * 8 * copy, chunk_frame = patches * 4 * positions * 8;
  if (!question.release.step.gemma4_chunks_frames) return one_frame;
  return std::clamp(std::floor(question.gpu.total_bytes / 10 / chunk_frame), 1.0, frames) * one_frame;
}

// Outputs were padded to one size in some releases, and the last one stayed beside its padded copy.
double output_bytes(const Tower& tower, const Item& item, double items, const StageQuestion& question) {
  const double width = question.settings.model.hidden * tower.output_levels * 2;
  const StepRules::Padding padding = question.release.step.encoder_padding;
  const double real = item.real_tokens * width;
  const double budget = std::max(question.load.batched_tokens, item.budget_tokens);
  if (question.load.is_v2_runner || padding == StepRules::Padding::none) return items * real;
  return items * (padding == StepRules::Padding::budget ? budget : item.budget_tokens) * width + real;
}

bool is_profiled(const StageQuestion& question) {
  const Serving& serving = question.settings.serving;
  const bool is_off = serving.language_model_only || serving.skip_encoder_profile || !question.is_first ||
                      (serving.images_per_prompt == 0 && serving.videos_per_prompt == 0);
  return !is_off && (!question.load.is_v2_runner || question.release.step.v2_profiles_encoder);
}

}  // namespace

EncoderLoad encoder_load(const StageQuestion& question) {
  EncoderLoad load;
  if (!is_profiled(question)) return load;
  for (const Tower& tower : question.settings.model.towers) {
    if (!tower.is_vision || tower.tokens_per_item <= 0) continue;
    const Item item = item_of(tower, question);
    const double items = item_count(item, question), patches = items * item.patches;
    const double pixels = patches * tower.channels * tower.patch * tower.patch * tower.frames * 2;
    const double frames = items * std::max(1.0, item.patches / 630);
    const double peak = pixels + pass_bytes(tower, patches, question) + position_table_bytes(tower, frames, question);
    const bool keeps_pixels = !question.load.is_v2_runner && question.release.step.encoder_keeps_pixels;
    const double kept = output_bytes(tower, item, items, question) + (keeps_pixels ? pixels : 0);
    if (peak <= load.peak_bytes) continue;
    load = {peak, kept, question.release.step.encoder_spread};
  }
  return load;
}

}  // namespace vllm_memory

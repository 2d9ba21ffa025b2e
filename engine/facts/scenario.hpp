// facts: everything that is constant for one planning run, gathered once.
#pragma once

#include "facts/correction.hpp"
#include "facts/defaults.hpp"
#include "facts/dtype.hpp"
#include "facts/hardware.hpp"
#include "facts/model.hpp"
#include "facts/release.hpp"
#include "facts/request.hpp"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace vw {

// A model and how its matrices are stored.
struct StoredModel {
  Model model;
  std::vector<Json> stored_formats;  // tables of what the matrices are stored in, plain 16 and 32 bit left out
  double weights_bytes = 0;          // all stored weights, before any choice
};

// A way to store the weights that vLLM really offers for this model.
struct WeightChoice {
  Format format;
  std::string checkpoint;  // another repository to serve instead, empty: this model
  std::string flag;        // --quantization to give, empty: none
  // No checkpoint of this format is known and vLLM cannot make one: its numbers are a what-if, it is never served.
  bool is_missing = false;
  // What `checkpoint` says of itself: it may leave other modules in 16 bit than its format does. Null: not read, its
  // numbers are this model's matrices in that format.
  std::shared_ptr<const StoredModel> own = nullptr;
};

// A way to store the weights that vLLM offers for this model and this card cannot run.
struct RefusedWeights {
  std::string format, checkpoint;  // checkpoint: empty: made at load time
  std::string why;
};

// Something asked for that the card, the release or the model cannot run.
struct Obstacle {
  std::string what, why;    // "--dtype bf16", "needs compute capability 8.0, NVIDIA T4 has 7.5 (...)"
  std::string mend;         // options to give instead, empty: nothing mends it
  bool is_of_card = false;  // else of the release or the model
};

struct Scenario : StoredModel {
  Request request;
  Hardware hardware;
  Release release;
  std::int64_t own_batched_tokens = 0;  // max_num_batched_tokens that the release takes by itself on this card
  std::string dtype;                    // of the weights that are not quantized: bf16, fp16, fp32
  std::vector<WeightChoice> weights;    // [0] as requested; the others are alternatives, most bits first
  std::vector<RefusedWeights> refused_weights;
  std::vector<Format> kv_formats;   // [0] as requested ("auto" is a format without kv part); then auto, fp8 if offered
  bool has_own_fp8_kv = false;      // see brings_fp8_kv
  std::vector<Obstacle> obstacles;  // empty: all that was asked for can run
  std::string running_dtype;        // what runs where the requested one cannot, else the requested one:
  std::uint32_t running_weights = 0;  // an index of weights
  std::uint32_t running_kv = 0;       // an index of kv_formats
  Json serving = Json::object();      // request.serving, its draft model in the normal form
  std::vector<std::string> warnings;
  RecommendationRules rules;
  // What candidates choose from by `gpu` where parts are opened for several cards at once, all of them with this one's
  // link and as much of their memory used; empty: `hardware` is the only one.
  std::vector<Hardware> cards;
  std::vector<Correction> corrections;  // of the memory model in use, one a card

  // Whether something runs on this card in place of what was asked for.
  bool is_mendable() const;
  // The fp8 KV cache that could be chosen, an index of kv_formats.
  std::optional<std::uint32_t> smaller_kv() const;
  std::span<const Hardware> all_cards() const;
  // The one for `hardware`; null: there is none.
  const Correction* correction() const;
  // The settings that hot parts are opened with (JSON of facts; see plugins/README.md), for this model or for another
  // checkpoint of it.
  Json settings() const { return settings(*this); }
  Json settings(const StoredModel& stored) const;
};

// What was looked up before, for one who plans the same model on many cards; null: to be looked up.
struct Known {
  const Model* model = nullptr;
  const Hardware* hardware = nullptr;
  const Release* release = nullptr;
};

// Throws vw::Error for every kind of wrong input.
Scenario gather(const Catalog& catalog, const Defaults& defaults, const Request& request, const Known& known = {});
ModelQuestion model_question(const Request& request);

struct WeightQuestion {
  const Model& model;
  const std::string& dtype;         // of weights that are not quantized: bf16, fp16, fp32
  const std::string& quantization;  // as --quantization says it
};

// How the weights are stored that were asked for; a warning where that is another checkpoint, or none that is known.
// Throws vw::Error: unknown format, one for KV caches only, not the one that the checkpoint is stored in.
WeightChoice weights_asked_for(const Catalog& catalog, const WeightQuestion& question,
                               std::vector<std::string>& warnings);
// Whether "auto" means an fp8 KV cache: the checkpoint declares it and the release goes by that.
bool brings_fp8_kv(const Model& model, const Release& release);
// Whether the release takes this KV cache format.
bool knows_kv_format(const Release& release, const Format& format);

// What a KV cache that takes too much is stored in instead, where card and release offer it. Empty: no table has it.
std::optional<Format> smaller_kv_format(const Catalog& catalog);

// Reads what the other checkpoints among `weights` say of themselves, from sources that need no network. One that no
// source can read is warned of.
void read_checkpoints(const Catalog& catalog, const Defaults& defaults, Scenario& scenario);

}  // namespace vw

// parts: the safe side of vw_part. Everything the engine asks of a plugin or a script goes through here, and every
// answer is checked here before anybody uses it.
#pragma once

#include "abi/plugin.h"
#include "base/error.hpp"
#include "base/json_reader.hpp"

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace vw {

// Where a part or table comes from. Stronger ranks shadow weaker ones.
struct Origin {
  enum class Rank { installed = 0, user = 1, given = 2 };
  Rank rank = Rank::installed;
  std::string path;      // the file
  std::string provider;  // plugin name and version ("roofline 0.1.0"), empty for scripts

  std::string label() const;  // "installed", "user", "given"
};

// Takes what a part says of its work while it lasts; an empty text: it is over.
using Progress = std::function<void(const std::string& text)>;

class Instance;

// A loaded part: a copy of the known prefix of its descriptor, and what keeps it alive.
class Part {
 public:
  // `owner` keeps descriptor data alive (a script's text); may be null. Throws vw::Error "<file>: <what>" when the
  // descriptor is malformed: too short, unknown kind, null or non-kebab id, a function of its kind missing.
  Part(const vw_part& descriptor, Origin origin, std::shared_ptr<const void> owner = nullptr);

  const std::string& kind() const noexcept { return kind_; }
  const std::string& id() const noexcept { return id_; }
  const std::string& summary() const noexcept { return summary_; }
  const Origin& origin() const noexcept { return origin_; }
  bool is_script() const noexcept { return origin_.provider.empty(); }  // else a plugin provides it
  bool can_ask() const noexcept { return descriptor_.ask != nullptr; }
  bool can_evaluate() const noexcept { return descriptor_.evaluate != nullptr; }
  // "memory-model 'classic'": for messages.
  std::string label() const;
  // "plugin 'roofline'" or "script 'memory/classic.lua'": who is to blame.
  std::string provider_label() const;

  // Opens an instance with settings. Throws vw::Error naming the part and its message. The instance may outlive this
  // Part. [any thread]
  Instance open(const Json& settings) const;

 private:
  friend class Instance;
  vw_part descriptor_{};
  std::string kind_, id_, summary_;
  Origin origin_;
  std::shared_ptr<const void> owner_;
};

// An opened part. Move-only; closes itself. [one thread at a time]
class Instance {
 public:
  Instance(Instance&& other) noexcept;
  Instance& operator=(Instance&& other) noexcept;
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;
  ~Instance();

  const Part& part() const noexcept { return *part_; }

  // From now on `progress` hears of the work of a part that tells any. It may be null: nobody looks on.
  void watch(const Progress& progress);
  // One question. Throws vw::Error when the part fails, fails without a message, answers no JSON or more than 64 MiB,
  // or has no `ask`: see Part::can_ask.
  Json ask(const Json& request);

  // One memory verdict per candidate; sizes must match. Results are zeroed first and checked after: finite, not
  // negative, known verdict. Throws vw::Error "plugin 'x' misbehaved: memory-model 'y' returned NaN for
  // kv_required_bytes at candidate 17"; candidates count from 0.
  void evaluate(std::span<const vw_candidate> candidates, std::span<vw_memory> results);
  // One performance estimate per candidate and its memory result.
  void evaluate(std::span<const vw_candidate> candidates, std::span<const vw_memory> memory,
                std::span<vw_perf> results);

 private:
  friend class Part;
  Instance(std::shared_ptr<const Part> part, void* self) noexcept;
  void close() noexcept;
  void run(const vw_batch& batch);
  std::shared_ptr<const Part> part_;  // null after a move
  void* self_ = nullptr;
  std::unique_ptr<const Progress> progress_;  // where the part's sink points
};

// The short name of a kind: "memory-model/1" -> "memory-model".
std::string short_kind(std::string_view kind);

}  // namespace vw

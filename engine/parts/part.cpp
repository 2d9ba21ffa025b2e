#include "parts/part.hpp"

#include "base/text.hpp"
#include "parts/catalog.hpp"
#include "parts/row_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <new>
#include <utility>

namespace vw {
namespace {

// sizeof(vw_part) of ABI 1.0; later fields lie behind it.
constexpr std::size_t first_part_bytes = offsetof(vw_part, evaluate) + sizeof(vw_part::evaluate);

bool is_hot(const std::string& kind) { return kind == VW_KIND_MEMORY_MODEL || kind == VW_KIND_PERF_HEURISTIC; }

// Takes what a part writes. Bounded, so that a part that writes without end does not take the memory of the process.
class Collector {
 public:
  vw_sink sink() noexcept { return {this, &Collector::append}; }
  const std::string& text() const noexcept { return text_; }
  bool is_full() const noexcept { return is_full_; }

  static constexpr std::size_t most_bytes = std::size_t{64} << 20;

 private:
  // Called from the part, hence noexcept.
  static void append(void* to, const char* text, std::size_t size) noexcept {
    auto& self = *static_cast<Collector*>(to);
    if (self.is_full_ || text == nullptr) return;
    self.is_full_ = size > most_bytes - self.text_.size();
    if (self.is_full_) return;
    try {
      self.text_.append(text, size);
    } catch (const std::bad_alloc&) {
      self.is_full_ = true;
    }
  }

  std::string text_;
  bool is_full_ = false;
};

// Called from the part, hence noexcept; what cannot be shown is left out.
void hear(void* to, const char* text, std::size_t size) noexcept {
  constexpr std::size_t most_shown = 200;
  if (text == nullptr) return;
  try {
    (*static_cast<const Progress*>(to))(printable(std::string_view(text, std::min(size, most_shown))));
  } catch (...) {
  }
}

[[noreturn]] void blame(const Part& part, const std::string& deed) {
  throw Error(part.provider_label() + " misbehaved", part.label() + " " + deed);
}

// A script's messages begin with its own file and line, so its name would stand there twice.
std::string place_of(const Part& part) {
  return part.is_script() ? part.label() : part.provider_label() + ": " + part.label();
}

[[noreturn]] void fail_with(const Part& part, const Collector& error, const char* verb) {
  const std::string text = trimmed(error.text());
  if (text.empty()) blame(part, fmt::format("failed to {} without a message", verb));
  throw error_from_text(place_of(part), text);
}

// Exceptions must not cross the border. Where one does, it is named rather than let through.
template <class Call>
auto cross(const Part& part, const char* verb, Call&& call) {
  try {
    return call();
  } catch (const std::exception& failure) {
    blame(part, fmt::format("let an exception out of {}: {}", verb, printable(failure.what())));
  } catch (...) {
    blame(part, fmt::format("let an exception out of {}", verb));
  }
}

std::string show(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "minus infinity" : "infinity";
  return fmt::format("{}", value);
}

void require_good(const Part& part, const std::optional<BadValue>& bad) {
  if (bad) blame(part, fmt::format("returned {} for {} at candidate {}", show(bad->value), bad->field->name, bad->row));
}

void require_equal(std::size_t candidates, std::size_t rows) {
  if (candidates != rows) throw Error::internal(fmt::format("{} candidates but {} rows", candidates, rows));
  if (candidates > std::numeric_limits<std::uint32_t>::max()) throw Error::internal("a block is too large");
}

Json read_answer(const Part& part, const Collector& reply) {
  if (reply.is_full()) blame(part, fmt::format("answered with more than {} MiB", Collector::most_bytes >> 20));
  if (trimmed(reply.text()).empty()) blame(part, "answered nothing, expected JSON");
  try {
    return parse_json(reply.text(), "its answer");
  } catch (const Error& error) {
    blame(part, fmt::format("answered no readable JSON: {}", error.what()));
  }
}

vw_part known_prefix(const vw_part& descriptor) {
  vw_part known{};
  std::memcpy(&known, &descriptor, std::min<std::size_t>(descriptor.size, sizeof known));
  return known;
}

}  // namespace

std::string Origin::label() const {
  switch (rank) {
    case Rank::installed:
      return "installed";
    case Rank::user:
      return "user";
    case Rank::given:
      break;
  }
  return "given";
}

std::string short_kind(std::string_view kind) { return std::string(kind.substr(0, kind.find('/'))); }

Part::Part(const vw_part& descriptor, Origin origin, std::shared_ptr<const void> owner)
    : origin_(std::move(origin)), owner_(std::move(owner)) {
  const auto refuse = [this](const std::string& what) { throw Error(origin_.path, what); };
  if (descriptor.size < first_part_bytes)
    refuse(fmt::format("the part says it has {} bytes, expected at least {}", descriptor.size, first_part_bytes));
  descriptor_ = known_prefix(descriptor);
  if (descriptor_.kind == nullptr) refuse("the kind is null");
  kind_ = descriptor_.kind;
  if (descriptor_.id == nullptr) refuse(fmt::format("the id of a {} is null, expected kebab-case", printable(kind_)));
  id_ = descriptor_.id;
  if (!is_id(id_)) refuse(fmt::format("the id '{}' is not kebab-case", printable(id_)));
  if (!is_part_kind(kind_)) refuse(fmt::format("part '{}' is of the unknown kind '{}'", id_, printable(kind_)));
  if (descriptor_.summary != nullptr) summary_ = printable(descriptor_.summary);
  if (is_hot(kind_) && !can_evaluate()) refuse(label() + " has no evaluate");
  if (!is_hot(kind_) && !can_ask()) refuse(label() + " has no ask");
  if (descriptor_.open != nullptr && descriptor_.close == nullptr) refuse(label() + " has open but no close");
}

std::string Part::label() const { return short_kind(kind_) + " " + quote(id_); }

std::string Part::provider_label() const {
  if (is_script()) return "script " + quote(origin_.path);
  return "plugin " + quote(origin_.provider.substr(0, origin_.provider.find(' ')));
}

Instance Part::open(const Json& settings) const {
  auto part = std::make_shared<const Part>(*this);
  const auto open = part->descriptor_.open;
  if (open == nullptr) return Instance(std::move(part), nullptr);
  const std::string text = to_text(settings);
  Collector error;
  void* self = cross(*part, "open", [&] { return open(&part->descriptor_, text.data(), text.size(), error.sink()); });
  if (self == nullptr) fail_with(*part, error, "open");
  return Instance(std::move(part), self);
}

Instance::Instance(std::shared_ptr<const Part> part, void* self) noexcept : part_(std::move(part)), self_(self) {}

Instance::Instance(Instance&& other) noexcept
    : part_(std::move(other.part_)),
      self_(std::exchange(other.self_, nullptr)),
      progress_(std::move(other.progress_)) {}

Instance& Instance::operator=(Instance&& other) noexcept {
  if (this == &other) return *this;
  close();
  part_ = std::move(other.part_);
  self_ = std::exchange(other.self_, nullptr);
  progress_ = std::move(other.progress_);
  return *this;
}

Instance::~Instance() { close(); }

void Instance::close() noexcept {
  void* self = std::exchange(self_, nullptr);
  if (self == nullptr) return;
  try {
    part_->descriptor_.close(self);
  } catch (...) {
    // Nobody is left to tell, and the results are already in.
  }
}

void Instance::watch(const Progress& progress) {
  if (!progress || part_->descriptor_.watch == nullptr) return;
  progress_ = std::make_unique<const Progress>(progress);
  part_->descriptor_.watch(self_, {const_cast<Progress*>(progress_.get()), hear});
}

Json Instance::ask(const Json& request) {
  if (!part_->can_ask()) throw Error(place_of(*part_), "answers no questions");
  const std::string question = to_text(request);
  Collector reply, error;
  const auto status = cross(*part_, "ask", [&] {
    return part_->descriptor_.ask(self_, question.data(), question.size(), reply.sink(), error.sink());
  });
  if (status != VW_OK) fail_with(*part_, error, "answer");
  return read_answer(*part_, reply);
}

void Instance::evaluate(std::span<const vw_candidate> candidates, std::span<vw_memory> results) {
  require_equal(candidates.size(), results.size());
  if (part_->kind() != VW_KIND_MEMORY_MODEL) throw Error::internal(part_->label() + " is asked for memory");
  std::fill(results.begin(), results.end(), vw_memory{});
  run({sizeof(vw_batch), static_cast<std::uint32_t>(candidates.size()), sizeof(vw_candidate), 0, sizeof(vw_memory),
       candidates.data(), nullptr, results.data()});
  require_good(*part_, find_bad(std::span<const vw_memory>(results)));
}

void Instance::evaluate(std::span<const vw_candidate> candidates, std::span<const vw_memory> memory,
                        std::span<vw_perf> results) {
  require_equal(candidates.size(), memory.size());
  require_equal(candidates.size(), results.size());
  if (part_->kind() != VW_KIND_PERF_HEURISTIC) throw Error::internal(part_->label() + " is asked for speed");
  std::fill(results.begin(), results.end(), vw_perf{});
  run({sizeof(vw_batch), static_cast<std::uint32_t>(candidates.size()), sizeof(vw_candidate), sizeof(vw_memory),
       sizeof(vw_perf), candidates.data(), memory.data(), results.data()});
  require_good(*part_, find_bad(std::span<const vw_perf>(results)));
}

void Instance::run(const vw_batch& batch) {
  if (batch.count == 0) return;
  Collector error;
  const auto status =
      cross(*part_, "evaluate", [&] { return part_->descriptor_.evaluate(self_, &batch, error.sink()); });
  if (status != VW_OK) fail_with(*part_, error, "evaluate");
}

}  // namespace vw

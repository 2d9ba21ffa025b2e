// Helper for C++ plugin authors: write a plain class, get a vw_part. Owns the loops, the strides, the try/catch and
// the status, so that no exception crosses the border. Header-only; needs nothing but the standard library.
//
//   memory model:  T(std::string_view settings_json);  vw_memory estimate(const vw_candidate&) const;
//                  optionally  std::string ask(std::string_view request_json)
//   perf:          T(std::string_view);  vw_perf estimate(const vw_candidate&, const vw_memory&) const;
//   cold kinds:    T(std::string_view);  std::string ask(std::string_view request_json);
//                  optionally  void watch(vw_sink progress) noexcept, called before ask where somebody looks on
//
// Throw anything derived from std::exception to fail: its what() is the message the user reads.
#pragma once

#include "plugin.h"

#include <cstring>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace vw {

inline void write(vw_sink sink, std::string_view text) noexcept {
  if (sink.write != nullptr) sink.write(sink.to, text.data(), text.size());
}

namespace detail {

// Runs work(); writes the message of whatever it throws to `error`. Never throws.
template <class Work>
vw_status guarded(vw_sink error, Work&& work) noexcept {
  try {
    std::forward<Work>(work)();
    return VW_OK;
  } catch (const std::exception& failure) {
    write(error, failure.what());
  } catch (...) {
    write(error, "an exception that is not a std::exception was thrown");
  }
  return VW_FAILED;
}

template <class T, class = void>
struct HasAsk : std::false_type {};
template <class T>
struct HasAsk<T, std::void_t<decltype(std::string(std::declval<T&>().ask(std::string_view())))>> : std::true_type {};

template <class T, class = void>
struct HasWatch : std::false_type {};
template <class T>
struct HasWatch<T, std::void_t<decltype(std::declval<T&>().watch(vw_sink{}))>> : std::true_type {};

// Copies the known prefix of a row: a host older or newer than this header has rows of another length. The usual
// length is a constant, so that the compiler sees through the copy.
template <class Row>
void copy_row(void* to, const void* from, std::size_t stride) noexcept {
  if (stride >= sizeof(Row))
    std::memcpy(to, from, sizeof(Row));
  else
    std::memcpy(to, from, stride);
}
template <class Row>
Row read_row(const void* rows, std::size_t stride, std::size_t index) noexcept {
  Row row{};
  copy_row<Row>(&row, static_cast<const char*>(rows) + index * stride, stride);
  return row;
}
template <class Row>
void write_row(void* rows, std::size_t stride, std::size_t index, const Row& row) noexcept {
  copy_row<Row>(static_cast<char*>(rows) + index * stride, &row, stride);
}

template <class T>
struct Instance {
  static void* open(const vw_part* /*part*/, const char* json, std::size_t size, vw_sink error) noexcept {
    std::unique_ptr<T> made;
    guarded(error, [&] { made = std::make_unique<T>(std::string_view(json, size)); });
    return made.release();
  }
  static void close(void* self) noexcept { delete static_cast<T*>(self); }

  static vw_status ask(void* self, const char* json, std::size_t size, vw_sink reply, vw_sink error) noexcept {
    return guarded(error, [&] {
      const std::string answer = static_cast<T*>(self)->ask(std::string_view(json, size));
      write(reply, answer);
    });
  }
  static constexpr auto ask_if_any() {
    if constexpr (HasAsk<T>::value)
      return &ask;
    else
      return static_cast<decltype(&ask)>(nullptr);
  }

  static void watch(void* self, vw_sink progress) noexcept { static_cast<T*>(self)->watch(progress); }
  static constexpr auto watch_if_any() {
    if constexpr (HasWatch<T>::value)
      return &watch;
    else
      return static_cast<void (*)(void*, vw_sink) noexcept>(nullptr);
  }

  static vw_status evaluate_memory(void* self, const vw_batch* batch, vw_sink error) noexcept {
    return guarded(error, [&] {
      const T& model = *static_cast<const T*>(self);
      for (std::size_t i = 0; i < batch->count; ++i) {
        const auto candidate = read_row<vw_candidate>(batch->candidates, batch->candidate_stride, i);
        write_row(batch->results, batch->result_stride, i, model.estimate(candidate));
      }
    });
  }
  static vw_status evaluate_perf(void* self, const vw_batch* batch, vw_sink error) noexcept {
    return guarded(error, [&] {
      const T& heuristic = *static_cast<const T*>(self);
      for (std::size_t i = 0; i < batch->count; ++i) {
        const auto candidate = read_row<vw_candidate>(batch->candidates, batch->candidate_stride, i);
        const auto memory = read_row<vw_memory>(batch->memory, batch->memory_stride, i);
        write_row(batch->results, batch->result_stride, i, heuristic.estimate(candidate, memory));
      }
    });
  }
};

}  // namespace detail

template <class T>
struct memory_model_part {
  static constexpr vw_part make(const char* id, const char* summary) {
    using I = detail::Instance<T>;
    return {sizeof(vw_part), nullptr,         VW_KIND_MEMORY_MODEL, id,     summary, &I::open,
            &I::close,       I::ask_if_any(), &I::evaluate_memory,  nullptr};
  }
};

template <class T>
struct perf_heuristic_part {
  static constexpr vw_part make(const char* id, const char* summary) {
    using I = detail::Instance<T>;
    return {sizeof(vw_part), nullptr,         VW_KIND_PERF_HEURISTIC, id,     summary, &I::open,
            &I::close,       I::ask_if_any(), &I::evaluate_perf,      nullptr};
  }
};

// Sources, detectors, families, renderers: everything that only answers questions.
template <class T>
struct asking_part {
  static constexpr vw_part make(const char* kind, const char* id, const char* summary) {
    using I = detail::Instance<T>;
    return {sizeof(vw_part), nullptr, kind, id, summary, &I::open, &I::close, &I::ask, nullptr, I::watch_if_any()};
  }
};

}  // namespace vw

// Exports the plugin: VW_PLUGIN("name", "1.0.0", &part [, &part ...])
#define VW_PLUGIN(plugin_name, plugin_version, ...)                              \
  static constexpr const vw_part* vw_plugin_parts[] = {__VA_ARGS__};             \
  extern "C" VW_EXPORT const vw_plugin vw_plugin_main;                           \
  extern "C" const vw_plugin vw_plugin_main = {                                  \
      VW_ABI_MAJOR,                                                              \
      VW_ABI_MINOR,                                                              \
      plugin_name,                                                               \
      plugin_version,                                                            \
      static_cast<uint32_t>(sizeof vw_plugin_parts / sizeof vw_plugin_parts[0]), \
      vw_plugin_parts};

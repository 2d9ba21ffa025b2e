/* What the bad plugins share: functions that do nothing wrong, and the export. */
#ifndef BAD_H
#define BAD_H

#include "plugin.h"

#include <string.h>

static inline void say(vw_sink sink, const char* text) { sink.write(sink.to, text, strlen(text)); }

static inline vw_status answer_null(void* self, const char* json, size_t size, vw_sink reply, vw_sink error) {
  (void)self, (void)json, (void)size, (void)error;
  say(reply, "null");
  return VW_OK;
}

static inline vw_status evaluate_nothing(void* self, const vw_batch* batch, vw_sink error) {
  (void)self, (void)batch, (void)error;
  return VW_OK;
}

static inline vw_memory* memory_row(const vw_batch* batch, size_t index) {
  return (vw_memory*)((char*)batch->results + index * batch->result_stride);
}

static inline vw_perf* perf_row(const vw_batch* batch, size_t index) {
  return (vw_perf*)((char*)batch->results + index * batch->result_stride);
}

#define SOURCE(id, ask) \
  { sizeof(vw_part), NULL, VW_KIND_METADATA_SOURCE, id, "a source", NULL, NULL, ask, NULL, NULL }
#define MEMORY_MODEL(id, evaluate) \
  { sizeof(vw_part), NULL, VW_KIND_MEMORY_MODEL, id, "a memory model", NULL, NULL, NULL, evaluate, NULL }
#define PERF_HEURISTIC(id, evaluate) \
  { sizeof(vw_part), NULL, VW_KIND_PERF_HEURISTIC, id, "a heuristic", NULL, NULL, NULL, evaluate, NULL }

/* Exports a plugin of the given head and parts. */
#define EXPORT_AS(major, minor, name, ...)                                                                            \
  static const vw_part* const all_parts[] = {__VA_ARGS__};                                                            \
  VW_EXPORT const vw_plugin vw_plugin_main = {major,    minor, name, "1.0.0", sizeof all_parts / sizeof all_parts[0], \
                                              all_parts}
#define EXPORT(name, ...) EXPORT_AS(VW_ABI_MAJOR, VW_ABI_MINOR, name, __VA_ARGS__)

#endif

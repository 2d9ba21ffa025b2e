// Lets exceptions fly over the border, which the helper header would not.
#include "plugin.h"

#include <stdexcept>

namespace {

void* throw_in_open(const vw_part*, const char*, size_t, vw_sink) { throw std::runtime_error("no licence"); }
void close_it(void*) {}
vw_status throw_in_ask(void*, const char*, size_t, vw_sink, vw_sink) { throw 42; }
vw_status throw_in_evaluate(void*, const vw_batch*, vw_sink) { throw std::runtime_error("no paper"); }

constexpr vw_part in_open{sizeof(vw_part), nullptr,   VW_KIND_METADATA_SOURCE, "in-open", "",
                          &throw_in_open,  &close_it, &throw_in_ask,           nullptr,   nullptr};
constexpr vw_part in_ask{sizeof(vw_part), nullptr, VW_KIND_METADATA_SOURCE, "in-ask", "",
                         nullptr,         nullptr, &throw_in_ask,           nullptr,  nullptr};
constexpr vw_part in_evaluate{sizeof(vw_part), nullptr, VW_KIND_MEMORY_MODEL, "in-evaluate", "", nullptr,
                              nullptr,         nullptr, &throw_in_evaluate,   nullptr};
const vw_part* const parts[] = {&in_open, &in_ask, &in_evaluate};

}  // namespace

extern "C" VW_EXPORT const vw_plugin vw_plugin_main;
extern "C" const vw_plugin vw_plugin_main = {VW_ABI_MAJOR, VW_ABI_MINOR, "throws", "1.0.0", 3, parts};

// The script of a correction, as people would write it.
#include "base/text.hpp"
#include "logs/comparison.hpp"

#include <fmt/format.h>

namespace vw {
namespace {

// A Lua string: its escapes hold for all that `quote` and logs may bring.
std::string lua_text(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : printable(text)) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

std::string part_text(const CorrectedPart& part) {
  std::vector<std::string> fields;
  if (part.ratio != 1) fields.push_back(fmt::format("ratio = {:.8g}", part.ratio));
  if (part.add_gib != 0) fields.push_back(fmt::format("add_gib = {:.8g}", part.add_gib));
  if (part.spread_gib) fields.push_back(fmt::format("spread_gib = {:g}", *part.spread_gib));
  return "{ " + join(fields, ", ") + " }";
}

std::string load_text(const Correction& correction) {
  std::string text = fmt::format("tensor_parallel = {}, pipeline_parallel = {}", correction.tensor_parallel,
                                 correction.pipeline_parallel);
  if (correction.max_num_seqs) text += fmt::format(", max_num_seqs = {}", *correction.max_num_seqs);
  if (correction.max_num_batched_tokens)
    text += fmt::format(", max_num_batched_tokens = {}", *correction.max_num_batched_tokens);
  if (correction.enforce_eager) text += ", enforce_eager = true";
  return text;
}

}  // namespace

std::string to_script(const Correction& correction) {
  std::string text =
      "-- Written by `vllm-wizard calibrate`. Plans of this card, family and release use it and name it.\n";
  text += "return vw.correction {\n";
  text += fmt::format("  id = {},\n  summary = {},\n", lua_text(correction.id), lua_text(correction.summary));
  std::vector<std::string> sources;
  for (const std::string& source : correction.sources) sources.push_back(lua_text(source));
  if (!sources.empty()) text += fmt::format("  sources = {{ {} }},\n", join(sources, ", "));
  text += fmt::format("  memory_model = {}, gpu = {}, family = {}, release = {},\n", lua_text(correction.memory_model),
                      lua_text(correction.gpu), lua_text(correction.family), lua_text(correction.release));
  if (correction.total_gib) text += fmt::format("  total_gib = {:g},\n", *correction.total_gib);
  text += fmt::format("  load = {{ {} }},\n  parts = {{\n", load_text(correction));
  for (const auto& [name, part] : correction.parts) text += fmt::format("    {} = {},\n", name, part_text(part));
  text += "  },\n";
  if (correction.kv_cache_spread_gib)
    text += fmt::format("  kv_cache_spread_gib = {:g},\n", *correction.kv_cache_spread_gib);
  return text + "}\n";
}

}  // namespace vw

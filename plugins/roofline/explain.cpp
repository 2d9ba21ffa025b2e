#include "explain.hpp"

#include "engine-settings/candidate.hpp"
#include "engine-settings/json_fields.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace roofline {

using namespace vw::settings;
namespace {

constexpr double ms = 1e3;

template <class... Values>
std::string filled(const char* pattern, Values... values) {
  char text[512];
  std::snprintf(text, sizeof text, pattern, values...);
  return text;
}

Json term(const std::string& name, const std::string& formula, const std::string& inputs, double value,
          const char* unit, const std::string& grade, const std::string& source) {
  return {{"name", name}, {"formula", formula}, {"inputs", inputs}, {"value", value},
          {"unit", unit}, {"grade", grade},     {"source", source}};
}

const char* formula_of(Part part) {
  switch (part) {
    case Part::projections:
    case Part::dense_mlp:
    case Part::router:
    case Part::shared_experts:
      return "sum of launch + (read^q + compute^q)^(1/q) + activations of each product";
    case Part::experts:
      return "launch + experts touched x bytes / bandwidth + (rows + padding) x FLOP / rate + activations";
    case Part::attention_decode:
      return "launch + per sequence and head + cbrt(read^3 + (sqrt(context))^3) of each layer";
    case Part::attention_prefill:
      return "launch + FLOP of query-key pairs / rate + traffic of each layer";
    case Part::all_reduce:
    case Part::gather_scatter:
      return "launch + bytes / bandwidth + sqrt(bytes) of each message";
    case Part::elementwise:
    case Part::state:
      return "kernels x launch + bytes / bandwidth";
    case Part::host_weights:
      return "share of the weights on the host x bytes a step reads / rate of the link to the host";
    case Part::head:
      break;
  }
  return "product with the vocabulary + sampler + gathered logits";
}

bool is_measured(Part part) { return part != Part::elementwise && part != Part::state && part != Part::host_weights; }

std::string gemm_inputs(const Step& step, Part part) {
  std::string text;
  for (const Gemm& gemm : step.gemms()) {
    if (gemm.part != part) continue;
    if (!text.empty()) text += "; ";
    text += filled("%s %.0f x %.0f, %g bytes a weight, x %g", gemm.role.c_str(), gemm.outputs, gemm.inputs,
                   gemm.weight_bytes, gemm.count);
  }
  return text;
}

std::string source_of(const Gpu& gpu) { return "gpu-db/efficiency/" + gpu.efficiency.gpu + ".json"; }

void add_parts(const char* step_name, const StepTime& time, const Prepared& prepared, const Gpu& gpu,
               const std::string& work, Json& terms) {
  for (int at = 0; at < part_count; ++at) {
    const Part part = static_cast<Part>(at);
    const double value = time.parts_s[static_cast<std::size_t>(at)] * ms;
    if (value <= 0) continue;
    const std::string shapes = gemm_inputs(*prepared.step, part);
    const std::string grade = !is_measured(part) ? "guessed" : gpu.efficiency.is_own ? "fitted" : "guessed";
    terms.push_back(term(std::string(step_name) + ": " + name_of(part), formula_of(part),
                         shapes.empty() ? work : work + "; " + shapes, value, "ms", grade, source_of(gpu)));
  }
}

void add_results(const Prepared& prepared, const Load& load, const Serving& serving, const Costs& costs, Json& terms) {
  const std::string source = "gpu-db/efficiency/_shared.json";
  terms.push_back(term("decode step", "operations x factor + step + sequences x cost",
                       filled("%.3f ms x %g + %.2f ms + %.1f x %.1f us", serving.decode_parts.seconds * ms,
                              costs.decode_factor, costs.step_s * ms, serving.running, costs.sequence_s * 1e6),
                       serving.decode_s * ms, "ms", "fitted", source));
  terms.push_back(term("mixed step", "operations x factor + layers x launches + step + sequences x cost",
                       filled("%.3f ms x %g + %.0f x %.2f ms + %.2f ms", serving.mixed_parts.seconds * ms,
                              costs.mixed_factor, prepared.step->layers(), costs.mixed_layer_s * ms, costs.step_s * ms),
                       serving.mixed_s * ms, "ms", "fitted", source));
  terms.push_back(term(
      "TPOT",
      "(decode + prompts of others that come x chunks x (mixed - decode) / prompts that share a step) / tokens a step",
      filled("%.1f running, %.0f chunks of %.0f tokens, %.2f prompts a mixed step, %.2f tokens a step", serving.running,
             serving.chunks, serving.chunk_tokens, serving.prompts_per_mixed_step, serving.tokens_per_step),
      serving.tpot_s * ms, "ms", "derived", "plugins/roofline/README.md"));
  terms.push_back(
      term("TTFT", "arrival + wait + chunks x mixed + first token + queue",
           filled("%.2f + %.2f + %.0f x %.2f + %.2f + %.0f ms", serving.arrival_s * ms, serving.wait_s * ms,
                  serving.chunks, serving.shared_mixed_s * ms, costs.first_token_s * ms, serving.queue_s * ms),
           serving.ttft_s * ms, "ms", "derived", "plugins/roofline/README.md"));
  terms.push_back(term("requests", "concurrency / (TTFT + TPOT x (generated - 1))",
                       filled("%g x %g / (%.1f ms + %.3f ms x %.1f)", load.concurrency, load.replicas,
                              serving.ttft_s * ms, serving.tpot_s * ms, load.generated_tokens - 1),
                       serving.requests_per_s, "1/s", "derived", "Little's law"));
}

const char* basis_of(const std::string& spread) {
  if (spread == "served") return "servers on this card were measured";
  if (spread == "measured") return "operations of this card were measured, servers on it were not";
  if (spread == "offloaded") return "reading weights of the host was not measured";
  if (spread == "substituted") return "a format was not measured on this card";
  return spread == "related" ? "a related card's measurements" : "measurements of another vendor's card";
}

Json assumptions_of(const Estimator& estimator, const Prepared& prepared, const Gpu& gpu) {
  Json list = Json::array();
  const Settings& settings = estimator.settings();
  if (!gpu.efficiency.is_own)
    list.push_back(gpu.name + " was not measured: the efficiency of " + gpu.efficiency.gpu + " on its own peaks");
  list.push_back(filled("time per output token +-%.0f %%, time to first token +-%.0f %%: %s",
                        100 * prepared.spread.tpot, 100 * prepared.spread.ttft, basis_of(prepared.spread_name)));
  for (const Substitute& one : prepared.step->substitutes())
    list.push_back(one.format + " was not measured on this card: computed as " + one.taken + " with its own bytes");
  const Speculation& speculation = settings.speculation;
  if (!speculation.method.empty())
    list.push_back(filled("speculation: %g of %s drafts of %g tokens are accepted (%s)", speculation.acceptance,
                          speculation.method.c_str(), speculation.tokens,
                          speculation.is_acceptance_given ? "given" : "guessed"));
  if (settings.cpu_offload_bytes > 0 && gpu.host_bytes_per_s > 0)
    list.push_back(filled("weights on the host are read at %.3g GB/s in each step (%.0f %% of the link, guessed)",
                          gpu.host_bytes_per_s / 1e9, 100 * settings.shared.host_share));
  if (settings.prefix_hit > 0)
    list.push_back(filled("%g %% of a prompt is found in the prefix cache", 100 * settings.prefix_hit));
  if (prepared.layout.pipeline > 1) list.push_back("pipeline stages take equal time and never wait for each other");
  return list;
}

Json interval(double best, double spread) {
  return {{"best", best}, {"low", best / (1 + spread)}, {"high", best * (1 + spread)}};
}

Json parts_json(const StepTime& time) {
  Json parts = Json::object();
  for (int at = 0; at < part_count; ++at)
    parts[name_of(static_cast<Part>(at))] = time.parts_s[static_cast<std::size_t>(at)] * ms;
  return parts;
}

}  // namespace

Question read_question(const Json& request) {
  Question question;
  question.candidate = read_candidate(member(request, "candidate"));
  const Json& memory = member(request, "memory");
  vw_memory& m = question.memory;
  m.verdict = static_cast<std::uint32_t>(number(memory, "verdict"));
  m.kv_available_bytes = number(memory, "kv_available_bytes");
  m.kv_sequence_bytes = number(memory, "kv_sequence_bytes");
  m.kv_per_token_bytes = number(memory, "kv_per_token_bytes");
  m.kv_tokens = number(memory, "kv_tokens");
  question.lengths = {number(request, "prompt_tokens"), number(request, "generated_tokens")};
  return question;
}

Json explain(const Estimator& estimator, const Question& question) {
  const Prepared& prepared = estimator.prepare(question.candidate);
  if (!prepared.obstacle.empty())
    return {{"terms", Json::array()},
            {"assumptions", Json::array()},
            {"warnings", {"no speed is predicted: " + prepared.obstacle}}};
  const Settings& settings = estimator.settings();
  const Gpu& gpu = settings.gpus.at(question.candidate.gpu);
  const Costs& costs = settings.shared.costs_of(settings.releases.at(question.candidate.release).vllm);
  const Load load = estimator.load_of(question.candidate, question.memory, question.lengths);
  const Serving serving = prepared.server->serve(load);
  const std::string decoding = filled("%.1f sequences at %.0f tokens", serving.running, serving.context_tokens);
  const std::string prefilling =
      filled("%s and %.0f prompt tokens after %.0f", decoding.c_str(), serving.chunk_tokens, serving.before_tokens);
  Json terms = Json::array();
  add_parts("decode", serving.decode_parts, prepared, gpu, decoding, terms);
  add_parts("mixed", serving.mixed_parts, prepared, gpu, prefilling, terms);
  add_results(prepared, load, serving, costs, terms);
  return {{"terms", terms},
          {"assumptions", assumptions_of(estimator, prepared, gpu)},
          {"warnings", Json::array()},
          {"physical_limit_ms", serving.floor.seconds() / serving.tokens_per_step * ms}};
}

Json benchmark(const Estimator& estimator, const Question& question) {
  const Prepared& prepared = estimator.prepare(question.candidate);
  if (!prepared.obstacle.empty()) throw std::runtime_error(prepared.obstacle);
  const Load load = estimator.load_of(question.candidate, question.memory, question.lengths);
  const Serving serving = prepared.server->serve(load);
  double burst_s = 0;
  const double mean_s = prepared.server->benchmark_ttft(load, serving, &burst_s);
  return {{"tpot_ms", interval(serving.tpot_s * ms, prepared.spread.tpot)},
          {"ttft_ms", interval(mean_s * ms, prepared.spread.ttft)},
          {"steady_ttft_ms", serving.ttft_s * ms},
          {"burst_ttft_ms", burst_s * ms},
          {"decode_step_parts_ms", parts_json(serving.decode_parts)},
          {"mixed_step_parts_ms", parts_json(serving.mixed_parts)},
          {"decode_step_ms", serving.decode_s * ms},
          {"mixed_step_ms", serving.mixed_s * ms},
          {"shared_mixed_step_ms", serving.shared_mixed_s * ms},
          {"running_sequences", serving.running},
          {"context_tokens", serving.context_tokens},
          {"prompt_chunks", serving.chunks},
          {"prompts_per_mixed_step", serving.prompts_per_mixed_step},
          {"mixed_share", serving.mixed_share},
          {"requests_per_s", serving.requests_per_s}};
}

}  // namespace roofline

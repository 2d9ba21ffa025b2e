#include "lua/declarations.hpp"

#include "abi/plugin.h"
#include "parts/catalog.hpp"

#include <algorithm>
#include <array>

namespace vw::lua {

namespace {

using Type = Rule::Type;

constexpr Rule id{Type::id};
constexpr Rule line{Type::line};
constexpr Rule text{Type::text};
constexpr Rule boolean{Type::boolean};
constexpr Rule open_table{Type::open_table};

constexpr Rule integer(double least, double most) { return {Type::integer, least, most}; }
constexpr Rule number(double least, double most) { return {Type::number, least, most}; }
constexpr Rule list_of(const Rule& item) { return {Type::list, 0, 0, &item}; }
constexpr Rule map_to(const Rule& item) { return {Type::map, 0, 0, &item}; }
constexpr Rule function(const char* signature) {
  return {Type::function, 0, 0, nullptr, nullptr, 0, nullptr, 0, signature};
}
template <std::size_t N>
constexpr Rule choice(const std::array<const char*, N>& choices) {
  return {Type::choice, 0, 0, nullptr, nullptr, 0, choices.data(), N};
}
template <std::size_t N>
constexpr Rule table(const std::array<Field, N>& fields) {
  return {Type::table, 0, 0, nullptr, fields.data(), N};
}
template <std::size_t N>
constexpr Rule open(const std::array<Field, N>& fields) {
  return {Type::open_table, 0, 0, nullptr, fields.data(), N};
}

constexpr bool required = true, optional = false;
constexpr double most_bytes = 1e15, most_rate = 1e7;

constexpr Rule texts = list_of(text);
constexpr Rule ids = list_of(id);

constexpr Field id_field{"id", id, required, "the file's name without .lua"};
constexpr Field summary_field{"summary", line, required, "what it is, in one line"};
constexpr Field sources_field{"sources", texts, optional, "where the numbers come from: documents, files, dates"};
constexpr Field api_field{"api", integer(0, 1000), optional, "version of this API the script was written for, now 1"};

// ---- vw.quantization

constexpr std::array tile_fields{Field{"rows", integer(0, 1e6), required, "outputs that share one scale; 0: all"},
                                 Field{"inputs", integer(0, 1e6), required, "inputs that share one scale; 0: all"}};
constexpr std::array pad_fields{Field{"outputs", integer(1, 65536), optional, "stored outputs are a multiple of this"},
                                Field{"inputs", integer(1, 65536), optional, "stored inputs are a multiple of this"}};
constexpr std::array weights_fields{
    Field{"bits", number(0.1, 64), required, "per weight"},
    Field{"scale_bits", number(0, 64), optional, "per tile: its scale"},
    Field{"zero_bits", number(0, 64), optional, "per tile: its zero point"},
    Field{"per", table(tile_fields), optional, "the tile of the matrix that shares one scale and zero point"},
    Field{"tensor_bits", number(0, 4096), optional, "per matrix, e.g. global scales"},
    Field{"row_bits", number(0, 4096), optional, "per output"},
    Field{"pad", table(pad_fields), optional, "what the stored shape is padded to"}};
constexpr Rule weights = table(weights_fields);
constexpr std::array block_fields{Field{"weights", integer(1, 65536), required, "weights in one block"},
                                  Field{"bytes", integer(1, 65536), required, "bytes of one block"}};
constexpr Rule block = table(block_fields);
constexpr std::array needs_fields{
    Field{"compute_capability", number(0, 99), optional, "least CUDA compute capability, e.g. 8.9"},
    Field{"gfx", texts, optional, "AMD targets that can run it"},
    Field{"reason", text, optional, "why, for the message"}};
constexpr Rule needs = table(needs_fields);
constexpr std::array kv_fields{
    Field{"bits", number(0.5, 64), required, "per element of the KV cache"},
    Field{"per_head_bits", number(0, 4096), optional, "per token and head, e.g. scales"},
    Field{"group_bits_per_element", number(0, 64), optional, "of group scales, spread over the elements"},
    Field{"vllm_name", text, required, "value of --kv-cache-dtype"},
    Field{"needs", needs, optional, "what the GPU must offer"}};
constexpr std::array applies_to_choices{"linears", "experts", "all", "none"};

constexpr std::array recovery_fields{Field{"share", number(0, 2), required, "of the 16-bit score"},
                                     Field{"of", line, required, "which scores, of which models"},
                                     Field{"source", text, required, "the publication"}};
constexpr std::array quantization_fields{
    id_field,
    summary_field,
    sources_field,
    Field{"vllm_names", texts, optional,
          "values of --quantization that mean this format; checkpoints are told by recognised_by"},
    Field{"flag", text, optional, "value of --quantization when vLLM makes it from a 16-bit checkpoint"},
    Field{"dtype", text, optional, "vLLM's --dtype, for plain number formats only"},
    Field{"weights", weights, optional, "how a matrix is stored"},
    Field{"experts", weights, optional, "the same for experts, when they differ"},
    Field{"blocks", map_to(block), optional, "GGUF block types by name"},
    Field{"applies_to", choice(applies_to_choices), optional, "the matrices that are quantized"},
    Field{"keeps_16_bit", texts, optional, "roles of matrices that stay in 16 bit"},
    Field{"needs", needs, optional, "what the GPU must offer"},
    Field{"from_16_bit", boolean, optional, "whether vLLM can make it while loading"},
    Field{"recognised_by", list_of(open_table), optional,
          "conditions on quantization_config: dotted path (* for any member) to value, or true for present"},
    Field{"compute", text, optional, "name of the efficiency record"},
    Field{"accuracy_recovery", table(recovery_fields), optional,
          "what it keeps of the accuracy of 16 bit, as published"},
    Field{"classic_bytes_per_parameter", number(0.01, 16), optional, "for the classic memory model"},
    Field{"classic_speed", number(0.01, 100), optional, "factor of the classic performance model, else 1"},
    Field{"kv", table(kv_fields), optional, "present: the KV cache can be stored in it"},
    Field{"aliases", texts, optional, "other names users may write"},
    api_field};

// ---- vw.release

constexpr std::array eras{"e0", "e1", "e2", "e3"};
constexpr std::array accounting_fields{
    Field{"era", choice(eras), required, "which way of accounting memory the release uses"}};

constexpr std::array plain_dtypes{"fp16", "bf16", "fp32"};
constexpr Rule plain_dtype = choice(plain_dtypes);
constexpr std::array known_architecture_fields{
    Field{"name", text, required, "as config.json has it"},
    Field{"since", text, optional, "the first release that knows it"},
    Field{"before", text, optional, "the first release that knows it no more"},
    Field{"refused_dtypes", list_of(plain_dtype), optional, "number formats that vLLM refuses for it"}};
constexpr Rule known_architecture = table(known_architecture_fields);

constexpr std::array flag_syntax_fields{
    Field{"negated_since", text, optional, "the first release where every switch --x has a form --no-x"},
    Field{"aliases", map_to(text), optional, "short name to flag"},
    Field{"switches", texts, optional, "flags that take nothing"},
    Field{"integers", texts, optional, "flags that take one whole number"},
    Field{"counts", texts, optional, "flags that take a whole number that may end in k, K, m, M, g, G"},
    Field{"numbers", texts, optional, "flags that take a number"},
    Field{"objects", texts, optional, "flags that take a JSON object, or its members as --x.member value"},
    Field{"lists", texts, optional, "flags that take one word or more"},
    Field{"useless_without", map_to(text), optional, "flag to the one without which it does nothing"},
    Field{"refused_without", map_to(text), optional, "flag to the one without which vLLM refuses it"},
    Field{"useless_beside", map_to(text), optional, "flag to the one beside which it does nothing"}};

constexpr std::array release_fields{
    Field{"id", id, required, "the version, which is the file's name: 0.21.0; valid up to the next file"},
    summary_field,
    sources_field,
    Field{"date", text, optional, "when it came out"},
    Field{"latest", text, optional, "only in the newest file: the newest release it is known to describe"},
    Field{"defaults", open_table, required, "what vLLM does when not told: numbers, booleans, tiers by memory"},
    Field{"flags", texts, optional, "every --flag it knows that a plan may emit"},
    Field{"removed_flags", map_to(text), optional, "flag to what to use instead"},
    Field{"later_flags", map_to(text), optional, "flag that is surely not there yet to the release that has it"},
    Field{"doubtful_flags", map_to(text), optional, "flag that may be there to the release that surely has it"},
    Field{"flag_syntax", table(flag_syntax_fields), optional,
          "how flags are written, those of other releases included"},
    Field{"kv_cache_dtypes", texts, optional, "values of --kv-cache-dtype"},
    Field{"quantizations", texts, optional, "values of --quantization"},
    Field{"flag_values", map_to(texts), optional, "flag to the values it takes, where those are few"},
    Field{"mtp_methods", map_to(text), optional, "architecture to the older name of the speculative method mtp"},
    Field{"architectures", list_of(known_architecture), optional, "those that not every release knows"},
    Field{"metrics", map_to(texts), optional, "what a server measures to names of metrics, this release's own first"},
    Field{"memory", open(accounting_fields), optional, "how memory is accounted: numbers, booleans, texts"},
    api_field};

// ---- vw.gpu

constexpr std::array link_fields{
    Field{"type", text, required, "nvlink, nvlink-bridge, pcie, infinity-fabric ..."},
    Field{"gb_s_per_direction", number(0, 1e5), optional, "10^9 bytes/s, one direction, all links of a card"},
    Field{"pcie_generation", integer(1, 9), optional, "PCI Express generation"}};
constexpr std::array price_fields{Field{"low", number(0, 1e4), required, "US dollars per hour"},
                                  Field{"high", number(0, 1e4), required, "US dollars per hour"}};
constexpr std::array vllm_support{"supported", "plugin", "no"};
constexpr std::array visible_grades{"listed", "from-memory"};
constexpr std::array cuda_grades{"logged", "arithmetic", "from-other-logs"};
constexpr std::array mig_fields{
    Field{"name", text, required, "as nvidia-smi prints it: 3g.40gb"},
    Field{"memory_slices", integer(1, 64), required, "how many of the card's memory slices"},
    Field{"memory_mib", number(1, 1e9), optional, "what nvidia-smi prints for an instance"}};
constexpr Rule mig_profile = table(mig_fields);

constexpr std::array gpu_fields{
    id_field,
    summary_field,
    Field{"name", text, required, "as the driver prints it"},
    Field{"product", text, optional, "what variants share: A100, RTX 4060 Ti"},
    Field{"aliases", texts, optional, "other names users may write"},
    Field{"vendor", text, required, "nvidia, amd, intel, apple ..."},
    Field{"architecture", text, required, "hopper, cdna3 ..."},
    Field{"compute_capability", number(0, 99), optional, "CUDA compute capability"},
    Field{"gfx", text, optional, "AMD target"},
    Field{"memory_mib", number(1, 1e9), optional, "nominal memory; absent: the user must give --vram-gb"},
    Field{"memory_visible_mib", number(1, 1e9), optional, "total that nvidia-smi prints; absent: by rule"},
    Field{"memory_visible_grade", choice(visible_grades), optional, "how that total is known"},
    Field{"memory_cuda_mib", number(1, 1e9), optional,
          "total that CUDA reports, which vLLM multiplies; absent: by rule"},
    Field{"memory_cuda_grade", choice(cuda_grades), optional, "how that total is known"},
    Field{"memory_cuda_spread_mib", number(0, 1e9), optional, "how far off it may be; absent: by its grade"},
    Field{"memory_type", text, optional, "HBM3, GDDR6X ..."},
    Field{"unified_memory", boolean, optional, "whether CPU and GPU share it"},
    Field{"memory_bandwidth_gb_s", number(1, most_rate), optional, "10^9 bytes/s"},
    Field{"fp16_tflops", number(0, most_rate), optional, "10^12 operations/s, dense"},
    Field{"bf16_tflops", number(0, most_rate), optional, "10^12 operations/s, dense"},
    Field{"fp8_tflops", number(0, most_rate), optional, "10^12 operations/s, dense"},
    Field{"int8_tops", number(0, most_rate), optional, "10^12 operations/s, dense"},
    Field{"fp4_tflops", number(0, most_rate), optional, "10^12 operations/s, dense"},
    Field{"peak_basis", text, optional, "what the rates stand for: clock, accumulation"},
    Field{"tdp_w", number(0, 1e5), optional, "board power"},
    Field{"link", table(link_fields), optional, "between cards"},
    Field{"mig_profiles", list_of(mig_profile), optional, "slices that MIG can make of it"},
    Field{"max_gpus_per_node", integer(1, 1024), optional, "cards in the largest usual machine"},
    Field{"market", text, optional, "datacenter, workstation, consumer ..."},
    Field{"usd_per_hour", table(price_fields), optional, "rent of one card"},
    Field{"usd_per_hour_spot", table(price_fields), optional, "the same for capacity that may be taken away"},
    Field{"price_source", text, optional, "where and when the price was seen"},
    Field{"classic_decode_tok_s", number(0, most_rate), optional, "tokens/s of a 7 B model, classic model"},
    Field{"classic_prefill_tok_s", number(0, most_rate), optional, "tokens/s of a 7 B model, classic model"},
    Field{"vllm", choice(vllm_support), optional, "whether vLLM runs on it"},
    Field{"vllm_reason", text, optional, "why not, or which plugin"},
    sources_field,
    Field{"notes", text, optional, "anything else worth knowing"},
    api_field};

// ---- vw.models

constexpr std::array entry_fields{
    Field{"id", text, required, "organisation/name"}, Field{"config", open_table, required, "config.json"},
    Field{"params", integer(1, most_bytes), optional, "exact count of parameters"},
    Field{"weights_bytes", integer(1, most_bytes), optional, "exact bytes of all tensors"}};
constexpr Rule entry = open(entry_fields);

constexpr std::array models_fields{
    Field{"organisation", text, required, "as the Hub spells it; in lower case it is the file's name"},
    Field{"summary", line, optional, "what it is, in one line"}, sources_field,
    Field{"entries", list_of(entry), required, "the models; further fields go into the source's record as they are"},
    api_field};

// ---- vw.log

constexpr std::array log_phases{"start", "load", "profile", "kv-cache", "graph-capture", "warm-up", "serving"};
constexpr Rule log_phase = choice(log_phases);
constexpr std::array log_line_fields{
    Field{
        "pattern", text, required,
        "text of the message: {f} a number, {n} one with commas, {b} one with its unit (noted in GiB), {w} a word, {s} "
        "anything; {f:weights_gib} is noted under that name"},
    Field{"phase", log_phase, optional, "where the server is once it printed this; of a failure: where it was"},
    Field{"file", text, optional, "of vLLM, that prints it"},
    Field{"since", text, optional, "the first release that prints it so"},
    Field{"before", text, optional, "the first release that does not any more"}};
constexpr Rule log_line = table(log_line_fields);
constexpr std::array log_terms{"weights", "activation",  "cuda_graph",  "sampler", "kv_cache",
                               "state",   "utilization", "host_memory", "none"};
constexpr std::array log_mends{"lower-max-model-len", "fewer-sequences",  "fewer-batched-tokens", "higher-utilization",
                               "lower-utilization",   "smaller-kv-cache", "smaller-weights",      "more-gpus",
                               "fewer-gpus",          "enforce-eager",    "other-dtype",          "free-memory"};
constexpr Rule log_mend = choice(log_mends);
constexpr std::array log_failure_fields{
    id_field,
    Field{"says", line, required, "what happened, in one sentence without stop"},
    Field{"term", choice(log_terms), required, "the term of the memory model that was short"},
    Field{"phases", list_of(log_phase), optional, "it is this one only there; absent: anywhere"},
    Field{"over", ids, optional, "failures that it explains better, though they were printed before"},
    Field{"consequence", boolean, optional, "follows from another failure, and is told only where there is none"},
    Field{"mends", list_of(log_mend), optional, "changes that are tried with the memory model"},
    Field{"advice", texts, optional, "what else helps, a sentence each"},
    Field{"patterns", list_of(log_line), required, "lines that tell it"}};
constexpr Rule log_failure = table(log_failure_fields);
constexpr std::array log_fields{
    id_field,
    summary_field,
    sources_field,
    Field{"lines", list_of(log_line), optional, "what is read from a log"},
    Field{"failures", list_of(log_failure), optional, "what can have gone wrong"},
    Field{"ignored", texts, optional, "patterns of lines that hold words of users and say nothing"},
    api_field};

// ---- vw.correction

constexpr std::array corrected_part_fields{
    Field{"ratio", number(0.01, 100), optional, "logged / predicted, else 1"},
    Field{"add_gib", number(-1e6, 1e6), optional, "GiB of one GPU on top of it, else 0"},
    Field{"spread_gib", number(0, 1e6), optional,
          "half of the interval, for the load that was logged; absent: the interval moves with the term"}};
constexpr Rule corrected_part = table(corrected_part_fields);
constexpr std::array corrected_parts_fields{
    Field{"weights", corrected_part, optional, "model weights"},
    Field{"activation", corrected_part, optional, "peak of the profile run"},
    Field{"non_torch", corrected_part, optional, "memory that torch does not see"},
    Field{"cuda_graph", corrected_part, optional, "CUDA graphs"}};
constexpr std::array corrected_load_fields{
    Field{"tensor_parallel", integer(1, 100000), required, "of the server that was logged"},
    Field{"pipeline_parallel", integer(1, 100000), required, "of the server that was logged"},
    Field{"max_num_seqs", integer(1, 1e9), optional, "of the server that was logged"},
    Field{"max_num_batched_tokens", integer(1, 1e12), optional, "of the server that was logged"},
    Field{"enforce_eager", boolean, optional, "whether it ran without CUDA graphs"}};
constexpr std::array correction_fields{
    id_field,
    summary_field,
    sources_field,
    Field{"memory_model", id, required, "the memory model that it is for"},
    Field{"gpu", id, required, "id of the card"},
    Field{"family", id, required, "id of the model family"},
    Field{"release", id, required, "id of the release table that describes the version"},
    Field{"total_gib", number(0.01, 1e6), optional, "what CUDA reported of the card"},
    Field{"load", table(corrected_load_fields), required, "how the server ran"},
    Field{"parts", table(corrected_parts_fields), required, "terms of the memory model"},
    Field{"kv_cache_spread_gib", number(0, 1e6), optional,
          "half of the interval of what is left to the KV cache, for that load"},
    api_field};

// ---- parts

constexpr std::array family_fields{
    id_field,
    summary_field,
    sources_field,
    Field{"architectures", texts, required, "names in config.json that it reduces"},
    Field{"reduce", function("(config, checkpoint) -> normal form"), required, "config.json to numbers"},
    api_field};
constexpr std::array source_fields{
    id_field, summary_field, sources_field,
    Field{"ask", function("(request) -> record or nil"), required,
          "request.verb is describe, list or suggest; nil: not known here, or not offered"},
    api_field};
constexpr std::array detector_fields{
    id_field, summary_field, sources_field,
    Field{"ask", function("(request) -> detection"), required, "request.verb is detect"}, api_field};
constexpr std::array probe_fields{id_field, summary_field, sources_field,
                                  Field{"ask", function("(request) -> reply or nil"), required,
                                        "request.verb is probe or describe; nil: not offered"},
                                  api_field};
constexpr std::array policy_fields{
    Field{"gpu_memory_utilization", number(0.01, 1), optional, "when not given; else the release decides"},
    Field{"headroom_gib", number(0, 1e6), optional, "GiB that must stay free"},
    Field{"fragmentation_factor", number(1, 2), optional, "factor on the KV cache"},
    Field{"reads_corrections", boolean, optional, "whether settings.corrections change what it predicts"}};
constexpr std::array memory_model_fields{
    id_field,
    summary_field,
    sources_field,
    Field{"estimate", function("(context, candidate) -> memory"), required, "one candidate to fields of vw_memory"},
    Field{"explain", function("(context, candidate) -> explanation"), optional, "terms and warnings of one candidate"},
    Field{"prepare", function("(settings) -> context"), optional, "run once; without it the context is the settings"},
    Field{"policy", table(policy_fields), optional, "what the model assumes when the user says nothing"},
    api_field};
constexpr std::array perf_heuristic_fields{
    id_field,
    summary_field,
    sources_field,
    Field{"estimate", function("(context, candidate, memory) -> speed"), required,
          "one candidate and its memory to fields of vw_perf"},
    Field{"explain", function("(context, candidate, memory) -> explanation"), optional,
          "terms and warnings of one candidate"},
    Field{"prepare", function("(settings) -> context"), optional, "run once; without it the context is the settings"},
    api_field};
constexpr std::array renderer_fields{
    id_field,
    summary_field,
    sources_field,
    Field{"render", function("(request) -> artifact"), required, "a plan to files, or to the report"},
    Field{"render_pack", function("(request) -> artifact"), optional, "several servers that share cards to files"},
    api_field};

// ---- vw.defaults

constexpr std::array count_tier_fields{
    Field{"least_gib", number(0, 1e6), required, "memory of a card from which the value holds"},
    Field{"value", integer(1, 1e12), required, "tokens"}};
constexpr Rule count_tier = table(count_tier_fields);
constexpr Rule count_rule = integer(0, 1e6), factor_rule = number(0, 1000), share_rule = number(0, 1);
constexpr std::array recommend_fields{
    Field{"consumer_gpu_memory_utilization", number(0.01, 1), required, "most on cards that drive a display"},
    Field{"usual_gpu_memory_utilization", list_of(share_rule), required, "lowest and highest that is not unusual"},
    Field{"kv_pressure_for_fp8", number(0, 1), required, "KV cache needed / budget from which FP8 is recommended"},
    Field{"extra_sequences", map_to(count_rule), required, "by batching mode, on top of the concurrency"},
    Field{"batched_tokens_factor", map_to(factor_rule), required, "by batching mode, times the tokens in flight"},
    Field{"least_batched_tokens", integer(1, 1e12), required, "tokens in a step, at least"},
    Field{"most_batched_tokens", list_of(count_tier), required, "tokens in a step, at most, by memory of the card"},
    Field{"least_searched_tokens", integer(1, 1e12), required,
          "tokens in a step, at least, where a search tries fewer"},
    Field{"least_gain", number(0, 1), required, "share that something else has to be worth more than the rule"}};
constexpr Rule loss_rule = number(0, 1000), spread_rule = number(0, 1e6);
constexpr std::array mend_fields{
    Field{"margin_gib", number(0, 1000), required, "GiB that a mend of an out of memory frees beyond what was short"},
    Field{"least_context_tokens", integer(1, 1e9), required, "shorter contexts are no mend"},
    Field{"least_batched_tokens", integer(1, 1e9), required, "smaller steps are no mend"},
    Field{"most_tensor_parallel", integer(1, 1e6), required, "more cards are no mend"},
    Field{"loss", map_to(loss_rule), required, "by mend: what it costs, the least is told first"},
    Field{"loss_of_all", map_to(loss_rule), required, "by mend that lowers a number: on top, were it lowered to 0"}};
constexpr std::array calibrate_fields{
    Field{"spread_gib", map_to(spread_rule), required, "by term: half of what equal starts differ by"},
    Field{"unified_spread_gib", number(0, 1e6), required, "of the KV cache, where CPU and card share memory"}};
constexpr std::array watch_fields{
    Field{"probe", id, required, "id of the server probe"},
    Field{"kv_cache_share", share_rule, required, "of the KV cache in use, from which it is full"},
    Field{"waiting_s", number(0, 1e6), required, "seconds in which requests always waited, from which it is long"},
    Field{"least_requests", count_rule, required, "in the window, before latencies are held against the plan"},
    Field{"latency_factor", number(1, 1000), required, "times the plan's high end, from which a server is slow"},
    Field{"memory_slack_gib", number(0, 1e6), required, "GiB on a card beyond the plan that are nothing to tell"},
    Field{"growth_samples", integer(3, 1e6), required, "of memory, before a trend is looked for"},
    Field{"growth_mib", number(0, 1e9), required, "MiB of growth on a card that are worth telling"},
    Field{"growth_fit", share_rule, required,
          "coefficient of determination of a straight line, from which it is steady"}};
constexpr std::array defaults_fields{
    Field{"id", id, optional, "defaults"},
    Field{"summary", line, optional, "what it is, in one line"},
    Field{"memory_model", id, optional, "id of the memory model"},
    Field{"perf_model", id, optional, "id of the performance heuristic"},
    Field{"sources", ids, optional, "ids of metadata sources in the order asked"},
    Field{"detectors", ids, optional, "ids of GPU detectors in the order asked"},
    Field{"emit", ids, optional, "ids of renderers that `generate` runs"},
    Field{"report", id, optional, "id of the renderer that writes the report"},
    Field{"recommend", table(recommend_fields), required, "thresholds of the recommendations"},
    Field{"mend", table(mend_fields), optional, "how `diagnose` looks for changes that mend a start"},
    Field{"calibrate", table(calibrate_fields), optional, "how exactly a start repeats itself"},
    Field{"watch", table(watch_fields), optional, "when a running server leaves its plan"},
    api_field};

constexpr std::array all_schemas{
    Schema{"quantization", table_kind::quantization, "id", "how weights, and perhaps the KV cache, are stored",
           quantization_fields},
    Schema{"release", table_kind::release, "id", "what one vLLM release does by default and which flags it knows",
           release_fields},
    Schema{"gpu", table_kind::gpu, "id", "one accelerator", gpu_fields},
    Schema{"models", table_kind::models, "organisation", "models known without asking anybody", models_fields},
    Schema{"log", table_kind::log, "id", "lines that vLLM logs, and what they mean", log_fields},
    Schema{"correction", table_kind::correction, "id", "what a start-up log taught about a memory model",
           correction_fields},
    Schema{"family", VW_KIND_MODEL_FAMILY, "id", "reduces config.json of some architectures to the normal form",
           family_fields},
    Schema{"source", VW_KIND_METADATA_SOURCE, "id", "knows models: their config.json and sizes", source_fields},
    Schema{"detector", VW_KIND_GPU_DETECTOR, "id", "finds the GPUs of this machine", detector_fields},
    Schema{"memory_model", VW_KIND_MEMORY_MODEL, "id", "says whether a candidate fits", memory_model_fields},
    Schema{"perf_heuristic", VW_KIND_PERF_HEURISTIC, "id", "says how fast a candidate is", perf_heuristic_fields},
    Schema{"renderer", VW_KIND_RENDERER, "id", "writes one artifact of a plan", renderer_fields},
    Schema{"probe", VW_KIND_SERVER_PROBE, "id", "asks a running server for its metrics", probe_fields},
    Schema{"defaults", table_kind::defaults, nullptr, "which parts are used when nobody chooses", defaults_fields},
};

}  // namespace

std::span<const Schema> schemas() noexcept { return all_schemas; }

const Schema* find_schema(std::string_view constructor) noexcept {
  const auto is_it = [&](const Schema& schema) { return constructor == schema.constructor; };
  const auto found = std::find_if(all_schemas.begin(), all_schemas.end(), is_it);
  return found == all_schemas.end() ? nullptr : &*found;
}

const Schema* schema_of_kind(std::string_view kind) noexcept {
  const auto is_it = [&](const Schema& schema) { return kind == schema.kind; };
  const auto found = std::find_if(all_schemas.begin(), all_schemas.end(), is_it);
  return found == all_schemas.end() ? nullptr : &*found;
}

}  // namespace vw::lua

#include "lua/declarations.hpp"

#include "abi/plugin.h"
#include "lua/field_tables.hpp"
#include "parts/catalog.hpp"

#include <algorithm>
#include <array>

namespace vw::lua {

namespace {

using namespace declared;

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

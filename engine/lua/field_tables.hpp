// lua: fields of the tables that say what logs hold, what they taught, and by which thresholds choices are made.
#pragma once

#include "lua/field_rules.hpp"

namespace vw::lua::declared {

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

}  // namespace vw::lua::declared

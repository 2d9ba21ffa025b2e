---@meta vw
-- The API of vllm-wizard scripts, for editors. Written by the program itself and never executed.

---@class vw
---@field api_version integer
---@field null lightuserdata null inside a list; as a member, null is nil
---@field flags { enforce_eager: integer, expert_parallel: integer, prefix_caching: integer } bits of candidate.flags
vw = {}

---@class vw.candidate one configuration to judge; gpu, format, kv_format and release count from 1
---@field gpu? integer
---@field format? integer
---@field kv_format? integer
---@field release? integer
---@field gpus? integer
---@field nodes? integer
---@field tensor_parallel? integer
---@field pipeline_parallel? integer
---@field data_parallel? integer
---@field expert_parallel? integer
---@field block_tokens? integer
---@field flags? integer
---@field context_tokens? integer
---@field concurrency? integer
---@field prompt_tokens? integer
---@field generated_tokens? integer
---@field max_sequences? integer
---@field max_batched_tokens? integer
---@field utilization? number

---@class vw.memory what a memory model returns; all fields may be left out
---@field verdict? string
---@field reason? string
---@field starts? boolean
---@field survives? boolean
---@field scope_gpus? integer
---@field block_tokens? integer
---@field reason_value? number
---@field total_bytes? number
---@field capacity_bytes? number
---@field headroom_bytes? number
---@field weights_bytes? number
---@field weights_low_bytes? number
---@field weights_high_bytes? number
---@field overhead_bytes? number
---@field overhead_low_bytes? number
---@field overhead_high_bytes? number
---@field activation_bytes? number
---@field activation_low_bytes? number
---@field activation_high_bytes? number
---@field non_torch_bytes? number
---@field non_torch_low_bytes? number
---@field non_torch_high_bytes? number
---@field cuda_graph_bytes? number
---@field cuda_graph_low_bytes? number
---@field cuda_graph_high_bytes? number
---@field kv_available_bytes? number
---@field kv_available_low_bytes? number
---@field kv_available_high_bytes? number
---@field kv_required_bytes? number
---@field kv_sequence_bytes? number
---@field kv_per_token_bytes? number
---@field kv_blocks? number
---@field kv_tokens? number
---@field max_concurrency? number
---@field max_context_tokens? number

---@class vw.perf what a performance heuristic returns; all fields may be left out
---@field verdict? string
---@field bottleneck? string
---@field ttft_ms? number
---@field ttft_low_ms? number
---@field ttft_high_ms? number
---@field tpot_ms? number
---@field tpot_low_ms? number
---@field tpot_high_ms? number
---@field decode_tokens_per_s? number
---@field decode_low_tokens_per_s? number
---@field decode_high_tokens_per_s? number
---@field prefill_tokens_per_s? number
---@field prefill_low_tokens_per_s? number
---@field prefill_high_tokens_per_s? number
---@field output_tokens_per_s? number
---@field output_low_tokens_per_s? number
---@field output_high_tokens_per_s? number
---@field requests_per_s? number
---@field requests_low_per_s? number
---@field requests_high_per_s? number
---@field weights_share? number
---@field kv_share? number
---@field compute_share? number
---@field all_reduce_share? number
---@field overhead_share? number

---@class vw.quantization.declaration.weights.per the tile of the matrix that shares one scale and zero point
---@field rows integer outputs that share one scale; 0: all
---@field inputs integer inputs that share one scale; 0: all

---@class vw.quantization.declaration.weights.pad what the stored shape is padded to
---@field outputs? integer stored outputs are a multiple of this
---@field inputs? integer stored inputs are a multiple of this

---@class vw.quantization.declaration.weights how a matrix is stored
---@field bits number per weight
---@field scale_bits? number per tile: its scale
---@field zero_bits? number per tile: its zero point
---@field per? vw.quantization.declaration.weights.per the tile of the matrix that shares one scale and zero point
---@field tensor_bits? number per matrix, e.g. global scales
---@field row_bits? number per output
---@field pad? vw.quantization.declaration.weights.pad what the stored shape is padded to

---@class vw.quantization.declaration.experts.per the tile of the matrix that shares one scale and zero point
---@field rows integer outputs that share one scale; 0: all
---@field inputs integer inputs that share one scale; 0: all

---@class vw.quantization.declaration.experts.pad what the stored shape is padded to
---@field outputs? integer stored outputs are a multiple of this
---@field inputs? integer stored inputs are a multiple of this

---@class vw.quantization.declaration.experts the same for experts, when they differ
---@field bits number per weight
---@field scale_bits? number per tile: its scale
---@field zero_bits? number per tile: its zero point
---@field per? vw.quantization.declaration.experts.per the tile of the matrix that shares one scale and zero point
---@field tensor_bits? number per matrix, e.g. global scales
---@field row_bits? number per output
---@field pad? vw.quantization.declaration.experts.pad what the stored shape is padded to

---@class vw.quantization.declaration.blocks GGUF block types by name
---@field weights integer weights in one block
---@field bytes integer bytes of one block

---@class vw.quantization.declaration.needs what the GPU must offer
---@field compute_capability? number least CUDA compute capability, e.g. 8.9
---@field gfx? string[] AMD targets that can run it
---@field reason? string why, for the message

---@class vw.quantization.declaration.accuracy_recovery what it keeps of the accuracy of 16 bit, as published
---@field share number of the 16-bit score
---@field of string which scores, of which models
---@field source string the publication

---@class vw.quantization.declaration.kv.needs what the GPU must offer
---@field compute_capability? number least CUDA compute capability, e.g. 8.9
---@field gfx? string[] AMD targets that can run it
---@field reason? string why, for the message

---@class vw.quantization.declaration.kv present: the KV cache can be stored in it
---@field bits number per element of the KV cache
---@field per_head_bits? number per token and head, e.g. scales
---@field group_bits_per_element? number of group scales, spread over the elements
---@field vllm_name string value of --kv-cache-dtype
---@field needs? vw.quantization.declaration.kv.needs what the GPU must offer

---@class vw.quantization.declaration how weights, and perhaps the KV cache, are stored
---@field id string the file's name without .lua
---@field summary string what it is, in one line
---@field sources? string[] where the numbers come from: documents, files, dates
---@field vllm_names? string[] values of --quantization that mean this format; checkpoints are told by recognised_by
---@field flag? string value of --quantization when vLLM makes it from a 16-bit checkpoint
---@field dtype? string vLLM's --dtype, for plain number formats only
---@field weights? vw.quantization.declaration.weights how a matrix is stored
---@field experts? vw.quantization.declaration.experts the same for experts, when they differ
---@field blocks? table<string, vw.quantization.declaration.blocks> GGUF block types by name
---@field applies_to? "linears"|"experts"|"all"|"none" the matrices that are quantized
---@field keeps_16_bit? string[] roles of matrices that stay in 16 bit
---@field needs? vw.quantization.declaration.needs what the GPU must offer
---@field from_16_bit? boolean whether vLLM can make it while loading
---@field recognised_by? table[] conditions on quantization_config: dotted path (* for any member) to value, or true for present
---@field compute? string name of the efficiency record
---@field accuracy_recovery? vw.quantization.declaration.accuracy_recovery what it keeps of the accuracy of 16 bit, as published
---@field classic_bytes_per_parameter? number for the classic memory model
---@field classic_speed? number factor of the classic performance model, else 1
---@field kv? vw.quantization.declaration.kv present: the KV cache can be stored in it
---@field aliases? string[] other names users may write
---@field api? integer version of this API the script was written for, now 1

---@param declaration vw.quantization.declaration
---@return vw.quantization.declaration
function vw.quantization(declaration) end

---@class vw.release.declaration.flag_syntax how flags are written, those of other releases included
---@field negated_since? string the first release where every switch --x has a form --no-x
---@field aliases? table<string, string> short name to flag
---@field switches? string[] flags that take nothing
---@field integers? string[] flags that take one whole number
---@field counts? string[] flags that take a whole number that may end in k, K, m, M, g, G
---@field numbers? string[] flags that take a number
---@field objects? string[] flags that take a JSON object, or its members as --x.member value
---@field lists? string[] flags that take one word or more
---@field useless_without? table<string, string> flag to the one without which it does nothing
---@field refused_without? table<string, string> flag to the one without which vLLM refuses it
---@field useless_beside? table<string, string> flag to the one beside which it does nothing

---@class vw.release.declaration.architectures those that not every release knows
---@field name string as config.json has it
---@field since? string the first release that knows it
---@field before? string the first release that knows it no more
---@field refused_dtypes? "fp16"|"bf16"|"fp32"[] number formats that vLLM refuses for it

---@class vw.release.declaration.memory how memory is accounted: numbers, booleans, texts
---@field era "e0"|"e1"|"e2"|"e3" which way of accounting memory the release uses

---@class vw.release.declaration what one vLLM release does by default and which flags it knows
---@field id string the version, which is the file's name: 0.21.0; valid up to the next file
---@field summary string what it is, in one line
---@field sources? string[] where the numbers come from: documents, files, dates
---@field date? string when it came out
---@field latest? string only in the newest file: the newest release it is known to describe
---@field defaults table what vLLM does when not told: numbers, booleans, tiers by memory
---@field flags? string[] every --flag it knows that a plan may emit
---@field removed_flags? table<string, string> flag to what to use instead
---@field later_flags? table<string, string> flag that is surely not there yet to the release that has it
---@field doubtful_flags? table<string, string> flag that may be there to the release that surely has it
---@field flag_syntax? vw.release.declaration.flag_syntax how flags are written, those of other releases included
---@field kv_cache_dtypes? string[] values of --kv-cache-dtype
---@field quantizations? string[] values of --quantization
---@field flag_values? table<string, string[]> flag to the values it takes, where those are few
---@field mtp_methods? table<string, string> architecture to the older name of the speculative method mtp
---@field architectures? vw.release.declaration.architectures[] those that not every release knows
---@field metrics? table<string, string[]> what a server measures to names of metrics, this release's own first
---@field memory? vw.release.declaration.memory how memory is accounted: numbers, booleans, texts
---@field api? integer version of this API the script was written for, now 1

---@param declaration vw.release.declaration
---@return vw.release.declaration
function vw.release(declaration) end

---@class vw.gpu.declaration.link between cards
---@field type string nvlink, nvlink-bridge, pcie, infinity-fabric ...
---@field gb_s_per_direction? number 10^9 bytes/s, one direction, all links of a card
---@field pcie_generation? integer PCI Express generation

---@class vw.gpu.declaration.mig_profiles slices that MIG can make of it
---@field name string as nvidia-smi prints it: 3g.40gb
---@field memory_slices integer how many of the card's memory slices
---@field memory_mib? number what nvidia-smi prints for an instance

---@class vw.gpu.declaration.usd_per_hour rent of one card
---@field low number US dollars per hour
---@field high number US dollars per hour

---@class vw.gpu.declaration.usd_per_hour_spot the same for capacity that may be taken away
---@field low number US dollars per hour
---@field high number US dollars per hour

---@class vw.gpu.declaration one accelerator
---@field id string the file's name without .lua
---@field summary string what it is, in one line
---@field name string as the driver prints it
---@field product? string what variants share: A100, RTX 4060 Ti
---@field aliases? string[] other names users may write
---@field vendor string nvidia, amd, intel, apple ...
---@field architecture string hopper, cdna3 ...
---@field compute_capability? number CUDA compute capability
---@field gfx? string AMD target
---@field memory_mib? number nominal memory; absent: the user must give --vram-gb
---@field memory_visible_mib? number total that nvidia-smi prints; absent: by rule
---@field memory_visible_grade? "listed"|"from-memory" how that total is known
---@field memory_cuda_mib? number total that CUDA reports, which vLLM multiplies; absent: by rule
---@field memory_cuda_grade? "logged"|"arithmetic"|"from-other-logs" how that total is known
---@field memory_cuda_spread_mib? number how far off it may be; absent: by its grade
---@field memory_type? string HBM3, GDDR6X ...
---@field unified_memory? boolean whether CPU and GPU share it
---@field memory_bandwidth_gb_s? number 10^9 bytes/s
---@field fp16_tflops? number 10^12 operations/s, dense
---@field bf16_tflops? number 10^12 operations/s, dense
---@field fp8_tflops? number 10^12 operations/s, dense
---@field int8_tops? number 10^12 operations/s, dense
---@field fp4_tflops? number 10^12 operations/s, dense
---@field peak_basis? string what the rates stand for: clock, accumulation
---@field tdp_w? number board power
---@field link? vw.gpu.declaration.link between cards
---@field mig_profiles? vw.gpu.declaration.mig_profiles[] slices that MIG can make of it
---@field max_gpus_per_node? integer cards in the largest usual machine
---@field market? string datacenter, workstation, consumer ...
---@field usd_per_hour? vw.gpu.declaration.usd_per_hour rent of one card
---@field usd_per_hour_spot? vw.gpu.declaration.usd_per_hour_spot the same for capacity that may be taken away
---@field price_source? string where and when the price was seen
---@field classic_decode_tok_s? number tokens/s of a 7 B model, classic model
---@field classic_prefill_tok_s? number tokens/s of a 7 B model, classic model
---@field vllm? "supported"|"plugin"|"no" whether vLLM runs on it
---@field vllm_reason? string why not, or which plugin
---@field sources? string[] where the numbers come from: documents, files, dates
---@field notes? string anything else worth knowing
---@field api? integer version of this API the script was written for, now 1

---@param declaration vw.gpu.declaration
---@return vw.gpu.declaration
function vw.gpu(declaration) end

---@class vw.models.declaration.entries the models; further fields go into the source's record as they are
---@field id string organisation/name
---@field config table config.json
---@field params? integer exact count of parameters
---@field weights_bytes? integer exact bytes of all tensors

---@class vw.models.declaration models known without asking anybody
---@field organisation string as the Hub spells it; in lower case it is the file's name
---@field summary? string what it is, in one line
---@field sources? string[] where the numbers come from: documents, files, dates
---@field entries vw.models.declaration.entries[] the models; further fields go into the source's record as they are
---@field api? integer version of this API the script was written for, now 1

---@param declaration vw.models.declaration
---@return vw.models.declaration
function vw.models(declaration) end

---@class vw.log.declaration.lines what is read from a log
---@field pattern string text of the message: {f} a number, {n} one with commas, {b} one with its unit (noted in GiB), {w} a word, {s} anything; {f:weights_gib} is noted under that name
---@field phase? "start"|"load"|"profile"|"kv-cache"|"graph-capture"|"warm-up"|"serving" where the server is once it printed this; of a failure: where it was
---@field file? string of vLLM, that prints it
---@field since? string the first release that prints it so
---@field before? string the first release that does not any more

---@class vw.log.declaration.failures.patterns lines that tell it
---@field pattern string text of the message: {f} a number, {n} one with commas, {b} one with its unit (noted in GiB), {w} a word, {s} anything; {f:weights_gib} is noted under that name
---@field phase? "start"|"load"|"profile"|"kv-cache"|"graph-capture"|"warm-up"|"serving" where the server is once it printed this; of a failure: where it was
---@field file? string of vLLM, that prints it
---@field since? string the first release that prints it so
---@field before? string the first release that does not any more

---@class vw.log.declaration.failures what can have gone wrong
---@field id string the file's name without .lua
---@field says string what happened, in one sentence without stop
---@field term "weights"|"activation"|"cuda_graph"|"sampler"|"kv_cache"|"state"|"utilization"|"host_memory"|"none" the term of the memory model that was short
---@field phases? "start"|"load"|"profile"|"kv-cache"|"graph-capture"|"warm-up"|"serving"[] it is this one only there; absent: anywhere
---@field over? string[] failures that it explains better, though they were printed before
---@field consequence? boolean follows from another failure, and is told only where there is none
---@field mends? "lower-max-model-len"|"fewer-sequences"|"fewer-batched-tokens"|"higher-utilization"|"lower-utilization"|"smaller-kv-cache"|"smaller-weights"|"more-gpus"|"fewer-gpus"|"enforce-eager"|"other-dtype"|"free-memory"[] changes that are tried with the memory model
---@field advice? string[] what else helps, a sentence each
---@field patterns vw.log.declaration.failures.patterns[] lines that tell it

---@class vw.log.declaration lines that vLLM logs, and what they mean
---@field id string the file's name without .lua
---@field summary string what it is, in one line
---@field sources? string[] where the numbers come from: documents, files, dates
---@field lines? vw.log.declaration.lines[] what is read from a log
---@field failures? vw.log.declaration.failures[] what can have gone wrong
---@field ignored? string[] patterns of lines that hold words of users and say nothing
---@field api? integer version of this API the script was written for, now 1

---@param declaration vw.log.declaration
---@return vw.log.declaration
function vw.log(declaration) end

---@class vw.correction.declaration.load how the server ran
---@field tensor_parallel integer of the server that was logged
---@field pipeline_parallel integer of the server that was logged
---@field max_num_seqs? integer of the server that was logged
---@field max_num_batched_tokens? integer of the server that was logged
---@field enforce_eager? boolean whether it ran without CUDA graphs

---@class vw.correction.declaration.parts.weights model weights
---@field ratio? number logged / predicted, else 1
---@field add_gib? number GiB of one GPU on top of it, else 0
---@field spread_gib? number half of the interval, for the load that was logged; absent: the interval moves with the term

---@class vw.correction.declaration.parts.activation peak of the profile run
---@field ratio? number logged / predicted, else 1
---@field add_gib? number GiB of one GPU on top of it, else 0
---@field spread_gib? number half of the interval, for the load that was logged; absent: the interval moves with the term

---@class vw.correction.declaration.parts.non_torch memory that torch does not see
---@field ratio? number logged / predicted, else 1
---@field add_gib? number GiB of one GPU on top of it, else 0
---@field spread_gib? number half of the interval, for the load that was logged; absent: the interval moves with the term

---@class vw.correction.declaration.parts.cuda_graph CUDA graphs
---@field ratio? number logged / predicted, else 1
---@field add_gib? number GiB of one GPU on top of it, else 0
---@field spread_gib? number half of the interval, for the load that was logged; absent: the interval moves with the term

---@class vw.correction.declaration.parts terms of the memory model
---@field weights? vw.correction.declaration.parts.weights model weights
---@field activation? vw.correction.declaration.parts.activation peak of the profile run
---@field non_torch? vw.correction.declaration.parts.non_torch memory that torch does not see
---@field cuda_graph? vw.correction.declaration.parts.cuda_graph CUDA graphs

---@class vw.correction.declaration what a start-up log taught about a memory model
---@field id string the file's name without .lua
---@field summary string what it is, in one line
---@field sources? string[] where the numbers come from: documents, files, dates
---@field memory_model string the memory model that it is for
---@field gpu string id of the card
---@field family string id of the model family
---@field release string id of the release table that describes the version
---@field total_gib? number what CUDA reported of the card
---@field load vw.correction.declaration.load how the server ran
---@field parts vw.correction.declaration.parts terms of the memory model
---@field kv_cache_spread_gib? number half of the interval of what is left to the KV cache, for that load
---@field api? integer version of this API the script was written for, now 1

---@param declaration vw.correction.declaration
---@return vw.correction.declaration
function vw.correction(declaration) end

---@class vw.family.declaration reduces config.json of some architectures to the normal form
---@field id string the file's name without .lua
---@field summary string what it is, in one line
---@field sources? string[] where the numbers come from: documents, files, dates
---@field architectures string[] names in config.json that it reduces
---@field reduce fun(config: table, checkpoint: table): table config.json to numbers
---@field api? integer version of this API the script was written for, now 1

---@param declaration vw.family.declaration
---@return vw.family.declaration
function vw.family(declaration) end

---@class vw.source.declaration knows models: their config.json and sizes
---@field id string the file's name without .lua
---@field summary string what it is, in one line
---@field sources? string[] where the numbers come from: documents, files, dates
---@field ask fun(request: table): table? request.verb is describe, list or suggest; nil: not known here, or not offered
---@field api? integer version of this API the script was written for, now 1

---@param declaration vw.source.declaration
---@return vw.source.declaration
function vw.source(declaration) end

---@class vw.detector.declaration finds the GPUs of this machine
---@field id string the file's name without .lua
---@field summary string what it is, in one line
---@field sources? string[] where the numbers come from: documents, files, dates
---@field ask fun(request: table): table request.verb is detect
---@field api? integer version of this API the script was written for, now 1

---@param declaration vw.detector.declaration
---@return vw.detector.declaration
function vw.detector(declaration) end

---@class vw.memory_model.declaration.policy what the model assumes when the user says nothing
---@field gpu_memory_utilization? number when not given; else the release decides
---@field headroom_gib? number GiB that must stay free
---@field fragmentation_factor? number factor on the KV cache
---@field reads_corrections? boolean whether settings.corrections change what it predicts

---@class vw.memory_model.declaration says whether a candidate fits
---@field id string the file's name without .lua
---@field summary string what it is, in one line
---@field sources? string[] where the numbers come from: documents, files, dates
---@field estimate fun(context: any, candidate: vw.candidate): vw.memory one candidate to fields of vw_memory
---@field explain? fun(context: any, candidate: vw.candidate): table terms and warnings of one candidate
---@field prepare? fun(settings: table): any run once; without it the context is the settings
---@field policy? vw.memory_model.declaration.policy what the model assumes when the user says nothing
---@field api? integer version of this API the script was written for, now 1

---@param declaration vw.memory_model.declaration
---@return vw.memory_model.declaration
function vw.memory_model(declaration) end

---@class vw.perf_heuristic.declaration says how fast a candidate is
---@field id string the file's name without .lua
---@field summary string what it is, in one line
---@field sources? string[] where the numbers come from: documents, files, dates
---@field estimate fun(context: any, candidate: vw.candidate, memory: vw.memory): vw.perf one candidate and its memory to fields of vw_perf
---@field explain? fun(context: any, candidate: vw.candidate, memory: vw.memory): table terms and warnings of one candidate
---@field prepare? fun(settings: table): any run once; without it the context is the settings
---@field api? integer version of this API the script was written for, now 1

---@param declaration vw.perf_heuristic.declaration
---@return vw.perf_heuristic.declaration
function vw.perf_heuristic(declaration) end

---@class vw.renderer.declaration writes one artifact of a plan
---@field id string the file's name without .lua
---@field summary string what it is, in one line
---@field sources? string[] where the numbers come from: documents, files, dates
---@field render fun(request: table): table a plan to files, or to the report
---@field render_pack? fun(request: table): table several servers that share cards to files
---@field api? integer version of this API the script was written for, now 1

---@param declaration vw.renderer.declaration
---@return vw.renderer.declaration
function vw.renderer(declaration) end

---@class vw.probe.declaration asks a running server for its metrics
---@field id string the file's name without .lua
---@field summary string what it is, in one line
---@field sources? string[] where the numbers come from: documents, files, dates
---@field ask fun(request: table): table? request.verb is probe or describe; nil: not offered
---@field api? integer version of this API the script was written for, now 1

---@param declaration vw.probe.declaration
---@return vw.probe.declaration
function vw.probe(declaration) end

---@class vw.defaults.declaration.recommend.most_batched_tokens tokens in a step, at most, by memory of the card
---@field least_gib number memory of a card from which the value holds
---@field value integer tokens

---@class vw.defaults.declaration.recommend thresholds of the recommendations
---@field consumer_gpu_memory_utilization number most on cards that drive a display
---@field usual_gpu_memory_utilization number[] lowest and highest that is not unusual
---@field kv_pressure_for_fp8 number KV cache needed / budget from which FP8 is recommended
---@field extra_sequences table<string, integer> by batching mode, on top of the concurrency
---@field batched_tokens_factor table<string, number> by batching mode, times the tokens in flight
---@field least_batched_tokens integer tokens in a step, at least
---@field most_batched_tokens vw.defaults.declaration.recommend.most_batched_tokens[] tokens in a step, at most, by memory of the card
---@field least_searched_tokens integer tokens in a step, at least, where a search tries fewer
---@field least_gain number share that something else has to be worth more than the rule

---@class vw.defaults.declaration.mend how `diagnose` looks for changes that mend a start
---@field margin_gib number GiB that a mend of an out of memory frees beyond what was short
---@field least_context_tokens integer shorter contexts are no mend
---@field least_batched_tokens integer smaller steps are no mend
---@field most_tensor_parallel integer more cards are no mend
---@field loss table<string, number> by mend: what it costs, the least is told first
---@field loss_of_all table<string, number> by mend that lowers a number: on top, were it lowered to 0

---@class vw.defaults.declaration.calibrate how exactly a start repeats itself
---@field spread_gib table<string, number> by term: half of what equal starts differ by
---@field unified_spread_gib number of the KV cache, where CPU and card share memory

---@class vw.defaults.declaration.watch when a running server leaves its plan
---@field probe string id of the server probe
---@field kv_cache_share number of the KV cache in use, from which it is full
---@field waiting_s number seconds in which requests always waited, from which it is long
---@field least_requests integer in the window, before latencies are held against the plan
---@field latency_factor number times the plan's high end, from which a server is slow
---@field memory_slack_gib number GiB on a card beyond the plan that are nothing to tell
---@field growth_samples integer of memory, before a trend is looked for
---@field growth_mib number MiB of growth on a card that are worth telling
---@field growth_fit number coefficient of determination of a straight line, from which it is steady

---@class vw.defaults.declaration which parts are used when nobody chooses
---@field id? string defaults
---@field summary? string what it is, in one line
---@field memory_model? string id of the memory model
---@field perf_model? string id of the performance heuristic
---@field sources? string[] ids of metadata sources in the order asked
---@field detectors? string[] ids of GPU detectors in the order asked
---@field emit? string[] ids of renderers that `generate` runs
---@field report? string id of the renderer that writes the report
---@field recommend vw.defaults.declaration.recommend thresholds of the recommendations
---@field mend? vw.defaults.declaration.mend how `diagnose` looks for changes that mend a start
---@field calibrate? vw.defaults.declaration.calibrate how exactly a start repeats itself
---@field watch? vw.defaults.declaration.watch when a running server leaves its plan
---@field api? integer version of this API the script was written for, now 1

---@param declaration vw.defaults.declaration
---@return vw.defaults.declaration
function vw.defaults(declaration) end

---Marks a table as a JSON list; needed where it may be empty.
---@param items? any[]
---@return any[]
function vw.list(items) end

---A value as JSON text on one line, for flags that take JSON.
---@param value any
---@return string
function vw.json(value) end

---Reads a file; nil when there is none. Sources only.
---@param path string
---@return string?
function vw.read_file(path) end

---The layers of a table in the catalog, strongest first. Sources only.
---@param kind string
---@param id string
---@return table[]
function vw.entries(kind, id) end

---The ids of a kind in the catalog, sorted. Sources only.
---@param kind string
---@return string[]
function vw.ids(kind) end

---Runs a program without a shell. Detectors only. The member `end` says how it ended: exited, not-found, timed-out,
---output-too-large or killed.
---@param arguments string[]
---@param timeout_s? number up to 60, else 10
---@return table result end, exit_code, output, errors
function vw.run(arguments, timeout_s) end

---Compares deeply and raises on the caller's line. Tests only.
---@param actual any
---@param expected any
function vw.expect(actual, expected) end

---The message that a function raises. Tests only.
---@param attempt function
---@return string
function vw.fails(attempt) end

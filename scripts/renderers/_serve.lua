-- From a plan to the arguments of `vllm serve`: one place, so that every artifact starts the same server.
local serving = require "_serving"
local serve = {}

-- Our dtype names in vLLM's spelling of --dtype and --kv-cache-dtype.
local vllm_dtypes = { fp16 = "float16", bf16 = "bfloat16", fp32 = "float32", fp8_e4m3fn = "fp8_e4m3" }

local function contains(list, wanted)
  for _, item in ipairs(list or {}) do if item == wanted then return true end end
  return false
end

-- Control characters in a model id could end a comment or move a terminal's cursor.
function serve.clean(text) return (tostring(text):gsub("[%c]", " ")) end

function serve.whole(number) return string.format("%.0f", number) end

-- At least two decimals, at most four: 0.90, 0.8875.
function serve.ratio(number)
  local text = string.format("%.4f", number)
  return (text:gsub("0?0$", ""))
end

-- What a release does not list is never emitted. A release without a list is taken to know everything.
function serve.knows(release, flag)
  local flags = release and release.flags
  return not flags or #flags == 0 or contains(flags, flag)
end

local function kv_cache_dtype(config, release)
  local name = config.kv_cache_dtype
  if not name or name == "auto" then return nil end
  name = vllm_dtypes[name] or name
  local known = release and release.kv_cache_dtypes
  if known and #known > 0 and not contains(known, name) then return nil end
  return name
end

local function above_one(number) return number and number > 1 and serve.whole(number) or nil end
local function given(number) return number and number > 0 and serve.whole(number) or nil end

local function over_nodes(config)
  local nodes = config.nodes or 1
  if nodes <= 1 then return {} end
  local replica = (config.tensor_parallel_size or 1) * (config.pipeline_parallel_size or 1)
  if replica > (config.gpus_per_node or replica) then return { executor = "ray" } end
  return { data_parallel = "ray", ranks = serve.whole((config.data_parallel_size or 1) // nodes) }
end

-- { flag, value } in the order people read them; no value: a switch.
local function wanted(config, release)
  local dtype = config.dtype ~= "auto" and config.dtype or nil
  local nodes = over_nodes(config)
  return {
    { "--revision", config.revision }, { "--tokenizer", config.tokenizer },
    { "--trust-remote-code", switch = config.trust_remote_code },
    { "--dtype", vllm_dtypes[dtype] or dtype }, { "--quantization", config.quantization_flag },
    { "--tensor-parallel-size", above_one(config.tensor_parallel_size) },
    { "--pipeline-parallel-size", above_one(config.pipeline_parallel_size) },
    { "--data-parallel-size", above_one(config.data_parallel_size) },
    { "--enable-expert-parallel", switch = config.enable_expert_parallel },
    { "--distributed-executor-backend", nodes.executor }, { "--data-parallel-backend", nodes.data_parallel },
    { "--data-parallel-size-local", nodes.ranks },
    { "--max-model-len", given(config.max_model_len) },
    { "--gpu-memory-utilization", config.gpu_memory_utilization and serve.ratio(config.gpu_memory_utilization) },
    { "--kv-cache-dtype", kv_cache_dtype(config, release) }, { "--block-size", given(config.block_size) },
    { "--max-num-seqs", given(config.max_num_seqs) },
    { "--max-num-batched-tokens", given(config.max_num_batched_tokens) },
    { "--enforce-eager", switch = config.enforce_eager }, { "--port", given(config.port) },
  }
end

-- Flags with their values, one group each: { { "--max-model-len", "8192" }, { "--enforce-eager" }, ... }.
function serve.flags(plan, release)
  local groups = {}
  local function add(flag)
    if not serve.knows(release, flag[1]) then return end
    if flag.switch then groups[#groups + 1] = { flag[1] } end
    if not flag[2] then return end
    local value = tostring(flag[2])
    -- argparse would take a word that begins so for the next flag
    local is_like_flag = value:find("^%-.") and not tonumber(value)
    groups[#groups + 1] = is_like_flag and { flag[1] .. "=" .. value } or { flag[1], value }
  end
  for _, flag in ipairs(wanted(plan.config, release)) do add(flag) end
  for _, flag in ipairs(serving.flags(plan.config.serving or {})) do add(flag) end
  for _, word in ipairs(plan.config.vllm_args or {}) do
    local last = groups[#groups]
    -- a word that is no flag belongs to the extra flag before it
    if word:sub(1, 1) == "-" or not (last and last.extra) then
      groups[#groups + 1] = { word, extra = true }
    else
      last[#last + 1] = word
    end
  end
  return groups
end

-- Variables that the server needs, as a list of { name, value }.
function serve.environment(plan) return serving.environment(plan.config.serving or {}) end

-- Which cards of the machine a server sees that shares them with others; nothing where it has all.
function serve.visible_cards(plan)
  local cards = {}
  for index, card in ipairs(plan.config.cards or {}) do cards[index] = serve.whole(card) end
  if #cards == 0 then return {} end
  local is_amd = (plan.hardware.vendor or ""):lower() == "amd"
  -- docs.nvidia.com/cuda, CUDA environment variables; rocm.docs.amd.com, GPU isolation
  return { { is_amd and "HIP_VISIBLE_DEVICES" or "CUDA_VISIBLE_DEVICES", table.concat(cards, ",") } }
end

-- In place of a command where nobody knows a checkpoint of the format that was asked for. nil: there is one.
function serve.missing(plan)
  local format = plan.config.missing_checkpoint
  if not format then return nil end
  return string.format("no checkpoint of %s stored as %s is known, and vLLM cannot make one from 16 bit: find or make "
    .. "one and give it with -m, or keep -q off", serve.clean(plan.model.id), format)
end

-- What is served; never the 16-bit model in place of a checkpoint that is missing.
function serve.model(plan)
  local missing = serve.missing(plan)
  if missing then error(missing, 0) end
  return plan.config.model or plan.model.id
end

-- The same from any working folder: a folder of this machine with its whole path.
function serve.model_from_anywhere(plan)
  local model = serve.model(plan)
  if plan.model.source ~= "local-files" or model ~= plan.model.id then return model end
  return ((plan.model.location or model):gsub("/config%.json$", ""))
end

-- Everything behind `vllm serve`, one word an item. `model` replaces the name, for a folder mounted elsewhere.
function serve.words(plan, release, model)
  local words = { model or serve.model(plan) }
  for _, group in ipairs(serve.flags(plan, release)) do
    for _, word in ipairs(group) do words[#words + 1] = word end
  end
  return words
end

function serve.gpu_text(plan)
  local hardware = plan.hardware or {}
  local nodes = hardware.nodes or 1
  local text = string.format("%s x %s", serve.whole(hardware.total_gpus or (hardware.gpus or 1) * nodes),
    hardware.gpu_name or hardware.gpu or "GPU")
  return nodes > 1 and text .. " on " .. serve.whole(nodes) .. " nodes" or text
end

function serve.version(plan, release) return plan.vllm_version or (release and release.id) end

local function as_is(value) return tostring(value) end

-- What was judged and what would run may differ in this. More context than judged is nobody's loss.
local compared = {
  { "weights_format", "weights", as_is }, { "dtype", "dtype", as_is }, { "kv_cache_format", "KV cache", as_is },
  { "context_tokens", "context", function(tokens, count) return count(tokens) .. " tokens" end, more_is_fine = true },
  { "gpu_memory_utilization", "utilization", serve.ratio },
}

-- { what, "this instead of that" } for each difference between what was asked and the configuration. `count` writes
-- numbers.
function serve.differences(plan, count)
  local judged, runs, rows = plan.feasibility or {}, plan.recommended or {}, {}
  -- a dtype of unquantized weights is said once
  local same = judged.weights_format == judged.dtype and runs.weights_format == runs.dtype
  for _, each in ipairs(compared) do
    local before, after = judged[each[1]], runs[each[1]]
    local is_same = before == after or same and each[1] == "dtype"
    if before ~= nil and after ~= nil and not is_same and not (each.more_is_fine and after > before) then
      rows[#rows + 1] = { each[2], each[3](after, count) .. " instead of " .. each[3](before, count) }
    end
  end
  return rows
end

-- Whether a version, "0.9.1", is before { 0, 10, 2 }. One that nobody knows is not.
function serve.is_before(version, limits)
  local numbers = {}
  for digits in (version or ""):gmatch("%d+") do numbers[#numbers + 1] = tonumber(digits) end
  for index, limit in ipairs(limits) do
    local number = numbers[index] or (#numbers == 0 and limit or 0)
    if number ~= limit then return number < limit end
  end
  return false
end

-- A word for a shell inside of what the engine writes.
function serve.quoted(word)
  if word:find("^[%w_@%%+=:,./-]+$") then return word end
  return "'" .. word:gsub("'", "'\\''") .. "'"
end

-- What every artifact says about itself in its first lines; `is_whole`: it sees to all nodes itself.
function serve.comments(plan, release, is_whole)
  local config, version = plan.config, serve.version(plan, release)
  local comments = {
    serve.clean(string.format("%s on %s", serve.model(plan), serve.gpu_text(plan))),
    serve.clean(string.format("planned for vLLM %s by vllm-wizard", version or "(version unknown)")),
  }
  if (config.nodes or 1) > 1 and not is_whole then
    comments[#comments + 1] = string.format("run on one node of a Ray cluster of %s nodes", serve.whole(config.nodes))
  end
  local changed = {}
  for _, row in ipairs(serve.differences(plan, serve.whole)) do changed[#changed + 1] = row[1] .. " " .. row[2] end
  if #changed > 0 then
    comments[#comments + 1] = serve.clean("not what was asked, which does not fit or is not best: "
      .. table.concat(changed, "; "))
  end
  return comments
end

return serve

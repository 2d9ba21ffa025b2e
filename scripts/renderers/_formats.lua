-- Ways to store the weights and the KV cache side by side: what each leaves room for and how fast it is.
local formats = {}

local function name(way) return way.weights_format end
-- "auto" may be what the checkpoint declares.
local function kv(way)
  return way.kv_cache_format .. (way.kv_cache_declared and ": " .. way.kv_cache_declared or "")
end
local function seconds(way) return string.format("%.2f s a request", way.latency_ms / 1000) end
local function with_kv(way)
  return name(way) .. (way.kv_cache_format == "auto" and "" or ", KV cache " .. way.kv_cache_format)
end

local function shortage(way)
  if way.shortfall_gb > 0 then return string.format("%.1f GiB short", way.shortfall_gb) end
  return "it fits without the headroom asked for"
end

local function speed(page, way)
  if not way.output_tokens_per_s then return "fits" end
  return string.format("%s tokens/s, %s", page.count(way.output_tokens_per_s), seconds(way))
end

-- The questions that decide, with this plan's numbers. The first way has the most bits.
local function answers(page, ways)
  local first, most_bits, quickest = ways[1], nil, nil
  for _, way in ipairs(ways) do
    if way.fits and not most_bits then most_bits = way end
    if way.fits and way.output_tokens_per_s and
      (not quickest or way.output_tokens_per_s > quickest.output_tokens_per_s) then quickest = way end
  end
  local rows = { { "as asked for", with_kv(first) .. ": " ..
    (first.fits and speed(page, first) or "does not fit, " .. shortage(first)) } }
  if not first.fits then
    rows[2] = { "most bits that fit", most_bits and with_kv(most_bits) .. ": " .. speed(page, most_bits) or "none" }
  end
  if quickest then rows[#rows + 1] = { "most tokens/s", with_kv(quickest) .. ": " .. speed(page, quickest) } end
  return rows
end

local columns = { "  weights", "KV cache", "GiB", "sequences", "TPOT ms", "tokens/s" }

local function cells(page, way)
  return {
    (way.chosen and "* " or "  ") .. name(way), kv(way), page.gib(way.weights_gb),
    page.count(way.max_concurrency_at_context),
    way.tpot_ms and page.rough(way.tpot_ms) or (way.fits and "-" or "no fit"),
    way.output_tokens_per_s and page.count(way.output_tokens_per_s) or "-",
  }
end

local function show_table(page, ways)
  local rows, widths = { columns }, {}
  for _, way in ipairs(ways) do rows[#rows + 1] = cells(page, way) end
  for _, row in ipairs(rows) do
    for index, text in ipairs(row) do widths[index] = math.max(widths[index] or 0, #text) end
  end
  for _, row in ipairs(rows) do
    local pieces = {}
    for index, text in ipairs(row) do
      pieces[index] = index <= 2 and page:padded(text, widths[index]) or page:right(text, widths[index])
    end
    page:row { { table.concat(pieces, "  ") } }
  end
end

local function where_from(way)
  if way.made_at_load then return "made when the server loads a 16-bit checkpoint" end
  if not way.checkpoint then return nil end
  return way.checkpoint .. (way.read and "" or " (not read: counted as this model's matrices)")
end

local function show_origins(page, ways, refused)
  local rows, seen = {}, {}
  for _, way in ipairs(ways) do
    local from = where_from(way)
    if from and not seen[name(way)] then
      seen[name(way)] = true
      rows[#rows + 1] = { name(way), from }
    end
  end
  for _, way in ipairs(refused) do
    rows[#rows + 1] = { name(way), "not on this card: " .. way.why }
  end
  if #rows > 0 then
    page:gap()
    page:rows(rows)
  end
end

function formats.show(page, plan)
  local weighed = plan.formats
  if not weighed or #weighed.ways == 0 then return end
  page:heading("Formats")
  page:rows(answers(page, weighed.ways))
  page:gap()
  show_table(page, weighed.ways)
  page:text("  ", string.format("* of the configuration; sequences: the most of %s tokens, %s asked for",
    page.count(weighed.context_tokens), page.count(weighed.concurrency)), "dim")
  show_origins(page, weighed.ways, weighed.refused)
end

return formats

-- Lines for a terminal: never wider than the page, no trailing spaces, colour and Unicode only where asked for.
local page = {}
page.__index = page

local colours = {
  bold = "1", good = "1;32", bad = "1;31", dim = "90", warning = "33",
  blue = "34", cyan = "36", yellow = "33", magenta = "35", green = "32",
}
local least_width = 40

-- What plain ASCII pages write for the characters that authors like.
local ascii = {
  ["×"] = "x", ["–"] = "-", ["—"] = "-", ["−"] = "-", ["…"] = "...", ["≥"] = ">=", ["≤"] = "<=", ["±"] = "+-",
  ["≈"] = "~", ["·"] = ".", ["→"] = "->", ["µ"] = "u", ["“"] = '"', ["”"] = '"',
  ["’"] = "'", ["‘"] = "'", ["\u{a0}"] = " ",
}

function page.new(options)
  options = options or {}
  local self = { lines = {}, width = math.max(least_width, options.width or 80) }
  self.color, self.unicode = options.color == true, options.unicode == true
  return setmetatable(self, page)
end

-- Text as this page can show it: one line, no control characters, and what authors like in ASCII unless the page is
-- Unicode. Other characters are the user's own (a path, say), which a command must not lose.
function page:clean(text)
  text = tostring(text)
  if not text:find("[%c\128-\255]") then return text end
  text = text:gsub("%c", " ")
  if not utf8.len(text) then return (text:gsub("[\128-\255]", "?")) end
  text = text:gsub("\194[\128-\159]", " ")
  return self.unicode and text or (text:gsub("[\194-\244][\128-\191]+", ascii))
end

local function columns(text) return utf8.len(text) or #text end

local function cut(text, most)
  if columns(text) <= most then return text end
  return text:sub(1, utf8.offset(text, most + 1) - 1)
end

-- One line of { text, style } pieces.
function page:row(pieces)
  local left, line = self.width, ""
  while #pieces > 0 and not pieces[#pieces][1]:find("%S") do pieces[#pieces] = nil end
  for index, piece in ipairs(pieces) do
    local text = index == #pieces and piece[1]:gsub("%s+$", "") or piece[1]
    text = cut(text, left)
    left = left - columns(text)
    local colour = self.color and colours[piece[2]]
    line = line .. (colour and text:find("%S") and "\27[" .. colour .. "m" .. text .. "\27[0m" or text)
  end
  self.lines[#self.lines + 1] = (line:gsub("%s+$", ""))
end

function page:gap()
  if #self.lines > 0 and self.lines[#self.lines] ~= "" then self.lines[#self.lines + 1] = "" end
end

function page:heading(text)
  self:gap()
  self:row { { self:clean(text), "bold" } }
end

-- Words in lines of at most `width` columns; longer words are cut.
function page:wrapped(text, width)
  local lines, line = {}, ""
  for word in self:clean(text):gmatch("%S+") do
    if line ~= "" and columns(line) + 1 + columns(word) > width then lines[#lines + 1], line = line, "" end
    while columns(word) > width do
      lines[#lines + 1] = cut(word, width)
      word = word:sub(#lines[#lines] + 1)
    end
    line = line == "" and word or line .. " " .. word
  end
  if line ~= "" or #lines == 0 then lines[#lines + 1] = line end
  return lines
end

-- `first` stands before the first line, spaces of the same width before the others.
function page:text(first, text, style, most_lines)
  local indent = columns(first)
  local lines = self:wrapped(text, self.width - indent)
  for index, line in ipairs(lines) do
    if most_lines and index == most_lines and #lines > most_lines then
      local room = self.width - indent - 4
      if columns(line) > room then line = cut(line, room + 1):gsub("%s*%S*$", "") end
      self:row { { first, nil }, { line .. " ...", style } }
      return
    end
    self:row { { first, nil }, { line, style } }
    first = string.rep(" ", indent)
  end
end

function page:padded(text, width) return text .. string.rep(" ", width - columns(text)) end
function page:right(text, width) return string.rep(" ", width - columns(text)) .. text end

-- Rows of texts; all columns but the last are as wide as their widest text, the last one is wrapped.
function page:rows(rows)
  local widths = {}
  for _, row in ipairs(rows) do
    for index, text in ipairs(row) do
      row[index] = self:clean(text)
      widths[index] = math.max(widths[index] or 0, columns(row[index]))
    end
  end
  for _, row in ipairs(rows) do
    local first = "  "
    for index = 1, #row - 1 do first = first .. self:padded(row[index], widths[index]) .. "  " end
    if columns(first) > self.width - 20 then
      self:row { { first, nil } }
      first = "      "
    end
    self:text(first, row[#row])
  end
end

function page:finished() return table.concat(self.lines, "\n") .. "\n" end

-- A line that is to be copied: never cut.
function page:verbatim(text) self.lines[#self.lines + 1] = text end

-- Numbers as people read them.
function page.count(number)
  local text = string.format("%.0f", number):reverse():gsub("(%d%d%d)", "%1,"):reverse()
  return (text:gsub("^(-?),", "%1"))
end

function page.gib(number) return string.format("%.2f", number) end

-- Three significant digits, but whole from 100 on.
function page.rough(number)
  if number >= 100 then return page.count(number) end
  return string.format(number >= 10 and "%.1f" or "%.2f", number)
end

function page.range(low, high)
  low, high = page.rough(low), page.rough(high)
  return low == high and low or low .. " - " .. high
end

return page

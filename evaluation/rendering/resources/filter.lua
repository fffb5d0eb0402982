-- What Quarto does to the written subset, done here: conditional content, numbered figures and
-- tables, references, callouts. Whatever is outside the subset is refused, never dropped.
-- How a figure, a table and a callout look is said in layout_html.lua, layout_typst.lua and
-- layout_docx.lua, one for each format. Whatever is refused is refused alike in all of them.
-- A refusal is one line 'REFUSED|code|detail', which pandoc.py puts into words.

local format = FORMAT:gsub("^html5$", "html"):gsub("^typst.*$", "typst")
local stringify = pandoc.utils.stringify
local words = {}
local numbers = {}

local function refuse(code, detail)
  error("REFUSED|" .. code .. "|" .. (detail or ""):gsub("[%s|]+", " "):sub(1, 80) .. "|", 0)
end

local function set(text)
  local found = {}
  for item in text:gmatch("%S+") do found[item] = true end
  return found
end

local blocks = set("Para Plain Header BulletList OrderedList Div Table Figure RawBlock")
local inlines = set("Str Space SoftBreak LineBreak Emph Strong Link Span Code Quoted Cite Superscript Subscript")
local callouts = set("callout-note callout-tip callout-warning callout-important callout-caution")

local function callout_kind(div)
  for _, class in ipairs(div.classes) do
    if callouts[class] then return class end
  end
end

local function is_table(div) return div.identifier:match("^tbl%-") ~= nil end

-- 1. when-format ---------------------------------------------------------------------------------

local function conditional(div)
  local visible = div.classes:includes("content-visible")
  if not visible and not div.classes:includes("content-hidden") then return nil end
  local holds = true
  if div.attributes["when-format"] then holds = div.attributes["when-format"] == format end
  if div.attributes["unless-format"] then holds = div.attributes["unless-format"] ~= format end
  if holds == visible then return div.content end
  return {}
end

-- 2. nothing from outside the subset ---------------------------------------------------------------

local guard = {
  traverse = "topdown",
  Block = function(block)
    if not blocks[block.t] then refuse("outside", block.t .. ": " .. stringify(block)) end
    if block.t == "RawBlock" and block.format ~= "html" then refuse("outside", "raw " .. block.format) end
    if block.t == "Header" and block.level == 1 then refuse("outside", "# " .. stringify(block)) end
    if block.t == "Div" and not (is_table(block) or callout_kind(block)) then
      refuse("outside", "::: " .. stringify(block))
    end
    if block.t == "Figure" then
      local images = 0
      block:walk({ Image = function(image)
        images = images + 1
        if (image.attributes["fig-alt"] or "") == "" then refuse("no-alt", block.identifier) end
      end })
      if images ~= 1 or not block.identifier:match("^fig%-") then refuse("outside", "Figure: " .. stringify(block)) end
      return block, false
    end
  end,
  Inline = function(inline)
    if not inlines[inline.t] then refuse("outside", inline.t .. ": " .. stringify(inline)) end
  end,
}

-- 3. numbers -----------------------------------------------------------------------------------------

local function numbered(doc)
  local count = { fig = 0, tbl = 0 }
  local function number(identifier)
    local kind = identifier:sub(1, 3)
    if numbers[identifier] then refuse("repeated", identifier) end
    count[kind] = count[kind] + 1
    numbers[identifier] = tostring(count[kind])
  end
  doc:walk({
    traverse = "topdown",
    Figure = function(figure) number(figure.identifier) end,
    Div = function(div) if is_table(div) then number(div.identifier) end end,
  })
end

local function label(identifier)
  return stringify(words["crossref-" .. identifier:sub(1, 3) .. "-title"]) .. "\u{a0}" .. numbers[identifier]
end

local function captioned(identifier, caption)
  local whole = pandoc.Inlines({ pandoc.Str(label(identifier) .. ":"), pandoc.Space() })
  whole:extend(caption)
  return whole
end

-- 4. references: @fig-x, [-@fig-x], [prefix @tbl-x] ----------------------------------------------------

local function reference(cite)
  local one = cite.citations[1]
  if #cite.citations > 1 or #one.suffix > 0 then refuse("outside", stringify(cite)) end
  if not numbers[one.id] then refuse("unresolved", one.id) end
  local text
  if one.mode == "SuppressAuthor" then
    text = pandoc.Inlines(numbers[one.id])
  elseif #one.prefix > 0 then
    text = one.prefix:clone()
    text:insert(pandoc.Str("\u{a0}" .. numbers[one.id]))
  else
    text = pandoc.Inlines({ pandoc.Str(label(one.id)) })
  end
  return pandoc.Link(text, "#" .. one.id)
end

-- 5. what is the same in every layout --------------------------------------------------------------------

-- Quotation marks as they are read, whatever a format would make of them in another language.
local function quoted(quote)
  local left, right = "“", "”"
  if quote.quotetype == "SingleQuote" then left, right = "‘", "’" end
  local written = pandoc.Inlines({ pandoc.Str(left) })
  written:extend(quote.content)
  written:insert(pandoc.Str(right))
  return written
end

local function figure_parts(fig)
  local picture
  fig:walk({ Image = function(image) picture = image end })
  local caption = fig.caption.long[1] and fig.caption.long[1].content or pandoc.Inlines({})
  if #caption == 0 then refuse("no-caption", fig.identifier) end
  return {
    id = fig.identifier,
    caption = captioned(fig.identifier, caption),
    src = picture.src,
    alt = picture.attributes["fig-alt"],
  }
end

-- The one table of a `#tbl-` div, as HTML or as pandoc's, and its caption; what stands around it stays.
local function floating_table(div, place)
  local id, content = div.identifier, div.content
  local caption = content[#content]
  if not caption or caption.t ~= "Para" then refuse("no-caption", id) end
  content:remove(#content)
  local found = 0
  local function placed(given)
    found = found + 1
    return place(given, id, captioned(id, caption.content))
  end
  local laid = pandoc.Blocks({})
  for _, block in ipairs(content) do
    local raw = block.t == "RawBlock" and block.text:find("<table")
    if raw and block.text:find("<caption") then refuse("two-captions", id) end
    laid:extend((raw or block.t == "Table") and placed(block) or { block })
  end
  if found ~= 1 then refuse("one-table", id) end
  return laid
end

-- A callout's heading: its kind, so that nobody must see its colour, and its title.
local function callout_heading(div)
  local heading = pandoc.Inlines({ pandoc.Str(stringify(words[callout_kind(div) .. "-title"])) })
  local title = div.attributes["title"]
  if title then
    local read = pandoc.read(title, "markdown").blocks[1]
    heading:insert(pandoc.Str(":"))
    heading:insert(pandoc.Space())
    heading:extend(read.content:walk({ Cite = reference, Quoted = quoted }))
  end
  return heading
end

-- How many letters each column of a table needs: its longest cell, and its title's part of that many
-- lines, or the title's longest word. And what all columns need.
local function letters_of(grid, lines)
  local letters, all = {}, 0
  local function need(place, said)
    letters[place] = math.max(letters[place] or 1, utf8.len(said))
  end
  for _, row in ipairs(grid.head.rows) do
    for place, cell in ipairs(row.cells) do
      letters[place] = math.max(letters[place] or 1, utf8.len(stringify(cell.contents)) // lines)
      for word in stringify(cell.contents):gmatch("%S+") do need(place, word) end
    end
  end
  for _, body in ipairs(grid.bodies) do
    for _, row in ipairs(body.body) do
      for place, cell in ipairs(row.cells) do need(place, stringify(cell.contents)) end
    end
  end
  for _, need in ipairs(letters) do all = all + need end
  return letters, all
end

-- Titles take two lines, or three where columns would not fit on the page.
local function needs(grid)
  local letters, all = letters_of(grid, 2)
  return all <= 92 - 2 * #letters and letters or (letters_of(grid, 3))
end

local directory = pandoc.path.directory(PANDOC_SCRIPT_FILE)
local function beside(name) return dofile(pandoc.path.join({ directory, name })) end
local layout = beside("layout_" .. format .. ".lua")({
  beside = beside,
  refuse = refuse,
  needs = needs,
  word = function(key) return stringify(words[key]) end,
})

local lay_out = {
  traverse = "topdown",
  Figure = function(fig) return layout.figure(figure_parts(fig)), false end,
  Div = function(div)
    if is_table(div) then
      return layout.float(div.identifier, floating_table(div, layout.table)), false
    end
    if callout_kind(div) then
      return layout.callout(callout_kind(div), callout_heading(div), div.content)
    end
  end,
  RawBlock = function(raw)
    if raw.text:find("^<!%-%-") then return {} end
    if raw.format == "html" then return layout.html(raw.text), false end
  end,
  Table = function(grid) refuse("no-caption", stringify(grid)) end,
  Para = function(para)
    if stringify(para) == "{{< pagebreak >}}" then return layout.page_break(), false end
  end,
  Header = layout.header,
  Span = layout.span,
}

function Pandoc(doc)
  words = doc.meta
  doc = doc:walk({ Div = conditional })
  doc:walk(guard)
  numbered(doc)
  doc = doc:walk({ Cite = reference, Quoted = quoted })
  if layout.contents then
    -- On paper the contents stand after the first section, so that the first page holds the answers.
    local place, sections = #doc.blocks + 1, 0
    for at, block in ipairs(doc.blocks) do
      if block.t == "Header" and block.level == 2 then sections = sections + 1 end
      if sections == 2 then place = at break end
    end
    local contents = layout.contents(doc)
    for at = #contents, 1, -1 do doc.blocks:insert(place, contents[at]) end
  end
  return doc:walk(lay_out)
end

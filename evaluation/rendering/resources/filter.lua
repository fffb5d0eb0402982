-- What Quarto does to the written subset, done here: conditional content, numbered figures and
-- tables, references, callouts. Whatever is outside the subset is refused, never dropped.
-- A refusal is one line 'REFUSED|code|detail', which builtin.py puts into words.

local pages = { html = "html", html5 = "html", docx = "docx", typst = "typst" }
local format = pages[FORMAT]
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

-- 5. figures, tables, callouts, page breaks --------------------------------------------------------------

local function html(block)
  return (pandoc.write(pandoc.Pandoc({ block }), "html5", { wrap_text = "none" }))
end

-- What is wide scrolls inside a region that the keyboard can reach and that its caption names.
local function region_opens(caption_id)
  return '<div class="wide" role="region" aria-labelledby="' .. caption_id .. '" tabindex="0">\n'
end

local function region(table_html, caption_id)
  -- The caption stays in sight while the table scrolls under it.
  local held = table_html:gsub("(<caption[^>]*>)(.-)(</caption>)", '%1<span class="held">%2</span>%3')
  return region_opens(caption_id) .. held .. "\n</div>"
end

local function figure(fig)
  local id, picture = fig.identifier, nil
  fig:walk({ Image = function(image) picture = image end })
  local caption = fig.caption.long[1] and fig.caption.long[1].content or pandoc.Inlines({})
  if #caption == 0 then refuse("no-caption", id) end
  local alt = pandoc.Inlines({ pandoc.Str(picture.attributes["fig-alt"]) })
  local content = {
    pandoc.RawBlock("html", region_opens(id .. "-caption")),
    pandoc.Plain({ pandoc.Image(alt, picture.src) }),
    pandoc.RawBlock("html", "</div>"),
  }
  local named = pandoc.Span(captioned(id, caption), pandoc.Attr(id .. "-caption"))
  return pandoc.Figure(content, { long = { pandoc.Plain({ named }) } }, pandoc.Attr(id)), false
end

local function with_caption(table_html, caption_id, caption)
  if table_html:find("<caption") then refuse("two-captions", caption_id:gsub("%-caption$", "")) end
  local written = '<caption id="' .. caption_id .. '">' .. html(pandoc.Plain(caption)) .. "</caption>"
  local place = select(2, table_html:find("<table[^>]*>"))
  return table_html:sub(1, place) .. "\n" .. written .. table_html:sub(place + 1)
end

local function floating_table(div)
  local id, content = div.identifier, div.content
  local caption = content[#content]
  if not caption or caption.t ~= "Para" then refuse("no-caption", id) end
  content:remove(#content)
  local found = 0
  local function place(table_html)
    found = found + 1
    return region(with_caption(table_html, id .. "-caption", captioned(id, caption.content)), id .. "-caption")
  end
  local laid = content:map(function(block)
    if block.t == "RawBlock" and block.text:find("<table") then
      local text = block.text:gsub("<table.-</table>", place)
      return pandoc.RawBlock("html", text)
    elseif block.t == "Table" then
      return pandoc.RawBlock("html", place((html(block):gsub("<th([ >])", '<th scope="col"%1'))))
    end
    return block
  end)
  if found ~= 1 then refuse("one-table", id) end
  return pandoc.Div(laid, pandoc.Attr(id, { "table" })), false
end

local loose = 0
local function loose_table(text)
  return (text:gsub("<table.-</table>", function(table_html)
    loose = loose + 1
    local id = table_html:match('<caption[^>]-%sid="([^"]+)"')
    if not id then
      id = "table-" .. loose .. "-caption"
      local count
      table_html, count = table_html:gsub("<caption", '<caption id="' .. id .. '"', 1)
      if count == 0 then refuse("no-caption", "<table>") end
    end
    return region(table_html, id)
  end))
end

local boxes = 0
local function callout(div)
  local kind = callout_kind(div)
  boxes = boxes + 1
  local id = "callout-" .. boxes
  local heading = pandoc.Inlines({ pandoc.Str(stringify(words[kind .. "-title"])) })
  local title = div.attributes["title"]
  if title then
    local read = pandoc.read(title, "markdown").blocks[1]
    heading:insert(pandoc.Str(":"))
    heading:insert(pandoc.Space())
    heading:extend(read.content:walk({ Cite = reference }))
  end
  local content = pandoc.Blocks({ pandoc.Div({ pandoc.Plain(heading) }, pandoc.Attr(id, { "callout-heading" })) })
  content:extend(div.content)
  return pandoc.Div(content, pandoc.Attr("", { "callout", kind }, { { "role", "note" }, { "aria-labelledby", id } }))
end

local lay_out = {
  traverse = "topdown",
  Figure = figure,
  Div = function(div)
    if is_table(div) then return floating_table(div) end
    if callout_kind(div) then return callout(div) end
  end,
  RawBlock = function(raw)
    if raw.text:find("^<!%-%-") then return {} end
    if raw.text:find("<table") then return pandoc.RawBlock("html", loose_table(raw.text)), false end
  end,
  Table = function(grid) refuse("no-caption", stringify(grid)) end,
  Para = function(para)
    if stringify(para) == "{{< pagebreak >}}" then
      return pandoc.RawBlock("html", '<div class="page-break"></div>'), false
    end
  end,
}

function Pandoc(doc)
  words = doc.meta
  doc = doc:walk({ Div = conditional })
  doc:walk(guard)
  numbered(doc)
  doc = doc:walk({ Cite = reference })
  return doc:walk(lay_out)
end

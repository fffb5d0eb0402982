-- How figures, tables and callouts look on a web page. What is wide scrolls inside a region that the
-- keyboard can reach and that its caption names.

return function(common)
  local layout = {}
  local callouts, loose = 0, 0
  local narrow = common.beside("narrow_html.lua")

  local function html(block)
    return (pandoc.write(pandoc.Pandoc({ block }), "html5", { wrap_text = "none" }))
  end

  local function region_opens(caption_id)
    return '<div class="wide" role="region" aria-labelledby="' .. caption_id .. '" tabindex="0">\n'
  end

  local function region(table_html, caption_id)
    -- The caption stays in sight while the table scrolls under it.
    local laid = narrow(table_html)
    -- Where the parts say what they are, so must what holds a caption's links.
    local role = laid:find('role="table"', 1, true) and ' role="caption"' or ""
    local opens = '<span class="held"' .. role .. ">"
    local held = laid:gsub("(<caption[^>]*>)(.-)(</caption>)", "%1" .. opens .. "%2</span>%3")
    return region_opens(caption_id) .. held .. "\n</div>"
  end

  function layout.figure(fig)
    local caption_id = fig.id .. "-caption"
    local content = {
      pandoc.RawBlock("html", region_opens(caption_id)),
      pandoc.Plain({ pandoc.Image({ pandoc.Str(fig.alt) }, fig.src) }),
      pandoc.RawBlock("html", "</div>"),
    }
    local named = pandoc.Span(fig.caption, pandoc.Attr(caption_id))
    return pandoc.Figure(content, { long = { pandoc.Plain({ named }) } }, pandoc.Attr(fig.id))
  end

  local function with_caption(table_html, caption_id, caption)
    local written = '<caption id="' .. caption_id .. '">' .. html(pandoc.Plain(caption)) .. "</caption>"
    local place = select(2, table_html:find("<table[^>]*>"))
    return table_html:sub(1, place) .. "\n" .. written .. table_html:sub(place + 1)
  end

  function layout.table(block, id, caption)
    local text = block.text or html(block):gsub("<th([ >])", '<th scope="col"%1')
    local laid, count = text:gsub("<table.-</table>", function(table_html)
      return region(with_caption(table_html, id .. "-caption", caption), id .. "-caption")
    end)
    if count ~= 1 then common.refuse("one-table", id) end
    return { pandoc.RawBlock("html", laid) }
  end

  function layout.float(id, blocks)
    return pandoc.Div(blocks, pandoc.Attr(id, { "table" }))
  end

  function layout.html(text)
    return pandoc.RawBlock("html", (text:gsub("<table.-</table>", function(table_html)
      loose = loose + 1
      local id = table_html:match('<caption[^>]-%sid="([^"]+)"')
      if not id then
        id = "table-" .. loose .. "-caption"
        local count
        table_html, count = table_html:gsub("<caption", '<caption id="' .. id .. '"', 1)
        if count == 0 then common.refuse("no-caption", "<table>") end
      end
      return region(table_html, id)
    end)))
  end

  function layout.callout(kind, heading, content)
    callouts = callouts + 1
    local id = "callout-" .. callouts
    local blocks = pandoc.Blocks({ pandoc.Div({ pandoc.Plain(heading) }, pandoc.Attr(id, { "callout-heading" })) })
    blocks:extend(content)
    return pandoc.Div(blocks, pandoc.Attr("", { "callout", kind }, { { "role", "note" }, { "aria-labelledby", id } }))
  end

  function layout.page_break()
    return pandoc.RawBlock("html", '<div class="page-break"></div>')
  end

  return layout
end

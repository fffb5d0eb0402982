-- How figures, tables and callouts look in Word. What pandoc leaves undone there (rows that repeat,
-- alt text of tables) word.py does afterwards.

return function(common)
  local layout = {}

  local function styled(style, blocks)
    return pandoc.Div(blocks, pandoc.Attr("", {}, { { "custom-style", style } }))
  end

  local function xml(...)
    return pandoc.RawInline("openxml", table.concat({ ... }))
  end

  function layout.figure(fig)
    local picture = pandoc.Image({ pandoc.Str(fig.alt) }, fig.src .. ".png")
    return pandoc.Figure({ pandoc.Plain({ picture }) }, { long = { pandoc.Plain(fig.caption) } }, pandoc.Attr(fig.id))
  end

  -- Shares of the page's width. Where all fits, columns grow in proportion; where it does not, short
  -- ones keep what they need, and long ones share the rest.
  local function widths(grid)
    local line, short, all, kept, long = 92, 20, 0, 0, 0
    local owns = {}
    for place, need in ipairs(common.needs(grid)) do
      local own = need * 1.15 + 3  -- titles are bold, and cells have margins
      local numbers = grid.colspecs[place][1] == "AlignRight" and need <= 30  -- an interval in one line
      local keeps = need <= short or numbers
      owns[place], all = { own, keeps }, all + own
      if keeps then kept = kept + own else long = long + math.min(own, 45) end
    end
    local rest = math.max(line - kept, line / 4)
    for place, spec in ipairs(grid.colspecs) do
      local own, keeps = table.unpack(owns[place])
      local share = own / all
      if all > line and long > 0 then
        share = (keeps and own or math.min(own, 45) / long * rest) / (kept + rest)
      end
      grid.colspecs[place] = { spec[1], share }
    end
  end

  local function captioned(grid, caption)
    widths(grid)
    grid.caption = { long = { pandoc.Plain(caption) } }
    return grid
  end

  function layout.table(block, _id, caption)
    if block.t == "Table" then return { captioned(block, caption) } end
    return pandoc.read(block.text, "html").blocks:map(function(inner)
      return inner.t == "Table" and captioned(inner, caption) or inner
    end)
  end

  function layout.float(id, blocks)
    return pandoc.Div(blocks, pandoc.Attr(id))
  end

  function layout.html(html)
    return pandoc.read(html, "html").blocks:walk({ Table = function(grid)
      if not grid.caption.long[1] then common.refuse("no-caption", "<table>") end
      return captioned(grid, grid.caption.long[1].content)
    end })
  end

  function layout.callout(_kind, heading, content)
    local blocks = pandoc.Blocks({ styled("Callout Heading", { pandoc.Plain(heading) }) })
    -- Pandoc gives a paragraph its style also within a list, but not what is 'plain' there.
    local paragraphs = content:walk({ Plain = function(plain) return pandoc.Para(plain.content) end })
    for _, block in ipairs(paragraphs) do blocks:insert(styled("Callout", { block })) end
    return blocks
  end

  function layout.page_break()
    return pandoc.RawBlock("openxml", '<w:p><w:r><w:br w:type="page"/></w:r></w:p>')
  end

  -- The report's title has Word's own style; its sections are the first level of headings.
  function layout.header(header)
    header.level = header.level - 1
    return header
  end

  -- Word's own contents, filled in beforehand: without that they stand empty until somebody asks.
  function layout.contents(doc)
    local entries = {}
    for _, block in ipairs(doc.blocks) do
      if block.t == "Header" and block.level == 2 then
        table.insert(entries, pandoc.Inlines({ pandoc.Link(block.content, "#" .. block.identifier) }))
      end
    end
    if #entries == 0 then return {} end
    local begins = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve">'
      .. ' TOC \\o "1-1" \\h \\z \\n \\u </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    entries[1]:insert(1, xml(begins))
    entries[#entries]:insert(xml('<w:r><w:fldChar w:fldCharType="end"/></w:r>'))
    local blocks = { styled("TOC Heading", { pandoc.Para({ pandoc.Str(common.word("toc-title-document")) }) }) }
    for _, entry in ipairs(entries) do table.insert(blocks, styled("TOC 1", { pandoc.Para(entry) })) end
    return blocks
  end

  return layout
end

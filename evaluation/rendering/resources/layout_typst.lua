-- How figures, tables and callouts look in a PDF, through Typst. Numbers are ours, so that they agree
-- with the other formats; alt text is written here, because pandoc's own writer drops it.

return function(common)
  local layout = {}

  local function typst(blocks)
    return (pandoc.write(pandoc.Pandoc(blocks), "typst-smart", { wrap_text = "none" }):gsub("%s+$", ""))
  end

  local function text(inlines)
    return typst({ pandoc.Plain(inlines) })
  end

  local function quoted(words)
    return '"' .. words:gsub("\\", "\\\\"):gsub('"', '\\"') .. '"'
  end

  local function raw(...)
    return pandoc.RawBlock("typst", table.concat({ ... }))
  end

  function layout.figure(fig)
    return raw(
      "#picture(", quoted(fig.src .. ".svg"), ", alt: ", quoted(fig.alt), ")[",
      text(fig.caption), "] <", fig.id, ">"
    )
  end

  local aligned = { AlignLeft = "left", AlignRight = "right", AlignCenter = "center" }

  local function row(written, cells, how)
    local laid = {}
    for _, cell in ipairs(cells) do
      if cell.col_span ~= 1 or cell.row_span ~= 1 then common.refuse("outside", "colspan, rowspan") end
      table.insert(laid, "[" .. typst(cell.contents) .. "]")
    end
    table.insert(written, how:format(table.concat(laid, ", ")))
  end

  local function grid_of(grid, caption)
    local written, align = {}, {}
    for _, spec in ipairs(grid.colspecs) do table.insert(align, aligned[spec[1]] or "left") end
    for _, each in ipairs(grid.head.rows) do row(written, each.cells, "table.header(%s)") end
    for _, body in ipairs(grid.bodies) do
      for _, each in ipairs(body.body) do row(written, each.cells, "%s") end
    end
    local headed = grid.bodies[1] and grid.bodies[1].row_head_columns > 0
    return table.concat({
      "#grid-of(", tostring(headed or false), ", (", table.concat(common.needs(grid), ", "), ",), (", table.concat(align, ", "), ",), caption: [", text(caption), "],\n",
      table.concat(written, ",\n"), "\n)",
    })
  end

  function layout.table(block, id, caption)
    if block.t == "Table" then return { raw(grid_of(block, caption), " <", id, ">") } end
    local laid = pandoc.Blocks({})
    for _, inner in ipairs(pandoc.read(block.text, "html").blocks) do
      laid:insert(inner.t == "Table" and raw(grid_of(inner, caption), " <", id, ">") or inner)
    end
    return laid
  end

  function layout.float(_id, blocks)
    return blocks
  end

  function layout.html(html)
    return pandoc.read(html, "html").blocks:walk({
      Table = function(grid)
        local caption = grid.caption.long[1]
        if not caption then common.refuse("no-caption", "<table>") end
        return raw(grid_of(grid, caption.content))
      end,
    })
  end

  function layout.callout(kind, heading, content)
    local laid = pandoc.Blocks({ raw('#callout("', kind, '")[#callout-heading[', text(heading), "]") })
    laid:extend(content)
    laid:insert(raw("]"))
    return laid
  end

  function layout.page_break()
    return raw("#pagebreak(weak: true)")
  end

  function layout.contents()
    return { raw("#contents") }
  end

  -- The report's title is no heading of a PDF's: its sections are the first level.
  function layout.header(header)
    header.level = header.level - 1
    return header
  end

  function layout.span(span)
    local lang = span.attributes["lang"]
    if not lang then return nil end
    local written = pandoc.Inlines({ pandoc.RawInline("typst", "#text(lang: " .. quoted(lang) .. ")[") })
    written:extend(span.content)
    written:insert(pandoc.RawInline("typst", "]"))
    return written
  end

  return layout
end

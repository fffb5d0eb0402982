-- A table on a telephone. One that is too wide for it is marked: there each row stands as a list, its
-- header above and each cell beside its column's title (style.css). As that takes a table's own
-- display away, and with it in some browsers its meaning, every part says what it is.

local ROOM = 35  -- letters that fit beside each other at 320 pixels
local GAP = 2.6  -- letters between two columns
local SHORT = 20 -- a row's header of so many letters is not broken on a wide screen

local ROLES = {
  { "<table", '<table class="narrow" role="table"' },
  { "<thead", '<thead role="rowgroup"' },
  { "<tbody", '<tbody role="rowgroup"' },
  { "<tr", '<tr role="row"' },
  { '<th([^>]*) scope="col"', '<th%1 role="columnheader" scope="col"' },
  { '<th([^>]*) scope="row"', '<th%1 role="rowheader" scope="row"' },
}

local function said(html)
  return (html:gsub("<[^>]*>", ""):gsub("^%s+", ""):gsub("%s+$", ""))
end

local function letters(words)
  return utf8.len((words:gsub("&#?%w+;", "x"))) or #words
end

local function longest_word(words)
  local longest = 0
  for word in words:gmatch("%S+") do longest = math.max(longest, letters(word)) end
  return longest
end

-- Each row as its cells; of a cell what it says, and whether it is a number, which is never broken.
local function rows_of(html)
  local rows = {}
  for row in html:gmatch("<tr.->(.-)</tr>") do
    local cells = {}
    for tag, attributes, inside in row:gmatch("<(t[hd])([^>]*)>(.-)</t[hd]>") do
      local is_number = tag == "td" and attributes:find("right") ~= nil
      table.insert(cells, { words = said(inside), is_number = is_number })
    end
    table.insert(rows, cells)
  end
  return rows
end

local function is_wide(rows)
  local needs, sum = {}, 0
  for _, row in ipairs(rows) do
    for place, cell in ipairs(row) do
      local need = cell.is_number and letters(cell.words) or longest_word(cell.words)
      needs[place] = math.max(needs[place] or 0, need)
    end
  end
  for _, need in ipairs(needs) do sum = sum + need + GAP end
  return sum > ROOM
end

local function kept(html)
  return (html:gsub('(<th[^>]*scope="row")([^>]*>)(.-)</th>', function(opens, closes, inside)
    local class = letters(said(inside)) <= SHORT and ' class="short"' or ""
    return opens .. class .. closes .. inside .. "</th>"
  end))
end

return function(html)
  html = kept(html)
  local rows = rows_of(html)
  if not is_wide(rows) then return html end
  for _, role in ipairs(ROLES) do html = html:gsub(role[1], role[2]) end
  return (html:gsub("<tr(.-)>(.-)</tr>", function(attributes, cells)
    local place = 0
    local labelled = cells:gsub("<(t[hd])", function(tag)
      place = place + 1
      if tag == "th" then return "<th" end
      local title = rows[1][place] and rows[1][place].words or ""
      return '<td role="cell" data-title="' .. title:gsub('"', "&quot;") .. '"'
    end)
    return "<tr" .. attributes .. ">" .. labelled .. "</tr>"
  end))
end

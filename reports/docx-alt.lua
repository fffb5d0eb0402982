-- Quarto loses a figure's alt text on the way to Word; this keeps it.
if FORMAT ~= "docx" then return {} end
return {{ Image = function(i)
  local alt = i.attributes["fig-alt"] or i.attributes["alt"]
  if alt then i.caption = pandoc.Inlines(alt); return i end
end }}

"""For an analyst at work: figures as frames and pictures, with all their digits; they stay inside.

    opening    the newest snapshot of a store
    frames     figures as a table with columns that can be read
    pictures   the report's own pictures, shown in a notebook
    parts      figures as what those pictures are drawn from
    copying    the notebooks, put where their reader works

What a report shows it makes itself, of its release; nothing here goes near one.
"""

from analyses.showing.frames import named as named
from analyses.showing.frames import told as told
from analyses.showing.opening import newest as newest
from analyses.showing.parts import arms as arms
from analyses.showing.parts import boxes as boxes
from analyses.showing.parts import charted_months as charted_months
from analyses.showing.parts import differences as differences
from analyses.showing.parts import limited_months as limited_months
from analyses.showing.parts import panels as panels
from analyses.showing.parts import places as places
from analyses.showing.parts import ratios as ratios
from analyses.showing.parts import shares as shares
from analyses.showing.parts import stages as stages
from analyses.showing.pictures import PLAIN as PLAIN
from analyses.showing.pictures import shown as shown

"""The report's tables as spreadsheets: read from the finished page, so that they say what it says."""

from evaluation.rendering.sheets.book import book_of
from evaluation.rendering.sheets.figures import figures_csv, figures_dictionary
from evaluation.rendering.sheets.ods import as_ods
from evaluation.rendering.sheets.printed import tables_of
from evaluation.rendering.sheets.tidy import as_csv, dictionary
from evaluation.rendering.sheets.xlsx import as_xlsx

__all__ = [
    "as_csv",
    "as_ods",
    "as_xlsx",
    "book_of",
    "dictionary",
    "figures_csv",
    "figures_dictionary",
    "tables_of",
]

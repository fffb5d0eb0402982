"""What reading a workbook can find: number, severity, message and fix, all in one place."""

from __future__ import annotations

from dataclasses import dataclass

from evaluation.language import Text, _
from evaluation.nouns import Finding, Severity


@dataclass(frozen=True, slots=True)
class Fault:
    """A kind of fault; `at` makes it a finding. The {names} in its texts are filled there."""

    id: str
    severity: Severity
    message: Text
    fix: Text

    def at(
        self,
        sheet: str | None = None,
        row: int | None = None,
        column: str | None = None,
        **values: object,
    ) -> Finding:
        """This fault at one place. A value from a provider's cell never goes into `values`."""
        filled = tuple(values.items())
        message, fix = (Text(text.message, filled) for text in (self.message, self.fix))
        return Finding(self.id, self.severity, message, fix, sheet, row, column)


# ---- The Cover ------------------------------------------------------------------------------------

NO_COVER = Fault(
    "COV-01",
    "reject",
    _("This is not one of our templates: it has no Cover sheet."),
    _("Ask for a new template, copy your rows into it and send that."),
)
NO_PROVIDER = Fault(
    "COV-02",
    "reject",
    _("The Cover does not name a provider that sends returns here."),
    _("Write one of these beside ‘Provider’: {providers}."),
)
NO_QUARTER = Fault(
    "COV-03",
    "reject",
    _("The Cover does not give the quarter in a way that we can read."),
    _("Write the year and the quarter, for example 2025Q1 for April to June 2025."),
)
OTHER_VERSION = Fault(
    "COV-04",
    "reject",
    _("This is an old template, or its version was changed: it does not say version {version}."),
    _("Ask for a new template and copy your rows into it."),
)
UNCLEAR_NIL = Fault(
    "COV-05",
    "reject",
    _("The answer beside ‘Nil return’ on the Cover is not one that we know."),
    _(
        "Write No, or Yes for everything, or the names of the forms with nothing to report, "
        "separated by commas: {titles}."
    ),
)
NIL_NOT_OWED = Fault(
    "COV-06",
    "reject",
    _("The Cover declares a nil return for ‘{title}’, which this provider does not send."),
    _("Take that name out of the answer beside ‘Nil return’."),
)
UNCLEAR_HISTORY = Fault(
    "COV-07",
    "reject",
    _("The answer beside ‘History from’ on the Cover is not a date."),
    _("Write a date such as 01/04/2024, or leave it blank."),
)
NO_CONTACT = Fault(
    "COV-08",
    "note",
    _("The Cover does not say whom to ask about this return."),
    _("Write a role, such as Data officer, beside ‘Contact role’; not a name."),
)
SAID_TWICE = Fault(
    "COV-09",
    "reject",
    _("The Cover answers ‘{label}’ more than once, and not alike."),
    _("Keep the right answer and delete the other line."),
)
UNKNOWN_LINE = Fault(
    "COV-10",
    "note",
    _("This line of the Cover is not one that we know, so it was not read."),
    _("Delete the line, or correct its label from the template."),
)

NOT_TOLD = Fault(
    "COV-11",
    "reject",
    _("This file has no Cover, and nothing else tells us this about it: {what}."),
    _(
        "Give it a name such as {example}: the provider, the quarter and the form. Or copy its "
        "rows into a template."
    ),
)
TOLD_OTHERWISE = Fault(
    "COV-12",
    "reject",
    _("The Cover says otherwise than you do beside the file: {label}."),
    _("Correct the Cover, or leave the option out."),
)

# ---- Sheets ---------------------------------------------------------------------------------------

UNKNOWN_SHEET = Fault(
    "SHE-01",
    "reject",
    _("This sheet is not part of the template."),
    _("Delete it, or rename it if it is one of these: {titles}."),
)
NOT_OWED = Fault(
    "SHE-02",
    "reject",
    _("This form is not one that {provider} sends."),
    _("Delete the sheet, or correct the provider on the Cover."),
)
TWICE = Fault(
    "SHE-03",
    "reject",
    _("There are two sheets of this kind. Only the first, ‘{first}’, was checked."),
    _("Put all rows on one sheet and delete the other."),
)
NOTHING_SENT = Fault(
    "SHE-04",
    "reject",
    _("The workbook holds no form, and its Cover declares no nil return."),
    _("Use a new template. If there is nothing to report, write Yes beside ‘Nil return’."),
)
NO_TITLES = Fault(
    "SHE-05",
    "reject",
    _("No line of column titles was found near the top of this sheet."),
    _("Copy the line of titles from a new template into the first row."),
)
NIL_WITH_ROWS = Fault(
    "SHE-06",
    "reject",
    _("The Cover says that there is nothing to report here, but the sheet has rows."),
    _("Correct the answer beside ‘Nil return’ on the Cover, or delete the rows."),
)
NO_ROWS = Fault(
    "SHE-07",
    "explain",
    _("The sheet has no rows, and the Cover does not say that there is nothing to report."),
    _("Fill in the rows, or name this form beside ‘Nil return’ on the Cover."),
)

HIDDEN_SHEET = Fault(
    "SHE-08",
    "note",
    _("This sheet is hidden. It was read like any other."),
    _("Show it, and see whether you mean to send what stands on it."),
)
HIDDEN_ROWS = Fault(
    "SHE-09",
    "note",
    _("Some rows are hidden or filtered out: {rows}. They were read like any other."),
    _("Show all rows, and see whether you mean to send them."),
)
TOTAL = Fault(
    "SHE-10",
    "note",
    _("This row is a total and no record, so it was left out."),
    _("Nothing needs doing. Next time, leave totals out."),
)
ONLY_ERRORS = Fault(
    "SHE-11",
    "note",
    _("Some rows hold nothing but errors of formulas: {rows}. They were left out."),
    _("Look whether records are missing there. If not, nothing needs doing."),
)
LINKED = Fault(
    "SHE-12",
    "note",
    _("This workbook takes values from others. They were read as they were last saved."),
    _("See whether they are up to date. Safer is to send values, without links."),
)
TITLES_AGAIN = Fault(
    "SHE-13",
    "note",
    _("This row repeats the titles of the columns, so it was left out."),
    _("Nothing needs doing. Next time, paste rows without their titles."),
)

# ---- Columns --------------------------------------------------------------------------------------

MISSING_COLUMN = Fault(
    "COL-01",
    "reject",
    _("The column ‘{title}’ is missing."),
    _("Put the column back, with this title; where an answer is not known, leave its cell blank."),
)
MISSING_MAY = Fault(
    "COL-02",
    "note",
    _("The column ‘{title}’ is missing."),
    _("Nothing need be done, if you have nothing to tell in it."),
)
UNKNOWN_COLUMN = Fault(
    "COL-03",
    "reject",
    _("The title of this column is not one that the form has."),
    _("Delete the column, or correct its title from the template."),
)
TWICE_A_COLUMN = Fault(
    "COL-04",
    "reject",
    _("The column ‘{title}’ is there twice. Only the first was checked."),
    _("Keep one and delete the other."),
)
NO_TITLE = Fault(
    "COL-05",
    "reject",
    _("This column holds something but has no title."),
    _("Delete the column, or give it its title from the template."),
)

HIDDEN_COLUMN = Fault(
    "COL-06",
    "note",
    _("This column is hidden. It was read like any other."),
    _("Show it, and see whether you mean to send what stands in it."),
)
NUMBER_FOR_DATE = Fault(
    "COL-07",
    "note",
    _(
        "Cells of ‘{title}’ that hold a plain number, which was read as the date it stands for: {n}."
    ),
    _("Show the column as dates (in Excel: Format Cells, Date), and see whether they are right."),
)
ERROR = Fault(
    "CELL-ERROR",
    "reject",
    _("A formula gives no answer here: {sign}."),
    _(
        "Mend the formula, or write the answer itself. If you see a right answer there, save the "
        "workbook again in Excel or LibreOffice."
    ),
)

# ---- Explanations ---------------------------------------------------------------------------------

LONG_REASON = Fault(
    "WHY-01",
    "reject",
    _("This reason is longer than {most} characters."),
    _("Shorten it. Say what happened, and nothing that could tell who somebody is."),
)
TWO_REASONS = Fault(
    "WHY-02",
    "note",
    _("There are two reasons for this finding. Only the first was kept."),
    _("Put them on one line, and delete the other."),
)
STALE_REASON = Fault(
    "WHY-03",
    "note",
    _("No finding asks for this reason: what it explained is no longer there, or never was."),
    _(
        "If it was put right, delete the line. If not, copy the number of the finding as it "
        "stands on this sheet after a check."
    ),
)

# ---- Identifiers: where, never what ---------------------------------------------------------------

_TAKE_OUT = _(
    "Delete it here and wherever else it stands, then send the return again. "
    "Nothing of this workbook was kept."
)
_OWN_REFERENCE = _(
    "Delete it here and wherever else it stands, then send the return again. Nothing of this "
    "workbook was kept. If it is a reference of your own, put a letter before it."
)

NAME = Fault("ID-NAME", "reject", _("There seems to be a person's name here."), _TAKE_OUT)
WORDS = Fault(
    "ID-WORDS",
    "reject",
    _("This looks like words, possibly a person's name."),
    _("Write the child key or a reference number here, never a name, and send the return again."),
)
BIRTH = Fault("ID-BIRTH", "reject", _("There seems to be a full date of birth here."), _TAKE_OUT)
ADDRESS = Fault("ID-ADDRESS", "reject", _("There seems to be an address here."), _TAKE_OUT)
POSTCODE = Fault("ID-POSTCODE", "reject", _("There seems to be a full postcode here."), _TAKE_OUT)
NHS = Fault("ID-NHS", "reject", _("There seems to be an NHS number here."), _OWN_REFERENCE)
POLICE = Fault(
    "ID-POLICE",
    "reject",
    _("There seems to be a number here by which the police know a person."),
    _OWN_REFERENCE,
)
PHONE = Fault("ID-PHONE", "reject", _("There seems to be a telephone number here."), _OWN_REFERENCE)
EMAIL = Fault("ID-EMAIL", "reject", _("There seems to be an e-mail address here."), _TAKE_OUT)
OTHER_NUMBER = Fault(
    "ID-NUMBER", "reject", _("There seems to be a number here that identifies a person."), _TAKE_OUT
)
FREE_TEXT = Fault(
    "ID-NOTES",
    "reject",
    _("This column is for free text, which may tell who somebody is."),
    _("Delete the column. A note without names may stand on a sheet called Notes."),
)

FAULTS = tuple(item for item in tuple(globals().values()) if isinstance(item, Fault))

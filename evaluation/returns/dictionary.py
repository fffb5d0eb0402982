"""The data dictionary, made from the forms: a page for people and a Table Schema for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from string import Formatter

from evaluation.language import Language, Text, _, write
from evaluation.nouns import CodeList, Example, Field, Form, Kind, Row, Rule, Severity, When
from evaluation.returns.cell_faults import CELL_FAULTS
from evaluation.returns.faults import FAULTS
from evaluation.returns.table_schema import table_schema

KINDS: Mapping[Kind, Text] = {
    "key": _("Child key: 12 letters and digits from the data controller, never a name"),
    "ref": _("Reference: letters, digits, -, / and _, at least one digit, at most 24 characters"),
    "code": _("One answer of its list"),
    "date": _("Date, the day first, such as 14/08/2025"),
    "datetime": _("Date and local time, such as 14/08/2025 21:30"),
    "month": _("Month, such as 2010-06"),
    "int": _("Whole number, 0 or more"),
    "flag": _("Yes, no, or why it is not known"),
}
SEVERITIES: Mapping[Severity, Text] = {
    "reject": _("the return is refused"),
    "explain": _("accepted, and open until a reason is given"),
    "note": _("told, never blocks"),
}


def write_dictionary(forms: Mapping[str, Form], to: Path, language: Language) -> list[Path]:
    """Write the dictionary into the folder `to`/`language`; gives the files written.

    For each form a Markdown page (fields, answers, rules with their examples) and a Frictionless
    Table Schema; README.md lists the forms and what holds in all of them.
    """
    texts = {"README.md": "\n".join(_front_page(forms, language))}
    for form in forms.values():
        texts[f"{form.name}.md"] = "\n".join(_page(form, language))
        texts[f"{form.name}.schema.json"] = table_schema(form, language)
    folder = to / language
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text.rstrip("\n") + "\n", encoding="utf-8", newline="\n")
    return [folder / name for name in texts]


def _front_page(forms: Mapping[str, Form], language: Language) -> Iterator[str]:
    yield _("# Data dictionary").to(language)
    yield ""
    yield _(
        "Made from the forms by `evaluation dictionary`; a change here is lost. "
        "Each form has a page for people and a Table Schema for programs."
    ).to(language)
    yield ""
    rows = [
        (
            f"[{form.title.to(language)}]({form.name}.md)",
            form.one_row_is,
            form.sent_by,
            f"[{form.name}]({form.name}.schema.json)",
        )
        for form in forms.values()
    ]
    titles = (_("Form"), _("One row is"), _("Sent by"), _("Table Schema"))
    yield from _table(titles, rows, language)
    yield _("## What holds in every form").to(language)
    yield ""
    told = [
        (item.id, SEVERITIES[item.severity], _open(item.message), _open(item.fix))
        for item in (*FAULTS, *CELL_FAULTS)
    ]
    yield from _table((_("Number"), _("What follows"), _("Fault"), _("Remedy")), told, language)


def _page(form: Form, language: Language) -> Iterator[str]:
    yield f"# {form.title.to(language)}"
    yield ""
    keys = tuple(form.field(name).title for name in form.key)
    for said in (
        _("One row is: {what}.", what=form.one_row_is),
        _("Sent by: {who}.", who=form.sent_by),
        _("No two rows have the same: {fields}.", fields=keys),
        _("Name of the form: `{name}`, version {version}.", name=form.name, version=form.version),
    ):
        yield f"- {said.to(language)}"
    yield ""
    yield _("## Fields").to(language)
    yield ""
    rows = [
        (f"`{field.name}`", field.title, need_of(field, form), KINDS[field.kind], field.about or "")
        for field in form.fields
    ]
    titles = (_("Field"), _("Title"), _("Must it be filled in?"), _("Holds"), _("About"))
    yield from _table(titles, rows, language)
    yield _("## Answers").to(language)
    yield ""
    lists = {field.codes.name: field.codes for field in form.fields if field.codes}
    for codes in lists.values():
        yield from _answers(codes, form, language)
    yield _("## Rules").to(language)
    yield ""
    for rule in form.rules:
        yield from _rule(rule, form, language)


def need_of(field: Field, form: Form) -> Text:
    """Whether a field must be filled in, in words."""
    match field.need:
        case "must":
            return _("Yes")
        case "want":
            return _("Wanted: a blank counts against completeness")
        case "may":
            return _("No")
        case When(column, answers, otherwise):
            other = form.field(column)
            labels = tuple(other.codes.label(answer) for answer in answers) if other.codes else ()
            if not labels:
                needed = _("If ‘{other}’ is filled in", other=other.title)
            else:
                needed = _("If ‘{other}’ is: {answers}", other=other.title, answers=labels)
            if otherwise == "may":
                return needed
            return _("{needed}; else it must be blank", needed=needed)


def _answers(codes: CodeList, form: Form, language: Language) -> Iterator[str]:
    fields = tuple(field.title for field in form.fields if field.codes == codes)
    yield _("Answers to: {fields}.", fields=fields).to(language)
    if codes.source != "ours":
        yield _("Source: {source}.", source=codes.source).to(language)
    yield ""
    titles: list[Text] = [_("Code"), _("Answer")]
    rows: list[list[object]] = [[f"`{code.code}`", code.label] for code in codes.codes]
    if any(code.group for code in codes.codes):
        titles.append(_("Reported as"))
        rows = [[*row, f"`{code.group}`"] for row, code in zip(rows, codes.codes, strict=True)]
    if any(code.also for code in codes.codes):
        titles.append(_("Also read"))
        rows = [[*row, "; ".join(c.also)] for row, c in zip(rows, codes.codes, strict=True)]
    yield from _table(titles, rows, language)


def _rule(rule: Rule, form: Form, language: Language) -> Iterator[str]:
    yield f"### {rule.id}"
    yield ""
    says = _("{says}. If not: {severity}.", says=rule.says, severity=SEVERITIES[rule.severity]).to(
        language
    )
    yield says
    yield ""
    yield f"> {rule.message.to(language)} {rule.fix.to(language)}"
    yield ""
    for heading, example in ((_("Holds:"), rule.good), (_("Does not hold:"), rule.bad)):
        yield heading.to(language)
        yield ""
        yield from _example(example, form, language)


def _example(example: Example, form: Form, language: Language) -> Iterator[str]:
    """The rows of an example, with the fields that they fill in."""
    yield from _rows(example.rows, form, language)
    for quarter, rows in example.earlier.items():
        yield _("Accepted earlier, for {quarter}:", quarter=quarter).to(language)
        yield ""
        yield from _rows(rows, form, language)
    for name, rows in example.tables.items():
        yield _("In the form `{form}`:", form=name).to(language)
        yield ""
        columns = tuple(dict.fromkeys(column for row in rows for column in row))
        yield from _table([Text(f"`{name}`") for name in columns], _cells(rows, columns), language)


def _rows(rows: Sequence[Row], form: Form, language: Language) -> Iterator[str]:
    shown = [field for field in form.fields if any(field.name in row for row in rows)]
    cells = _cells(rows, [field.name for field in shown])
    yield from _table([field.title for field in shown], cells, language)


def _cells(rows: Sequence[Row], columns: Sequence[str]) -> list[list[str]]:
    return [[row.get(column, "") for column in columns] for row in rows]


def _table(
    titles: Sequence[Text], rows: Iterable[Sequence[object]], language: Language
) -> Iterator[str]:
    yield _line([title.to(language) for title in titles])
    yield _line(["---"] * len(titles))
    for row in rows:
        yield _line([write(cell, language) for cell in row])
    yield ""


def _line(cells: Iterable[str]) -> str:
    escaped = (cell.replace("|", r"\|").replace("\n", " ") for cell in cells)
    return f"| {' | '.join(escaped)} |"


def _open(text: Text) -> Text:
    """The text of a fault before it is about anything: its {names} left open."""
    names = {name for _before, name, *_rest in Formatter().parse(text.message) if name}
    return Text(text.message, tuple((name, "…") for name in sorted(names)))

"""The whole road on invented returns: what a newcomer sees first."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, time, timedelta
from multiprocessing import get_context
from pathlib import Path

from analyses.invented.returns import invent
from analyses.invented.reviewed import review_ratio
from analyses.invented.truth import marginal_rate_ratio
from analyses.invented.workbooks import Workbooks, write_returns
from analyses.plan import Plan, read_plan
from analyses.releasing import (
    INVENTED,
    Analysed,
    annex,
    counts_of,
    keep,
    look,
    own_data,
    place_in,
    public,
)
from evaluation.errors import WrongUse
from evaluation.language import Language, Text, _
from evaluation.nouns import Checked, Receipt
from evaluation.quarters import Quarter
from evaluation.returns.checking import rules_version
from evaluation.returns.feedback import annotate
from evaluation.returns.intake import examine
from evaluation.returns.owing import read_state
from evaluation.store import Store, accept
from reports.leading import Demo, write_index
from reports.leaving import leave
from reports.reading import Body, read_body

BODY = "gwent"
OWN = "st_giles"
"""The provider whose own report the demonstration shows; the others' are made alike."""

MADE_BY_US = ".made-by-evaluation-demo"
TRUTH_CHILDREN = 100_000

Update = Callable[[int, int], None]
Begin = Callable[[Text], Update]


def make_demo(
    to: Path, *, effect: float, seed: int, language: Language, step: Begin, now: datetime
) -> Path:
    """Make the folder `to` anew and give its index page.

    The same seed and effect give the same figures. Raises WrongUse rather than touch a folder
    that an earlier demonstration did not make.
    """
    _clear(to)
    body, plan = read_body(BODY, invented=True), read_plan()
    # The truth takes as long as all the rest, and needs nothing of it.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as beside:
        simulated = beside.submit(
            marginal_rate_ratio,
            effect,
            days=plan.window_days,
            children=TRUTH_CHILDREN,
            seed=seed,
        )
        update = step(_("Inventing children and their returns"))
        returns = invent(effect=effect, seed=seed)
        workbooks = write_returns(
            returns, to / "returns", providers=body.providers, forms=body.forms, progress=update
        )
        store = Store.open(to / "store")
        (store.root / INVENTED).touch()
        refused, marked, receipts = _take_in(
            store,
            workbooks,
            body,
            to / "refused",
            language=language,
            update=step(_("Checking and accepting")),
        )
        quarter = max(quarter for _provider, quarter in workbooks.returns)
        # The last quarter's release is made first, so that there is something to compare with.
        last = _look(store, quarter - 1, body, plan, step)
        made = public(last, made_on=now.date())
        place = place_in(to / "last_quarter", made)
        keep(store, made, place, now=now, counts=counts_of(made, last))
        found = _look(store, quarter, body, plan, step)
        release = public(found, made_on=now.date())
        state = read_state(
            store, quarter, body.forms, body.providers, due_days=body.due_days, today=now.date()
        )
        update = step(_("Asking the same question by other roads"))
        evaluators = annex(found, state, body.providers, made_on=now.date(), progress=update)
        own = own_data(
            store, quarter, body.forms, body=BODY, providers={OWN: body.providers[OWN]},
            due_days=body.due_days, plan=plan, made_on=now.date(),
        )[OWN]  # fmt: skip
        update = step(_("Working out the truth, from {n} invented children", n=TRUTH_CHILDREN))
        truth = simulated.result()
        update(1, 1)
        update = step(_("Writing the report in both languages"))
        release_file = place_in(to, release)
        pages = leave(store, release, release_file, now=now, counts=counts_of(release, found))
        internal = []
        for done, one in enumerate((evaluators, own), start=1):
            update(done, 3)
            internal.append(leave(store, one, place_in(to, one), now=now, formats=("html",)))
        update(1, 1)
        return write_index(
            Demo(
                to, body, plan, workbooks, refused, marked, receipts,
                release, release_file, pages, tuple(internal), OWN, truth, effect,
                review_ratio(seed=seed),
            ),
            language,
        )  # fmt: skip


def _look(store: Store, quarter: Quarter, body: Body, plan: Plan, step: Begin) -> Analysed:
    return look(
        store,
        quarter,
        body.forms,
        body=BODY,
        providers=body.providers,
        contracts=body.contracts,
        events=body.events,
        plan=plan,
        progress=step(_("Analysing {quarter}", quarter=str(quarter))),
    )


def _clear(folder: Path) -> None:
    if folder.exists():
        if any(folder.iterdir()) and not (folder / MADE_BY_US).exists():
            raise WrongUse(
                _(
                    "The folder {folder} holds other things, and the demonstration would "
                    "replace them. Name another with --to.",
                    folder=str(folder),
                )
            )
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / MADE_BY_US).touch()


def _take_in(
    store: Store,
    workbooks: Workbooks,
    body: Body,
    refused_folder: Path,
    *,
    language: Language,
    update: Update,
) -> tuple[Checked, Path, tuple[Receipt, ...]]:
    """Check and accept each workbook as its sender would, twelve days after the quarter ended.

    The wrong one is sent first, and comes back marked; then its corrected twin.
    """
    forms, receipts = body.forms, list[Receipt]()
    version = rules_version(forms)
    ordered = sorted(workbooks.returns.items(), key=lambda item: (item[0][1], item[0][0]))
    refused_folder.mkdir()
    first_try = None
    for done, ((_provider, quarter), path) in enumerate(ordered, start=1):
        if path == workbooks.right and workbooks.wrong:
            first_try = examine(workbooks.wrong, forms, body.providers, store)
            assert not first_try.acceptable, "the wrong workbook is wrong on purpose"
            copy = refused_folder / f"{workbooks.wrong.stem} - checked.xlsx"
            marked = annotate(workbooks.wrong, first_try, copy, language)
        checked = examine(path, forms, body.providers, store)
        receipts.append(accept(store, checked, forms, now=_sent_on(quarter), rules_version=version))
        update(done, len(ordered))
    assert first_try is not None
    return first_try, marked, tuple(receipts)


def _sent_on(quarter: Quarter) -> datetime:
    return datetime.combine(quarter.last_day + timedelta(days=12), time(9), UTC)

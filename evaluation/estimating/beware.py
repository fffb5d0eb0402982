"""Warnings that several estimators give, in the same words."""

from __future__ import annotations

from evaluation.errors import WrongUse
from evaluation.estimating.found import Beware
from evaluation.language import _, n_

FEWEST_EVENTS = 5
"""Events for each parameter below which limits and p-values cannot be leaned on."""

FEW_CLUSTERS = 40
"""With fewer, limits are from Student's t with clusters - 2 degrees of freedom."""

TOO_VARIED = 1.5
"""A dispersion above this is too much for a Poisson model's own errors."""


def few_events(events: float, parameters: int) -> tuple[Beware, ...]:
    """The warning that there are fewer events than a model needs; none where there are enough.

    >>> print(few_events(12, 4)[0].text)
    12 events for 4 parameters: with fewer than 5 each, limits and p-values mislead.
    """
    if events >= FEWEST_EVENTS * parameters:
        return ()
    text = _(
        "{events} events for {parameters} parameters: with fewer than {fewest} each, limits and "
        "p-values mislead.",
        events=f"{events:g}",
        parameters=parameters,
        fewest=FEWEST_EVENTS,
    )
    return (Beware("few_events", text),)


def few_clusters(clusters: int) -> tuple[Beware, ...]:
    """The warning that robust errors rest on few clusters; none where there are enough.

    >>> print(few_clusters(6)[0].text)
    Only 6 clusters.
    """
    if clusters >= FEW_CLUSTERS:
        return ()
    return (Beware("few_clusters", _("Only {G} clusters.", G=clusters)),)


def students(clusters: int) -> float | None:
    """The degrees of freedom of Student's t for robust errors, G - 2; none where G is many.

    >>> students(6), students(40)
    (4.0, None)

    Source: Donner & Klar (2000), Cluster Randomization Trials, chapter 5.
    """
    return clusters - 2.0 if clusters < FEW_CLUSTERS else None


def refuse_one_cluster(clusters: int) -> None:
    """Raise WrongUse where there is one cluster alone, which cannot say how clusters vary.

    >>> refuse_one_cluster(2)
    """
    if clusters < 2:
        raise WrongUse(_("All rows are of one cluster, which cannot say how clusters vary."))


def varied(dispersion: float) -> Beware:
    """The warning that counts vary more than the Poisson errors that were asked for allow.

    >>> print(varied(2.34).text)
    Dispersion 2.3; Poisson intervals too narrow.
    """
    text = _("Dispersion {x}; Poisson intervals too narrow.", x=round(dispersion, 1))
    return Beware("overdispersion", text)


def lacking(rows: int, of: int) -> tuple[Beware, ...]:
    """How many rows were left out for lack of a value; none where none were.

    >>> print(lacking(1, 8)[0].text)
    1 row of 8 lacks a value that the model needs and was left out.
    """
    if not rows:
        return ()
    text = n_(
        "{count} row of {rows} lacks a value that the model needs and was left out.",
        "{count} rows of {rows} lack a value that the model needs and were left out.",
        rows,
        rows=of,
    )
    return (Beware("missing_values", text),)

"""The demonstration: the whole road, from a wheel that is installed elsewhere."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evaluation.cli import app
from evaluation.errors import WrongUse
from evaluation.store import earlier_releases, open_store
from reports import demo
from reports.annex.roads import WAYS
from tests.helpers.attacker import learnt
from tests.helpers.mining import mined
from tests.helpers.published import FEW, ranges_of, read_files

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def make(folder):
    return demo.make_demo(
        folder,
        effect=0.7,
        seed=1,
        language="en",
        step=lambda _title: lambda _done, _of: None,
        now=NOW,
    )


def run(*command, **about):
    done = subprocess.run(
        [sys.executable, *map(str, command)], capture_output=True, text=True, check=False, **about
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory):
    """How to run what a wheel installs, in a folder where nothing of the repository lies."""
    folder = tmp_path_factory.mktemp("elsewhere")
    run("-m", "build", "--wheel", "--no-isolation", "--outdir", folder / "dist", ROOT)
    (wheel,) = (folder / "dist").glob("*.whl")
    installed = folder / "installed"
    run("-m", "pip", "install", "--quiet", "--no-deps", "--target", installed, wheel)
    # Before site-packages, where the checkout is installed too.
    there = {"cwd": folder, "env": os.environ | {"PYTHONPATH": str(installed)}}
    where = run(
        "-c", "import evaluation, reports; print(evaluation.__file__, reports.__file__)", **there
    )
    assert where.count(str(installed)) == 2
    return there


@pytest.fixture(scope="module")
def made(elsewhere):
    """The demonstration that an installed wheel makes."""
    run("-m", "evaluation.cli", "demo", **elsewhere)
    return elsewhere["cwd"] / "demo"


class Page(HTMLParser):
    """What a reader sees of a page, and where its links lead."""

    def __init__(self, html):
        super().__init__()
        self.words, self.links, self.hidden = [], [], False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.hidden = tag in {"style", "title"}
        self.links += [value for name, value in attrs if name == "href"]
        self.words += [value for name, value in attrs if name == "alt"]

    def handle_endtag(self, tag):
        self.hidden = False

    def handle_data(self, data):
        if not self.hidden:
            self.words.append(data)


def read(path):
    return Page(path.read_text(encoding="utf-8"))


def test_it_keeps_what_it_promises(made):
    assert {path.name for path in made.iterdir()} >= {
        "returns", "refused", "store", "release.json", "report-en.html", "report-cy.html",
        "index.html", "internal",
    }  # fmt: skip
    assert {path.name for path in (made / "internal").iterdir()} >= {
        "annex.json", "annex-en.html", "annex-cy.html", "provider-st_giles.json",
        "provider-st_giles-en.html", "provider-st_giles-cy.html",
    }  # fmt: skip
    assert [path.suffix for path in (made / "refused").iterdir()] == [".xlsx"]


def test_every_link_of_its_index_leads_somewhere(made):
    links = [link for link in read(made / "index.html").links if not link.startswith("data:")]
    assert len(links) > 20
    assert all((made / link.replace("%20", " ")).exists() for link in links)


def test_who_has_nothing_but_what_was_published_learns_of_no_few_children(made):
    """Every count known to be below 8 may be each of 1 to 7, whatever adds up to what."""
    ranges = ranges_of(read_files(made))
    rules = mined(ranges)
    assert len(rules) > 1000
    assert sum(ends == (0, FEW) for ends in ranges.values()) > 100
    assert learnt(ranges, rules) == {}


REPORTS = ("report", "internal/annex", "internal/provider-st_giles")


@pytest.mark.parametrize("name", REPORTS)
def test_the_same_numbers_stand_in_both_languages(made, name):
    english, welsh = (
        Counter(re.findall(r"\d+(?:[.,]\d+)*", " ".join(read(made / f"{name}-{lang}.html").words)))
        for lang in ("en", "cy")
    )
    assert english.total() > 80
    assert english == welsh


@pytest.mark.parametrize("name", REPORTS)
def test_what_is_internal_says_so_on_every_page_and_what_is_public_does_not(made, name):
    for lang, words in (("en", "not for publication"), ("cy", "nid i’w gyhoeddi")):
        said = " ".join(read(made / f"{name}-{lang}.html").words)
        assert (words in said) == name.startswith("internal")


def test_internal_releases_are_in_the_ledger_and_none_of_them_was_published(made):
    store = open_store(made / "store")
    last, published = earlier_releases(store, "gwent")
    assert last.quarter == published.quarter - 1
    assert published.text == (made / "release.json").read_text(encoding="utf-8")
    kept = earlier_releases(store, "gwent", profile="internal")
    reports = [json.loads(one.text) for one in kept]
    assert [(one["report"], one["provider"]) for one in reports] == [
        ("annex", None), ("provider", "st_giles"),
    ]  # fmt: skip


def test_the_manifest_has_the_digest_of_each_file_that_left(made):
    told = json.loads((made / "manifest.json").read_text(encoding="utf-8"))
    files = {path.name for path in made.glob("report-*")}
    assert told["files"].keys() == files
    for name, digest in {**told["files"], "release.json": told["release_sha256"]}.items():
        assert sha256((made / name).read_bytes()).hexdigest() == digest


def test_welsh_that_a_person_approved_is_no_draft_in_any_format(made, tmp_path):
    folder = shutil.copytree(made, tmp_path / "demo")
    arguments = ["approve", "2024Q4", "--what", "cy", "--by", "A. Translator",
                 "--store", str(folder / "store"), "--to", str(folder)]  # fmt: skip
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    for before, now in zip(
        sorted(made.glob("report-*")), sorted(folder.glob("report-*")), strict=True
    ):
        assert (before.read_bytes() != now.read_bytes()) == (
            "-cy." in now.name and now.suffix in {".html", ".pdf", ".docx", ".xlsx", ".ods"}
        ), now.name
    assert "Cyfieithiad drafft" in (made / "report-cy.html").read_text(encoding="utf-8")
    assert "Cyfieithiad drafft" not in (folder / "report-cy.html").read_text(encoding="utf-8")


def test_the_report_compares_with_the_last_quarter_as_it_was_told(made):
    last = json.loads((made / "last_quarter" / "release.json").read_text(encoding="utf-8"))
    before = json.loads((made / "release.json").read_text(encoding="utf-8"))["before"]
    assert before["quarter"] == last["quarter"]
    assert before["figures"]
    assert all(figure in last["figures"] for figure in before["figures"])
    assert "October to December 2024" in read(made / "report-en.html").words


def test_the_annex_tells_every_road_and_the_main_figure_that_was_published(made):
    annex = json.loads((made / "internal" / "annex.json").read_text(encoding="utf-8"))["figures"]
    public = json.loads((made / "release.json").read_text(encoding="utf-8"))["figures"]
    assert {way.measure for way in WAYS if way.file} <= {figure["measure"] for figure in annex}
    (main,), (same,) = (
        [f for f in figures if (f["role"], f["measure"]) == ("primary", "rate_ratio")]
        for figures in (annex, public)
    )
    assert float(f"{main['value']:.2g}") == same["value"]
    assert not [figure for figure in annex if figure["withheld"]]


def test_the_command_line_gives_each_provider_its_own(made, tmp_path):
    store = shutil.copytree(made / "store", tmp_path / "store")
    arguments = ["report", "2024Q4", "--report", "provider", "--provider", "education_newport",
                 "--store", str(store), "--to", str(tmp_path / "out"), "--json"]  # fmt: skip
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert (
        Path(told["release"]) == tmp_path / "out" / "internal" / "provider-education_newport.json"
    )
    assert Path(told["en"]["html"]).is_file()
    assert Path(told["cy"]["html"]).is_file()
    assert "Newport" in " ".join(read(Path(told["en"]["html"])).words)


def test_a_release_file_of_the_annex_is_rendered_again_to_the_same_bytes(made, tmp_path):
    arguments = ["report", "2024Q4", "--release", str(made / "internal" / "annex.json"),
                 "--to", str(tmp_path), "--store", str(tmp_path / "none"),
                 "--format", "html"]  # fmt: skip
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    for lang in ("en", "cy"):
        name = f"annex-{lang}.html"
        assert (tmp_path / name).read_bytes() == (made / "internal" / name).read_bytes()


def test_the_same_returns_give_the_same_figures_once_more(made, tmp_path):
    """And so nothing is corrected, and nothing that was withheld comes out."""
    store = shutil.copytree(made / "store", tmp_path / "store")
    arguments = ["analyse", "2024Q4", "--store", str(store), "--to", str(tmp_path)]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    first, again = (
        json.loads((folder / "release.json").read_text(encoding="utf-8"))
        for folder in (made, tmp_path)
    )
    assert again["figures"] == first["figures"]
    assert again["corrects"] is None


def test_the_wheel_brings_the_notebooks(elsewhere, made):
    run("-m", "evaluation.cli", "notebooks", "--store", made / "store", **elsewhere)
    copied = {path.name for path in (made.parent / "notebooks").rglob("*") if path.is_file()}
    kept = {path.name for path in (ROOT / "analyses" / "notebooks").glob("*.ipynb")}
    assert copied == {*kept, "long_absence.py"}


def test_a_demonstration_gives_way_to_the_next(tmp_path):
    (tmp_path / demo.MADE_BY_US).touch()
    (tmp_path / "old").mkdir()
    demo._clear(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {demo.MADE_BY_US}


def test_a_folder_of_yours_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(WrongUse, match="holds other things"):
        make(tmp_path)
    assert (tmp_path / "mine.txt").read_text() == "mine"

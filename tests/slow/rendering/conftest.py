"""The tiny report of tests/helpers, laid out as `reports/` is, and rendered for real."""

import html as entities
import json
import re
import shutil
import subprocess
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from evaluation.disclosure import write_release
from evaluation.language import Text
from evaluation.rendering import render_pair

ROOT = Path(__file__).parents[3]
MARK = "For the “office” & nobody else"

AXE = "axe-core@4.14.1"

# Without these, Chromium looks for its maker's hosts at every start.
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--virtual-time-budget=20000",
)

LOOK = """
<script>%s</script>
<script>
addEventListener("load", () => axe.run(document).then((ran) => {
  const told = (found) => found.map((each) => [each.id, each.nodes.map((node) => node.html.slice(0, 120))]);
  parent.postMessage(JSON.stringify({
    violations: told(ran.violations),
    incomplete: told(ran.incomplete),
    passes: ran.passes.length,
    width: innerWidth,
    needed: document.documentElement.scrollWidth,
    fetched: performance.getEntriesByType("resource").map((entry) => entry.name).filter((name) => !name.startsWith("data:")),
  }), "*");
}));
</script>
"""

FRAME = """<!DOCTYPE html><title>frame</title>
<script>addEventListener("message", (event) => {
  const pre = document.createElement("pre"); pre.id = "told"; pre.textContent = event.data; document.body.append(pre);
});</script>
<body style="margin:0"><iframe src="copy.html" style="border:0;width:%dpx;height:4000px"></iframe>"""


@pytest.fixture(scope="session")
def laid_out(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("laid") / "reports"
    shutil.copytree(ROOT / "tests" / "helpers" / "tiny_report", folder / "tiny")
    for path in (ROOT / "reports").iterdir():
        if path.is_file() and path.suffix != ".py":
            shutil.copy(path, folder)
    return folder


@pytest.fixture(scope="session")
def release_file(laid_out) -> Path:
    path = laid_out.parent / "2025Q3.json"
    path.write_text(json.dumps({"children": 40, "months": [9, 7, 4]}), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def pair(laid_out, release_file):
    return render_pair(
        "tiny", release_file, to=laid_out.parent / "out", sources=laid_out, engine="builtin"
    )


@pytest.fixture
def sources(laid_out, tmp_path) -> Path:
    """A copy of it that a test may spoil."""
    return shutil.copytree(laid_out, tmp_path / "reports")


@pytest.fixture(scope="session")
def quarterly(tmp_path_factory):
    """The quarterly report of a full release, in every format, as an internal one is marked."""
    path = ROOT / "tests" / "unit" / "reports" / "making.py"
    spec = spec_from_file_location("making", path)
    making = module_from_spec(spec)
    spec.loader.exec_module(making)
    folder = tmp_path_factory.mktemp("quarterly")
    release = making.full(data="invented")
    release_file = write_release(release, folder / "release.json")
    return render_pair(
        "quarterly", release_file, to=folder / "out", engine="builtin", watermark=Text(MARK),
        figures=release.figures,
    )  # fmt: skip


@pytest.fixture(scope="session")
def axe(tmp_path_factory) -> str:
    npm = shutil.which("npm")
    if not npm:
        pytest.skip(
            "npm is not installed: axe-core cannot be fetched, accessibility is not looked at"
        )
    folder = tmp_path_factory.mktemp("npm")
    ran = subprocess.run(
        [
            npm,
            "install",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "--prefix",
            str(folder),
            AXE,
        ],
        capture_output=True,
        timeout=180,
        check=False,
    )
    script = folder / "node_modules" / "axe-core" / "axe.min.js"
    if ran.returncode or not script.is_file():
        pytest.skip(f"npm could not install {AXE}: accessibility is not looked at")
    return script.read_text(encoding="utf-8")


@pytest.fixture
def look(axe, tmp_path):
    """What axe says of a page in a frame so wide."""
    browser = (
        shutil.which("chromium")
        or shutil.which("chromium-browser")
        or shutil.which("google-chrome")
    )
    if not browser:
        pytest.skip("Chromium is not installed: accessibility is not looked at")

    def of(html, width):
        # The page forbids all scripts; the copy that is looked at must allow axe.
        html = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", html)
        (tmp_path / "copy.html").write_text(
            html.replace("</body>", LOOK % axe + "</body>"), encoding="utf-8"
        )
        frame = tmp_path / "frame.html"
        frame.write_text(FRAME % width, encoding="utf-8")
        ran = subprocess.run(
            [browser, *FLAGS, f"--user-data-dir={tmp_path / 'browser'}", f"--window-size={width + 100},1000",
             "--dump-dom", frame.as_uri()],
            capture_output=True,
            timeout=120,
            check=True,
        )  # fmt: skip
        told = re.search(r'<pre id="told">(.*?)</pre>', ran.stdout.decode("utf-8"), re.DOTALL)
        assert told, "axe said nothing"
        return json.loads(entities.unescape(told[1]))

    return of

"""The finished pages in a real browser: axe finds nothing, at full width and at 320 pixels.

Skips aloud where Chromium or npm is not installed.
"""

import html as entities
import json
import re
import shutil
import subprocess

import pytest

pytestmark = pytest.mark.slow

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


@pytest.fixture(scope="module")
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


@pytest.mark.parametrize("language", ["en", "cy"])
@pytest.mark.parametrize("width", [1100, 320])
def test_axe_finds_nothing_and_the_page_needs_no_more_width_and_no_network(
    look, pair, language, width
):
    told = look(pair[language]["html"].read_text(encoding="utf-8"), width)
    assert told["violations"] == []
    assert told["passes"] > 30
    assert told["width"] == width
    assert told["needed"] <= width
    assert told["fetched"] == []
    if width > 320:  # what has scrolled out of sight cannot be looked at for its contrast
        assert told["incomplete"] == []


@pytest.mark.parametrize(
    ("fault", "spoil"),
    {
        "image-alt": lambda html: re.sub(
            r'(<img) role="img" aria-label="[^"]*"([^>]*) alt="[^"]*"', r"\1\2", html
        ),
        "html-has-lang": lambda html: html.replace('<html lang="en-GB">', "<html>"),
        "color-contrast": lambda html: html.replace("--ink: #1a1a1a", "--ink: #bbbbbb"),
        "scrollable-region-focusable": lambda html: html.replace(' tabindex="0"', "").replace(
            "</style>", ".wide > * { min-width: 60rem; }</style>", 1
        ),
    }.items(),
)
def test_axe_would_have_seen_a_fault(fault, spoil, look, pair):
    html = pair["en"]["html"].read_text(encoding="utf-8")
    spoilt = spoil(html)
    assert spoilt != html
    assert fault in [name for name, _nodes in look(spoilt, 320)["violations"]]

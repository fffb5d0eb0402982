"""The last look at a finished page finds what neither renderer may let through."""

import pytest

from evaluation.errors import RenderError
from evaluation.rendering.page import check_page

FIT = '<h1 id="a">A</h1><h2>B</h2><a href="#a">up</a><a href="https://example.org">out</a><img src="data:," alt="x">'


def test_a_fit_page_passes():
    check_page(FIT, scripts_allowed=False)


@pytest.mark.parametrize(
    ("spoilt", "says"),
    [
        ('<p id="a">', "Two places have the label a."),
        ('<a href="#gone">x</a>', "A link leads to gone, which is not there."),
        ('<img src="https://example.org/a.png" alt="x">', "would fetch https://example.org/a.png"),
        ('<img src="a.png" alt="x">', "would fetch a.png"),
        ('<link rel="stylesheet" href="//cdn.example.org/a.css">', "would fetch //cdn"),
        ('<script src="https://cdn.example.org/a.js"></script>', "would fetch https://cdn"),
        ("<script>1</script>", "holds a script"),
        ('<img src="data:,">', "without alt text: 1"),
        ("<h4>x</h4>", "level 4 follows one of level 2"),
        ("<h1>x</h1>", "first level: 2"),
        ("<p>see <strong>?@fig-a</strong></p>", "leads nowhere"),
    ],
)
def test_each_fault_is_told(spoilt, says):
    with pytest.raises(RenderError) as error:
        check_page(FIT + spoilt, scripts_allowed=False)
    assert says in str(error.value)


def test_quartos_own_scripts_within_the_page_are_let_be():
    check_page(FIT + "<script>1</script>", scripts_allowed=True)
    with pytest.raises(RenderError):
        check_page(
            FIT + '<script src="https://cdn.example.org/a.js"></script>', scripts_allowed=True
        )

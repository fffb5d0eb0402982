import pytest

from evaluation.store import Store


@pytest.fixture
def store(tmp_path) -> Store:
    return Store.open(tmp_path / "store")

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True, scope="session")
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Derive anew in every run: an entry of the user's cache may be older than the code."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LANDSCAPE_CACHE_DIR", str(tmp_path_factory.mktemp("derived")))
        yield

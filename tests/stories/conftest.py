"""One running installation for many stories: each brings its own customers and agents and leaves nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from tests.stories.installation import Installation, installed
from tests.stories.long_day import LongDay
from tests.stories.scene import Scene, story

_LONG = pytest.StashKey[list[pytest.Item]]()


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Engine and Asterisk, with short times."""
    with installed(tmp_path_factory.mktemp("vz")) as made:
        yield made


@pytest_asyncio.fixture
async def scene(installation: Installation) -> AsyncIterator[Scene]:
    """A story at that installation."""
    async with story(installation) as scene:
        yield scene


def pytest_collection_modifyitems(session: pytest.Session, items: list[pytest.Item]) -> None:
    """The stories that take minutes are asked last, when they have had the time of all others."""
    session.stash[_LONG] = [item for item in items if "long_day" in getattr(item, "fixturenames", [])]
    items.sort(key=session.stash[_LONG].__contains__)


@pytest.fixture(scope="session", autouse=True)
def begun(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LongDay | None]:
    """Begins the long day with the first story, where one of its tests is to be run."""
    if not request.session.stash[_LONG]:
        yield None
        return
    from tests.stories.test_races_long import STORIES

    day = LongDay(STORIES, tmp_path_factory.mktemp("long"))
    day.begin()
    yield day
    day.finish()


@pytest.fixture(scope="session")
def long_day(begun: LongDay | None) -> LongDay:
    """What goes on since the first story."""
    assert begun is not None
    return begun

"""One running installation for many stories: each brings its own customers and agents and leaves nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from tests.stories.installation import Installation, installed
from tests.stories.long_day import LongDay
from tests.stories.scene import Scene, story

_LONG = pytest.StashKey[list[pytest.Item]]()


class Begun:
    """The long day, once somebody has asked for it."""

    def __init__(self, places: pytest.TempPathFactory) -> None:
        self._places = places
        self._day: LongDay | None = None

    def day(self) -> LongDay:
        """Begins it with the first call."""
        if self._day is None:
            from tests.stories.test_races_long import STORIES

            self._day = LongDay(STORIES, self._places.mktemp("long"))
            self._day.begin()
        return self._day

    def finish(self) -> None:
        """Wait until it is over."""
        if self._day is not None:
            self._day.finish()


def _shared(config: pytest.Config) -> bool:
    """Whether this is one of several processes (pytest-xdist)."""
    return hasattr(config, "workerinput")


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Engine and Asterisk, with short times."""
    with installed(tmp_path_factory.mktemp("vz")) as made:
        yield made


@pytest.fixture(scope="session")
def listening_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The same, in which supervisors may listen in."""
    with installed(tmp_path_factory.mktemp("vz"), LISTENING_IN="true") as made:
        yield made


@pytest_asyncio.fixture
async def scene(installation: Installation) -> AsyncIterator[Scene]:
    """A story at that installation."""
    async with story(installation) as scene:
        yield scene


def pytest_collection_modifyitems(session: pytest.Session, items: list[pytest.Item]) -> None:
    """The stories that take minutes are asked last, when they have had the time of all others.

    Where several processes share the tests, file by file, one of them tells those first, the others go on meanwhile.
    """
    session.stash[_LONG] = [item for item in items if "long_day" in getattr(item, "fixturenames", [])]
    items.sort(key=session.stash[_LONG].__contains__, reverse=_shared(session.config))


@pytest.fixture(scope="session", autouse=True)
def begun(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Begun]:
    """Begins the long day with the first story, where one of its tests is to be run here."""
    begun = Begun(tmp_path_factory)
    if request.session.stash[_LONG] and not _shared(request.config):
        begun.day()
    yield begun
    begun.finish()


@pytest.fixture(scope="session")
def long_day(begun: Begun) -> LongDay:
    """What goes on since the first story."""
    return begun.day()

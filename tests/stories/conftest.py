"""One running installation for many stories: each brings its own customers and agents and leaves nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from tests.stories.installation import QUICK, Installation
from tests.stories.scene import Scene, story


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Engine and Asterisk, with short times."""
    made = Installation(tmp_path_factory.mktemp("vz"), dict(QUICK))
    asyncio.run(made.start())
    yield made
    assert made.stop() == 0


@pytest_asyncio.fixture
async def scene(installation: Installation) -> AsyncIterator[Scene]:
    """A story at that installation."""
    async with story(installation) as scene:
        yield scene

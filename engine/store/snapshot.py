"""Takes the snapshot (`engine.snapshot`) of the store."""

from __future__ import annotations

from pathlib import Path

from engine.snapshot import About, written
from engine.store.customers import StoredCustomers


async def take(customers: StoredCustomers, about: About, path: Path, owner: tuple[int, int] | None = None) -> int:
    """Copy every access number's customer to `path`; how many there were. Raises StoreError or OSError.

    `owner`: user and group that alone may read it. The old snapshot stays until the new one is whole.
    """
    count = 0
    with written(path, about, owner) as put:
        async for number, settings in customers.everyone():
            put(number, settings)
            count += 1
    return count

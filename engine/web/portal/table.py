"""Lists to take away: CSV files for table calculations, sent row by row.

Rule of this file: no cell is taken for a formula (OWASP: CSV injection).
"""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Iterable

from fastapi import Response
from starlette.responses import StreamingResponse

MANY = 1000
"""Rows that are read at a time."""
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\0")
"""What a table calculation takes for a formula."""
_MARK = "\ufeff".encode()
"""By it Excel knows UTF-8."""
Rows = Iterable[Iterable[str]]


def table(name: str, heads: Iterable[str], parts: AsyncIterator[Rows]) -> Response:
    """The file of this name: its heads, then the rows, part by part."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(_written(heads, parts), media_type="text/csv; charset=utf-8", headers=headers)


async def _written(heads: Iterable[str], parts: AsyncIterator[Rows]) -> AsyncIterator[bytes]:
    yield _MARK + _row(heads)
    async for rows in parts:
        yield b"".join(map(_row, rows))


def _row(cells: Iterable[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line, delimiter=";").writerow(f"'{cell}" if cell.startswith(_DANGEROUS) else cell for cell in cells)
    return line.getvalue().encode()

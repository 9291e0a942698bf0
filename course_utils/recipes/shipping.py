"""Putting what a recipe made where it ships: the file, and its entry in the manifest beside it."""

import hashlib
import json
import os
from pathlib import Path

from course_utils.base.files import read_manifest


def entries(root: Path, folder: str) -> dict[str, dict]:
    """What the folder's manifest below `root` says, name -> entry; nothing where there is none.

    A manifest that cannot be read raises ValueError.
    """
    there = (root / folder / "manifest.json").exists()
    return read_manifest(folder, below=root) if there else {}


def ship(root: Path, folder: str, name: str, suffix: str, content: bytes, facts: dict) -> dict:
    """Write NAME + suffix into the folder below `root`, and its entry, sorted, into the manifest.

    The entry, which is returned, is the file's name, sha256 and bytes, then the facts. The same
    content and facts leave every byte as it was.
    """
    entry = {
        "file": f"{name}{suffix}",
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
        **facts,
    }
    known = dict(sorted((entries(root, folder) | {name: entry}).items()))
    text = json.dumps(known, indent=2, ensure_ascii=False) + "\n"
    replace_file(root / folder / entry["file"], content)
    replace_file(root / folder / "manifest.json", text.encode())
    return entry


def replace_file(path: Path, content: bytes) -> None:
    """Write a file in one move: whatever interrupts it, the previous one stays whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{os.getpid()}-{path.name}")
    try:
        partial.write_bytes(content)
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)

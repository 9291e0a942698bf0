"""The shipped manifests are written as the command writes them."""

import hashlib
import json

import pytest

from course_utils import data
from course_utils.models import pretrained
from course_utils.recipes import shipping


def manifest(root, folder) -> dict:
    return json.loads((root / folder / "manifest.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("folder", [pretrained.FOLDER, data.MEASUREMENTS_FOLDER])
def test_the_shipped_manifests_are_written_as_the_command_writes_them(folder, tmp_path):
    """So making one again changes its own entry and no other line."""
    shipped = data.root() / folder / "manifest.json"
    entries = manifest(data.root(), folder)
    for name, entry in sorted(entries.items(), reverse=True):
        kept = dict(entry)
        content = (data.root() / folder / kept.pop("file")).read_bytes()
        assert (kept.pop("sha256"), kept.pop("bytes")) == (
            hashlib.sha256(content).hexdigest(),
            len(content),
        )
        suffix = entry["file"].removeprefix(name)
        assert shipping.ship(tmp_path, folder, name, suffix, content, kept) == entry
    assert (tmp_path / folder / "manifest.json").read_bytes() == shipped.read_bytes()

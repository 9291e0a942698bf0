"""Make what ships with the course again: trained weights, and curves that lessons only show.

    python -m course_utils.recipes                    what can be made
    python -m course_utils.recipes NAME …             make it, in the course's folder
    python -m course_utils.recipes NAME … --out FOLDER    in another one, laid out alike

Each file is replaced together with its entry in the manifest of its folder: sha256, size, recipe,
measured quality.
"""

import argparse
import json
import sys
from functools import partial
from pathlib import Path

from course_utils.base import files
from course_utils.base.arguments import check_name
from course_utils.recipes import records, shipping, weights

KINDS = {"weights": weights, "record": records}


def known() -> dict[str, str]:
    """name -> kind, of all that can be made."""
    return {name: kind for kind, module in KINDS.items() for name in sorted(module.RECIPES)}


def listing() -> str:
    """A line for each name: its kind, and the first line of what its recipe says of itself."""
    width = max(map(len, known()))
    found = []
    for name, kind in known().items():
        recipe = KINDS[kind].RECIPES[name]
        words = recipe.func if isinstance(recipe, partial) else recipe
        settings = recipe.keywords if isinstance(recipe, partial) else {}
        values = ", ".join(f"{key}={value}" for key, value in settings.items())
        line = f"{name:<{width}}  {kind:<7}  {(words.__doc__ or '').partition(chr(10))[0]}"
        found.append(f"{line} ({values})" if values else line)
    return "\n".join(found)


def make(name: str, root: Path) -> dict:
    """Make one by name below `root`; returns its entry in the manifest.

    A recipe that fails leaves the files of before as they are.
    """
    module = KINDS[known()[name]]
    made, facts = module.RECIPES[name]()
    return module.save(name, made, root, **facts)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m course_utils.recipes",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--out", type=Path, metavar="FOLDER")
    options = parser.parse_args(arguments)
    if not options.names:
        print(listing())
        return
    try:  # before the long work
        for name in options.names:
            check_name("recipe", name, known())
        root = options.out or files.root()
        for name in options.names:
            folder = KINDS[known()[name]].FOLDER
            (root / folder).mkdir(parents=True, exist_ok=True)
            shipping.entries(root, folder)
    except (OSError, ValueError) as error:
        sys.exit(str(error))
    for name in options.names:
        print(json.dumps({name: make(name, root)}, indent=2, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()

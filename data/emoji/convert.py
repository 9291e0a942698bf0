"""Makes both .npz files of this folder from five npm packages of pictures and their names.

    npm pack emoji-datasource-google@16.0.0 emoji-datasource-twitter@16.0.0 \\
        @iconify-json/fluent-emoji-flat@1.2.6 \\
        cldr-annotations-full@48.2.0 cldr-annotations-derived-full@48.2.0
    pip install Pillow==13.0.0 resvg-py==0.5.0
    python data/emoji/convert.py FOLDER_OF_THE_TGZ_FILES FOLDER

Each package must have the sha256 below. The pictures become 24 x 24 pixels on white, flags are left
out, and whole combinations are held out for the test split (see data/README.md).
"""

import hashlib
import io
import json
import re
import sys
import tarfile
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

DESIGNS = ("noto", "twemoji", "fluent")
LANGUAGES = ("en", "zh")
PACKAGES = {
    "noto": (
        "emoji-datasource-google-16.0.0.tgz",
        "fb5fd131b362aab7a55542d2a147a79708cce0a8b1c1bbacd470172708b5c438",
    ),
    "twemoji": (
        "emoji-datasource-twitter-16.0.0.tgz",
        "f64a530c63bca463bd8317fdc4615ce63a53a0c65018e4ce2d848aaba7a28877",
    ),
    "fluent": (
        "iconify-json-fluent-emoji-flat-1.2.6.tgz",
        "7d064769dee690815f823bc5bcc511d957198caf9f5edd8dd9c1aa48a6aeb175",
    ),
    "annotations": (
        "cldr-annotations-full-48.2.0.tgz",
        "28576e51225deb51e3ddd734b0f824a0079682cb5d8c27faa9f68149317a14d1",
    ),
    "annotationsDerived": (
        "cldr-annotations-derived-full-48.2.0.tgz",
        "4be946ff5815f806ec78b50363d577a769f2fbfb90c6380a44e161a92436996e",
    ),
}
SIZE = 24
NEAR = 1.0  # Euclidean distance of two pictures with pixels in [0, 1]
TONES_HELD_OUT = 0.10  # of the combinations of a person or gesture with skin tones
DESIGNS_HELD_OUT = 0.08  # of the pictures of things
SEED = 0

# Fluent draws "white square button" as it draws "black medium square", black.
WRONG = {("fluent", "\U0001f533")}

JOINER, VARIANT, RIGHT = "\u200d", "\ufe0f", "\u27a1"
TONES = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
PEOPLE = str.maketrans({"\U0001f468": "\U0001f9d1", "\U0001f469": "\U0001f9d1"})  # man, woman
_HANDS, _HEART = "\u200d\U0001f91d\u200d", "\u200d\u2764\u200d"
SAME = {  # variants that are characters of their own
    "\U0001f46b": f"\U0001f9d1{_HANDS}\U0001f9d1",  # woman and man holding hands
    "\U0001f46c": f"\U0001f9d1{_HANDS}\U0001f9d1",  # men
    "\U0001f46d": f"\U0001f9d1{_HANDS}\U0001f9d1",  # women
    "\U0001f491": f"\U0001f9d1{_HEART}\U0001f9d1",  # couple with heart
    "\U0001f48f": f"\U0001f9d1{_HEART}\U0001f48b\u200d\U0001f9d1",  # kiss
    "\U0001faf1\u200d\U0001faf2": "\U0001f91d",  # handshake
    "\U0001f466": "\U0001f9d2",  # boy, child
    "\U0001f467": "\U0001f9d2",  # girl
    "\U0001f474": "\U0001f9d3",  # old man, older person
    "\U0001f475": "\U0001f9d3",  # old woman
    "\U0001f934": "\U0001fac5",  # prince, person with crown
    "\U0001f478": "\U0001fac5",  # princess
    "\U0001f385": "\U0001f9d1\u200d\U0001f384",  # Santa Claus, mx Claus
    "\U0001f936": "\U0001f9d1\u200d\U0001f384",  # Mrs. Claus
    "\U0001f57a": "\U0001f483",  # man dancing, woman dancing
    "\U0001f930": "\U0001fac4",  # pregnant woman, pregnant person
    "\U0001fac3": "\U0001fac4",  # pregnant man
}


@dataclass(frozen=True)
class Emoji:
    """One emoji: its characters (without U+FE0F), names and keywords by language, and files."""

    text: str
    names: dict[str, str]
    keywords: dict[str, list[str]]
    file: str
    is_component: bool  # a skin tone or hair by itself


# ---- names ---------------------------------------------------------------------------------------


def as_typed(name: str, language: str) -> str:
    """A name as one would type it: lower case, without punctuation or accents.

    >>> as_typed("woman firefighter: dark skin tone", "en")
    'woman firefighter dark skin tone'
    >>> as_typed("Japanese “here” button", "en"), as_typed("piñata", "en")
    ('japanese here button', 'pinata')
    """
    name = name.lower().replace("’", "'")
    if language == "en":
        name = unicodedata.normalize("NFKD", name)
        name = re.sub(r"[^a-z0-9 '#*&+-]", "", name)
    else:
        name = re.sub(r"[:：,，/、]", " ", name)
        name = "".join(c for c in name if c.isalnum() or c in " '#*&+-")
    return " ".join(name.split())


def family(text: str) -> str:
    """What is left without skin tones, gender and direction: one for all variants of an emoji.

    >>> family("👩🏿‍🚒") == family("👨‍🚒") == family("🧑🏻‍🚒") == "🧑‍🚒"
    True
    >>> family("🏃🏽‍♀‍➡") == "🏃" and family("🏿") == "🏿"
    True
    """
    text = text[:1] + re.sub(f"[{TONES}]", "", text[1:])
    text = re.sub(f"{JOINER}[\u2640\u2642{RIGHT}]", "", text)
    return SAME.get(text, text.translate(PEOPLE))


def tones(text: str) -> str:
    """The skin tones in an emoji, each once, light first; '' if it has none.

    >>> tones("👩🏿‍🤝‍👨🏻") == tones("👩🏻‍🤝‍👨🏿") == "🏻🏿", tones("🏿")
    (True, '')
    """
    return "".join(sorted(set(re.findall(f"[{TONES}]", text[1:]))))


# ---- reading the packages ------------------------------------------------------------------------


def read_package(folder: Path, key: str, members: str) -> dict[str, bytes]:
    """Path inside the package -> content, for the paths that the regular expression matches."""
    name, expected = PACKAGES[key]
    content = (folder / name).read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != expected:
        raise ValueError(f"{name}: expected sha256 {expected[:8]}…, found {found[:8]}….")
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        paths = {member.name.removeprefix("package/"): member for member in archive}
        return {
            path: archive.extractfile(member).read()
            for path, member in paths.items()
            if re.fullmatch(members, path)
        }


def read_annotations(folder: Path, language: str) -> dict[str, dict[str, list[str]]]:
    """Emoji without U+FE0F -> its name, `tts`, and its keywords, `default`, as CLDR has them."""
    found = {}
    for key in ("annotationsDerived", "annotations"):
        (content,) = read_package(folder, key, f"{key}/{language}/annotations.json").values()
        entries = json.loads(content)[key]["annotations"]
        found |= {text.replace(VARIANT, ""): entry for text, entry in entries.items()}
    return {text: entry for text, entry in found.items() if "tts" in entry}


def list_emoji(folder: Path) -> list[Emoji]:
    """All emoji that are named in both languages, without flags, in Unicode's order."""
    annotations = {language: read_annotations(folder, language) for language in LANGUAGES}
    (content,) = read_package(folder, "noto", r"emoji\.json").values()
    found = []
    for entry in sorted(json.loads(content), key=lambda entry: entry["sort_order"]):
        if entry["category"] == "Flags":
            continue
        for variant in (entry, *entry.get("skin_variations", {}).values()):
            text = "".join(chr(int(point, 16)) for point in variant["unified"].split("-"))
            text = text.replace(VARIANT, "")
            if any(text not in annotations[language] for language in LANGUAGES):
                continue
            names, keywords = {}, {}
            for language in LANGUAGES:
                known = annotations[language][text]
                names[language] = as_typed(known["tts"][0], language)
                words = (as_typed(word, language) for word in known.get("default", ()))
                keywords[language] = [*dict.fromkeys(word for word in words if word)]
            is_component = entry["category"] == "Component"
            found.append(Emoji(text, names, keywords, variant["image"], is_component))
    return found


def shrink(picture: Image.Image) -> np.ndarray:
    """A picture on white at 24 x 24 pixels, uint8 (24, 24, 3)."""
    picture = picture.convert("RGBA")
    white = Image.new("RGBA", picture.size, "white")
    picture = Image.alpha_composite(white, picture).convert("RGB")
    return np.asarray(picture.resize((SIZE, SIZE), Image.Resampling.LANCZOS))


def read_pictures(folder: Path, design: str, emoji: list[Emoji]) -> dict[int, np.ndarray]:
    """Number of an emoji -> its picture in a design, as far as the design has it."""
    if design != "fluent":
        files = read_package(folder, design, r"img/\w+/64/.*\.png")
        files = {path.split("/")[-1]: content for path, content in files.items()}
        found = {i: files[entry.file] for i, entry in enumerate(emoji) if entry.file in files}
    else:
        found = draw_fluent(folder, emoji)
    wrong = {i for i in found if (design, emoji[i].text) in WRONG}
    return {i: shrink(Image.open(io.BytesIO(found[i]))) for i in found if i not in wrong}


def draw_fluent(folder: Path, emoji: list[Emoji]) -> dict[int, bytes]:
    """Number of an emoji -> its drawing as PNG of 96 x 96 pixels, from the package's SVG."""
    import resvg_py

    files = read_package(folder, "fluent", r"(icons|chars)\.json")
    icons, names = (json.loads(files[f"{name}.json"]) for name in ("icons", "chars"))
    names = {key.replace("-fe0f", ""): name for key, name in names.items()}
    found = {}
    for i, entry in enumerate(emoji):
        name = names.get("-".join(f"{ord(c):04x}" for c in entry.text))
        name = icons["aliases"].get(name, {}).get("parent", name)
        if name is None:
            continue
        icon = icons["icons"][name]
        box = f"0 0 {icon.get('width', icons['width'])} {icon.get('height', icons['height'])}"
        svg = (
            '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
            f'width="{4 * SIZE}" height="{4 * SIZE}" viewBox="{box}">{icon["body"]}</svg>'
        )
        found[i] = bytes(resvg_py.svg_to_bytes(svg_string=svg))
    return found


def without_duplicates(pictures: dict[int, np.ndarray], emoji) -> dict[int, np.ndarray]:
    """Each picture once, under the simplest emoji: fewest characters, then neutral before gender.

    A neutral person's code point is the largest, since it is the youngest.
    """
    kept: dict[bytes, int] = {}
    for i in sorted(pictures, key=lambda i: (len(emoji[i].text), [-ord(c) for c in emoji[i].text])):
        kept.setdefault(pictures[i].tobytes(), i)
    return {i: pictures[i] for i in sorted(kept.values())}


# ---- the split -----------------------------------------------------------------------------------


def nearest_others(images: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """(n,) the Euclidean distance of each image to the nearest image of another group."""
    flat = images.reshape(len(images), -1).astype(np.float32) / 255
    squares = (flat**2).sum(axis=1)
    found = np.empty(len(flat))
    for start in range(0, len(flat), 1000):  # bounds the memory
        part = slice(start, start + 1000)
        distances = squares[part, None] + squares - 2 * flat[part] @ flat.T
        distances[groups[part, None] == groups] = np.inf
        found[part] = np.sqrt(np.maximum(distances.min(axis=1), 0))
    return found


def hold_out_tones(kinds, toned, distances, random) -> np.ndarray:
    """Bool (n,): whole combinations of a family with skin tones, in all designs and genders.

    `kinds` (n,) are (family, tones). Only combinations whose pictures all differ from all others
    are drawn, and one of each family.
    """
    members: dict[tuple, list[int]] = {}
    for i in np.flatnonzero(toned):
        members.setdefault(kinds[i], []).append(i)
    test, taken = np.zeros(len(kinds), bool), set()
    wanted = round(TONES_HELD_OUT * len(members))
    for k in random.permutation(len(members)):
        kind = list(members)[k]
        far = (distances[members[kind]] >= NEAR).all()
        if far and kind[0] not in taken and len(taken) < wanted:
            taken.add(kind[0])
            test[members[kind]] = True
    print(f"skin tones: {len(taken)} of {len(members)} combinations held out")
    return test


def hold_out_designs(numbers, things, distances, random) -> np.ndarray:
    """Bool (n,): pictures of things, at most one design of each, where another design stays."""
    designs, taken = Counter(numbers[things].tolist()), set()
    test, wanted = np.zeros(len(numbers), bool), round(DESIGNS_HELD_OUT * things.sum())
    for i in random.permutation(np.flatnonzero(things)):
        number = int(numbers[i])
        if distances[i] >= NEAR and designs[number] > 1 and number not in taken:
            taken.add(number)
            test[i] = True
        if len(taken) == wanted:
            break
    return test


def check_split(emoji, images, numbers, designs, test) -> None:
    """Raises AssertionError unless the split is what data/README.md promises."""
    words = {
        "en": lambda i: emoji[i].names["en"].split(),
        "zh": lambda i: emoji[i].names["zh"].replace(" ", ""),
    }
    for language in LANGUAGES:
        names = {emoji[i].names[language] for i in set(numbers)}
        assert len(names) == len(set(numbers)), f"two emoji share a name in {language}"
        seen = {word for i in set(numbers[~test]) for word in words[language](i)}
        assert all(seen.issuperset(words[language](i)) for i in numbers[test])
    known = set(numbers[~test].tolist())
    pairs = {
        (design, family(emoji[i].text))
        for design, i in zip(designs[~test], numbers[~test], strict=True)
    }
    for design, i in zip(designs[test], numbers[test], strict=True):
        assert int(i) in known or tones(emoji[i].text), "a thing that no design has in training"
        assert int(i) in known or (design, family(emoji[i].text)) in pairs
    held_out = {(family(emoji[i].text), tones(emoji[i].text)) for i in set(numbers[test]) - known}
    kept = {(family(emoji[i].text), tones(emoji[i].text)) for i in known}
    assert not held_out & kept, "a combination is on both sides"
    distance = nearest_others(images, test)[test].min()
    assert distance >= NEAR, "a test picture is near a training picture"
    print(f"nearest pair across the split: {distance:.3f}")


# ---- writing -------------------------------------------------------------------------------------


def as_lines(lines: list[str]) -> np.ndarray:
    """Text as UTF-8 bytes, uint8 (bytes,), a line for each string."""
    assert not any("\n" in line for line in lines)
    return np.frombuffer("\n".join(lines).encode(), np.uint8)


def write(path: Path, emoji, images, numbers, designs, random) -> None:
    """One split. Pictures are stored in Unicode's order, which packs a quarter better."""
    used, lines = np.unique(numbers, return_inverse=True)
    arrays = {
        "images": images,
        "order": random.permutation(len(images)).astype(np.uint16),
        "emoji": lines.astype(np.uint16),
        "design": designs.astype(np.uint8),
    }
    for language in LANGUAGES:
        arrays[f"captions_{language}"] = as_lines([emoji[i].names[language] for i in used])
        keywords = ["|".join(emoji[i].keywords[language]) for i in used]
        arrays[f"keywords_{language}"] = as_lines(keywords)
    np.savez_compressed(path, **arrays)
    content = path.read_bytes()
    counts = {name: int((designs == k).sum()) for k, name in enumerate(DESIGNS)}
    print(f"{path.name}: {len(images)} images of {len(used)} emoji, {counts}")
    print(f"    {len(content)} bytes, sha256 {hashlib.sha256(content).hexdigest()}")
    joined = b"".join(array.tobytes() for array in arrays.values())
    print(f"    of the arrays in it: {hashlib.sha256(joined).hexdigest()}")


def main(packages: str, folder: str) -> None:
    emoji = list_emoji(Path(packages))
    images, numbers, designs = [], [], []
    for k, design in enumerate(DESIGNS):
        pictures = read_pictures(Path(packages), design, emoji)
        kept = without_duplicates(pictures, emoji)
        print(f"{design}: {len(pictures)} pictures, {len(kept)} different ones")
        images += kept.values()
        numbers += kept
        designs += [k] * len(kept)
    images, numbers, designs = np.stack(images), np.array(numbers), np.array(designs)

    kinds = [(family(emoji[i].text), tones(emoji[i].text)) for i in numbers]
    toned = np.array([kind[1] != "" for kind in kinds])
    people = {kind[0] for kind in kinds if kind[1]}
    things = np.array([kind[0] not in people for kind in kinds])
    things &= np.array([not emoji[i].is_component for i in numbers])
    known = {kind: k for k, kind in enumerate(dict.fromkeys(kinds))}
    # A thing is compared with its other designs too, but not with itself.
    groups = np.array([known[kind] for kind in kinds])
    groups[things] = len(known) + np.flatnonzero(things)
    distances = nearest_others(images, groups)
    random = np.random.default_rng(SEED)
    new_tones = hold_out_tones(kinds, toned, distances, random)
    new_designs = hold_out_designs(numbers, things, distances, random)
    print(f"held out: {new_tones.sum()} with skin tones, {new_designs.sum()} things in a design")
    print(f"    too near others: {(distances < NEAR)[toned].sum()} and", end=" ")
    print(f"{(distances < NEAR)[things].sum()} of {toned.sum()} and {things.sum()}")
    test = new_tones | new_designs
    check_split(emoji, images, numbers, designs, test)
    for split, members in {"train": ~test, "test": test}.items():
        path = Path(folder) / f"emoji_{split}.npz"
        write(path, emoji, images[members], numbers[members], designs[members], random)


if __name__ == "__main__":
    main(*sys.argv[1:])

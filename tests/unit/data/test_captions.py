"""The shipped emoji: pictures, captions and keywords, and that the split asks for compositions."""

import hashlib
import re
import runpy
import shutil
import tarfile
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from course_utils import data

EMOJI = data.CAPTIONED["emoji"]
SPLITS = tuple(EMOJI.splits)
TONE = re.compile(r" ?\b((?:medium-)?(?:light|medium|dark) skin tone)\b")


@pytest.fixture(scope="module")
def english():
    return {split: data.load_captioned("emoji", split) for split in SPLITS}


@pytest.fixture(scope="module")
def chinese():
    """The captions only."""
    return {split: data.load_captioned("emoji", split, "zh")[1] for split in SPLITS}


@pytest.fixture(scope="module")
def convert():
    """The names of the script that made the files."""
    return runpy.run_path(str(data.root() / "data/emoji/convert.py"))


SAME = {
    "boy": "child",
    "girl": "child",
    "prince": "person with crown",
    "princess": "person with crown",
    "older person": "old person",
}


def base(caption: str) -> str:
    """A caption without its skin tones."""
    return TONE.sub("", caption)


def neutral(caption: str) -> str:
    """A caption that is the same for all genders, directions and orders of two skin tones."""
    words = base(caption).replace(" facing right", "")
    words = re.sub(r"\b(woman|women|man|men|people)\b", "person", words)
    words = re.sub(r"\bmer(maid|man)\b", "merperson", words).replace("person and person", "person")
    words = SAME.get(words, words)
    words = re.sub(r"^(santa|mrs) claus", "mx claus", words)
    words = re.sub(r"^(couple with heart|kiss) person person", r"\1", words)
    return " ".join(
        [words.removeprefix("person ") or "person", *sorted(set(TONE.findall(caption)))]
    )


def new_tones(english) -> list[str]:
    known = set(english["train"][1])
    return [caption for caption in english["test"][1] if caption not in known]


# ---- what is in the files


@pytest.mark.parametrize(
    ("split", "counts"),
    [
        ("train", {"noto": 3247, "twemoji": 3205, "fluent": 2867}),
        ("test", {"noto": 259, "twemoji": 284, "fluent": 259}),
    ],
)
def test_the_splits_have_the_stated_sizes(english, split, counts):
    images, captions, designs = english[split]
    assert images.shape == (sum(counts.values()), 24, 24, 3) and images.dtype == np.uint8
    assert images.min() == 0 and images.max() == 255
    assert len(captions) == len(designs) == len(images)
    assert Counter(designs) == counts and EMOJI.designs == tuple(counts)
    assert {type(text) for text in captions + designs} == {str}


@pytest.mark.parametrize("split", SPLITS)
def test_the_files_hold_what_their_records_say(split):
    file = EMOJI.splits[split]
    path = data.root() / file.path
    with np.load(path, allow_pickle=False) as arrays:
        content = b"".join(arrays[key].tobytes() for key in arrays.files)
        assert np.array_equal(np.sort(arrays["order"]), np.arange(len(arrays["images"])))
    assert hashlib.sha256(content).hexdigest() == file.content_sha256
    text = (data.root() / "data/README.md").read_text(encoding="utf-8")
    (row,) = (line for line in text.splitlines() if f"`{path.name}`" in line)
    assert f"| {file.size} | `{file.sha256}` | `{file.content_sha256}` |" in row


def test_the_files_are_small_and_quickly_read():
    assert sum(file.size for file in EMOJI.splits.values()) < 8_000_000
    start = time.perf_counter()
    data.load_captioned("emoji", "train")
    assert time.perf_counter() - start < 2  # about 0.1 s


def test_any_beginning_of_a_split_has_all_designs_and_many_things(english):
    for _, captions, designs in english.values():
        assert set(designs[:30]) == set(EMOJI.designs)
        assert len(set(captions[:100])) > 80


def test_captions_are_as_one_would_type_them(english, chinese):
    for split in SPLITS:
        for caption in english[split][1]:
            assert re.fullmatch(r"[a-z0-9#*'-]+( [a-z0-9#*'-]+)*", caption)
        for caption in chinese[split]:
            assert re.fullmatch(r"[\u4e00-\u9fffa-z0-9#*-]+( [\u4e00-\u9fffa-z0-9#*-]+)*", caption)


@pytest.mark.parametrize(
    ("caption", "translation"),
    [
        ("red heart", "红心"),
        ("black cat", "黑猫"),
        ("woman firefighter", "女消防员"),
        ("woman firefighter dark skin tone", "女消防员 较深肤色"),
        ("twelve o'clock", "十二点"),
        ("pinata", "彩罐"),
        ("jack-o-lantern", "南瓜灯"),
        ("keycap #", "按键 #"),
    ],
)
def test_known_captions_and_their_translations(english, chinese, caption, translation):
    pairs = {
        pair for split in SPLITS for pair in zip(english[split][1], chinese[split], strict=True)
    }
    assert {right for left, right in pairs if left == caption} == {translation}
    designs = [
        design
        for _, captions, designs in english.values()
        for left, design in zip(captions, designs, strict=True)
        if left == caption
    ]
    assert sorted(designs) == sorted(EMOJI.designs)


def test_each_caption_has_one_translation(english, chinese):
    pairs = {
        pair for split in SPLITS for pair in zip(english[split][1], chinese[split], strict=True)
    }
    assert len(pairs) == len({left for left, _ in pairs}) == len({right for _, right in pairs})


def test_pictures_belong_to_their_captions(english):
    def pictures(caption):
        """In all designs, float (3, 24, 24, 3)."""
        found = [
            images[[text == caption for text in texts]] for images, texts, _ in english.values()
        ]
        return np.concatenate(found).astype(float)

    for channel, color in enumerate(("red", "green", "blue")):
        hearts = pictures(f"{color} heart")
        assert len(hearts) == 3 and hearts[:, :2, :2].min() > 250  # on white
        assert (hearts[:, 8:14, 6:18].mean(axis=(1, 2)).argmax(axis=1) == channel).all()
    light, dark = (pictures(f"thumbs up {tone} skin tone") for tone in ("light", "dark"))
    assert len(light) == len(dark) == 3 and light.mean() > dark.mean() + 20


def test_no_flags(english):
    """Neither of countries nor others; flags on mailboxes and in the hole of golf are no flags."""
    captions = {caption for _, captions, _ in english.values() for caption in captions}
    with_flags = {caption for caption in captions if re.search(r"\bflags?\b", caption)}
    assert {re.sub(r".* mailbox .*", "mailbox", caption) for caption in with_flags} == {
        "mailbox",
        "flag in hole",
    }


def test_no_picture_is_twice_in_a_design(english):
    parts = english.values()
    images, designs = (np.concatenate([part[k] for part in parts]) for k in (0, 2))
    for design in EMOJI.designs:
        pictures = images[designs == design].reshape(np.sum(designs == design), -1)
        assert len({picture.tobytes() for picture in pictures}) == len(pictures)


@pytest.mark.parametrize(
    ("language", "heart", "word"), [("en", "red heart", "love"), ("zh", "红心", "爱")]
)
def test_keywords_are_in_the_order_of_the_captions(language, heart, word):
    for split in SPLITS:
        captions = data.load_captioned("emoji", split, language)[1]
        keywords = data.caption_keywords("emoji", split, language)
        assert len(keywords) == len(captions)
        assert all(keywords) and all(all(words) for words in keywords)
        found = [
            words for caption, words in zip(captions, keywords, strict=True) if caption == heart
        ]
        assert found and all(word in words for words in found)


def test_keywords_of_a_heart(english):
    known = dict(zip(english["train"][1], data.caption_keywords(), strict=True))
    assert known["red heart"] == ["emotion", "heart", "love", "red"]


# ---- the split


def test_every_word_of_the_test_captions_is_in_training(english, chinese):
    words = {
        split: {word for text in english[split][1] for word in text.split()} for split in SPLITS
    }
    assert words["test"] <= words["train"] and len(words["train"]) == 1447
    signs = {split: set("".join(chinese[split])) for split in SPLITS}
    assert signs["test"] <= signs["train"] and len(signs["train"]) == 1296


def test_new_skin_tones_are_new_in_all_designs_genders_and_directions(english):
    new = new_tones(english)
    assert len(new) == 492 and all(TONE.search(caption) for caption in new)
    assert not {neutral(caption) for caption in new} & {neutral(x) for x in english["train"][1]}
    known = english["train"][1]
    for trade in ("firefighter", "woman firefighter", "man firefighter"):
        assert new.count(f"{trade} medium-dark skin tone") == known.count(trade) == 3
        assert known.count(f"{trade} dark skin tone") == 3


def test_their_parts_were_seen_in_the_same_design(english):
    """The person or gesture with another skin tone or none, and the tone with somebody else."""
    _, captions, designs = english["train"]
    bases = {(base(x), design) for x, design in zip(captions, designs, strict=True)}
    tones = {
        (tone, design)
        for x, design in zip(captions, designs, strict=True)
        for tone in TONE.findall(x)
    }
    new = set(new_tones(english))
    for caption, design in zip(*english["test"][1:], strict=True):
        if caption in new:
            assert (base(caption), design) in bases
            assert all((tone, design) in tones for tone in TONE.findall(caption))


def test_new_designs_are_of_things_that_another_design_shows_in_training(english):
    seen = {}
    for caption, design in zip(*english["train"][1:], strict=True):
        seen.setdefault(caption, set()).add(design)
    held_out = [
        (caption, design)
        for caption, design in zip(*english["test"][1:], strict=True)
        if caption in seen
    ]
    assert len(held_out) == 310 and ("red heart", "fluent") in held_out
    assert all(design not in seen[caption] for caption, design in held_out)
    assert not any(TONE.search(caption) for caption, _ in held_out)
    assert len({caption for caption, _ in held_out}) == 310  # at most one design of each


def test_no_test_picture_is_near_a_training_picture(english, convert):
    test, train = (
        english[split][0].reshape(-1, 24 * 24 * 3).astype(np.float32) / 255
        for split in ("test", "train")
    )
    squares = (test**2).sum(axis=1)[:, None] + (train**2).sum(axis=1) - 2 * test @ train.T
    assert np.sqrt(squares.min()) >= convert["NEAR"] == 1.0


# ---- errors


@pytest.mark.parametrize("function", [data.load_captioned, data.caption_keywords])
@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("animals",), "There is no dataset with captions 'animals'; choose one of emoji."),
        (("emoji", "validation"), "There is no split 'validation'; choose one of train, test."),
        (("emoji", "test", "de"), "There is no language 'de'; choose one of en, zh."),
        ((Path("emoji.npz"),), "choose one of emoji. .*not opened"),
    ],
)
def test_unknown_names_list_the_known_ones(function, arguments, expected):
    with pytest.raises(ValueError, match=expected):
        function(*arguments)


def test_an_altered_file_is_refused_with_the_remedy(tmp_path, monkeypatch):
    path = tmp_path / EMOJI.splits["test"].path
    path.parent.mkdir(parents=True)
    shutil.copy(data.root() / EMOJI.splits["test"].path, path)
    monkeypatch.setenv("COURSE_ROOT", str(tmp_path))
    path.write_bytes(path.read_bytes()[:-4] + b"oops")
    with pytest.raises(ValueError, match=r"^data/emoji/emoji_test\.npz: .*sha256 .*git checkout"):
        data.load_captioned("emoji", "test")
    with pytest.raises(FileNotFoundError, match=r"emoji_train\.npz: .*git checkout"):
        data.caption_keywords("emoji", "train")


def test_what_is_loaded_is_the_callers_own():
    images, captions, designs = data.load_captioned("emoji", "test")
    first = captions[0]
    images[:], captions[0], designs[0] = 7, "changed", "changed"
    again = data.load_captioned("emoji", "test")
    assert again[0].max() == 255 and again[1][0] == first and again[2][0] in EMOJI.designs


# ---- how they were made


def test_names_become_captions(convert):
    as_typed = convert["as_typed"]
    assert as_typed("couple with heart: woman, man, medium-dark skin tone", "en") == (
        "couple with heart woman man medium-dark skin tone"
    )
    assert as_typed("Japanese “here” button", "en") == "japanese here button"
    assert as_typed("man’s shoe", "en") == "man's shoe" and as_typed("piñata", "en") == "pinata"
    assert as_typed("女程序员: 较浅肤色", "zh") == "女程序员 较浅肤色"
    assert as_typed("日文的“这里”按钮", "zh") == "日文的这里按钮"


def test_families_join_genders_tones_and_directions(convert):
    family, tones = convert["family"], convert["tones"]
    dark, light, join = "\U0001f3ff", "\U0001f3fb", "\u200d"
    woman, man, engine = "\U0001f469", "\U0001f468", f"{join}\U0001f692"
    assert family(woman + dark + engine) == family(man + engine) == "\U0001f9d1" + engine
    assert family(f"\U0001f3c3{dark}{join}\u2640{join}\u27a1") == "\U0001f3c3"  # running
    hands = f"{join}\U0001f91d{join}"
    assert family("\U0001f46b" + dark) == family(woman + dark + hands + man + light)
    assert tones(woman + dark + hands + man + light) == light + dark
    assert (family(dark), tones(dark)) == (dark, "")  # a skin tone by itself
    assert family("\u2640") == "\u2640"


def test_pictures_are_put_on_white_and_scaled_down(convert):
    picture = np.zeros((64, 64, 4), np.uint8)
    picture[:, :32] = (255, 0, 0, 255)  # the right half is transparent black
    small = convert["shrink"](Image.fromarray(picture))
    assert small.shape == (24, 24, 3) and small.dtype == np.uint8
    expected = np.broadcast_to([255, 0, 0], (24, 9, 3))
    np.testing.assert_array_equal(small[:, :9], expected)
    np.testing.assert_array_equal(small[:, 15:], 255)


def test_of_equal_pictures_the_simplest_emoji_stays(convert):
    emoji = [
        convert["Emoji"](text, {}, {}, "", False)
        for text in ("\U0001f468\u200d\U0001f466", "\U0001f9d1\u200d\U0001f9d2", "\U0001f431")
    ]
    same, other = np.zeros((24, 24, 3), np.uint8), np.ones((24, 24, 3), np.uint8)
    kept = convert["without_duplicates"]({0: same, 1: same, 2: other}, emoji)
    assert list(kept) == [1, 2]  # "adult, child" rather than "man, boy"


def test_distances_are_those_to_the_nearest_picture_of_another_group(convert):
    images = np.zeros((4, 1, 2, 1), np.uint8)
    images[:, 0, 0, 0] = 0, 51, 255, 255
    images[3, 0, 1, 0] = 255
    distances = convert["nearest_others"](images, np.array([0, 0, 1, 2]))
    np.testing.assert_allclose(distances, [1, 0.8, 0.8, 1], atol=1e-6)


def test_near_pictures_are_not_held_out(convert):
    random = np.random.default_rng(0)
    kinds = [(f"trade {k // 10}", "light" if k % 10 < 5 else "dark") for k in range(1000)]
    toned, distances = np.ones(1000, bool), np.full(1000, 5.0)
    distances[::20] = 0.5  # one of the pictures of every second trade's first combination
    test = convert["hold_out_tones"](kinds, toned, distances, random)
    chosen = {kinds[i] for i in np.flatnonzero(test)}
    assert len(chosen) == len({trade for trade, _ in chosen}) == 20  # a tenth of 200
    assert all(test[i] == (kind in chosen) for i, kind in enumerate(kinds))  # whole ones
    assert not any(kinds[i] in chosen for i in range(0, 1000, 20))


def test_the_script_notices_a_split_that_leaks(convert):
    up, down, dark = "\U0001f44d", "\U0001f44e", "\U0001f3ff"
    names = {up: "a", up + dark: "a b", down + dark: "c b"}
    emoji = [
        convert["Emoji"](text, {"en": name, "zh": name}, {}, "", False)
        for text, name in names.items()
    ]
    images = np.random.default_rng(0).integers(0, 256, (3, 24, 24, 3)).astype(np.uint8)
    same = images[[0, 0, 2]]
    arguments = (emoji, images, np.arange(3), np.zeros(3, int))
    convert["check_split"](*arguments, np.array([False, True, False]))
    with pytest.raises(AssertionError, match="no design has in training"):
        convert["check_split"](*arguments, np.array([True, False, False]))
    with pytest.raises(AssertionError):  # "c" is in no training caption
        convert["check_split"](*arguments, np.array([False, False, True]))
    with pytest.raises(AssertionError, match="near a training picture"):
        convert["check_split"](emoji, same, *arguments[2:], np.array([False, True, False]))


def test_the_script_refuses_another_package(convert, tmp_path):
    name, _ = convert["PACKAGES"]["noto"]
    with tarfile.open(tmp_path / name, "w:gz"):
        pass
    with pytest.raises(ValueError, match=rf"{re.escape(name)}: expected sha256 fb5fd131…"):
        convert["read_package"](tmp_path, "noto", ".*")


def test_captions_come_apart_into_person_and_tones():
    caption = "kiss woman man dark skin tone medium-light skin tone"
    assert data.skin_tones(caption) == ["dark skin tone", "medium-light skin tone"]
    assert data.without_skin_tones(caption) == "kiss woman man"
    assert data.without_skin_tones("person dark skin tone bald") == "person bald"
    assert data.skin_tones("lightning") == []
    assert data.without_skin_tones("medium-dark skin tone") == ""
    for name in data.load_captioned("emoji")[1]:
        assert name.count("skin tone") == len(data.skin_tones(name))
        assert "skin tone" not in data.without_skin_tones(name)

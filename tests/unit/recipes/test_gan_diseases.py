"""The record of lesson 08: its numbers, equal time, and that a stopped record goes on."""

from functools import partial

import numpy as np
import pytest

from course_utils import data
from course_utils.recipes import cells, diseases, gan_diseases, remedies

TINY = {"points": 0.1, "images": 0.2}  # seconds


# ---- the tests of the diseases -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("is_above", "number", "fails"),
    [
        (True, 0.6, True),
        (True, 0.4, False),
        (False, 0.6, False),
        (False, 0.4, True),
        (True, np.nan, True),
        (False, np.nan, True),
        (True, -np.inf, True),
        (False, np.inf, True),
    ],
)
def test_a_number_beyond_the_limit_or_none_fails(is_above, number, fails):
    assert diseases.Disease(None, "", 0.5, is_above).fails(number) is fails


def test_checkered_power_is_the_mean_square_of_the_fine_patterns():
    y, x = np.mgrid[:28, :28]
    fine = {
        "board": (-1.0) ** (x + y),
        "rows": (-1.0) ** y,
        "columns that fade": (-1.0) ** x * np.cos(2 * np.pi * y / 28),
    }
    coarse = 0.4 + 0.1 * np.cos(2 * np.pi * x / 4) + 0.1 * np.cos(2 * np.pi * y / 28)
    for name, pattern in fine.items():
        image = (coarse + 0.2 * pattern)[None, ..., None]
        expected = np.mean((0.2 * pattern) ** 2)
        assert diseases.checkered_power(image) == pytest.approx(expected), name
    assert diseases.checkered_power(coarse[None, ..., None]) == pytest.approx(0, abs=1e-12)
    both = np.stack([coarse + 0.2 * fine["board"], coarse])[..., None]
    assert diseases.checkered_power(both) == pytest.approx(0.02)  # the mean of both images


def test_the_discriminator_of_checkerboard_is_the_courses_but_for_its_first_window():
    usual, narrow = diseases._discriminator(4), diseases._discriminator(1)
    shapes = [[weight.shape for weight in one.weights] for one in (usual, narrow)]
    expected = [weight.shape for weight in diseases.networks.discriminator().weights]
    assert shapes[0] == expected and shapes[1][1:] == expected[1:]
    assert shapes[1][0] == (1, 1, 1, 16)
    image = np.random.default_rng(0).normal(size=(1, 28, 28, 1)).astype("f4")
    y, x = np.mgrid[:28, :28]
    unseen = np.where((y % 2 == 0) & (x % 2 == 0), 0, 1)[None, ..., None]
    assert np.allclose(narrow(image), narrow(image + unseen))
    assert not np.allclose(usual(image), usual(image + unseen))


# ---- equal time ----------------------------------------------------------------------------------


def test_equal_time_gives_costly_steps_fewer_of_them():
    costs = {"untreated": 0.004, "R1": 0.0101}
    steps = gan_diseases.equal_time(6.0, costs)
    assert steps == {"untreated": 1500, "R1": 594}
    for name, count in steps.items():
        assert abs(count * costs[name] - 6.0) <= costs[name] / 2


def test_points_leave_out_what_their_networks_lack():
    assert gan_diseases.remedies_of("images") == tuple(remedies.REMEDIES)
    on_points = gan_diseases.remedies_of("points")
    assert set(remedies.REMEDIES) - set(on_points) == set(remedies.NOT_ON_POINTS)
    assert on_points[0] == gan_diseases.remedies_of("images")[0] == "untreated"


# ---- cells ---------------------------------------------------------------------------------------


def test_a_cell_is_made_once_and_one_that_fails_leaves_nothing(tmp_path):
    calls = []
    kept = cells.Cells(tmp_path / "new", after=lambda: calls.append("after"))

    def make(value):
        calls.append(value)
        if value < 0:
            raise KeyboardInterrupt
        return {"value": value, "names": np.array(["a", "bc"])}

    with pytest.raises(KeyboardInterrupt):
        kept.get("one", make, -1)
    assert not (tmp_path / "new").exists()
    first = kept.get("one", make, 2)
    again = cells.Cells(tmp_path / "new").get("one", make, 3)
    assert calls == [-1, 2, "after"]
    for found in (first, again):
        assert found["value"] == 2 and found["names"].tolist() == ["a", "bc"]
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["one.npz"]


def test_what_changes_a_fingerprint(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    code = '"""Says."""\nLIMIT = 1\nRATE = 2\n\ndef run():\n    """Says."""\n    return RATE\n'
    variants = {
        "as_it_is": code,
        "with_words": code.replace("Says", "Says more").replace("RATE\n", "RATE  # so\n"),
        "with_limit": code.replace("LIMIT = 1", "LIMIT = 3"),
        "with_rate": code.replace("RATE = 2", "RATE = 3"),
        "with_code": code.replace("return RATE", "return -RATE"),
    }
    found = {}
    for name, text in variants.items():
        (tmp_path / f"{name}.py").write_text(text)
        module = __import__(name)
        found[name] = cells.fingerprint([module], 1, without=("LIMIT",))
    assert found["as_it_is"] == found["with_words"] == found["with_limit"]
    assert len(set(found.values())) == 3
    module = __import__("as_it_is")
    assert cells.fingerprint([module], 2, without=("LIMIT",)) != found["as_it_is"]
    assert cells.fingerprint([module], 1) != found["as_it_is"]


def test_runs_take_turns_and_a_busy_moment_does_not_count(monkeypatch):
    """On a clock that the runs themselves move on: b is slower in one round, once for tracing."""
    now, called = [0.0], []

    def run(name, seconds):
        called.append(name)
        is_busy = name == "b" and called.count("b") in (1, 4, 5)  # the first call; the second round
        now[0] += 100 if is_busy else seconds

    monkeypatch.setattr(cells.time, "perf_counter", lambda: now[0])
    runs = {"a": lambda: run("a", 2.0), "b": lambda: run("b", 3.0)}
    assert cells.in_turns(runs, rounds=3, steps=2) == {"a": 2.0, "b": 3.0}
    assert "".join(called) == "ab" + 3 * "aabb"


def test_of_unequal_steps_the_mean_counts_and_of_rounds_the_median(monkeypatch):
    now, costs = [0.0], iter([9, 1, 3, 2, 10, 8, 0])

    def run():
        now[0] += next(costs)

    monkeypatch.setattr(cells.time, "perf_counter", lambda: now[0])
    assert cells.in_turns({"a": run}, rounds=3, steps=2) == {"a": 4.0}  # of 2, 6 and 4


# ---- the record ----------------------------------------------------------------------------------


@pytest.fixture
def counted(tmp_path, monkeypatch):
    """Diseases and remedies that take no time; what they were asked for."""
    monkeypatch.setenv("COURSE_USER_DIR", str(tmp_path))
    calls = []

    def run(is_sick, seed, steps=7):
        calls.append(("run", is_sick, seed, steps))
        number = (0.9 if is_sick else 0.1) + seed / 100
        samples = np.full((24, 28, 28, 1), 0.5) if is_sick else np.zeros((512, 2))
        return diseases.Training(number, np.zeros((3, 2)), samples)

    def train(game, remedy, seed, steps):
        calls.append((game, remedy, seed, steps))
        if remedy == "hinge":
            return {"steps": steps}  # it went to infinity
        return dict.fromkeys(gan_diseases.MEASURES[game], steps + seed)

    def seconds_a_step(game, names):
        calls.append((game, tuple(names)))
        return {name: 0.05 if name == "R1" else 0.01 for name in names}

    monkeypatch.setattr(
        diseases, "DISEASES", {"too bad": diseases.Disease(run, "a test", 0.5, True)}
    )
    some = ("untreated", "hinge", "augmentation", "R1")
    monkeypatch.setattr(remedies, "REMEDIES", {name: remedies.REMEDIES[name] for name in some})
    monkeypatch.setattr(remedies, "NOT_ON_POINTS", ("augmentation",))
    monkeypatch.setattr(remedies, "train", train)
    monkeypatch.setattr(remedies, "seconds_a_step", seconds_a_step)
    monkeypatch.setattr(gan_diseases, "free_memory", lambda: None)  # it takes half a second
    return calls


def test_a_record_that_is_there_computes_nothing_anew(counted):
    found, facts = gan_diseases.record_gan_diseases()
    assert len(counted) == 6 + (1 + 3 * 3) + (1 + 3 * 4)
    counted.clear()
    again, same_facts = gan_diseases.record_gan_diseases()
    assert counted == [] and same_facts == facts
    assert list(again) == list(found)
    for name, values in found.items():
        np.testing.assert_array_equal(again[name], values)


def test_a_stopped_record_goes_on_with_what_is_missing(counted, monkeypatch):
    train = remedies.train

    def stops(game, remedy, seed, steps):
        if (game, remedy, seed) == ("images", "R1", 1):
            raise KeyboardInterrupt
        return train(game, remedy, seed, steps)

    monkeypatch.setattr(remedies, "train", stops)
    with pytest.raises(KeyboardInterrupt):
        gan_diseases.record_gan_diseases()
    counted.clear()
    monkeypatch.setattr(remedies, "train", train)
    gan_diseases.record_gan_diseases()
    missing = [("R1", 1), *((name, 2) for name in remedies.REMEDIES)]
    assert [(game, *rest) for game, *rest, _ in counted] == [("images", *one) for one in missing]


def test_other_settings_or_code_make_other_cells_but_another_limit_does_not(counted, monkeypatch):
    gan_diseases.record_gan_diseases(seeds=(0,))
    counted.clear()
    gan_diseases.record_gan_diseases(seeds=(0,), steps=3)
    assert ("run", True, 0, 3) in counted
    counted.clear()
    (name,) = diseases.DISEASES
    changed = diseases.DISEASES[name]._replace(limit=0.05)
    monkeypatch.setitem(diseases.DISEASES, name, changed)
    found, _ = gan_diseases.record_gan_diseases(seeds=(0,))
    assert counted == [] and found["too_bad_limit"] == np.float32(0.05)
    monkeypatch.setattr(gan_diseases, "fingerprint", lambda *_, **__: "another")
    gan_diseases.record_gan_diseases(seeds=(0,))
    assert ("run", True, 0, 7) in counted


def test_what_is_in_the_record(counted, capsys):
    found, facts = gan_diseases.record_gan_diseases(seeds=(0, 1))
    np.testing.assert_allclose(found["too_bad_sick"], [0.9, 0.91])
    np.testing.assert_allclose(found["too_bad_cured"], [0.1, 0.11])
    assert found["too_bad_limit"] == 0.5 and found["too_bad_sick_is_above"]
    assert found["too_bad_sick_samples"].dtype == np.uint8
    assert np.unique(found["too_bad_sick_samples"]) == 128
    assert found["too_bad_cured_samples"].dtype == np.float32
    assert found["too_bad_sick_losses"].shape == (3, 2)
    names = found["remedies_images"].tolist()
    assert names == list(remedies.REMEDIES)
    row = names.index("R1")
    assert (found["images_ms"][row], found["images_ms"][0]) == (50, 10)
    assert (found["images_steps"][row], found["images_steps"][0]) == (600, 3000)
    np.testing.assert_array_equal(found["images_distance"][row], [600, 601])
    assert np.isnan(found["images_kinds"][names.index("hinge")]).all()
    assert found["points_modes"].shape == (len(found["remedies_points"]), 2)
    assert facts["quality"] == {"too_bad_sick": 0.905, "too_bad_cured": 0.105}
    assert "2 seeds" in facts["recipe"] and "30 s" in facts["recipe"]
    lines = capsys.readouterr().out.splitlines()
    assert "  too bad, sick, seed 1: 0.910 fails" in lines
    assert "  too bad, cured, seed 0: 0.100 passes" in lines
    assert len(lines) == 4 + 2 + 2 * (4 + 3)


@pytest.mark.slow
def test_a_record_of_few_steps(tmp_path, monkeypatch):
    """Of real trainings: points for a disease, and a remedy of each game."""
    monkeypatch.setenv("COURSE_USER_DIR", str(tmp_path))
    kept = {name: diseases.DISEASES[name] for name in ("oscillation", "dead units")}
    monkeypatch.setattr(diseases, "DISEASES", kept)
    names = ("untreated", "instance noise")
    monkeypatch.setattr(remedies, "REMEDIES", {name: remedies.REMEDIES[name] for name in names})
    games = {game: one._replace(num_measured=200) for game, one in remedies.GAMES.items()}
    monkeypatch.setattr(remedies, "GAMES", games)
    monkeypatch.setattr(
        remedies, "seconds_a_step", partial(remedies.seconds_a_step, rounds=1, steps=3)
    )
    found, _ = gan_diseases.record_gan_diseases(seeds=(0,), steps=60, seconds=TINY)
    for name in ("oscillation", "dead_units"):
        for state in gan_diseases.STATES:
            assert np.isfinite(found[f"{name}_{state}"]).all()
            assert found[f"{name}_{state}_losses"].shape == (3, 2)
            assert found[f"{name}_{state}_samples"].shape == (512, 2)
    assert found["oscillation_sick"] > found["oscillation_cured"]
    for game, measures in gan_diseases.MEASURES.items():
        assert found[f"remedies_{game}"].tolist() == list(names)
        expected = 1000 * TINY[game] / found[f"{game}_ms"]
        np.testing.assert_allclose(found[f"{game}_steps"], expected, atol=0.51)
        for measure in measures:
            assert np.isfinite(found[f"{game}_{measure}"]).all()


# ---- what ships ----------------------------------------------------------------------------------


def test_the_shipped_record_tells_every_sick_training_from_every_cured_one():
    record = data.load_measurements("gan_diseases")
    assert data.measurements_manifest()["gan_diseases"]["bytes"] < 250_000
    for name, disease in diseases.DISEASES.items():
        key = name.replace(" ", "_")
        assert record[f"{key}_limit"] == np.float32(disease.limit)
        assert record[f"{key}_sick_is_above"] == disease.sick_is_above
        assert [disease.fails(number) for number in record[f"{key}_sick"]] == [True] * 3, name
        assert [disease.fails(number) for number in record[f"{key}_cured"]] == [False] * 3, name


def test_the_shipped_record_has_all_remedies_at_equal_time():
    record = data.load_measurements("gan_diseases")
    for game, measures in gan_diseases.MEASURES.items():
        names = record[f"remedies_{game}"].tolist()
        assert tuple(names) == gan_diseases.remedies_of(game)
        seconds = record[f"{game}_steps"] * record[f"{game}_ms"] / 1000
        np.testing.assert_allclose(seconds, remedies.GAMES[game].seconds, rtol=0.02)
        for measure in measures:
            assert record[f"{game}_{measure}"].shape == (len(names), len(remedies.SEEDS))
            assert np.isfinite(record[f"{game}_{measure}"][0]).all()  # the untreated ones

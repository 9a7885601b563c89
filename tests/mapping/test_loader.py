"""The loader reads a folder of mappings, in order, within bounds."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.errors import ConfigurationError
from worker.mapping.loader import judge, load_mappings
from worker.mapping.model import Follow, TeamMapping

ROOT = Path(__file__).resolve().parents[2]
SMALL = "team: {team}\npages: {{space: PAY, since: 2026-11-01}}\nticket: {{project: PAY}}\n"


def write(folder: Path, **teams: str) -> Path:
    for name, team in teams.items():
        (folder / f"{name}.yaml").write_text(SMALL.format(team=team), encoding="utf-8")
    return folder


def problems_of(folder: Path, *teams: str) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        load_mappings(folder, teams)
    return [problem.replace(folder.as_posix(), "F") for problem in caught.value.problems]


def read(text: str) -> TeamMapping:
    mapping, problems = judge(text.encode())
    assert () == problems
    assert mapping is not None
    return mapping


def test_the_example_is_valid() -> None:
    """The mapping that the repository shows can be used as it is."""
    loaded = load_mappings(ROOT / "mappings", ["Payments"])

    assert ["Payments"] == [one.mapping.team for one in loaded]


def test_what_the_example_comments_out_is_valid_too() -> None:
    """Every commented key of the example can be uncommented; the query and what it replaces exclude each other."""
    lines = (ROOT / "mappings/payments.yaml").read_text("utf-8").splitlines()
    cut = next(number for number, line in enumerate(lines) if line.startswith("team:"))
    text = "\n".join(
        line.replace("# ", "", 1) if line.lstrip().startswith("# ") and "cql" not in line else line
        for line in lines[cut:]
    )

    mapping = read(text)

    assert "123456" == mapping.pages.under
    assert "PAY-100" == mapping.ticket.parent
    assert TeamMapping.model_fields["limits"].default == mapping.limits


def test_files_come_by_name() -> None:
    """Mappings are in the order of their file names, since the first that matches a page owns it."""
    loaded = load_mappings(ROOT / "tests/mapping/good")

    assert ["10-b.yaml", "20-a.yml"] == [Path(one.file).name for one in loaded]


def test_hidden_and_other_files_are_passed_over(tmp_path: Path) -> None:
    """Files that are hidden, or no YAML, are not mappings."""
    write(tmp_path, a="A")
    (tmp_path / ".hidden.yaml").write_text("nonsense", encoding="utf-8")
    (tmp_path / "README.md").write_text("nonsense", encoding="utf-8")

    assert [(tmp_path / "a.yaml").as_posix()] == [one.file for one in load_mappings(tmp_path)]


def test_two_files_for_one_team(tmp_path: Path) -> None:
    """A team has one file, whatever the case of its name."""
    write(tmp_path, a="Payments", b="payments")

    assert [
        "F/b.yaml:1: the team `payments` has a mapping already, F/a.yaml; give one of them another name"
    ] == problems_of(tmp_path)


def test_second_file_beside_the_example(tmp_path: Path) -> None:
    """Whoever gave a team the example's name is told that the example may go."""
    write(tmp_path, ours="Payments", payments="Payments")

    assert [
        "F/payments.yaml:1: the team `Payments` has a mapping already, F/ours.yaml; give one of them another name, or "
        "remove payments.yaml if it is still the example that came with the program"
    ] == problems_of(tmp_path)


def test_unknown_team_gives_the_closest(tmp_path: Path) -> None:
    """A team that no mapping has is named beside the one that was probably meant."""
    write(tmp_path, a="Payments", b="Checkout")

    assert [
        "no mapping in F is for the team `Paymnts`; did you mean `Payments`?",
        "no mapping in F is for the team `X`; the teams are Payments, Checkout",
    ] == problems_of(tmp_path, "Paymnts", "X")


def test_empty_folder(tmp_path: Path) -> None:
    """A folder without mappings says how to write the first one."""
    assert [
        "F: there is no mapping in this folder; begin with what `postmortem-sync init` writes (docs/mapping.md explains every key), "
        "or name another folder in MAPPINGS_DIR"
    ] == problems_of(tmp_path)


def test_missing_folder(tmp_path: Path) -> None:
    """A folder that is not there is named with the variable that names it."""
    assert [
        "F: the folder of mappings cannot be read (No such file or directory); name it in MAPPINGS_DIR, or let "
        "`postmortem-sync init` write a first mapping"
    ] == problems_of(tmp_path / "none")


def test_file_that_cannot_be_read(tmp_path: Path) -> None:
    """A file that is no readable file is one problem among the others."""
    write(tmp_path, b="B")
    (tmp_path / "a.yaml").mkdir()

    assert ["F/a.yaml:1: the file cannot be read (Is a directory); check its rights"] == problems_of(tmp_path)


def test_large_file_is_refused_unread(tmp_path: Path) -> None:
    """More than 256 KB is refused before YAML is read."""
    (tmp_path / "a.yaml").write_bytes(b"#" * (256 * 1024 + 1))

    assert ["F/a.yaml:1: the file is larger than 256 KB, which no mapping needs; split it"] == problems_of(tmp_path)


def test_words_of_yaml_1_1_stay_words() -> None:
    """`off` and `no` are text, as YAML 1.2 has it, so a word list may hold them."""
    mapping = read(SMALL.format(team="No") + "items: {words: {declined: [no, off]}}\n")

    assert ("no", "off") == mapping.items.words.declined
    assert "No" == mapping.team


def test_follow_can_be_off() -> None:
    """`follow: off` needs no quotes; a part of the fields keeps the defaults of the others."""
    off = read("team: A\npages: {space: PAY, since: 2026-11-01}\nticket: {project: PAY, follow: off}\n")
    some = read("team: A\npages: {space: PAY, since: 2026-11-01}\nticket: {project: PAY, follow: {due: jira}}\n")

    assert "off" == off.ticket.follow
    assert Follow(due="jira") == some.ticket.follow


def test_values_are_read_as_meant() -> None:
    """Days, durations, single names and bare ids become what they mean."""
    mapping = read(
        "team: A\npages: {space: PAY, under: 123456, since: 2026-11-01, quiet: 0}\nticket: {project: PAY}\n"
        "owners: {aliases: {Bo: 12}}\ndue: {default_after: {P1: 3d, P2: 4w}}\n"
    )

    assert ("PAY",) == mapping.pages.space
    assert ("123456", date(2026, 11, 1), timedelta(0)) == (
        mapping.pages.under,
        mapping.pages.since,
        mapping.pages.quiet,
    )
    assert {"Bo": "12"} == mapping.owners.aliases
    assert {"P1": timedelta(days=3), "P2": timedelta(weeks=4)} == mapping.due.default_after


def test_anchors_can_be_used() -> None:
    """A list can be written once and used again."""
    mapping = read(
        "team: A\npages: {space: PAY, labels: &names [post-mortem], skip_labels: *names, since: 2026-11-01}\n"
        "ticket: {project: PAY}\n"
    )

    assert mapping.pages.labels == mapping.pages.skip_labels


def test_byte_order_mark_is_accepted() -> None:
    """A file saved by an editor that begins files with a byte order mark is read all the same."""
    assert judge(("\ufeff" + SMALL.format(team="A")).encode())[0] is not None


YAMLISH = st.text(alphabet=st.sampled_from(list("ab01:-[]{}&*!|>'\"%@`#?,.~<\\ \n\t\x00é_xo=")), max_size=200)


@given(YAMLISH)
def test_malformed_yaml_is_always_a_problem(text: str) -> None:
    """Whatever stands in a file, it gives a mapping or problems, and never a crash."""
    mapping, problems = judge(text.encode())

    assert (mapping is None) == bool(problems)


@given(st.binary(max_size=200))
def test_bytes_are_always_a_problem(content: bytes) -> None:
    """Bytes that are no text are problems too."""
    mapping, problems = judge(content)

    assert (mapping is None) == bool(problems)


WORDS = st.sampled_from(
    [
        *(
            "team",
            "pages",
            "items",
            "ticket",
            "owners",
            "due",
            "page",
            "limits",
            "space",
            "labels",
            "cql",
            "since",
            "quiet",
        ),
        *(
            "columns",
            "words",
            "follow",
            "aliases",
            "default_after",
            "task_lists",
            "project",
            "fields",
            "x",
            "new_tickets_per_page",
        ),
    ]
)
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.dates().map(str),
    st.sampled_from(["off", "4w", "PAY", "page", "2026-11-01", "9" * 5000]),
)  # fmt: skip
SHAPES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(WORDS, inner, max_size=5)),
    max_leaves=20,
)


def flow(value: object) -> str:
    match value:
        case dict():
            return "{" + ", ".join(f"{key}: {flow(below)}" for key, below in value.items()) + "}"
        case list():
            return "[" + ", ".join(flow(below) for below in value) + "]"
        case _:
            return str(value)


@given(SHAPES)
def test_misplaced_values_are_always_problems(value: object) -> None:
    """Known keys with any values in any place give problems that point into the file."""
    text = flow(value)
    mapping, problems = judge(text.encode("utf-8", "surrogatepass"))

    assert (mapping is None) == bool(problems)
    assert all(1 <= problem.line <= len(text.splitlines()) + 1 for problem in problems)

"""Pages and mappings that are meant to take a reader's time or memory, or to make it stumble."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise

from tests.fuzz import samples

HEADING = "<h2>Action items</h2>"
ROLES = ("Action", "Owner", "Due", "Ticket", "Status")
LOZENGE = '<ac:structured-macro ac:name="status"><ac:parameter ac:name="title">x</ac:parameter></ac:structured-macro>'
LINK = '<a href="https://acme.atlassian.net/browse/PAY-9">PAY-9</a>'


def table(rows: int, cell: str = "<td><p>x</p></td>", columns: tuple[str, ...] = ROLES) -> str:
    """An action table of equal rows but for the action, which is numbered."""
    head = "".join(f"<th>{name}</th>" for name in columns)
    body = "".join(f"<tr><td><p>Do {row}</p></td>{cell * (len(columns) - 1)}</tr>" for row in range(rows))
    return f"{HEADING}<table><tbody><tr>{head}</tr>{body}</tbody></table>"


def task(body: str, number: int = 1) -> str:
    """One task."""
    return (
        f"<ac:task><ac:task-id>{number}</ac:task-id><ac:task-status>incomplete</ac:task-status>"
        f"<ac:task-body>{body}</ac:task-body></ac:task>"
    )


def tasks(*bodies: str) -> str:
    """A list of tasks."""
    return f"{HEADING}<ac:task-list>{''.join(task(body, number) for number, body in enumerate(bodies))}</ac:task-list>"


def doctype(declarations: str, body: str) -> str:
    """A page that declares entities of its own."""
    return f"<!DOCTYPE page [{declarations}]>{body}"


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
NEXT = tuple(pairwise(bytes([letter]) for letter in b"abcdefghijklmnopqrstuvwxyz"))

Bombs = Mapping[str, tuple[Callable[[], str | bytes], str]]
"""By name: what makes the input, and how what is said of it begins."""

MARKUP: Bombs = {
    "a billion laughs": (lambda: doctype('<!ENTITY l0 "ha">' + LAUGHS, "<p>&l9;</p>"), "malformed"),
    "one long entity many times": (lambda: doctype(f'<!ENTITY a "{"a" * 100_000}">', "&a;" * 100_000), "malformed"),
    "an external entity": (lambda: doctype('<!ENTITY x SYSTEM "file:///etc/passwd">', "<p>&x;</p>"), "malformed"),
    "a parameter entity": (lambda: doctype('<!ENTITY % x SYSTEM "http://127.0.0.1/x"> %x;', "<p/>"), "malformed"),
    "an external doctype": (lambda: '<!DOCTYPE page SYSTEM "http://127.0.0.1/x.dtd"><p/>', "malformed"),
    "a doctype inside": (lambda: "<p>" + doctype("", "") + "</p>", "malformed"),
    "entities nobody knows": (lambda: "&a;" * 3_000_000, "malformed"),
    "10 MB of one word": (lambda: f"<p>{'a' * 10_000_000}</p>", "0 items"),
    "10 MB of references": (lambda: f"<p>{'&nbsp;' * 1_700_000}</p>", "0 items"),
    "10 MB of one attribute": (lambda: f'<p class="{"a" * 10_000_000}">x</p>', "0 items"),
    "10 MB of attributes": (lambda: "<p " + " ".join(f'a{n}=""' for n in range(900_000)) + "/>", "0 items"),
    "10 MB of equal attributes": (lambda: "<p " + 'a="" ' * 2_000_000 + "/>", "malformed"),
    "10 MB of comments": (lambda: "<!-- -->" * 1_250_000, "too large"),
    "10 MB of CDATA": (lambda: f"<ac:plain-text-body><![CDATA[{']]' * 5_000_000}]]></ac:plain-text-body>", "0 items"),
    "10 MB of elements": (lambda: "<p/>" * 2_500_000, "too large"),
    "21 MB": (lambda: "x" * 21_000_000, "too large"),
    "10 MB of opened tags": (lambda: "<" * 10_000_000, "too large"),
    "as many elements as are read": (lambda: "<p/>" * 1_200_000, "0 items"),
    "as many headings as are read": (lambda: "<h1>a</h1><h2>b</h2><h3>c</h3><h4>d</h4>" * 25_000, "0 items"),
    "as many tables as are read": (lambda: "<table/>" * 100_000, "0 items"),
    "as many lists as are read": (lambda: f"{HEADING}{'<ul/>' * 99_999}", "0 items"),
    "one list more": (lambda: f"{HEADING}{'<ul/>' * 100_000}", "too large"),
    "1,000 deep": (lambda: "<div>" * 1_000 + "</div>" * 1_000, "malformed"),
    "100,000 deep": (lambda: "<div>" * 100_000 + "</div>" * 100_000, "malformed"),
    "1,000 tables in each other": (lambda: "<table><tr><td>" * 1_000, "malformed"),
    "unclosed tags": (lambda: "<p>" * 200 + "<b" * 500_000, "malformed"),
    "misnested tags": (lambda: "<b><i></b></i>", "malformed"),
    "end tags only": (lambda: "</p>" * 1_000_000, "malformed"),
    "a stray end of CDATA": (lambda: "<p>]]></p>", "malformed"),
    "an unclosed CDATA": (lambda: "<p><![CDATA[" + "x" * 1_000_000, "malformed"),
    "an unclosed comment": (lambda: "<!--" + "-" * 1_000_000, "malformed"),
    "an unclosed attribute": (lambda: '<p a="' + "x" * 1_000_000, "malformed"),
    "NUL": (lambda: "<p>\x00</p>", "malformed"),
    "control characters": (lambda: "<p>\x0b\x1b[2J</p>", "malformed"),
    "half a surrogate pair": (lambda: "<p>\ud800</p>", "malformed"),
    "a reference to half a surrogate pair": (lambda: "<p>&#xD800;</p>", "malformed"),
    "a character beyond Unicode": (lambda: f"<p>&#{'9' * 100_000};</p>", "malformed"),
    "a processing instruction": (lambda: "<?xml version='1.0' encoding='utf-16'?><p/>", "malformed"),
    "nothing": (lambda: "", "0 items"),
    "blanks": (lambda: " \n" * 1_000_000, "0 items"),
}  # fmt: skip
"""Pages by their markup."""

ITEMS: Bombs = {
    "10 MB of one action": (lambda: tasks("do it " * 1_700_000), "1 items"),
    "10,000 rows": (lambda: table(10_000), "10000 items"),
    "10,000 rows without a ticket column": (lambda: table(10_000, columns=("Action", "Owner")), "10000 items"),
    "10,000 rows of 50 columns": (lambda: table(10_000, "<td/>", (*ROLES, *"x" * 45)), "too large"),
    "10,000 columns": (lambda: table(1, columns=(*ROLES, *("x",) * 9_995)), "1 items"),
    "10,000 action columns": (lambda: table(1, columns=("Action",) * 10_000), "1 items"),
    "10,000 tasks": (lambda: tasks(*(f"Do {n}" for n in range(10_000))), "10000 items"),
    "absurd spans": (lambda: table(100, '<td colspan="1000000000" rowspan="1000000000">x</td>'), "too large"),
    "an absurd width": (lambda: table(1, '<td colspan="1000000000">x</td>'), "1 items"),
    "an absurd height": (lambda: table(100, f'<td rowspan="{"9" * 1_000}">x</td>'), "100 items"),
    "spans that are no numbers": (lambda: table(1, '<td colspan="-1" rowspan="1e9">x</td>'), "1 items"),
    "tables in each other, as deep as is read": (
        lambda: ("<table><tr><th>Action</th><th>Owner</th></tr><tr><td>do" * 80 + "</td><td/></tr></table>" * 80) * 10,
        "800 items",
    ),
    "tasks in each other, as deep as is read": (
        lambda: HEADING + ("<ac:task-list><ac:task><ac:task-body>a" * 80 + "</ac:task-body></ac:task></ac:task-list>" * 80) * 50,
        "4000 items",
    ),
    "comment marks in each other": (
        lambda: tasks("Do it" + '<ac:inline-comment-marker ac:ref="a">' * 250 + "</ac:inline-comment-marker>" * 250),
        "1 items",
    ),
    "one cell full of keys": (lambda: table(1, f"<td>{'PAY-1 ' * 300_000}</td>"), "1 items"),
    "one cell full of dashes": (lambda: table(1, f"<td>{'-' * 2_000_000}</td>"), "1 items"),
    "one cell full of capitals": (lambda: table(1, f"<td>{'A' * 2_000_000}</td>"), "1 items"),
    "one cell full of addresses": (lambda: table(1, f"<td>{'https://a' * 50_000}</td>"), "1 items"),
    "one cell full of names": (lambda: table(1, f"<td>{'a+b@c, ' * 200_000}</td>"), "1 items"),
    "one cell full of dates": (lambda: table(1, f"<td>{'3/4/' * 500_000}</td>"), "1 items"),
    "one cell full of lozenges": (lambda: table(1, f"<td>{LOZENGE * 10_000}</td>"), "1 items"),
    "one cell full of opening brackets": (lambda: table(1, f"<td>{'([{' * 500_000}</td>"), "1 items"),
    "a task with a long tail": (lambda: tasks(f"Do it {LINK} {LOZENGE * 50_000}"), "1 items"),
    "a task full of links": (lambda: tasks(f"Do it {f'{LINK} {LINK} x ' * 50_000}"), "1 items"),
    "a task full of blanks": (lambda: tasks(f"Do it{'&nbsp; ' * 500_000}"), "1 items"),
    "10,000 equal rows": (lambda: HEADING + f"<table><tr><th>Action</th><th>Owner</th></tr>{'<tr><td>a</td><td/></tr>' * 10_000}</table>", "10000 items"),
    "a heading of a megabyte": (lambda: f"<h2>{'1. ' * 330_000}Action items</h2>{table(1)}", "1 items"),
}  # fmt: skip
"""Pages by their tables and tasks."""


def _good() -> str:
    return samples.mappings()[0]


MAPPINGS: Bombs = {
    "aliases of aliases": (
        lambda: b"a: &a [x]\n" + b"".join(b"%b: &%b [%b]\n" % (b, b, b",".join([b"*" + a] * 9)) for a, b in NEXT),
        "refused: 1: the file is nested, or repeated by aliases",
    ),
    "aliases of groups": (
        lambda: b"a: &a {x: 1}\n" + b"".join(b"%b: &%b {p: *%b, q: *%b}\n" % (b, b, a, a) for a, b in NEXT),
        "refused: 1: the file is nested, or repeated by aliases",
    ),
    "an alias of itself": (lambda: b"team: &a [*a]\n", "refused: 1: the file is nested, or repeated by aliases"),
    "an alias of itself as a key": (lambda: b"? &a [*a]\n: 1\n", "refused: 1: a key must be a word"),
    "an alias of nothing": (lambda: b"team: *a\n", "refused: 1: this is not YAML"),
    "a merge": (lambda: b"a: &a {team: A}\n<<: *a\n", "refused: 1: "),
    "brackets 100,000 deep": (lambda: b"[" * 100_000, "refused: 1: the file is nested"),
    "braces 50,000 deep": (lambda: b"{a: " * 50_000, "refused: 1: the file is nested"),
    "lists 100,000 deep": (lambda: b"- " * 100_000, "refused: 1: the file is nested"),
    "keys 100,000 deep": (lambda: b"? " * 100_000, "refused: 1: the file is nested"),
    "groups 700 deep": (lambda: "".join(f"{' ' * n}a:\n" for n in range(700)).encode(), "refused: 1: the file is nested"),
    "10 MB": (lambda: _good().encode() + b"#" * 10_000_000, "refused: 1: the file is larger than 256 KB"),
    "a quarter of a megabyte of one word": (lambda: b"team: " + b"a" * 250_000, "refused: 1: the mapping lacks `pages`"),
    "one folded text": (lambda: b"team: >\n" + b" a\n\n" * 60_000, "refused: 1: the mapping lacks `pages`"),
    "one quoted text of escapes": (lambda: b'team: "' + b"\\x41" * 60_000 + b'"', "refused: 1: the mapping lacks `pages`"),
    "one quoted text of quotes": (lambda: b"team: '" + b"''" * 120_000 + b"'", "refused: 1: the mapping lacks `pages`"),
    "anchors without end": (lambda: "".join(f"a{n}: &a{n} x\n" for n in range(15_000)).encode(), "refused: 1: "),
    "more values than are read": (lambda: b"items: {headings: [" + b"a," * 20_000 + b"]}", "refused: 1: the file is nested, or repeated"),
    "slips without end": (lambda: b"pages:\n" + b"".join(b"  label%d: x\n" % n for n in range(10_000)), "refused: 1: the mapping lacks `team`"),
    "one key again and again": (lambda: b"team: x\n" * 30_000, "refused: 1: the mapping lacks `pages`"),
    "documents without end": (lambda: b"---\n" * 60_000, "refused: 2: a second document begins here"),
    "directives without end": (lambda: b"%YAML 1.2\n" * 20_000, "refused: 2: this is not YAML"),
    "a long tag": (lambda: b"team: !<" + b"x" * 200_000 + b"> b", "refused: 1: the tag"),
    "a number of 200,000 digits": (lambda: b"limits: {new_tickets_per_run: " + b"9" * 200_000 + b"}", "refused: 1: "),
    "a number of 200,000 other digits": (lambda: b"limits: {new_tickets_per_run: 0x" + b"f" * 200_000 + b"}", "refused: 1: "),
    "a number of YAML 1.1": (lambda: b"%YAML 1.1\n---\nteam: " + b"1:" * 50_000 + b"1", "refused: 3: "),
    "tabs": (lambda: b"pages:\n\tspace: PAY\n", "refused: 2: a tab cannot indent YAML"),
    "nothing but tabs": (lambda: b"\t" * 250_000, "refused: 1: a tab cannot indent YAML"),
    "nothing but blanks": (lambda: b" " * 250_000, "refused: 1: the file is empty"),
    "nothing but line ends": (lambda: b"\r\n" * 120_000, "refused: 1: the file is empty"),
    "nothing but comments": (lambda: b"#\n" * 120_000, "refused: 1: the file is empty"),
    "nothing": (lambda: b"", "refused: 1: the file is empty"),
    "a list": (lambda: b"- team: A\n", "refused: 1: a mapping is a group of keys"),
    "a word": (lambda: b"team\n", "refused: 1: a mapping is a group of keys"),
    "a number": (lambda: b"42\n", "refused: 1: a mapping is a group of keys"),
    "wrong types everywhere": (
        lambda: b"team: []\npages: 3\nitems: [a]\nticket: x\nowners: 1.5\ndue: true\npage: 2026-11-01\nlimits: null\n",
        "refused: 1: ",
    ),
    "a mark of byte order": (lambda: b"\xef\xbb\xbf" + _good().encode(), "sound"),
    "UTF-16": (lambda: _good().encode("utf-16"), "refused: 1: the file is not UTF-8"),
    "Latin-1": (lambda: "team: Zürich".encode("latin-1"), "refused: 1: the file is not UTF-8"),
    "half a surrogate pair": (lambda: b"team: \xed\xa0\x80", "refused: 1: the file is not UTF-8"),
    "half a surrogate pair, escaped": (lambda: b'team: "\\ud800"', "refused: 1: half of a surrogate pair"),
    "a character beyond Unicode": (lambda: b'team: "\\UFFFFFFFF"', "refused: 1: "),
    "NUL": (lambda: b"team: a\x00b", "refused: 1: this is not YAML"),
    "control characters": (lambda: b"team: \x1b[2J", "refused: 1: this is not YAML"),
    "an object of Python": (lambda: b'team: !!python/object/apply:os.system ["true"]', "refused: 1: "),
    "a set": (lambda: b"!!set {a, b}", "refused: 1: "),
    "a query of quotes": (lambda: b'team: A\npages: {cql: "' + b"'" * 100_000 + b' order by x"}', "refused: 1: "),
}  # fmt: skip
"""Files of a team."""

KINDS = {"markup": MARKUP, "items": ITEMS, "mappings": MAPPINGS}

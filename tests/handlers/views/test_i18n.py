"""Every sentence is in the catalog: none outside it, none missing, none unused."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import TypeGuard

import pytest
from fluent.syntax import FluentParser
from fluent.syntax import ast as ftl

from bot.alibaba.errors import EXPLANATIONS
from bot.domain.distribution import CopyStatus
from bot.domain.image import PROBLEM_CODES, DiskType, InstanceType
from bot.domain.lifecycle import Event, Status
from bot.domain.message import FROZEN, UNPOSTED
from bot.domain.power import PowerPhase
from bot.domain.preferences import Waiting
from bot.domain.progress import Pace
from bot.domain.request import (
    CLOUD_AWAY,
    CLOUD_BUSY,
    CLOUD_UNSURE,
    COPY_FAILED,
    COPY_RIGHTS_LOST,
    COPY_SILENT,
    COPY_TIMED_OUT,
    CREATE_FAILED,
    DOUBTFUL,
    INSTANCE_BUSY,
    INSTANCE_CHANGED,
    INSTANCE_GONE,
    NO_ANSWER,
    PLACES_TAKEN,
    SILENT,
    START_TIMED_OUT,
    STOP_TIMED_OUT,
    TIMED_OUT,
    InstanceState,
)
from bot.domain.vocabulary import ACTIONS
from bot.policy import Part
from bot.regions import DESKTOP_REGIONS
from bot.service.instances import Emptiness
from bot.service.outcomes import RefusalReason
from handlers import i18n as words_module
from handlers.commands.call import Group
from handlers.commands.create_grammar import FLAGS
from handlers.commands.list import SCOPES
from handlers.commands.table import SUBCOMMANDS
from handlers.draft import MISTAKE_CODES
from handlers.i18n import Localizer, Translations
from handlers.mrkdwn import Markup
from handlers.views import form_state as form
from handlers.views.denial import CHOICES
from handlers.views.rights import DEEDS

HANDLERS = Path(words_module.__file__).parent
SOURCES = sorted(path for path in HANDLERS.rglob("*.py") if path.name != "manifest.py")
FILES = sorted((HANDLERS / "locales").glob("*.ftl"))

HINTED = (*form.TEXTS, form.CLEAN, form.REASON, form.NOTIFY, form.START_AT, form.STOP_FIRST, form.REGIONS)

FAMILIES = {
    "status-": Status,
    "status-text-": Status,
    "event-": (*Event, UNPOSTED, FROZEN),
    "admin-": ("broken", "warned", "fixed", "audit-unkeyed"),
    "refused-": RefusalReason,
    "problem-": (*PROBLEM_CODES, "notify-count", "notify-shape", "region-shape", "region-unknown"),
    "mistake-": MISTAKE_CODES,
    "type-": InstanceType,
    "disks-": DiskType,
    "account-lack-": Part,
    "account-held-": Part,
    "scope-": SCOPES,
    "does-": SUBCOMMANDS,
    "help-": (*SUBCOMMANDS, "title", "more", "line", *(f"group-{group}" for group in Group)),
    "flag-": FLAGS,
    "denied-": CHOICES.values(),
    "may-": DEEDS.values(),
    "menu-": ("show", "cancel", "again", "history", "approvers", "copy"),
    "card-title-": Status,
    "card-": ("description", "tags", "sub-instance", "regions"),
    "danger-": ("missing", "unknown"),
    "progress-": Pace,
    "standing-": Status,
    "history-event-": {*Event} - {Event.INSPECT, Event.QUEUE, Event.WATCH, Event.LAPSE},
    "queue-": (INSTANCE_BUSY, PLACES_TAKEN, CLOUD_BUSY, CLOUD_UNSURE, CLOUD_AWAY, "other"),
    "failure-": (
        CREATE_FAILED,
        TIMED_OUT,
        SILENT,
        DOUBTFUL,
        NO_ANSWER,
        INSTANCE_CHANGED,
        INSTANCE_GONE,
        START_TIMED_OUT,
        COPY_FAILED,
        COPY_RIGHTS_LOST,
        COPY_SILENT,
        COPY_TIMED_OUT,
        STOP_TIMED_OUT,
        "cloud",
        "request",
    ),
    "reason-": ("rights-lost",),
    "copy-": CopyStatus,
    "power-": (*PowerPhase, "late"),
    "span-": ("seconds", "minutes", "hours", "days"),
    "field-": HINTED,
    "hint-": (*HINTED, "regions-unlisted"),
    "example-": ({*form.TEXTS, form.REASON, form.REGIONS} - {form.INSTANCE_TYPE, form.DISK_TYPE}),
    "form-": ("title", "submit", "close"),
    "region-": DESKTOP_REGIONS,
    "machine-state-": InstanceState,
    "machines-": Emptiness,
    "choice-quiet-": ("from", "until"),
    "choice-": ("told", "quiet", "decided", "done", "waiting", *(f"waiting-{each}" for each in Waiting)),
    "home-": [f"{part}{end}" for part in ("waiting", "mine", "made") for end in ("", "-none")],
    "reject-": ("title", "submit", "hint", "does", "example"),
    "approve-": ("title", "submit", "hint", "does", "example"),
}
"""Keys that code puts together: the prefix, and everything that can follow."""


def entries(path: Path) -> dict[str, ftl.Message]:
    """The messages of a file by their keys."""
    body = FluentParser().parse(path.read_text(encoding="utf-8")).body
    return {item.id.name: item for item in body if isinstance(item, ftl.Message)}


def literals(path: Path) -> Iterator[ast.Constant]:
    """Every constant in a module that is not a docstring."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    parents = {child: parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and not isinstance(parents[node], ast.Expr):
            yield node


def written_keys() -> set[str]:
    """Return every text in the code that is a complete key."""
    return {str(node.value) for path in SOURCES for node in literals(path)}


def composed_keys() -> set[str]:
    """Every key that code puts together."""
    composed = {prefix + str(end) for prefix, ends in FAMILIES.items() for end in ends}
    return (composed | EXPLANATIONS) - {"help-", "field-"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_line_of_a_catalog_file_can_be_read(path: Path) -> None:
    """Fluent skips what it cannot read: here it counts."""
    body = FluentParser().parse(path.read_text(encoding="utf-8")).body

    assert [item.content for item in body if isinstance(item, ftl.Junk)] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_language_has_the_same_keys(path: Path) -> None:
    """English is the measure."""
    assert set(entries(path)) == set(entries(HANDLERS / "locales" / "en.ftl"))


LIMITS = {"button-": 75, "form-title": 24, "form-submit": 24, "form-close": 24, "field-": 2000, "hint-": 2000,
          "reject-title": 24, "approve-title": 24, "reject-submit": 24, "approve-submit": 24,
          "confirm-back": 30, "emergency-title": 100,
          "emergency-yes": 30, "emergency-no": 30, "menu-": 75, "example-": 150, "clean-option": 75,
          "stop-option": 75}  # fmt: skip
"""Characters that Slack takes there (Block Kit reference)."""


@pytest.mark.parametrize("locale", [path.stem for path in FILES])
@pytest.mark.parametrize(("prefix", "longest"), LIMITS.items())
def test_a_label_fits_where_slack_puts_it(locale: str, prefix: str, longest: int) -> None:
    words = Translations.read().for_locale(locale)
    keys = [key for key in entries(HANDLERS / "locales" / f"{locale}.ftl") if key.startswith(prefix)]
    assert keys
    for key in keys:
        given = dict.fromkeys(variables(entries(HANDLERS / "locales" / "en.ftl")[key]), "r-22222222")
        assert len(words.plain(key, **given)) <= longest, key


def test_no_key_is_written_twice() -> None:
    """The first would win in silence."""
    for path in FILES:
        keys = re.findall(r"^([a-z][\w-]*) =", path.read_text(encoding="utf-8"), re.MULTILINE)

        assert len(keys) == len(set(keys)), sorted({key for key in keys if keys.count(key) > 1})


def test_every_action_of_the_allowlist_has_words() -> None:
    assert {*DEEDS} == {action.name for action in ACTIONS.values()}


def test_no_entry_is_missing() -> None:
    """Every status, event, refusal, problem, mistake and cloud error has its sentence."""
    assert composed_keys() - set(entries(HANDLERS / "locales" / "en.ftl")) == set()


def test_no_entry_is_unused() -> None:
    """What nobody says is taken out."""
    assert set(entries(HANDLERS / "locales" / "en.ftl")) - composed_keys() - written_keys() == set()


def calls() -> Iterator[tuple[str, set[str], str]]:
    """Return every call with a literal key: the key, the names of its values, and where it is."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _says(node.func) and node.args:
                key = node.args[0]
                if isinstance(key, ast.Constant):
                    names = {word.arg for word in node.keywords if word.arg}
                    yield str(key.value), names, f"{path.name}:{node.lineno}"


def _says(function: ast.expr) -> bool:
    if isinstance(function, ast.Attribute):
        return (
            function.attr == "plain" and isinstance(function.value, ast.Name) and function.value.id == "words"
        )
    return isinstance(function, ast.Name) and function.id == "words"


def variables(message: ftl.Message) -> set[str]:
    """The values that an entry refers to; `has_x` comes with `x`."""
    found: set[str] = set()

    def look(node: object) -> None:
        if isinstance(node, ftl.VariableReference):
            found.add(node.id.name.removeprefix("has_"))
        for child in vars(node).values() if isinstance(node, ftl.BaseNode) else ():
            for item in child if isinstance(child, list) else [child]:
                look(item)

    look(message.value)
    return found


def test_every_call_names_an_entry_and_gives_all_its_values() -> None:
    """A value that is not given would show as `{$name}`."""
    known = entries(HANDLERS / "locales" / "en.ftl")

    wrong = [
        (key, where, sorted(variables(known[key]) - names) if key in known else "no such entry")
        for key, names, where in calls()
        if key not in known or variables(known[key]) - names
    ]

    assert wrong == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_language_asks_for_a_value_that_english_was_not_given(path: Path) -> None:
    """It would show as `{$name}`; and the one that says less has a reason."""
    english, other = entries(HANDLERS / "locales" / "en.ftl"), entries(path)
    assert {key for key in english if variables(other[key]) - variables(english[key])} == set()
    assert {key for key in english if variables(english[key]) - variables(other[key])} <= SAYS_LESS


SAYS_LESS: set[str] = set()
"""Entries in which some language leaves out a value on purpose."""


OURS = re.compile(r"[A-Za-z]{2,}\s+[A-Za-z]{2,}")


def _is_message(node: ast.AST) -> TypeGuard[ast.Call]:
    """Whether an exception hands its message to its base."""
    return isinstance(node, ast.Call) and ast.unparse(node.func) == "super().__init__"


def prose(path: Path) -> list[str]:
    """Texts with two words in a row, but those of exceptions, which the operator reads."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    errors = [node for node in ast.walk(tree) if isinstance(node, ast.Raise) or _is_message(node)]
    raised = {line for node in errors for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)}
    found = (node for node in literals(path) if node.lineno not in raised)
    return [str(node.value) for node in found if OURS.search(str(node.value))]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(HANDLERS)))
def test_no_sentence_is_outside_the_catalog(path: Path) -> None:
    """No text in the code has two words in a row."""
    assert prose(path) == []


def test_the_scan_for_sentences_finds_one(tmp_path: Path) -> None:
    """A check that finds nothing in bad code would be worth nothing."""
    bad = tmp_path / "bad.py"
    code = """
        \"\"\"A docstring may talk.\"\"\"
        say(f"Your request {1} is late")
        raise ValueError("an operator reads this")
    """
    bad.write_text(dedent(code), encoding="utf-8")

    assert prose(bad) == ["Your request ", " is late"]


@pytest.fixture(scope="module")
def translations() -> Translations:
    """The real one."""
    return Translations.read()


@pytest.fixture(scope="module")
def words(translations: Translations) -> Localizer:
    """English."""
    return translations.for_locale()


def test_text_is_escaped_and_markup_is_not(words: Localizer) -> None:
    """Escaping is the catalog's, so no caller can forget it."""
    said = words("entry-end", requester=Markup("<@U1>"), told="<!channel> & co")

    assert said == "<@U1> &lt;!channel&gt; &amp; co"


def test_plain_text_is_not_escaped(words: Localizer) -> None:
    """Slack shows entities as they are where there is no markup."""
    assert "a & <b>" in words.plain("confirm-clean-approve", machine="a & <b>", name="x")


def test_no_isolation_marks_are_put_around_values(words: Localizer) -> None:
    """Slack would show them as boxes."""
    assert not re.search("[\u2066-\u2069]", words("card-description", value="r-1"))


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-3.0, "0 seconds"),
        (0.0, "0 seconds"),
        (1.0, "1 second"),
        (59.9, "59 seconds"),
        (60.0, "1 minute"),
        (119.0, "1 minute"),
        (3700.0, "61 minutes"),
        (7200.0, "2 hours"),
        (100_000.0, "27 hours"),
        (172_800.0, "2 days"),
    ],
)
def test_a_span_is_said_in_its_largest_sensible_unit(words: Localizer, seconds: float, said: str) -> None:
    """With plurals; two of a unit before it is used, so that nothing is rounded by half."""
    assert words.span(seconds) == said


def test_a_time_is_shown_in_the_readers_zone_with_a_fallback(words: Localizer) -> None:
    """Slack's date markup; who cannot show it shows UTC."""
    assert words.date(1_795_300_000.9) == "<!date^1795300000^{date_short_pretty} {time}|2026-11-21 22:26 UTC>"


@pytest.mark.parametrize("length", [400, 401, 1_999, 2_500, 2_501, 60_000])
def test_a_value_of_any_length_is_said_as_far_as_slack_has_room(words: Localizer, length: int) -> None:
    """Fluent itself gives up on long ones, and on the sentence around them."""
    given, shown = "y" * length, "y" * min(length, 1_999)
    assert f"yet, {shown}" in words("event-queued", waits=given)
    said = words.plain("problem-tag-shape", given=given, allowed="z" * length)
    assert f"“{shown}" in said
    assert said.count("z") == len(shown)


@pytest.mark.parametrize("locale", ["en", "en-US", "en_GB", "de-DE", "", "xx-YY-ZZ"])
def test_an_unknown_language_is_answered_in_english(translations: Translations, locale: str) -> None:
    """Nobody is left without an answer."""
    assert translations.for_locale(locale).locale == "en"


def test_a_new_file_is_a_new_language(tmp_path: Path) -> None:
    """The nearest one is taken, and English says what it lacks."""
    english = (HANDLERS / "locales" / "en.ftl").read_text(encoding="utf-8")
    (tmp_path / "en.ftl").write_text(english, encoding="utf-8")
    (tmp_path / "zh-CN.ftl").write_text("button-approve = 批准\n", encoding="utf-8")

    chinese = Translations.read(tmp_path).for_locale("zh-HK")

    assert (chinese.plain("button-approve"), chinese.plain("button-reject")) == ("批准", "Reject")


def test_a_key_that_does_not_exist_is_an_error(words: Localizer) -> None:
    """No text depends on what came in."""
    with pytest.raises(KeyError):
        words("no-such-key")

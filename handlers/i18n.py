"""Every sentence that a person reads comes from the message catalog (Project Fluent), through a `Localizer`.

One file per language in `locales/`; a new file is a new language, with no change to code. An entry that a
language lacks is taken from English. Isolation marks are off: Slack shows them as boxes in code type.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Self

from fluent.runtime import FluentBundle, FluentResource

from handlers.mrkdwn import Markup, date, fit, fit_plain, inline, join

DEFAULT_LOCALE = "en"
LOCALES = Path(__file__).with_name("locales")

Value = str | int | float

LONGEST_PART = 400
"""Characters of a value that Fluent puts into a sentence; for a part with more than 2,500, of which several
values may be, it writes {???}.
"""
LONGEST_VALUE = 2_000
"""Characters of a value that people read; Slack's blocks take 3,000 of a text."""


class Localizer:
    """The sentences of one language; an unknown key raises `KeyError`."""

    def __init__(self, locale: str, bundles: tuple[FluentBundle, ...]) -> None:
        self.locale = locale
        self._bundles = bundles

    def __call__(self, key: str, /, **values: Value) -> Markup:
        """Return the sentence as markup.

        Text among `values` is one line without formatting, unless it is markup.
        """
        lines = {
            name: fit(inline(value), LONGEST_VALUE) if isinstance(value, str) else value
            for name, value in values.items()
        }
        return Markup(self._format(key, lines))

    def plain(self, key: str, /, **values: Value) -> str:
        """Return the sentence for plain-text places (buttons, labels, errors under a field): nothing is
        escaped.
        """
        cleaned = {
            name: fit_plain(value, LONGEST_VALUE) if isinstance(value, str) else value
            for name, value in values.items()
        }
        return self._format(key, cleaned)

    def has(self, key: str) -> bool:
        """Tell whether the catalog has the key: for codes that come from outside, such as the cloud's."""
        return any(bundle.has_message(key) for bundle in self._bundles)

    def date(self, at: float) -> Markup:
        """Return a moment (epoch seconds) in the reader's own time zone."""
        return date(at, self._format("date-pattern", {}))

    def span(self, seconds: float) -> str:
        """Return a duration in its largest sensible unit."""
        whole = max(0, int(seconds))
        for unit, length in (("days", 86400), ("hours", 3600), ("minutes", 60)):
            if whole >= 2 * length or (whole >= length and unit == "minutes"):
                return self.plain(f"span-{unit}", count=whole // length)
        return self.plain("span-seconds", count=whole)

    def listed(self, parts: Iterable[Markup]) -> Markup:
        """Return the parts that hold something as a list, as this language separates them."""
        return join(parts, self._format("list-separator", {}))

    def clauses(self, parts: Iterable[Markup]) -> Markup:
        """Return the parts that hold something as clauses of one sentence."""
        return join(parts, self._format("clause-separator", {}))

    def sentences(self, parts: Iterable[Markup]) -> Markup:
        """Return sentences one after another on one line."""
        return join(parts, self._format("sentence-space", {}))

    def _format(self, key: str, values: Mapping[str, object]) -> str:
        for bundle in self._bundles:
            if bundle.has_message(key):
                pattern = bundle.get_message(key).value
                short, long = _without_long(values)
                said = bundle.format_pattern(pattern, {**_presence(values), **short})[0] if pattern else ""
                return _with_long(str(said), long)
        raise KeyError(key)


class Translations:
    """All languages that there are, read once; `default_locale` is that of cards and channels."""

    def __init__(self, bundles: Mapping[str, FluentBundle], default_locale: str = DEFAULT_LOCALE) -> None:
        self.default_locale = default_locale
        self._words = {
            locale: Localizer(locale, (bundle, bundles[DEFAULT_LOCALE])) for locale, bundle in bundles.items()
        }

    @classmethod
    def read(cls, folder: Path = LOCALES, default_locale: str = DEFAULT_LOCALE) -> Self:
        """Read every `<locale>.ftl` of the folder; English has to be among them."""
        return cls({path.stem: _bundle(path) for path in sorted(folder.glob("*.ftl"))}, default_locale)

    @property
    def locales(self) -> tuple[str, ...]:
        """The languages that there are, by their codes (`en`, `zh-CN`)."""
        return tuple(self._words)

    def for_locale(self, locale: str = DEFAULT_LOCALE) -> Localizer:
        """Return the nearest language: the very one, else one of the same language, else English."""
        wanted = locale.replace("_", "-").casefold()
        known = {name.casefold(): words for name, words in self._words.items()}
        language = wanted.partition("-")[0]
        alike = [name for name in known if name.partition("-")[0] == language]
        return known.get(wanted) or known[alike[0] if alike else DEFAULT_LOCALE]


def _without_long(values: Mapping[str, object]) -> tuple[dict[str, object], dict[str, str]]:
    """Return the values with a private character for each that is too long, and those by that character.

    What people write has no private characters: `clean` drops them.
    """
    long = {name: each for name, each in values.items() if isinstance(each, str) and len(each) > LONGEST_PART}
    stand_ins = {name: chr(0xE100 + at) for at, name in enumerate(long)}
    return {**values, **stand_ins}, {stand_ins[name]: each for name, each in long.items()}


def _with_long(text: str, long: Mapping[str, str]) -> str:
    for stand_in, each in long.items():
        text = text.replace(stand_in, each)
    return text


def _presence(values: Mapping[str, object]) -> dict[str, str]:
    """Return a `has_x` for every text `x`: Fluent can't select on an empty text."""
    return {
        f"has_{name}": "yes" if value else "no" for name, value in values.items() if isinstance(value, str)
    }


def _bundle(path: Path) -> FluentBundle:
    bundle = FluentBundle([path.stem], use_isolating=False)
    bundle.add_resource(FluentResource(path.read_text(encoding="utf-8")))
    return bundle

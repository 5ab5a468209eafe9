"""All settings in one frozen object: what they are, and where each came from.

Strongest first: environment (`SOCIALS_<SECTION>_<KEY>`), `settings.toml`, IMatch variables,
defaults.  `Settings.load` needs no IMatch; `with_variables` adds what IMatch knows and asks only
for what nothing stronger has set.  Secrets are never here: see `credentials`.

2026-11-22: `[flickr] is_public` is on only while friends and family are not set: `is_family = true`
must not end up public because a default, or a weaker source, says so.
"""

from __future__ import annotations

import getpass
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, get_args

import platformdirs

from socials_lib.errors import SettingsError
from socials_lib.models import Mode, Rules
from socials_lib.settings.keys import (
    KEYS,
    SECTIONS,
    VARIABLES,
    DeleteKeys,
    FlickrKeys,
    ImageKeys,
    ImatchKeys,
    Key,
    PaceKeys,
    PixelfedKeys,
    PrivateKeys,
    RecoveryKeys,
    RetryKeys,
    RunKeys,
    TextKeys,
    TimeoutKeys,
    ValidationKeys,
)
from socials_lib.settings.sources import (
    BY_NAME,
    Value,
    Values,
    Variable,
    checked,
    from_environment,
    switch,
)
from socials_lib.settings.toml_file import from_file

__all__ = ["KEYS", "TESTING_VARIABLE", "Key", "Settings", "Variable", "reference"]

APP_NAME = "imatch-to-socials"
TESTING_VARIABLE = "imatch_to_socials_testing"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of one session; `sources` says where each that is not a default came from.

    `home` holds journal, cache and reports; `config_file` need not exist; `dry_run` is IMatch's
    variable `imatch_to_socials_testing`.
    """

    mode: Mode
    home: Path
    config_file: Path
    run: RunKeys = RunKeys()
    pace: PaceKeys = PaceKeys()
    timeouts: TimeoutKeys = TimeoutKeys()
    recovery: RecoveryKeys = RecoveryKeys()
    retry: RetryKeys = RetryKeys()
    images: ImageKeys = ImageKeys()
    flickr: FlickrKeys = FlickrKeys()
    pixelfed: PixelfedKeys = PixelfedKeys()
    delete: DeleteKeys = DeleteKeys()
    validation: ValidationKeys = ValidationKeys()
    private: PrivateKeys = PrivateKeys()
    text: TextKeys = field(default_factory=TextKeys)
    imatch: ImatchKeys = ImatchKeys()
    dry_run: bool = False
    sources: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls, *, environ: Mapping[str, str], variable: Variable | None = None) -> Settings:
        """Read environment and `settings.toml`, and IMatch variables if `variable` is given."""
        mode = _mode(environ.get("SOCIALS_MODE", "").strip() or "live")
        home, config_file = _folders(environ, mode)
        values = {**dict(from_file(config_file)), **dict(from_environment(environ))}
        loaded = cls(mode=mode, home=home, config_file=config_file)._with(values)
        if not loaded.imatch.user:
            loaded = replace(loaded, imatch=replace(loaded.imatch, user=_logged_on()))
        return loaded if variable is None else loaded.with_variables(variable)

    def with_variables(self, variable: Variable) -> Settings:
        """The same, with IMatch variables for what neither environment nor file has set."""
        values: dict[tuple[str, str], Value] = {}
        for name in VARIABLES:
            narrowed = self.flickr.is_family or self.flickr.is_friend
            if ".".join(name) in self.sources or (name == ("flickr", "is_public") and narrowed):
                continue
            found = variable(VARIABLES[name])
            if found is not None and str(found).strip():
                values[name] = _from_variable(name, found)
        dry_run = switch(variable(TESTING_VARIABLE), TESTING_VARIABLE)
        return replace(self._with(values), dry_run=dry_run)

    def _with(self, values: Values) -> Settings:
        sections: dict[str, Any] = {}
        for section in SECTIONS:
            own = {key: one.value for (where, key), one in values.items() if where == section}
            sections[section] = replace(getattr(self, section), **own)
        named = {f"{section}.{key}": one.source for (section, key), one in values.items()}
        return replace(self, **sections, sources={**self.sources, **named})

    # -- what others ask for

    @property
    def flickr_visibility(self) -> str:
        """Flickr's three switches in one word; public makes the others meaningless."""
        keys = self.flickr
        public = keys.is_public
        if "flickr.is_public" not in self.sources:
            public = not (keys.is_family or keys.is_friend)
        if public:
            return "public"
        words = [
            word for word, on in (("friends", keys.is_friend), ("family", keys.is_family)) if on
        ]
        return "+".join(words) or "private"

    @property
    def rules(self) -> Rules:
        """The person's rules for texts and checks."""
        return Rules(
            templates=self.text.templates,
            camera_names=self.text.camera_names,
            tag_rules=self.text.tag_rules,
            final_hashtag=self.text.final_hashtag,
            visibility={"flickr": self.flickr_visibility, "pixelfed": self.pixelfed.visibility},
            stamp=self.flickr.stamp,
            fit_pictures=self.images.fit,
            errors=self.validation.errors,
            circles=self.private.circles,
            branches=self.private.branches,
            words=self.private.words,
            patterns=self.private.patterns,
            allow_faulty_deletes=self.delete.allow_faulty,
        )

    def most_deletes(self, published: int) -> int:
        """How many photos a typed count may delete on a platform with so many published."""
        return max(25, published // 10) if self.delete.most is None else self.delete.most


def reference() -> str:
    """All settings as a Markdown table, for the documentation."""
    lines = ["| section | key | type | default | meaning |", "|---|---|---|---|---|"]
    for one in KEYS:
        default = "see text" if one.kind == "tuple[TagRule, ...]" else _shown(one.default)
        cells = (f"`[{one.section}]`", f"`{one.key}`", one.expected, default, one.meaning)
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _shown(default: Any) -> str:
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    if isinstance(default, tuple):
        return f"`{[*default]}`"
    return f"`{default}`" if default not in (None, "", {}) else "–"


def _mode(word: str) -> Mode:
    for mode in get_args(Mode):
        if word == mode:
            return mode  # type: ignore[no-any-return]
    raise SettingsError(
        f"environment SOCIALS_MODE is “{word[:40]}”, expected demo or live.",
        hint="Start JupyterLab again with `python start.py`, for the real accounts with --live.",
    )


def _folders(environ: Mapping[str, str], mode: Mode) -> tuple[Path, Path]:
    """Demo and live never share a home."""
    named = environ.get("SOCIALS_HOME", "").strip()
    if named:
        home = Path(named).expanduser().absolute()
        return home, home / "settings.toml"
    home = platformdirs.user_data_path(APP_NAME, appauthor=False)
    config = platformdirs.user_config_path(APP_NAME, appauthor=False)
    return home if mode == "live" else home / "demo", config / "settings.toml"


def _logged_on() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # no name anywhere: IMatch then says what it thinks
        return "user"


def _from_variable(name: tuple[str, str], found: str | int) -> Value:
    key = BY_NAME[name]
    value = switch(found, key.variable) if key.kind == "bool" else str(found)
    source = f"IMatch variable {key.variable}"
    return Value(value=checked(key, value, source), source=source)

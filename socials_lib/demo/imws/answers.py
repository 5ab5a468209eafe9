"""The true answer of each endpoint: backend and parameters in, JSON object out.

Names follow the documentation of IMWS; members nobody asked for (`someOtherMember`) are there so
that clients learn to ignore what they do not know (facts, section 0).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..seed import MetadataValue
from . import collection_table, metadata
from .attributes import AttributeSet, Record
from .backend import ImwsBackend, StoredFile
from .categories import Category, CategoryTree
from .form import Form
from .refusal import NOT_AUTHENTICATED, Refusal, bad, missing, not_found
from .tags import LISTS, canonical
from .variables import NOTHING, Locale, Template, Variable, evaluate, parse, plain

Answer = dict[str, Any]

#: Members of `/v1/files` without `fields` (unknown; few, so that clients ask), and of related
#: files (seen).
FILE_DEFAULTS = ("id", "name", "filename")
RELATED_DEFAULTS = ("id", "name", "filename", "format", "size")

#: Request names that are spelt otherwise in the answer.
SPELT = {"filename": "fileName", "datetime": "dateTime", "directfiles": "directFiles"}

#: Files per page of a list without `pagesize`.
PAGE_SIZE = 100

_EXTRA = {"someOtherMember": {"known": False}}
_OK = {"result": "ok"}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a request wants to know of each file: fields, tags, variables."""

    fields: Sequence[str]
    tags: Sequence[tuple[str, str]]
    variables: Sequence[tuple[str, Template]]

    @classmethod
    def of(cls, form: Form, defaults: Sequence[str]) -> Wanted:
        """Read `fields`, `tag<name>` and `var<name>`."""
        named = form.names("fields")
        return cls(
            fields=defaults if named is None else named,
            tags=[(member, canonical(tag)) for member, tag in form.starting_with("tag")],
            variables=[(member, parse(text)) for member, text in form.starting_with("var")],
        )

    def about(self, file: StoredFile, locale: Locale) -> Answer:
        """The members for one file; None stands for a member that is not there."""
        found: Answer = {}
        for name in self.fields:
            found[SPELT.get(name, name)] = _field(file, name)
        for member, tag in self.tags:
            found[member] = _tag(file, member, tag)
        for member, template in self.variables:
            found[member] = _variable(file, member, template, locale)
        # with an empty `fields` only tags and variables come back (seen): no extra member then
        extra = _EXTRA if self.fields else {}
        return {**{name: value for name, value in found.items() if value is not None}, **extra}


def _field(file: StoredFile, name: str) -> object:
    raw = file.raw.get(SPELT.get(name, name), NOTHING)
    if raw is not NOTHING:
        return raw
    match name:
        case "id":
            return file.file_id
        case "filename":
            return file.seed.path
        case "name":
            return file.name
        case "format":
            return file.seed.format
        case "size":
            return file.size
        case "datetime":
            return file.seed.date_time
        case "width":
            return file.seed.width
        case "height":
            return file.seed.height
        case _:
            return None


def _tag(file: StoredFile, member: str, tag: str) -> object:
    """A tag as stored, absent if missing, lists as arrays, nothing escaped (facts, 4.3)."""
    raw = file.raw.get(member, file.raw.get(tag, NOTHING))
    return raw if raw is not NOTHING else _json_value(tag, file.metadata.get(tag))


def _json_value(tag: str, value: MetadataValue | None) -> object:
    if isinstance(value, str) and tag in LISTS:
        return [value]
    return plain(value) if isinstance(value, (int, float)) else value


def _variable(file: StoredFile, member: str, template: Template, locale: Locale) -> object:
    """A variable as text, empty if missing, escaped for HTML (facts, 4.3)."""
    raw = file.raw.get(member, NOTHING)
    if raw is NOTHING and len(template) == 1 and isinstance(template[0], Variable):
        raw = file.verbatim(template[0].name)
    return raw if raw is not NOTHING else html.escape(evaluate(template, file, locale))


def authenticate(backend: ImwsBackend, form: Form) -> Answer:
    """Any user name, the empty password of the embedded service (facts, section 2)."""
    user = form.text("id")
    if form.get("password"):
        raise Refusal(401, NOT_AUTHENTICATED, "user name or password is wrong")
    return {"auth_token": backend.sign_in(), "user": {"id": user, "name": user}}


def files(backend: ImwsBackend, form: Form) -> Answer:
    """`GET /v1/files`: by ids or by a list, in pages."""
    wanted = Wanted.of(form, FILE_DEFAULTS)
    chosen = backend.known(_selected(backend, form))
    size = form.count("pagesize", least=1)
    page = form.count("page", least=0)
    if size is not None or page is not None or form.get("idlist") is not None:
        size = size or PAGE_SIZE
        chosen = chosen[(page or 0) * size :][:size]
    return {"files": [wanted.about(one, backend.locale) for one in chosen]}


def _selected(backend: ImwsBackend, form: Form) -> Sequence[int]:
    """`id` or `idlist`: exactly one of them."""
    given = [name for name in ("id", "idlist") if form.get(name) is not None]
    if not given:
        raise missing("id")
    if len(given) > 1:
        raise bad("give either 'id' or 'idlist'")
    return form.ids("id") if given == ["id"] else backend.id_list(form.text("idlist"))


def relations(backend: ImwsBackend, form: Form) -> Answer:
    """`GET /v1/files/relations`: groups of masters or versions, one group per rule."""
    kind = form.text("type")
    if kind not in ("masters", "versions"):
        raise bad(f"unknown type of relation '{kind}'")
    wanted = Wanted.of(form, RELATED_DEFAULTS)

    def groups(file_id: int) -> list[Answer]:
        found = []
        for (number, name), ids in sorted(backend.related(file_id, kind).items()):
            members = [wanted.about(one, backend.locale) for one in backend.known(ids)]
            if members:
                found.append({"id": number, "name": name, "files": members, **_EXTRA})
        return found

    chosen = backend.known(form.ids("id"))
    return {"files": [{"id": one.file_id, kind: groups(one.file_id)} for one in chosen]}


def file_categories(backend: ImwsBackend, form: Form) -> Answer:
    """`GET /v1/files/categories`: the categories each file is assigned to, keywords included."""
    fields = form.names("fields") or ("id", "path", "name")
    own = [name for name in fields if name in ("id", "path", "name", "description")]
    tree = backend.categories
    return {
        "files": [
            {
                "id": one.file_id,
                "categories": [_category(tree, it, own) for it in tree.of_file(one.file_id)],
            }
            for one in backend.known(form.ids("id"))
        ]
    }


def file_collections(backend: ImwsBackend, form: Form) -> Answer:
    """`GET /v1/files/collections`: the ids of the collections."""
    chosen = backend.known(form.ids("id"))
    return {
        "files": [{"id": one.file_id, "collections": sorted(one.collections)} for one in chosen]
    }


def categories(backend: ImwsBackend, form: Form) -> Answer:
    """`GET /v1/categories`: one category by path or id; none if it does not exist."""
    fields = form.names("fields") or ("id", "path", "name")
    tree = backend.categories
    if form.get("id") is not None:
        found = [tree.with_id(one) for one in form.ids("id")]
    else:
        found = [tree.get(form.text("path"))]
    return {"categories": [_category(tree, one, fields) for one in found if one is not None]}


def _category(tree: CategoryTree, category: Category, fields: Sequence[str]) -> Answer:
    """The asked members; children carry the same ones, without children of their own."""
    found: Answer = {}
    for name in fields:
        match name:
            case "id":
                found["id"] = category.category_id
            case "path" | "name" | "description":
                found[name] = getattr(category, name)
            case "files":
                found["files"] = sorted(tree.all_files(category))
            case "directfiles":
                found["directFiles"] = sorted(category.files)
            case "children":
                own = [one for one in fields if one != "children"]
                found["children"] = [_category(tree, one, own) for one in tree.children(category)]
    return {**found, **_EXTRA}


def assign(backend: ImwsBackend, form: Form) -> Answer:
    """`POST /v1/categories/assign`."""
    backend.assign(form.text("path"), form.ids("fileid"), put_in=True)
    return _OK


def unassign(backend: ImwsBackend, form: Form) -> Answer:
    """`POST /v1/categories/unassign`."""
    backend.assign(form.text("path"), form.ids("fileid"), put_in=False)
    return _OK


def attributes(backend: ImwsBackend, form: Form) -> Answer:
    """`GET /v1/attributes`: only files that have a record."""
    target = backend.attributes.named(form.text("set"))
    found = ((one, target.of_file(one)) for one in form.ids("id"))
    return {
        "result": [
            {"id": one, "data": [_record(backend, target, each) for each in records], **_EXTRA}
            for one, records in found
            if records
        ]
    }


def _record(backend: ImwsBackend, target: AttributeSet, record: Record) -> Answer:
    dates = {name for name, column in target.columns.items() if column.type == "Date"}
    values = {
        name: _date(value, backend) if name in dates else value
        for name, value in record.values.items()
    }
    return {"instanceId": record.instance_id, **values}


def _date(value: object, backend: ImwsBackend) -> object:
    """A date in the form IMWS may have (unknown); what is no date stays as it is."""
    if backend.date_style == "date" or not isinstance(value, str):
        return value
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return value
    if backend.date_style == "timestamp":
        return f"{value}T00:00:00"
    try:
        return date.fromisoformat(value).strftime(backend.locale.date)
    except ValueError:
        return value


def change_attributes(backend: ImwsBackend, form: Form) -> Answer:
    """`POST /v1/attributes`: add, update, delete; all of it or nothing."""
    name = form.text("set")
    backend.attributes.named(name)
    chosen = backend.existing(form.ids("id"))
    backend.attributes.run(name, [one.file_id for one in chosen], form.objects("tasks"))
    return _OK


def change_metadata(backend: ImwsBackend, form: Form) -> Answer:
    """`POST /v1/metadata`: the database first, the file waits for write-back."""
    chosen = backend.existing(_selected(backend, form))
    for key, step in metadata.steps(form.objects("tags")):
        for one in chosen:
            backend.set_value(one.file_id, key, step(one.metadata.get(key)))
    return _OK


def collections(backend: ImwsBackend, form: Form) -> Answer:
    """`GET /v1/collections`: ids and paths, of `id=all` or of some."""
    asked = form.text("id")
    ids: Iterable[int] = collection_table.PATHS if asked == "all" else form.ids("id")
    fields = form.names("fields") or ("id", "path")
    known = [(one, collection_table.PATHS[one]) for one in ids if one in collection_table.PATHS]
    rows: list[Mapping[str, object]] = [{"id": number, "path": path} for number, path in known]
    return {"collections": [{k: v for k, v in row.items() if k in fields} for row in rows]}


def change_collections(backend: ImwsBackend, form: Form) -> Answer:
    """`POST /v1/collections`: bookmarks, flags, dots and pins."""
    chosen = backend.existing(form.ids("id"))
    steps = [collection_table.checked(task) for task in form.objects("tasks")]
    for op, number in steps:
        for one in chosen:
            collection_table.change(one.collections, op, number)
    return _OK


def variable(backend: ImwsBackend, form: Form) -> Answer:
    """`GET /v1/imatch/appvar`: text or number as the user made it."""
    name = form.text("name")
    if name in backend.variables:
        return {"value": backend.variables[name]}
    if backend.missing_variable_style == "error":
        raise not_found(f"variable '{name}' does not exist")
    return {"value": ""} if backend.missing_variable_style == "empty" else {}


def commands(_backend: ImwsBackend, _form: Form) -> Answer:
    """`GET /v1/imatch/commands/list`: one entry is enough to see the form."""
    return {
        "commands": [
            {
                "id": "ID_CMD_REFRESH",
                "text": "Refresh",
                "displayText": "Refresh",
                "hotKey": "F5",
                "helpText": "Reads the files in the active window again",
            }
        ]
    }


def favorites(_backend: ImwsBackend, _form: Form) -> Answer:
    """`GET /v1/imatch/favorites/list`."""
    return {
        "favorites": [
            {
                "id": "{5B6F1C3E-7A0D-4E0B-9E57-2C1C0A9D4F11}",
                "type": "mdtemplate",
                "name": "Copyright",
                "description": "Fills in the copyright",
                "textColor": "#000000",
                "backgroundColor": "#ffffff",
            }
        ]
    }

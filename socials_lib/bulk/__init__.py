"""Bulk fixes: select by facets, say what to do, see before and after; pure, nothing is written.

    facets = bulk.Facets(photos)
    chosen = facets.select([bulk.Facet(field="headline", present=False)])
    change_set = bulk.propose(chosen, bulk.READY["title_as_headline"]).without("1201")
    bulk.applied(chosen, change_set)        # the photos as they will be
    bulk.undo_of(change_set)                # the way back

`sync.changes.ChangeWriter` writes a change set to IMatch, through the journal, and puts it back.
What is a cell, whose file changes, and what counts as the same: see `changes`.

Promises: a recipe followed by its undo is the identity; what the change set shows is what is
written, and nothing else; a pattern that somebody types cannot freeze the program; what a recipe
does is never a function of other photos, so the sample shows what the whole will be.
"""

from __future__ import annotations

from socials_lib.bulk.catalogue import STEPS
from socials_lib.bulk.changes import (
    Cell,
    ChangeSet,
    Key,
    applied,
    propose,
    undo_of,
    with_consequences,
)
from socials_lib.bulk.consequences import Consequence, Known, OnPlatform, consequence
from socials_lib.bulk.expressions import Expression
from socials_lib.bulk.facets import Counts, Facet, Facets
from socials_lib.bulk.fields import (
    ATTRIBUTES,
    CHANGEABLE,
    FIELDS,
    METADATA,
    TEXTS,
    Field,
    Value,
    as_list,
    as_text,
    own_record,
    own_value,
    value_of,
)
from socials_lib.bulk.patterns import Pattern
from socials_lib.bulk.queueing import queue_for_metadata
from socials_lib.bulk.ready import READY, named, ready_for, shorten_to_fit
from socials_lib.bulk.recipes import Recipe, as_python, from_json, load, save, to_json
from socials_lib.bulk.repairs import IdFromUrl, UrlFromId
from socials_lib.bulk.steps import (
    AddKeywords,
    Assign,
    Case,
    Copy,
    Edit,
    Map,
    Regex,
    RemoveKeywords,
    RenameKeyword,
    Replace,
    Set,
    Shorten,
    Step,
    Template,
    Trim,
    Typography,
    Unassign,
)
from socials_lib.bulk.table import (
    Conflict,
    TableRead,
    change_set_csv,
    import_csv,
    photos_csv,
    read_csv,
)

__all__ = [
    "queue_for_metadata",
    "ATTRIBUTES",
    "Expression",
    "IdFromUrl",
    "UrlFromId",
    "import_csv",
    "own_record",
    "AddKeywords",
    "Assign",
    "CHANGEABLE",
    "Case",
    "Cell",
    "ChangeSet",
    "Conflict",
    "Consequence",
    "Copy",
    "Counts",
    "Edit",
    "FIELDS",
    "Facet",
    "Facets",
    "Field",
    "Key",
    "Known",
    "METADATA",
    "Map",
    "OnPlatform",
    "Pattern",
    "READY",
    "Recipe",
    "Regex",
    "RemoveKeywords",
    "RenameKeyword",
    "Replace",
    "STEPS",
    "Set",
    "Shorten",
    "Step",
    "TEXTS",
    "TableRead",
    "Template",
    "Trim",
    "Typography",
    "Unassign",
    "Value",
    "applied",
    "as_list",
    "as_python",
    "as_text",
    "change_set_csv",
    "consequence",
    "from_json",
    "load",
    "named",
    "own_value",
    "photos_csv",
    "propose",
    "read_csv",
    "ready_for",
    "save",
    "shorten_to_fit",
    "to_json",
    "undo_of",
    "value_of",
    "with_consequences",
]

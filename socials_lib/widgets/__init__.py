"""The widgets of the notebooks: models (traitlets) and views (ipywidgets); no network, no database.

    from socials_lib.widgets import show

    picker = show.pending(wb, pending)
    picker

Every part of a notebook is one function of `show`.  A view is kept on the shelf of the workbench
(`wb.shelf`), so that a cell that runs again shows the same ticks, filters and page.  Nothing is
sent by making or showing a widget: that takes a press on a button that says the number.

    words      numbers, sizes, dates and names as people read them
    theme      colours, the one style sheet, signs, escaping, pictures, word differences
    pills      the state of a row in a sign and a word
    base       models, views, throttled painting, background work
    markup     copy buttons, "As code", CSV links, lines that are read aloud (also in `base`)
    messages   what went wrong, as a fact and a hint (texts in `message_table`)
    picker     the model of the table; `table`, `table_rows` its view
    header, fixes, preview   the other parts of the page

2026-11-22: the words of a problem (`validation.words_for`) are read by `pills` alone; the pure
table of problems is the only thing of `validation` that is used here.
"""

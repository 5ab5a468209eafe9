"""The widgets on a real workbench and the rehearsal world: they show everything, change nothing."""

import world as sample

from socials_lib.demo.world import World
from socials_lib.widgets import show
from socials_lib.workbench import Workbench


def test_showing_every_widget_changes_nothing_anywhere():
    with World(pictures=sample.pictures()) as running:
        wb = Workbench.open(environ=running.env)
        before = running.snapshot()
        header = show.header(wb)
        assert header.model.wait(30)
        picker = show.pending(wb, wb.load_pending())
        assert picker.model.wait(60)
        picker.thumbnails.wait(60)
        fixes = show.fixes(wb, picker)
        picker.thumbnails.wait(60)
        preview = show.preview(wb, picker)
        assert preview.model.wait(30)
        for tab in ("pixelfed", "changes"):
            preview.model.tab = tab
            assert preview.model.wait(30)
        assert before == running.snapshot()

    for view in (header, picker, fixes, preview):
        assert view.trouble.message is None
    assert header.model.line("IMatch").state == "connected"
    kinds = picker.model.kinds()
    assert len(picker.plan.rows) == sum(kinds.values())
    assert kinds["blocked"] == len(fixes.model.rows)
    assert ("flickr", str(sample.MARKUP.file_id)) in picker.model.by_key
    assert 'src="data:image/jpeg;base64,' in "".join(one.picture.value for one in picker.pool)
    assert "very bytes" in preview.cards["flickr"].value

"""Finding and waiting for the parts of a notebook page."""

import time

SERVICES = ("flickr", "pixelfed")
MINUTES = 120_000
#: The classes of what does not fit into its place.
TOO_WIDE = """() => [...document.querySelectorAll('.soc')]
  .filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.className)"""


def expect(locator):
    """Playwright's `expect`, with patience for a machine that does much else."""
    from playwright.sync_api import expect as waiting_for

    waiting_for.set_options(timeout=60_000)
    return waiting_for(locator)


def pane(person, step, platform):
    """The tab of a platform in a step, in front."""
    tab = person.page.locator(f".soc-step-{step} .lm-TabBar-tab").nth(SERVICES.index(platform))
    tab.click()
    found = person.page.locator(f".soc-step-{step} .pane-{platform}")
    expect(found).to_be_visible()
    return found


def until(is_so):
    """Wait for something that no page shows, such as the journal."""
    end = time.monotonic() + MINUTES / 1000
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.05)

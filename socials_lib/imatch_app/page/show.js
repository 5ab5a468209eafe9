"use strict";
/* Words, numbers and elements. Whatever comes from photos or servers becomes text, never markup. */

const Show = (() => {
  const NAMES = {flickr: "Flickr", pixelfed: "Pixelfed"};
  const ACTIONS = {add: "add", update: "update", metadata: "texts only", delete: "delete"};

  function el(tag, how, ...inside) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(how || {})) {
      if (name === "press") {
        made.addEventListener("click", value);
      } else if (name === "text") {
        made.textContent = value;
      } else if (value === true || value === false) {
        made.toggleAttribute(name, value);
      } else if (value !== null && value !== undefined) {
        made.setAttribute(name, value);
      }
    }
    made.append(...inside.filter((one) => one !== null && one !== undefined && one !== ""));
    return made;
  }

  function fill(place, ...inside) {
    place.replaceChildren(...inside.filter((one) => one));
  }

  /* Sets text only if it is new: a reader's place, and open details, stay. */
  function say(place, text) {
    if (place.textContent !== text) {
      place.textContent = text;
    }
  }

  function number(value) {
    return Number(value).toLocaleString("en-US");
  }

  function count(value, word) {
    return `${number(value)} ${word}${Number(value) === 1 ? "" : "s"}`;
  }

  function name(platform) {
    return NAMES[platform] || String(platform);
  }

  /* A title of a photo: its letters stay together, whichever direction they run. */
  function title(text) {
    return el("span", {}, "“", el("bdi", {text}), "”");
  }

  /* A sentence with `code` in it. */
  function prose(text, how) {
    const parts = String(text).split("`");
    return el("p", how || {}, ...parts.map((part, place) =>
      (place % 2 ? el("code", {text: part}) : part)));
  }

  /* Today the clock, before the date as well. */
  function clock(moment) {
    const at = new Date(moment);
    if (Number.isNaN(at.getTime())) {
      return "–";
    }
    const two = (value) => String(value).padStart(2, "0");
    const time = `${two(at.getHours())}:${two(at.getMinutes())}`;
    const day = at.toLocaleDateString("en-GB", {day: "numeric", month: "short", year: "numeric"});
    return at.toDateString() === new Date().toDateString() ? time : `${day}, ${time}`;
  }

  function span(seconds) {
    const minutes = Math.max(1, Math.round(seconds / 60));
    if (minutes < 100) {
      return `about ${minutes} min`;
    }
    const rest = minutes % 60;
    return `about ${Math.floor(minutes / 60)} h${rest ? ` ${rest} min` : ""}`;
  }

  function megabytes(bytes) {
    const found = bytes / 1048576;
    if (found < 0.05) {
      return "under 0.1 MB";
    }
    return `${found >= 100 ? number(Math.round(found)) : found.toFixed(1)} MB`;
  }

  /* Numbers that add up, in one line. */
  function counts(found, total) {
    const parts = ["add", "update", "metadata", "delete", "blocked"]
      .filter((word) => found[word]).map((word) => `${number(found[word])} ${word}`);
    const apart = [["suggested", "suggested"], ["skip", "skipped"]]
      .filter(([word]) => found[word]).map(([word, said]) => `${number(found[word])} ${said}`);
    const line = parts.length ? `${number(total)} pending = ${parts.join(" + ")}` : "0 pending";
    return apart.length ? `${line} (${apart.join(", ")})` : line;
  }

  function terms(found) {
    const known = Object.entries(found || {}).filter(([, value]) => value);
    return known.map(([word, value]) => `${number(value)} ${word}`).join(", ") || "nothing to do";
  }

  function note(kind, fact, hint, ...more) {
    return el("div", {class: `note ${kind}`}, prose(fact),
      hint ? prose(hint, {class: "mute"}) : null, ...more);
  }

  function button(words, press, how) {
    return el("button", {type: "button", ...how, text: words, press});
  }

  function code(line) {
    const shown = el("code", {text: line, tabindex: "0"});
    const copied = el("span", {class: "mute", role: "status"});
    const copy = button("Copy", async () => {
      try {
        await navigator.clipboard.writeText(line);
        copied.textContent = "Copied.";
      } catch (error) {
        window.getSelection().selectAllChildren(shown);
        copied.textContent = "Marked: press Ctrl+C.";
      }
    }, {class: "small", "aria-label": `Copy ${line}`});
    return el("p", {class: "code"}, shown, " ", copy, " ", copied);
  }

  return {ACTIONS, button, clock, code, count, counts, el, fill, megabytes, name, note, number, prose,
    say, span, terms, title};
})();

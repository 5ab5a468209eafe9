"use strict";
/* The page: looks, shows, presses. The program does everything else, in a process of its own, so
   nothing here has to stay open; a page that opens anew finds the run that is under way. */

(() => {
  const {ACTIONS, button, clock, code, count, counts, el, fill, megabytes, name, note, number, prose,
    say, span, terms, title} = Show;
  const $ = (id) => document.getElementById(id);
  const PAUSE = {going: 300, waiting: 4000, idle: 15000};
  const GOING = ["starting", "working"];
  const SENDING = "add,update,metadata";
  const MODES = {
    demo: ["DEMO", "Practice copies. Nothing leaves this computer."],
    live: ["LIVE", "Posts to the real accounts."],
  };
  const opened = Date.now();
  const now = {doc: null, plan: null, shown: "", busy: false, seen: "", lost: 0, said: 0,
    stopFrom: 0, wake: null, aboutJob: false};

  /* -- what is going on */

  const job = () => (now.doc && now.doc.job) || null;
  const run = () => (now.doc && now.doc.run) || null;
  const isPlanning = () => Boolean(job()) && job().kind === "plan" && GOING.includes(job().state);
  const isRunning = () => Boolean(run() && run().is_going)
    || (Boolean(job()) && job().kind !== "plan" && GOING.includes(job().state));
  const why = () => {
    if (isRunning()) {
      return "A run is under way.";
    }
    return isPlanning() ? "The plan is being made." : "";
  };

  function pause() {
    const kind = !(isRunning() || isPlanning()) ? "idle"
      : run() && run().state === "waiting" ? "waiting" : "going";
    return new Promise((done) => {
      const timer = window.setTimeout(done, PAUSE[kind]);
      now.wake = () => {
        window.clearTimeout(timer);
        done();
      };
    });
  }

  function wake() {
    if (now.wake) {
      now.wake();
    }
  }

  async function watch() {
    take(await Talk.order("status"));
    for (;;) {
      await pause();
      const busy = isRunning() || isPlanning();
      const words = ["status", "--brief"];
      if (busy && now.seen) {
        words.push("--wait", "4", "--seen", now.seen);
      }
      const before = busy;
      take(await Talk.order(...words));
      if (before && !isRunning() && !isPlanning()) {
        await look();
      }
    }
  }

  /* Everything anew: how the run ended, what is left. */
  async function look() {
    take(await Talk.order("status"));
  }

  function take(found) {
    if (found.error) {
      now.lost += 1;
      if (now.lost === 1 && now.doc) {
        return; /* once is no trouble: the next look may go well */
      }
      trouble(found.error);
      return;
    }
    if (now.lost) {
      now.lost = 0;
      fill($("trouble"));
    }
    now.seen = found.mark || now.seen;
    now.doc = {...now.doc, ...found};
    render();
  }

  /* -- showing */

  function render() {
    head();
    aboutJob();
    aboutRun();
    aboutLast();
    aboutPlan();
    hold();
  }

  function head() {
    const [word, sentence] = MODES[now.doc.mode] || ["?", "The mode is not known."];
    say($("mode"), word);
    $("mode").className = `pill ${now.doc.mode}`;
    $("head").className = now.doc.mode;
    const isOld = now.doc.page !== SOCIALS_COMMAND.page;
    say($("mode-words"), isOld
      ? `${sentence} This page is not the one of the program: run “socials imatch-app install”`
        + " again and restart IMatch."
      : sentence);
  }

  function trouble(error) {
    const hint = error.hint || "";
    if (error.code === "no_answer") {
      fill($("trouble"), note("err", error.message, hint || null,
        el("p", {text: "Run this in a Command Prompt to see why:"}),
        code(`${SOCIALS_COMMAND.line} status`)));
      say($("mode"), "?");
      say($("mode-words"), "Not known: the program does not answer.");
      return;
    }
    fill($("trouble"), note("err", error.message, hint));
  }

  /* Words about a job that did not work out; one that was refused long ago says nothing any more. */
  function aboutJob() {
    const found = job();
    if (!found || now.shown === `${found.job} ${found.state}`) {
      return;
    }
    const isFresh = Date.parse(found.asked) > opened - 5000;
    now.shown = `${found.job} ${found.state}`;
    if (found.state === "died") {
      const hint = found.kind === "plan"
        ? "Nothing was changed. Show the plan again."
        : "Nothing is lost and nothing is sent twice. Go on with what is left, below.";
      fill($("trouble"), note("err", "The worker ended unexpectedly.", hint));
    } else if (found.state === "failed" || (found.state === "refused" && isFresh)) {
      fill($("trouble"), note("err", found.message || "It did not work.", found.hint));
    } else {
      if (now.aboutJob) {
        fill($("trouble"));
      }
      now.aboutJob = false;
      return;
    }
    now.aboutJob = true;
  }

  const STATES = {
    running: ["◐", "Running", "accent"],
    waiting: ["…", "Waiting", "warn"],
    stopping: ["■", "Stopping after the photo in work", "warn"],
  };

  function aboutRun() {
    const going = isRunning();
    const had = document.activeElement === $("stop");
    $("run").hidden = !going;
    if (!going) {
      if (had) {
        $("last-title").setAttribute("tabindex", "-1");
        $("last-title").focus();
      }
      return;
    }
    const found = run() && run().is_going ? run() : null;
    const [sign, word, kind] = found ? STATES[found.state] || STATES.running
      : ["◐", "Starting", "accent"];
    const until = found && found.state === "waiting" && found.until
      ? ` until ${clock(found.until)}` : "";
    const by = found && found.origin ? `, from the ${found.origin}, since ${clock(found.started)}`
      : "";
    say($("run-state"), `${sign} ${word}${until}${by}`);
    $("run-state").className = `state ${kind}`;
    $("run-bar").max = Math.max(1, found ? found.total : 1);
    $("run-bar").value = found ? found.done : 0;
    const line = found ? progress(found) : "The worker is starting.";
    say($("run-numbers"), line);
    fill($("run-photo"), ...photo(found));
    if (Date.now() - now.said > 5000) {
      now.said = Date.now();
      say($("run-said"), line);
    }
    $("stop").disabled = Boolean(found && found.state === "stopping");
  }

  function progress(found) {
    const parts = [`${number(found.done)} of ${number(found.total)}`];
    if (found.failed) {
      parts.push(`${number(found.failed)} failed`);
    }
    const seconds = (Date.parse(now.doc.now) - Date.parse(found.started)) / 1000;
    if (found.done > 1 && seconds > 0) {
      const left = (found.total - found.done) * seconds / found.done;
      const end = Date.parse(now.doc.now) + left * 1000;
      parts.push(`${number(Math.max(1, Math.round(found.done / seconds * 60)))} a minute`);
      if (found.done < found.total) {
        parts.push(`${span(left)} left, done about ${clock(end)}`);
      }
    }
    return parts.join(" · ");
  }

  function photo(found) {
    if (!found) {
      return [];
    }
    if (found.state === "waiting") {
      return [el("span", {text: found.message || "The service asks for a pause."})];
    }
    const part = found.bytes_total
      ? `, ${Math.round(100 * found.bytes_sent / found.bytes_total)} %` : "";
    return found.title
      ? [el("span", {text: "sending "}), title(found.title), el("span", {text: part})] : [];
  }

  /* -- the last run */

  const ENDS = {
    done: ["✓", "Done", "ok"],
    stopped: ["■", "Stopped", "warn"],
    halted: ["✕", "Stopped by trouble", "err"],
    broken: ["✕", "Ended unexpectedly", "err"],
  };

  function aboutLast() {
    const last = now.doc.last;
    $("last").hidden = !last || isRunning();
    const mark = JSON.stringify([last, now.doc.left]);
    if (!last || $("last-body").dataset.mark === mark) {
      return;
    }
    $("last-body").dataset.mark = mark;
    const [sign, word, kind] = ENDS[last.state] || ["?", last.state, "warn"];
    const lines = Object.entries(last.counts)
      .map(([platform, found]) => `${name(platform)}: ${terms(found)}.`);
    const left = now.doc.left;
    const path = job() && job().run === last.run ? job().report : "";
    fill($("last-body"),
      el("p", {class: `state ${kind}`, text: `${sign} ${word} ${clock(last.ended || last.started)}.`
        + ` ${lines.join(" ") || "Nothing was done."}`}),
      last.message && last.state !== "stopped" ? note("warn", last.message, last.hint) : null,
      left ? el("p", {text: openWords(left)}) : null,
      unwell(last),
      el("div", {class: "row"},
        left ? act(goOnWords(left), () => begin(
          "resume", ...(left.run === last.run ? ["--run", left.run] : [])), "go") : null,
        act("Open the report", () => report(last.run), ""),
        el("span", {class: "mute", role: "status", id: "report-said"})),
      path ? el("p", {class: "mute"}, "Report: ", el("code", {text: path})) : null);
  }

  function openWords(left) {
    const unclear = left.unclear ? ` ${number(left.unclear)} half done or unclear,` : "";
    return `Open: ${number(left.done)} done,${unclear} ${number(left.waiting)} not started.`
      + " Nothing is sent twice.";
  }

  function goOnWords(left) {
    return left.left ? `Go on with the ${number(left.left)}` : "Finish this run";
  }

  function unwell(last) {
    if (!last.unwell.length) {
      return null;
    }
    const rows = last.unwell.map((one) => el("li", {},
      title(one.title), ` on ${name(one.platform)}: `, one.state === "done"
        ? el("span", {class: "word warn", text: "done, with a note"})
        : el("span", {class: "word", text: one.state}),
      one.message ? prose(one.message) : null, one.hint ? prose(one.hint) : null,
      one.code === "has_engagement" ? prose("Tick it by name in JupyterLab.") : null,
      ...one.notes.map((text) => prose(`! ${text}`, {class: "mute"}))));
    if (last.unwell_more) {
      rows.push(el("li", {text: `and ${number(last.unwell_more)} more, in the report`}));
    }
    const total = last.unwell.length + last.unwell_more;
    return el("details", {open: total < 6},
      el("summary", {text: `Needs a look: ${number(total)}`}), el("ul", {class: "tall",
        tabindex: "0", "aria-label": "Photos that need a look"}, ...rows));
  }

  async function report(which) {
    say($("report-said"), "Opening.");
    const found = await Talk.order("report", which);
    const words = found.error ? `${found.error.message} ${found.error.hint || ""}`
      : found.opened ? "Opened in your browser." : `Open it yourself: ${found.report}`;
    say($("report-said"), words);
  }

  /* -- the plan */

  function aboutPlan() {
    const found = job();
    if (isPlanning()) {
      say($("plan-state"), found.total
        ? `◐ Reading ${number(found.done)} of ${number(found.total)} photos from IMatch`
        : "◐ Reading IMatch");
      return;
    }
    const last = now.doc.last;
    const isOver = last && found && Date.parse(last.started) > Date.parse(found.asked);
    const wanted = found && found.kind === "plan" && found.state === "done" && !isOver
      ? found.plan : "";
    if (wanted && (!now.plan || now.plan.plan !== wanted)) {
      fetchPlan(wanted);
    } else if (!wanted && !isRunning()) {
      dropPlan();
    }
  }

  async function fetchPlan(wanted) {
    if (now.fetching === wanted) {
      return;
    }
    now.fetching = wanted;
    const found = await Talk.order("show", wanted);
    now.fetching = "";
    if (found.error) {
      trouble(found.error);
      return;
    }
    now.plan = found;
    say($("plan-state"), `Plan of ${clock(found.created)}`);
    showPlan(found);
    hold();
  }

  function dropPlan() {
    if (now.plan) {
      now.plan = null;
      $("plan").hidden = true;
      say($("plan-state"), "");
    }
  }

  function showPlan(view) {
    const platforms = view.platforms;
    const sending = platforms.filter((one) => one.send);
    const total = sending.reduce((sum, one) => sum + one.send, 0);
    const chosen = view.scope.chosen;
    fill($("plan-body"),
      chosen === null ? null : el("p", {text:
        `${count(chosen, "photo")} ${view.scope.kind === "selection" ? "selected in IMatch" : "chosen"}`
        + `, ${number(view.scope.pending)} of them pending.`}),
      view.dry_run ? note("warn", "CHECK ONLY: IMatch says imatch_to_socials_testing = 1.",
        "Nothing is sent until that variable is 0.") : null,
      ...view.warnings.map((text) => note("warn", text)),
      ...platforms.map((one) => platform(view, one)),
      sending.length > 1 ? el("div", {class: "row both"},
        ...sendButton(`Send ${count(total, "photo")} to both`, view, sending, true)) : null);
    const [first] = platforms;
    say($("plan-title"), `Plan of ${clock(view.created)}`
      + (platforms.length === 1 && first ? ` for ${name(first.name)}` : ""));
    $("plan").hidden = false;
    commands(platforms.map((one) => one.name));
  }

  function platform(view, one) {
    const total = ["add", "update", "metadata", "delete", "blocked"]
      .reduce((sum, word) => sum + (one.counts[word] || 0), 0);
    return el("div", {class: "platform", "data-platform": one.name},
      el("h3", {}, name(one.name), el("span", {class: "mute"}, " ", el("bdi", {text: one.account}))),
      el("p", {class: "counts", text: counts(one.counts, total)}),
      one.send ? el("p", {class: "mute", text: `${count(one.send, "photo")} to send · at most`
        + ` ${count(one.calls, "call")} · ${megabytes(one.bytes)} · ${span(one.seconds)}`}) : null,
      one.send ? el("div", {class: "row"}, ...sendButton(
        `Send ${count(one.send, "photo")} to ${name(one.name)}`, view, [one], false))
        : el("p", {class: "mute", text: `– Nothing to send to ${name(one.name)}.`}),
      list(`What is sent: ${number(one.send)}`, one.rows.map((row) =>
        el("li", {}, title(row.title),
          el("span", {class: "mute", text: ` · ${ACTIONS[row.action] || row.action}`}))),
      one.rows_more),
      list(`Blocked: ${number(one.blocked.length + one.blocked_more)}`,
        one.blocked.map(blocked), one.blocked_more),
      leaving(view, one));
  }

  function list(words, rows, more) {
    if (!rows.length) {
      return null;
    }
    const rest = more ? [el("li", {text: `and ${number(more)} more`})] : [];
    return el("details", {}, el("summary", {text: words}),
      el("ul", {class: "tall", tabindex: "0", "aria-label": words}, ...rows, ...rest));
  }

  function blocked(row) {
    const reasons = row.reasons.map((one) => {
      const facts = [one.found ? `found ${one.found}` : "", one.limit ? `allowed ${one.limit}` : ""];
      const told = facts.filter((text) => text).join(", ");
      return el("p", {}, el("span", {class: "word", text: `✕ ${one.words}`}),
        told ? ` (${told})` : "", one.suggestion ? `. ${one.suggestion}` : "");
    });
    return el("li", {}, title(row.title), " ", el("span", {class: "mute"},
      el("bdi", {text: row.file})), ...reasons);
  }

  /* The button, and in live mode a question in its place. */
  function sendButton(words, view, platforms, isBoth) {
    const names = platforms.map((one) => one.name);
    const total = platforms.reduce((sum, one) => sum + one.send, 0);
    const how = names.flatMap((one) => ["--platform", one]);
    const go = () => begin("start", "--plan", view.plan, ...how, "--only", SENDING);
    const place = el("span", {class: "row"});
    const main = act(words, () => (view.mode === "live" ? ask() : go()), isBoth ? "" : "go");
    const ask = () => {
      const where = platforms.map((one) => `${name(one.name)} account “${one.account}”`).join(
        " and the real ");
      const no = button("Not now", () => {
        fill(place, main);
        main.focus();
      });
      fill(place, el("span", {text: `Send ${count(total, "photo")} to the real ${where}?`}),
        act(`Yes, send ${count(total, "photo")}`, () => {
          fill(place, main);
          go();
        }, "go"), no);
      no.focus();
    };
    fill(place, main);
    return [place, el("span", {class: "mute why"})];
  }

  /* Photos leave only when their number was typed, one platform at a time. */
  function leaving(view, one) {
    if (!one.deletes) {
      return one.tidied ? el("div", {class: "leaving row"},
        act(`Tidy ${count(one.tidied, "photo")} in IMatch`, () => remove(view, one, null), ""),
        el("span", {class: "mute", text: "In _delete, but not online: only IMatch is changed."}))
        : null;
    }
    const wanted = `delete ${one.deletes}`;
    const typed = el("input", {type: "text", id: `typed-${one.name}`, autocomplete: "off",
      spellcheck: "false"});
    const gone = act(`Delete ${count(one.deletes, "photo")} from ${name(one.name)}`,
      () => remove(view, one, typed), "del");
    gone.dataset.wanted = wanted;
    gone.dataset.field = typed.id;
    typed.addEventListener("input", hold);
    const rows = one.leaving.map((text) => el("li", {}, title(text)));
    return el("div", {class: "leaving"},
      el("p", {text: `${count(one.deletes, "photo")} in _delete`
        + ` ${one.deletes === 1 ? "leaves" : "leave"} ${name(one.name)} for good.`}),
      list(`Which: ${number(one.deletes)}`, rows, one.leaving_more),
      el("p", {class: "mute", text: "A photo with comments or favourites stays."}),
      one.deletes > one.most_deletes ? note("warn",
        `At most ${number(one.most_deletes)} can go at once.`,
        "Use JupyterLab, or the command line with --approve-deletes.") : null,
      el("div", {class: "row"},
        el("label", {for: typed.id}, `Type ${wanted} to allow it`), typed, gone,
        el("span", {class: "mute why"})));
  }

  async function remove(view, one, typed) {
    const number_ = typed ? typed.value.trim().replace(/^delete\s+/i, "") : "0";
    if (typed) {
      typed.value = "";
    }
    hold();
    await begin("start", "--plan", view.plan, "--platform", one.name, "--only", "delete",
      "--delete-count", /^\d+$/.test(number_) ? number_ : "-1");
  }

  /* -- pressing */

  /* A button that starts something: held while anything is under way. */
  function act(words, press, kind) {
    return button(words, press, {class: kind, "data-act": ""});
  }

  function hold() {
    const reason = now.busy ? "One moment." : why();
    for (const one of document.querySelectorAll("[data-act], #show-plan")) {
      const field = one.dataset.field ? $(one.dataset.field) : null;
      const isTyped = !field
        || field.value.trim().replace(/\s+/g, " ").toLowerCase() === one.dataset.wanted;
      if (document.activeElement === one && reason && !$("run").hidden) {
        $("stop").focus();
      }
      one.disabled = Boolean(reason) || !isTyped;
      const told = one.closest(".row, .leaving");
      const place = told && (told.querySelector(".why")
        || (told.parentElement && told.parentElement.querySelector(":scope > .why")));
      if (place) {
        say(place, reason); /* what to type stands beside the field */
      }
    }
  }

  /* Gives an order that starts a worker. */
  async function begin(...words) {
    if (now.busy) {
      return;
    }
    now.busy = true;
    fill($("trouble"));
    hold();
    const found = await Talk.order(...words);
    now.busy = false;
    if (found.error) {
      trouble(found.error);
      await look();
      return;
    }
    now.doc = {...now.doc, job: found.job};
    render();
    if (found.job.kind !== "plan") {
      now.stopFrom = Date.now() + 500;
      $("stop").focus();
    }
    wake();
  }

  async function showPlanPressed() {
    const chosen = (group) => document.querySelector(`input[name="${group}"]:checked`).value;
    dropPlan();
    say($("plan-state"), "◐ Reading IMatch");
    const where = chosen("where");
    await begin("plan", ...(where === "both" ? [] : ["--platform", where]),
      ...(chosen("which") === "selection" ? ["--selection"] : []));
    if (!isPlanning()) {
      say($("plan-state"), "");
    }
  }

  async function stopPressed() {
    if (Date.now() < now.stopFrom) {
      return;
    }
    $("stop").disabled = true;
    say($("run-state"), "■ Stopping after the photo in work");
    const found = await Talk.order("stop");
    if (found.error) {
      trouble(found.error);
      $("stop").disabled = false;
    }
    wake();
  }

  async function labPressed() {
    say($("lab-said"), "Starting.");
    const again = $("lab").dataset.again ? ["--again"] : [];
    const found = await Talk.order("lab", ...again);
    if (found.error) {
      say($("lab-said"), `${found.error.message} ${found.error.hint || ""}`);
    } else if (found.started) {
      say($("lab-said"), "Started: it opens in your browser in a moment.");
    } else {
      say($("lab-said"), `Opened from here at ${clock(found.since)} and still running: look in your`
        + " browser. Press again to start another one.");
      $("lab").dataset.again = "yes";
    }
  }

  function commands(names) {
    const sync = `${SOCIALS_COMMAND.program} sync ${names.join(" ")}`.trim();
    fill($("code"), el("p", {text: "The same from a Command Prompt:"}),
      code(`${sync} --only ${SENDING}`),
      el("p", {text: "What this page runs:"}), code(`${SOCIALS_COMMAND.line} status`));
  }

  function missing() {
    say($("mode"), "?");
    say($("mode-words"), "Not known: this page cannot ask.");
    $("show-plan").disabled = true;
    $("lab").disabled = true;
    fill($("trouble"), note("err",
      "This page cannot start the program: IMatch offers no IMatch.processRun here.",
      "Is it open inside IMatch, and not in a browser? Your version of IMatch may differ. The same"
      + " works without this page. Copy one of these into a Command Prompt:",
      code(`${SOCIALS_COMMAND.program} sync --dry-run`),
      code(`${SOCIALS_COMMAND.program} sync --only ${SENDING}`),
      code(`${SOCIALS_COMMAND.line} lab`)));
  }

  $("show-plan").addEventListener("click", showPlanPressed);
  $("stop").addEventListener("click", stopPressed);
  $("lab").addEventListener("click", labPressed);
  document.addEventListener("visibilitychange", wake);
  commands([]);
  if (Talk.isPossible()) {
    watch();
  } else {
    missing();
  }
})();

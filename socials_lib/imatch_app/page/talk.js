"use strict";
/* Orders to the program: each runs it once through IMatch and reads the one document it prints.

   What is known of IMatch.processRun: it takes {executable, parameters, showwindow, timeout} and
   answers when the program has ended, with exitCode, output and errorOutput; a rejected call carries
   responseText.  Everything else is taken as it comes. */

const Talk = (() => {
  const PLAIN = /^[A-Za-z0-9_.:,=-]+$/;
  const SECONDS = 300;
  let known = null;

  /* IMatch may be a class, and a class is no member of window. */
  function isPossible() {
    return typeof IMatch !== "undefined" && IMatch !== null
      && typeof IMatch.processRun === "function";
  }

  function failure(code, message, hint) {
    return {error: {code, message, hint: hint || null}};
  }

  /* The document in what a program printed; null if there is none. */
  function documentIn(answer) {
    const text = typeof answer === "string" ? answer : answer && answer.output;
    if (answer && typeof answer === "object" && typeof text === "undefined") {
      return "error" in answer || "page" in answer ? answer : null;
    }
    const all = String(text || "");
    const from = all.indexOf("{"), to = all.lastIndexOf("}");
    if (from < 0 || to < from) {
      return null;
    }
    try {
      const found = JSON.parse(all.slice(from, to + 1));
      /* IMatch's own answer, if it comes as text: the document is inside */
      return typeof found.output === "string" ? documentIn(found) : found;
    } catch (error) {
      return null;
    }
  }

  function wordsOf(refusal) {
    const said = refusal && (refusal.responseText || refusal.message || refusal.errorOutput);
    return String(said || refusal || "").slice(0, 400);
  }

  async function run(form, words) {
    const parameters = [form.parameters, ...words].filter((one) => one).join(" ");
    return IMatch.processRun(
      {executable: form.executable, parameters, showwindow: false, timeout: SECONDS});
  }

  /* Gives an order; its document, or one with an error. The first order finds out which form of the
     command works here, so it has to be one that changes nothing. */
  async function order(...words) {
    if (!isPossible()) {
      return failure("no_process_run", "IMatch offers no IMatch.processRun here.", "");
    }
    if (!words.every((word) => PLAIN.test(word))) {
      return failure("usage", "This order cannot be given.", "");
    }
    let said = "";
    for (const form of known ? [known] : SOCIALS_COMMAND.forms) {
      try {
        const answer = await run(form, words);
        const found = documentIn(answer);
        if (found) {
          known = form;
          return found;
        }
        said = wordsOf(answer && (answer.errorOutput || answer.output));
      } catch (refusal) {
        said = wordsOf(refusal);
      }
    }
    return failure("no_answer", "The program does not answer.", said);
  }

  return {isPossible, order};
})();

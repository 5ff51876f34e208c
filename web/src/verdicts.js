// SPDX-License-Identifier: Apache-2.0
//
// verdicts.js - what is said of findings: tried on history, said, undone.
import { api, post } from "./api.js";
import { tellNews } from "./live.js";
import { note } from "./notes.jsx";
import { taste } from "./taste.js";
import { plural } from "./words.js";

export const VERDICTS = [
    ["real", "Real", "it matters: its like will be told again"],
    ["expected", "Expected", "it is usual here: its like is held back"],
    ["unsure", "Not sure", "seen, and left open"],
    ["mute", "Mute", "hold back all that is said of this signal"],
];
export const SCOPES = [
    ["this", "only this one"],
    ["signal", "this signal"],
    ["source", "all of its source"],
    ["everywhere", "wherever it comes"],
];

const LEARNT_MS = 1500;

// What is durable is learnt a moment later; what was asked before that is asked again.
function tellSoon() {
    tellNews(true);
    setTimeout(() => tellNews(true), LEARNT_MS);
}

let said = [],
    lastForm = { verdict: "expected", scope: "signal", until: "worse", reason: "" };

export const lastVerdict = () => lastForm;

// The time behind "1d", as the server takes it.
function untilOf(text, now = Date.now()) {
    const days = { "1h": 1 / 24, "1d": 1, "7d": 7, "30d": 30 }[text];
    return days === undefined ? text : new Date(now + days * 86400e3).toISOString();
}

function bodyOf(finding, form) {
    const hides = form.verdict === "expected" || form.verdict === "mute";
    const body = { verdict: form.verdict, finding: finding.id };
    if (form.verdict === "mute") {
        delete body.finding;
        Object.assign(body, {
            source: finding.source,
            kind: finding.kind,
            about: finding.sentence,
        });
        body[finding.sample ? "pattern" : "signal"] = finding.signal;
    } else if (form.scope !== "signal") {
        body.scope = form.scope;
    }
    if (hides) body.until = untilOf(form.until);
    if (form.reason) body.reason = form.reason;
    if (taste.author()) body.author = taste.author();
    return body;
}

const bodies = (findings, form) => findings.map((finding) => bodyOf(finding, form));

export const tried = (findings, form) => post("verdicts:test", bodies(findings, form));

const sum = (items, name) => items.reduce((all, item) => all + (item[name] ?? 0), 0);

// In the words of the dialog: what it would have done.
export function trialWords(items, verdict) {
    const all = Math.max(0, ...items.map((item) => item.looked_at));
    const hidden = sum(items, "hidden"),
        real = sum(items, "real"),
        fits = sum(items, "fits");
    const of = `${plural(all, "finding")} of the last 30 days`;
    if (verdict === "real" || verdict === "unsure")
        return `It is said of ${plural(fits, "finding")}; nothing is hidden by it.`;
    return `It would have hidden ${hidden} of ${of}, ${real} that you marked real.`;
}

export async function say(findings, form) {
    const told = await post("verdicts", bodies(findings, form));
    const ids = told.items.map((item) => item.id);
    lastForm = { ...form };
    said.push(ids);
    tellSoon();
    const name = VERDICTS.find(([verdict]) => verdict === form.verdict)[1];
    const words = trialWords(told.items, form.verdict);
    note(`${name}. ${words.replace("would have hidden", "holds back")}`, () => undo(ids));
    return told;
}

export async function undo(ids) {
    try {
        for (const id of ids) await api(`verdicts/${encodeURIComponent(id)}`, { method: "DELETE" });
        said = said.filter((one) => one !== ids);
        note("Undone: it is as if it had never been said.");
    } catch (problem) {
        note(problem.message, null, true);
    }
    tellSoon();
}

export function undoLast() {
    if (said.length === 0)
        note("Nothing was said on this page yet; all verdicts stand under Rules.");
    else undo(said[said.length - 1]);
}

// SPDX-License-Identifier: Apache-2.0
//
// live.js - news of the server as it tells them, by server-sent events; where that does not come
// through, it is asked every few seconds.
//
// States: "live", "polling" (it answers, and tells nothing by itself), "gone" (it does not answer).
// EventSource can send no token, so the stream is read by fetch.
import { note } from "./notes.jsx";
import { authorization } from "./token.js";

const POLL_MS = 10000,
    LIVE_POLL_MS = 60000,
    GATHER_MS = 400,
    NEWS_MS = 3000,
    AGAIN_MS = 1000,
    AGAIN_MAX_MS = 8000,
    QUIET_MS = 40000;

const news = new Set(),
    states = new Set();
let state = "starting",
    started = null,
    last = null,
    gather = null,
    told = 0;

function say(next) {
    if (next === state) return;
    const before = state;
    state = next;
    for (const listener of states) listener(next, before);
}

// Many findings at once are one news, and a flood of them one every three seconds.
export function tellNews(now = false) {
    const wait = now ? 0 : Math.min(told + NEWS_MS - Date.now(), NEWS_MS);
    gather ??= setTimeout(
        () => {
            gather = null;
            told = Date.now();
            for (const listener of news) listener();
        },
        Math.max(GATHER_MS, wait),
    );
}

export function onNews(listener) {
    news.add(listener);
    return () => news.delete(listener);
}

export function onState(listener) {
    states.add(listener);
    listener(state, state);
    return () => states.delete(listener);
}

// Whether it answers; a server that was started meanwhile has all to tell anew.
async function answers() {
    try {
        const answer = await fetch("/api/v1/status", {
            headers: authorization(),
            signal: AbortSignal.timeout(5000),
        });
        if (!answer.ok) return false;
        const status = await answer.json();
        if (started !== null && status.started !== started) {
            last = null;
            note("The server was started again; what you see is asked anew.");
            tellNews();
        }
        started = status.started;
        return true;
    } catch {
        return false;
    }
}

function heard(frame) {
    const id = /^id: ?(.*)$/m.exec(frame);
    if (id) last = id[1];
    if (/^event:/m.test(frame)) tellNews();
}

async function listen() {
    const control = new AbortController();
    const headers = { Accept: "text/event-stream", ...authorization() };
    if (last !== null) headers["Last-Event-ID"] = last;
    const answer = await fetch("/api/v1/events", { headers, signal: control.signal });
    if (!answer.ok) throw new Error(String(answer.status));
    say("live");
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "",
        quiet;
    for (;;) {
        clearTimeout(quiet);
        quiet = setTimeout(() => control.abort(), QUIET_MS);
        const { done, value } = await reader.read();
        if (done) break;
        const frames = (rest + value).split(/\r?\n\r?\n/);
        rest = frames.pop();
        frames.forEach(heard);
    }
    clearTimeout(quiet);
}

export async function live() {
    for (let wait = AGAIN_MS; ; wait = Math.min(wait * 1.5, AGAIN_MAX_MS)) {
        if (await answers()) {
            wait = AGAIN_MS;
            try {
                await listen();
            } catch {
                // What became of it is asked below.
            }
            say((await answers()) ? "polling" : "gone");
        } else {
            say("gone");
        }
        await new Promise((resolve) => setTimeout(resolve, wait));
    }
}

// Counts and lags are no news that are told, so all is asked now and then even where it is live.
setInterval(() => {
    if (!document.hidden && Date.now() - told >= (state === "live" ? LIVE_POLL_MS : POLL_MS))
        tellNews();
}, POLL_MS);

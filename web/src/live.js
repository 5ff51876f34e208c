// SPDX-License-Identifier: Apache-2.0
//
// live.js - news of the server as it tells them, by server-sent events; where that does not come
// through, it is asked every few seconds.
//
// States: "live", "polling" (it answers, and tells nothing by itself), "gone" (it does not answer).
// EventSource can send no token, so the stream is read by fetch.
import { authorization } from "./token.js";

const POLL_MS = 10000, GATHER_MS = 400, AGAIN_MS = 1000, AGAIN_MAX_MS = 8000, QUIET_MS = 40000;

const news = new Set(), states = new Set();
let state = "starting", started = null, last = null, gather = null;

function say(next) {
    if (next === state)
        return;
    const before = state;
    state = next;
    for (const listener of states)
        listener(next, before);
}

// Many findings at once are one news.
export function tellNews() {
    gather ??= setTimeout(() => {
        gather = null;
        for (const listener of news)
            listener();
    }, GATHER_MS);
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
        const told = await fetch("/api/v1/status", { headers: authorization(),
                                                     signal: AbortSignal.timeout(5000) });
        if (!told.ok)
            return false;
        const status = await told.json();
        if (started !== null && status.started !== started) {
            last = null;
            say("restarted");
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
    if (id)
        last = id[1];
    if (/^event:/m.test(frame))
        tellNews();
}

async function listen() {
    const control = new AbortController();
    const headers = { Accept: "text/event-stream", ...authorization() };
    if (last !== null)
        headers["Last-Event-ID"] = last;
    const told = await fetch("/api/v1/events", { headers, signal: control.signal });
    if (!told.ok)
        throw new Error(String(told.status));
    say("live");
    const reader = told.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "", quiet;
    for (;;) {
        clearTimeout(quiet);
        quiet = setTimeout(() => control.abort(), QUIET_MS);
        const { done, value } = await reader.read();
        if (done)
            break;
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
            say(await answers() ? "polling" : "gone");
        } else {
            say("gone");
        }
        await new Promise((resolve) => setTimeout(resolve, wait));
    }
}

setInterval(() => { if (!document.hidden) tellNews(); }, POLL_MS);

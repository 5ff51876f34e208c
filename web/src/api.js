// SPDX-License-Identifier: Apache-2.0
//
// api.js - questions to the server, and its answers as they stand.
//
// What asks history runs in the server two at a time, so no more are sent at once; 429 and 503 are
// asked again, as Retry-After says.  Without a token where one is needed, `needsToken` is told.
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { onNews } from "./live.js";
import { authorization, needsToken } from "./token.js";

const AT_ONCE = 2;
const AGAIN_MAX = 5;
const SLOW = /\/history|\/sql|:rank|\/signals/;

let running = 0;
const waiting = [];

async function inTurn(work) {
    if (running >= AT_ONCE) await new Promise((resolve) => waiting.push(resolve));
    running++;
    try {
        return await work();
    } finally {
        running--;
        waiting.shift()?.();
    }
}

class Refused extends Error {
    constructor(status, detail) {
        super(detail);
        this.status = status;
    }
}

const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

async function once(path, { method = "GET", body, signal }) {
    let answer;
    try {
        answer = await fetch(path, {
            method,
            signal,
            headers: { Accept: "application/json", ...authorization() },
            body: body === undefined ? undefined : JSON.stringify(body),
        });
    } catch (problem) {
        if (problem.name === "AbortError") throw problem;
        throw new Refused(0, "The server does not answer.");
    }
    const text = await answer.text();
    if (answer.status === 401) needsToken();
    let told = null;
    try {
        told = text === "" ? null : JSON.parse(text);
    } catch {
        throw new Refused(answer.status, "The answer of the server is not whole.");
    }
    if (!answer.ok) {
        const refused = new Refused(answer.status, told?.detail ?? `It answered ${answer.status}.`);
        refused.after = Number(answer.headers.get("Retry-After") ?? 0);
        throw refused;
    }
    return told;
}

async function patiently(path, how) {
    for (let turn = 0; ; turn++) {
        try {
            return await once(path, how);
        } catch (problem) {
            if (!(problem.status === 429 || problem.status === 503) || turn === AGAIN_MAX)
                throw problem;
            await pause(Math.max(problem.after ?? 0, 0.3 * (turn + 1)));
        }
    }
}

export function ask(path, how = {}) {
    return SLOW.test(path) ? inTurn(() => patiently(path, how)) : patiently(path, how);
}

export const api = (path, how) => ask(`/api/v1/${path}`, how);
export const post = (path, body) => api(path, { method: "POST", body });

// SQL's answer as objects.
export async function sql(text, how = {}) {
    const told = await api("sql", { method: "POST", body: { sql: text }, ...how });
    return told.rows.map((row) =>
        Object.fromEntries(row.map((cell, at) => [told.columns[at], cell])),
    );
}

// { data, error, loading, again }: asked anew when `key` changes and, if `live`, at news.
export function useAsk(key, work, { live = true } = {}) {
    const [state, setState] = useState({ key: null, data: null, error: null, loading: true });
    const latest = useRef(work);
    latest.current = work;
    const run = useCallback(() => {
        if (key === null) return () => {};
        const control = new AbortController();
        latest.current(control.signal).then(
            (data) =>
                control.signal.aborted || setState({ key, data, error: null, loading: false }),
            (error) =>
                control.signal.aborted ||
                setState((old) => ({
                    key,
                    data: old.key === key ? old.data : null,
                    error,
                    loading: false,
                })),
        );
        return () => control.abort();
    }, [key]);
    useEffect(() => {
        let stop = run();
        const off = live
            ? onNews(() => {
                  stop();
                  stop = run();
              })
            : () => {};
        return () => {
            stop();
            off();
        };
    }, [run, live]);
    const fresh = state.key === key;
    return {
        data: fresh ? state.data : null,
        error: fresh ? state.error : null,
        loading: !fresh || state.loading,
        again: run,
    };
}

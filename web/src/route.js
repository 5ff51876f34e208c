// SPDX-License-Identifier: Apache-2.0
//
// route.js - where the page is: the address alone says it, so that it can be kept and sent.
//
// A path names the screen (and whom it is of), the query all that was chosen there.
import { useEffect, useState } from "preact/hooks";

const listeners = new Set();

function read() {
    const parts = location.pathname.split("/").filter(Boolean).map(decodeURIComponent);
    return {
        screen: parts[0] ?? "now",
        id: parts[1] ?? null,
        query: Object.fromEntries(new URLSearchParams(location.search)),
    };
}

let current = read();

function changed() {
    current = read();
    for (const listener of listeners) listener(current);
}

addEventListener("popstate", changed);

export function here() {
    return current;
}

export function address(path, query = {}) {
    const kept = Object.entries(query).filter(
        ([, value]) => value !== null && value !== undefined && value !== "" && value !== false,
    );
    const text = new URLSearchParams(kept.map(([name, value]) => [name, String(value)])).toString();
    return path + (text === "" ? "" : `?${text}`);
}

export function go(to, { replace = false } = {}) {
    if (to === location.pathname + location.search) return;
    history[replace ? "replaceState" : "pushState"](null, "", to);
    changed();
}

// Changes what is chosen on this screen; null takes it away.
export function choose(changes, how = { replace: true }) {
    go(address(location.pathname, { ...current.query, ...changes }), how);
}

export function useRoute() {
    const [route, setRoute] = useState(current);
    useEffect(() => {
        listeners.add(setRoute);
        return () => listeners.delete(setRoute);
    }, []);
    return route;
}

// For links: the browser's own ways (a new tab, a copy) stay as they are.
export function follow(event) {
    if (
        event.defaultPrevented ||
        event.button > 0 ||
        event.metaKey ||
        event.ctrlKey ||
        event.shiftKey ||
        event.altKey
    )
        return;
    event.preventDefault();
    go(event.currentTarget.getAttribute("href"));
    window.scrollTo(0, 0);
}

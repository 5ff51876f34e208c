// SPDX-License-Identifier: Apache-2.0
//
// taste.js - what is a matter of who looks, not of what is looked at: theme, zone, name.  It stays
// in this browser.
const listeners = new Set();

function kept(name) {
    try {
        return localStorage.getItem(`oddball-${name}`);
    } catch {
        return null;
    }
}

function keep(name, value) {
    try {
        localStorage.setItem(`oddball-${name}`, value);
    } catch {
        // A browser that keeps nothing keeps the system's taste.
    }
    taste.apply();
    for (const listener of listeners) listener();
}

export const taste = {
    theme: () => kept("theme") ?? "system",
    setTheme: (value) => keep("theme", value),
    utc: () => kept("zone") === "utc",
    setUtc: (value) => keep("zone", value ? "utc" : "local"),
    author: () => kept("author") ?? "",
    setAuthor: (value) => keep("author", value),
    dark: () =>
        taste.theme() === "dark" ||
        (taste.theme() === "system" && matchMedia("(prefers-color-scheme: dark)").matches),
    apply: () => {
        document.documentElement.dataset.theme = taste.dark() ? "dark" : "light";
    },
    on: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
    },
};

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => keep("seen", "1"));

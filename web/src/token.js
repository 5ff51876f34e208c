// SPDX-License-Identifier: Apache-2.0
//
// token.js - the token that servers of other machines ask for; it lives as long as the tab.
const NAME = "oddball-token";
const listeners = new Set();

export function authorization() {
    const token = sessionStorage.getItem(NAME);
    return token ? { Authorization: `Bearer ${token}` } : {};
}

export function setToken(token) {
    sessionStorage.setItem(NAME, token);
}

export function needsToken() {
    for (const listener of listeners) listener();
}

export function onNeedsToken(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
}

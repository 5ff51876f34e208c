// SPDX-License-Identifier: Apache-2.0
//
// keys.js - one listener for all keys; what lies on top hears them first.
import { useLayoutEffect, useRef } from "preact/hooks";

const stack = [];

function typing(target) {
    return target.closest?.("input:not([type=radio]):not([type=checkbox]), textarea, select");
}

addEventListener("keydown", (event) => {
    const name = (event.ctrlKey || event.metaKey ? "Ctrl-" : "") + event.key;
    for (const layer of [...stack].reverse()) {
        const act = layer.keys.current[name];
        if (
            act &&
            !event.altKey &&
            (!typing(event.target) || name.startsWith("Ctrl-") || name === "Escape")
        ) {
            const onControl = name === "Enter" && event.target.closest("a, button, input, summary");
            if (onControl) return;
            event.preventDefault();
            act(event);
            return;
        }
        if (layer.modal) return;
    }
});

// keys: {name: act}.  modal: what lies below hears nothing.
export function useKeys(keys, { modal = false } = {}) {
    const latest = useRef(keys);
    latest.current = keys;
    useLayoutEffect(() => {
        const layer = { keys: latest, modal };
        stack.push(layer);
        return () => stack.splice(stack.indexOf(layer), 1);
    }, [modal]);
}

// SPDX-License-Identifier: Apache-2.0
//
// notes.jsx - what was just done, with its undo; it goes by itself after a while.
import { useEffect, useState } from "preact/hooks";

const STAY_MS = 15000;
let add = () => {};

// undo: what takes it back, or nothing.
export function note(text, undo = null, bad = false) {
    add({ text, undo, bad, key: `${Date.now()}-${Math.random()}` });
}

export function Notes() {
    const [notes, setNotes] = useState([]);
    add = (one) => {
        setNotes((old) => [...old.slice(-2), one]);
        setTimeout(() => drop(one.key), STAY_MS);
    };
    const drop = (key) => setNotes((old) => old.filter((one) => one.key !== key));
    useEffect(
        () => () => {
            add = () => {};
        },
        [],
    );
    return (
        <div class="notes" role="status" aria-live="polite">
            {notes.map((one) => (
                <div key={one.key} class={one.bad ? "note bad" : "note"}>
                    <span>{one.text}</span>
                    {one.undo ? (
                        <button
                            type="button"
                            onClick={() => {
                                drop(one.key);
                                one.undo();
                            }}
                        >
                            Undo
                        </button>
                    ) : null}
                    <button type="button" aria-label="Dismiss" onClick={() => drop(one.key)}>
                        ✕
                    </button>
                </div>
            ))}
        </div>
    );
}

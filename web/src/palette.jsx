// SPDX-License-Identifier: Apache-2.0
//
// palette.jsx - Ctrl-K: every screen, every open incident and a few deeds, by a few letters.
import { useEffect, useState } from "preact/hooks";
import { api } from "./api.js";
import { Dialog, openDialog } from "./dialogs.jsx";
import { undoLast } from "./verdicts.js";
import { go } from "./route.js";
import { shown } from "./screens.js";
import { taste } from "./taste.js";
import { visible } from "./text.jsx";

const deeds = () => [
    ...shown.map(({ path, title }) => ({ text: title, kind: "screen", act: () => go(path) })),
    { text: "Keys", kind: "do", act: () => openDialog("help") },
    { text: "Undo the last verdict", kind: "do", act: undoLast },
    {
        text: taste.dark() ? "Light theme" : "Dark theme",
        kind: "do",
        act: () => taste.setTheme(taste.dark() ? "light" : "dark"),
    },
    {
        text: taste.utc() ? "Show local time" : "Show UTC",
        kind: "do",
        act: () => taste.setUtc(!taste.utc()),
    },
];

const SHOWN_MAX = 40;

const fits = (text, words) => words.every((word) => text.toLowerCase().includes(word));

function useIncidents() {
    const [found, setFound] = useState([]);
    useEffect(() => {
        api("incidents?limit=50&order=newest").then(
            ({ items }) =>
                setFound(
                    items.map((item) => ({
                        text: visible(item.sentence),
                        kind: item.state,
                        act: () => go(`/i/${item.id}`),
                    })),
                ),
            () => {},
        );
    }, []);
    return found;
}

export function Palette({ close }) {
    const [typed, setTyped] = useState("");
    const [at, setAt] = useState(0);
    const found = useIncidents();
    const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
    const items = [...deeds(), ...found]
        .filter(({ text }) => fits(text, words))
        .slice(0, SHOWN_MAX);
    const run = (item) => {
        close();
        item?.act();
    };
    const move = (by) => setAt((at + by + items.length) % Math.max(items.length, 1));
    const onKeyDown = (event) => {
        const act = {
            ArrowDown: () => move(1),
            ArrowUp: () => move(-1),
            Escape: close,
            Enter: () => run(items[at]),
        }[event.key];
        if (act) {
            event.preventDefault();
            event.stopPropagation();
            act();
        }
    };
    return (
        <Dialog title="Go to, or do" close={close} className="palette">
            <input
                type="search"
                role="combobox"
                aria-expanded="true"
                aria-controls="found"
                aria-label="Go to, or do"
                aria-activedescendant={`found-${at}`}
                value={typed}
                data-first
                placeholder="A screen, an incident, a deed"
                onKeyDown={onKeyDown}
                onInput={(event) => {
                    setTyped(event.currentTarget.value);
                    setAt(0);
                }}
            />
            <ul id="found" role="listbox" aria-label="Found">
                {items.map((item, number) => (
                    <li
                        key={item.text + number}
                        id={`found-${number}`}
                        role="option"
                        aria-selected={number === at}
                        onClick={() => run(item)}
                    >
                        <span>{item.text}</span>
                        <small>{item.kind}</small>
                    </li>
                ))}
            </ul>
            {items.length === 0 ? <p class="quiet">Nothing is called so.</p> : null}
        </Dialog>
    );
}

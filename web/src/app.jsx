// SPDX-License-Identifier: Apache-2.0
//
// app.jsx - the frame around every screen: where one can go, whether the server is there, and what
// lies on top (help, palette, verdict, notes).
import { useEffect, useState } from "preact/hooks";
import { Dialogs, openDialog } from "./dialogs.jsx";
import { useKeys } from "./keys.js";
import { live, onState } from "./live.js";
import { Link } from "./parts.jsx";
import { useRoute } from "./route.js";
import { taste } from "./taste.js";
import { TokenDialog } from "./token_dialog.jsx";
import { onNeedsToken } from "./token.js";
import { Notes } from "./notes.jsx";
import { screens, shown } from "./screens.js";

const SENTENCES = {
    gone: "The server does not answer. What you see is the last that it told; it is asked again.",
    polling: "Not live just now: the page asks every ten seconds.",
};

function Connection() {
    const [state, setState] = useState("starting");
    useEffect(() => onState(setState), []);
    const sentence = SENTENCES[state];
    return (
        <div role="status" aria-live="polite" class="connection" data-state={state}>
            {sentence ? <p class={`banner banner-${state}`}>{sentence}</p> : null}
        </div>
    );
}

function Light() {
    const [state, setState] = useState("starting");
    useEffect(() => onState(setState), []);
    const words = { live: "live", polling: "asking", gone: "gone" }[state] ?? "connecting";
    return (
        <span class={`light light-${state}`} data-live={state}>
            <i aria-hidden="true" />
            {words}
        </span>
    );
}

function Bar({ screen }) {
    const [, redraw] = useState(0);
    useEffect(() => taste.on(() => redraw((old) => old + 1)), []);
    return (
        <header class="bar">
            <Link to="/" class="mark" aria-label="oddball, what is odd now">
                <svg viewBox="0 0 32 20" width="32" height="20" aria-hidden="true">
                    <circle cx="5" cy="14" r="3.4" />
                    <circle cx="14" cy="14" r="3.4" />
                    <circle class="one" cx="24" cy="7" r="4.4" />
                </svg>
                oddball
            </Link>
            <nav aria-label="Screens">
                {shown.map(({ name, path, title }) => (
                    <Link key={name} to={path} aria-current={screen === name ? "page" : null}>
                        {title}
                    </Link>
                ))}
            </nav>
            <div class="tools">
                <Light />
                <button
                    type="button"
                    onClick={() => openDialog("palette")}
                    aria-label="Ctrl K: go to, or do"
                >
                    <kbd>Ctrl K</kbd>
                </button>
                <button
                    type="button"
                    aria-label="Dark or light"
                    onClick={() => taste.setTheme(taste.dark() ? "light" : "dark")}
                >
                    {taste.dark() ? "☀" : "☾"}
                </button>
                <button type="button" onClick={() => openDialog("help")} aria-label="Keys (?)">
                    ?
                </button>
            </div>
        </header>
    );
}

function search() {
    const field = document.querySelector("[data-search]");
    if (field) field.focus();
    else openDialog("palette");
}

export function App() {
    const route = useRoute();
    const [, redraw] = useState(0);
    const [locked, setLocked] = useState(false);
    useEffect(() => {
        live();
        const offs = [
            onNeedsToken(() => setLocked(true)),
            taste.on(() => redraw((old) => old + 1)),
        ];
        return () => offs.forEach((off) => off());
    }, []);
    useKeys({ "?": () => openDialog("help"), "Ctrl-k": () => openDialog("palette"), "/": search });
    const screen = screens[route.screen] ?? screens.lost;
    useEffect(() => {
        document.title = `${screen.title} · oddball`;
    }, [screen]);
    const home = route.screen === "i" || route.screen === "f" ? "now" : route.screen;
    return (
        <>
            <a class="skip" href="#main">
                To the content
            </a>
            <Bar screen={home} />
            <Connection />
            <main id="main" tabIndex="-1">
                <screen.Screen
                    key={`${route.screen}/${route.id}`}
                    id={route.id}
                    query={route.query}
                />
            </main>
            <Dialogs />
            <Notes />
            {locked ? <TokenDialog /> : null}
        </>
    );
}

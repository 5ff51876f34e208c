// SPDX-License-Identifier: Apache-2.0
//
// dialogs.jsx - what lies on top of the page: at most one, by its name, which anything may open.
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { useKeys } from "./keys.js";
import { Help } from "./help.jsx";
import { Palette } from "./palette.jsx";
import { VerdictDialog } from "./verdict.jsx";

const kinds = { help: Help, palette: Palette, verdict: VerdictDialog };
let open = () => {};

export function openDialog(name, about = {}) {
    open({ name, about, key: Date.now() });
}

export function Dialogs() {
    const [one, setOne] = useState(null);
    const before = useRef(null);
    open = (next) => {
        before.current ??= document.activeElement;
        setOne(next);
    };
    const close = () => {
        setOne(null);
        before.current?.focus?.();
        before.current = null;
    };
    if (one === null) return null;
    const Kind = kinds[one.name];
    return <Kind key={one.key} {...one.about} close={close} />;
}

// The browser keeps the focus inside; Escape and a click beside it close.
export function Dialog({ title, close, keys = {}, className = "", children }) {
    const element = useRef(null);
    useLayoutEffect(() => {
        element.current.showModal();
        element.current.querySelector("input:checked, [data-first]")?.focus();
    }, []);
    useKeys({ Escape: close, ...keys }, { modal: true });
    return (
        <dialog
            ref={element}
            class={className}
            aria-label={title}
            onCancel={(event) => {
                event.preventDefault();
                close();
            }}
            onClick={(event) => event.target === element.current && close()}
        >
            <div class="inside">
                <header>
                    <h2>{title}</h2>
                    <button type="button" class="close" aria-label="Close" onClick={close}>
                        ✕
                    </button>
                </header>
                {children}
            </div>
        </dialog>
    );
}

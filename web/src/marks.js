// SPDX-License-Identifier: Apache-2.0
//
// marks.js - the keys with which one goes through a list and says what each one was.
import { useEffect, useState } from "preact/hooks";
import { openDialog } from "./dialogs.jsx";
import { useKeys } from "./keys.js";

// count: of rows, each with data-row; open(at); findings(at): a promise of those to judge.
export function useList({ count, open, findings }) {
    const [at, setAt] = useState(-1);
    useEffect(() => {
        if (at >= count) setAt(count - 1);
    }, [count]);
    const move = (by) => {
        if (count === 0) return;
        const next = Math.max(0, Math.min(count - 1, at < 0 ? 0 : at + by));
        setAt(next);
        const row = document.querySelector(`[data-row="${next}"]`);
        row?.scrollIntoView({ block: "nearest" });
        row?.querySelector("a")?.focus({ preventScroll: true });
    };
    const judge =
        (verdict, again = false) =>
        async () => {
            const judged = await findings(Math.max(at, 0));
            if (judged.length > 0)
                openDialog("verdict", { findings: judged, form: again ? {} : { verdict }, again });
        };
    useKeys({
        j: () => move(1),
        k: () => move(-1),
        Enter: () => at >= 0 && open?.(at),
        r: judge("real"),
        e: judge("expected"),
        u: judge("unsure"),
        m: judge("mute"),
        ".": judge(null, true),
    });
    return [at, setAt];
}

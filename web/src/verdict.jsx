// SPDX-License-Identifier: Apache-2.0
//
// verdict.jsx - the dialog in which a person says what a finding was: how far it goes, until when,
// why; and, before it is said, what it would have done.
import { useEffect, useState } from "preact/hooks";
import { Dialog } from "./dialogs.jsx";
import { SCOPES, VERDICTS, lastVerdict, say, trialWords, tried } from "./verdicts.js";
import { Sentence } from "./text.jsx";

const WAIT_MS = 150;
const UNTIL = [
    ["worse", "until it gets worse"],
    ["1h", "for an hour"],
    ["1d", "for a day"],
    ["7d", "for a week"],
    ["30d", "for a month"],
    ["forever", "for ever"],
];

function useTrial(findings, form) {
    const [trial, setTrial] = useState({ words: null, error: null });
    useEffect(() => {
        let over = false;
        setTrial({ words: null, error: null });
        const timer = setTimeout(
            () =>
                tried(findings, form).then(
                    ({ items }) =>
                        over || setTrial({ words: trialWords(items, form.verdict), error: null }),
                    (error) => over || setTrial({ words: null, error }),
                ),
            WAIT_MS,
        );
        return () => {
            over = true;
            clearTimeout(timer);
        };
    }, [findings, form.verdict, form.scope, form.until]);
    return trial;
}

function Radios({ legend, name, options, value, onChoose, hints }) {
    return (
        <fieldset class="radios">
            <legend>{legend}</legend>
            {options.map(([key, text, hint]) => (
                <label key={key} class={value === key ? "on" : ""}>
                    <input
                        type="radio"
                        name={name}
                        value={key}
                        checked={value === key}
                        onChange={() => onChoose(key)}
                    />
                    <span>
                        {text}
                        {hints && hint ? <small>{hint}</small> : null}
                    </span>
                </label>
            ))}
        </fieldset>
    );
}

function Fields({ form, set }) {
    const hides = form.verdict === "expected" || form.verdict === "mute";
    return (
        <>
            <Radios
                legend="Verdict"
                name="verdict"
                options={VERDICTS}
                value={form.verdict}
                hints
                onChoose={(verdict) => set({ verdict })}
            />
            {form.verdict === "mute" ? null : (
                <Radios
                    legend="How far it goes"
                    name="scope"
                    options={SCOPES}
                    value={form.scope}
                    onChoose={(scope) => set({ scope })}
                />
            )}
            {hides ? (
                <label class="field">
                    Until
                    <select
                        value={form.until}
                        onChange={(event) => set({ until: event.currentTarget.value })}
                    >
                        {UNTIL.map(([key, text]) => (
                            <option key={key} value={key}>
                                {text}
                            </option>
                        ))}
                    </select>
                </label>
            ) : null}
            <label class="field">
                Why (for others)
                <input
                    type="text"
                    value={form.reason}
                    placeholder="the nightly backup"
                    maxLength={500}
                    onInput={(event) => set({ reason: event.currentTarget.value })}
                />
            </label>
        </>
    );
}

// Whether it is said of all findings of an incident, or of the main one.
function All({ findings, onChoose }) {
    const [all, setAll] = useState(false);
    const change = () => {
        setAll(!all);
        onChoose(all ? findings.slice(0, 1) : findings);
    };
    return (
        <label class="check">
            <input type="checkbox" checked={all} onChange={change} />
            <span>of all {findings.length} findings of the incident</span>
        </label>
    );
}

// findings: whole ones; the first is the main one.  form: what is chosen at first.
export function VerdictDialog({ findings, form: wished, again, close, done }) {
    const [form, setForm] = useState({
        scope: "signal",
        until: "worse",
        reason: "",
        verdict: "expected",
        ...(again ? lastVerdict() : {}),
        ...wished,
    });
    const [chosen, setChosen] = useState(findings.slice(0, 1));
    const [fault, setFault] = useState(null);
    const set = (change) => setForm((old) => ({ ...old, ...change }));
    const trial = useTrial(chosen, form);
    const save = async () => {
        try {
            await say(chosen, form);
            close();
            done?.();
        } catch (problem) {
            setFault(problem.message);
        }
    };
    const keys = {
        r: () => set({ verdict: "real" }),
        e: () => set({ verdict: "expected" }),
        u: () => set({ verdict: "unsure" }),
        m: () => set({ verdict: "mute" }),
        "Ctrl-Enter": save,
    };
    return (
        <Dialog title="What was it?" close={close} keys={keys} className="verdict">
            <form
                onSubmit={(event) => {
                    event.preventDefault();
                    save();
                }}
            >
                <p class="about">
                    <Sentence text={findings[0].sentence} />
                </p>
                <Fields form={form} set={set} />
                {findings.length > 1 ? <All findings={findings} onChoose={setChosen} /> : null}
                <p class="trial" role="status" aria-live="polite">
                    {trial.error
                        ? `It could not be tried: ${trial.error.message}`
                        : (trial.words ?? "Trying it on the last 30 days…")}
                </p>
                {fault ? (
                    <p class="problem" role="alert">
                        {fault}
                    </p>
                ) : null}
                <footer>
                    <button type="submit" class="main">
                        Say it <kbd>↵</kbd>
                    </button>
                    <button type="button" onClick={close}>
                        Cancel
                    </button>
                </footer>
            </form>
        </Dialog>
    );
}

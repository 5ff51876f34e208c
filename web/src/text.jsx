// SPDX-License-Identifier: Apache-2.0
//
// text.jsx - text of other people's logs, shown harmlessly: a character that would change how the
// rest is read is shown by its name instead.
//
// Preact makes text of text, so nothing in it is ever markup.
const HIDDEN = new RegExp(
    "[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u200b-\\u200f" +
        "\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb]",
    "g",
);
// The kinds of variable places that a pattern may have.
export const WILD = new RegExp(
    "<(word|num|hex|ip|mac|uuid|host|path|url|email|time|size|bool|id|text|" + "value)>",
    "g",
);
const LONG = 2000;
const NAMES = { 27: "ESC", 10: "LF", 13: "CR", 9: "TAB", 0: "NUL" };

export function visible(text) {
    return String(text).replace(HIDDEN, (one) => `⟨${name(one)}⟩`);
}

function name(one) {
    const code = one.codePointAt(0);
    return NAMES[code] ?? `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
}

function pieces(text) {
    const result = [];
    let from = 0;
    for (const found of text.matchAll(HIDDEN)) {
        result.push(text.slice(from, found.index));
        result.push(
            <span class="control" title="a control character">
                {name(found[0])}
            </span>,
        );
        from = found.index + found[0].length;
    }
    result.push(text.slice(from));
    return result;
}

export function Line({ text }) {
    const shown = text.length > LONG ? `${text.slice(0, LONG)}…` : text;
    return (
        <bdi class="line" dir="ltr">
            {pieces(shown)}
        </bdi>
    );
}

// A sentence: what stands between backquotes is quoted from a log.
export function Sentence({ text }) {
    return (
        <bdi dir="ltr">
            {text
                .split("`")
                .map((part, at) =>
                    at % 2 === 1 ? <code key={at}>{pieces(part)}</code> : pieces(part),
                )}
        </bdi>
    );
}

// A pattern: its wildcards as chips.
export function Pattern({ text }) {
    return (
        <bdi class="line" dir="ltr">
            {text.split(WILD).map((part, at) =>
                at % 2 === 1 ? (
                    <span key={at} class="chip wild">
                        {part}
                    </span>
                ) : (
                    pieces(part)
                ),
            )}
        </bdi>
    );
}

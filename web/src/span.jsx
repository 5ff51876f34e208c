// SPDX-License-Identifier: Apache-2.0
//
// span.jsx - the span of time that a screen looks at: until now, or until a moment that the address
// keeps; [ and ] move it.
import { useKeys } from "./keys.js";
import { Choice, Time } from "./parts.jsx";
import { choose } from "./route.js";
import { spanOf, zone } from "./words.js";

const SPANS = [
    ["1h", "1 h"],
    ["6h", "6 h"],
    ["24h", "24 h"],
    ["7d", "7 d"],
    ["30d", "30 d"],
];

// { from, to, seconds, live }: moments in ms.  live: it ends now.
export function spanOfQuery(query, usual = "24h") {
    const seconds = spanOf(query.span, spanOf(usual));
    const until = Date.parse(query.until ?? "");
    const live = !Number.isFinite(until);
    const to = live ? Date.now() : until;
    return { from: to - seconds * 1000, to, seconds, live };
}

export const iso = (ms) => new Date(ms).toISOString();

// An end that is about now, or in the future, is now.
function moved(span, by) {
    const to = span.to + by * span.seconds * 500;
    choose({ until: to >= Date.now() - span.seconds * 50 ? null : iso(to) });
}

export function Span({ query, usual = "24h" }) {
    const span = spanOfQuery(query, usual);
    useKeys({ "[": () => moved(span, -1), "]": () => moved(span, 1) });
    return (
        <div class="span">
            <button type="button" aria-label="Earlier ([)" onClick={() => moved(span, -1)}>
                ‹
            </button>
            <Choice
                label="Span of time"
                value={query.span ?? usual}
                options={SPANS}
                onChoose={(name) => choose({ span: name === usual ? null : name })}
            />
            <button
                type="button"
                aria-label="Later (])"
                disabled={span.live}
                onClick={() => moved(span, 1)}
            >
                ›
            </button>
            {span.live ? null : (
                <span class="until">
                    until <Time time={span.to} day="always" />
                    <button type="button" onClick={() => choose({ until: null })}>
                        Now
                    </button>
                </span>
            )}
            <span class="quiet zone">{zone()}</span>
        </div>
    );
}

// SPDX-License-Identifier: Apache-2.0
//
// top_values.jsx - what stood at the variable places of one pattern, in its newest lines.
import { sql, useAsk } from "./api.js";
import { Asked, Link, Time } from "./parts.jsx";
import { address } from "./route.js";
import { Line, Pattern, WILD } from "./text.jsx";
import { percent, plural } from "./words.js";

const LINES = 500,
    TOP = 5,
    SHOWN = 5;

const quoted = (text) => `'${text.replaceAll("'", "''")}'`;
const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/\s+/g, "\\s+");

// A pattern as an expression that catches its variable places; null: it is no use.
function catcher(pattern) {
    try {
        return new RegExp(
            pattern
                .split(WILD)
                .map((part, at) => (at % 2 === 1 ? "(.+?)" : escaped(part)))
                .join("") + "\\s*$",
        );
    } catch {
        return null;
    }
}

function topValues(pattern, lines) {
    const names = [...pattern.matchAll(WILD)].map((found) => found[1]);
    const counts = names.map(() => new Map()),
        expression = catcher(pattern);
    let fitting = 0;
    for (const line of expression ? lines : []) {
        const found = expression.exec(line);
        if (!found) continue;
        fitting++;
        found
            .slice(1)
            .forEach((value, at) => counts[at].set(value, (counts[at].get(value) ?? 0) + 1));
    }
    return {
        fitting,
        places: names.map((name, at) => ({
            name,
            distinct: counts[at].size,
            top: [...counts[at]].sort((a, b) => b[1] - a[1]).slice(0, TOP),
        })),
    };
}

function Places({ places, fitting }) {
    return (
        <div class="places">
            {places.map((place, at) => (
                <div key={at}>
                    <h3>
                        <span class="chip wild">{place.name}</span>{" "}
                        <small class="quiet">{plural(place.distinct, "value")}</small>
                    </h3>
                    <ul>
                        {place.top.map(([value, many]) => (
                            <li key={value}>
                                <Line text={value} />{" "}
                                <span class="quiet">{percent(many / fitting)}</span>
                            </li>
                        ))}
                    </ul>
                </div>
            ))}
        </div>
    );
}

export function TopValues({ row, close }) {
    const of = useAsk(
        `values ${row.pattern} ${row.source}`,
        (signal) =>
            sql(
                `SELECT time, text FROM logs WHERE pattern = ${quoted(row.pattern)} AND source = ` +
                    `${quoted(row.source)} ORDER BY time DESC LIMIT ${LINES}`,
                { signal },
            ),
        { live: false },
    );
    return (
        <section class="panel" aria-label="The chosen pattern">
            <header class="title">
                <h2>
                    <Pattern text={row.text} />
                </h2>
                <button type="button" class="close" aria-label="Close" onClick={close}>
                    ✕
                </button>
            </header>
            <p class="facts">
                <Link to={address("/signals", { id: row.pattern, source: row.source })}>
                    its lines a minute, and what was expected
                </Link>
            </p>
            <Asked of={of}>
                {(lines) => {
                    const { places, fitting } = topValues(
                        row.text,
                        lines.map(({ text }) => text),
                    );
                    return (
                        <>
                            <Places places={places} fitting={fitting} />
                            <h3>Newest lines</h3>
                            <ul class="newest">
                                {lines.slice(0, SHOWN).map((line, at) => (
                                    <li key={at}>
                                        <Line text={line.text} />
                                    </li>
                                ))}
                            </ul>
                            {lines.length === 0 ? (
                                <p class="quiet">
                                    None is kept any more; last seen{" "}
                                    <Time time={new Date(row.first_ms).toISOString()} />.
                                </p>
                            ) : null}
                        </>
                    );
                }}
            </Asked>
        </section>
    );
}

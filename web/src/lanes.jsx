// SPDX-License-Identifier: Apache-2.0
//
// lanes.jsx - who was odd when, and how odd: a lane for each source, colour and number for how odd.
import { sql, useAsk } from "./api.js";
import { Asked, Data } from "./parts.jsx";
import { choose } from "./route.js";
import { iso } from "./span.jsx";
import { visible } from "./text.jsx";
import { moment, oddness, odds, plural } from "./words.js";

const CELLS = 24,
    LANES = 10;

export const literal = (ms) => `TIMESTAMP '${iso(ms).slice(0, 23).replace("T", " ")}'`;

function question(span) {
    const cell = span.seconds / CELLS;
    const at = (column) => `CAST(floor((epoch(${column}) - ${span.from / 1000}) / ${cell}) AS INT)`;
    return `SELECT source, cell, max(surprise) AS surprise, count(*) AS findings FROM (
        SELECT source, surprise, unnest(range(greatest(${at("time")}, 0),
            least(${at("coalesce(last_time, time)")}, ${CELLS - 1}) + 1)) AS cell FROM findings
        WHERE state NOT IN ('hidden', 'expected') AND time < ${literal(span.to)}
            AND coalesce(last_time, time) >= ${literal(span.from)}) GROUP BY ALL`;
}

function lanesOf(rows) {
    const lanes = new Map();
    for (const row of rows) {
        const lane = lanes.get(row.source) ?? { source: row.source, worst: 0, cells: [] };
        lane.cells[row.cell] = row;
        lane.worst = Math.max(lane.worst, row.surprise);
        lanes.set(row.source, lane);
    }
    return [...lanes.values()].sort((a, b) => b.worst - a.worst || (a.source < b.source ? -1 : 1));
}

function Cell({ cell, at, span }) {
    const from = span.from + (at * span.seconds * 1000) / CELLS;
    if (!cell) return <td class="odd-0" />;
    const words =
        `${moment(from)}: ${plural(cell.findings, "finding")}, surprise ` +
        `${cell.surprise.toFixed(1)}, ${odds(cell.surprise)}`;
    const look = () =>
        choose(
            {
                until: iso(from + ((span.seconds * 1000) / CELLS) * 2),
                span: span.seconds > 86400 ? "24h" : "1h",
            },
            {},
        );
    return (
        <td class={`odd-${oddness(cell.surprise)}`}>
            <button
                type="button"
                title={words}
                aria-label={`${Math.round(cell.surprise)}, ${words}`}
                onClick={look}
            >
                {Math.round(cell.surprise)}
            </button>
        </td>
    );
}

// What is newest stands at the right, and is seen first where all is not.
function toTheEnd(element) {
    if (element && !element.dataset.moved) {
        element.dataset.moved = "yes";
        element.scrollLeft = element.scrollWidth;
    }
}

function Heat({ lanes, span }) {
    const ticks = Array.from({ length: CELLS }, (_, at) =>
        at % 6 === 0
            ? moment(span.from + (at * span.seconds * 1000) / CELLS, {
                  day: span.seconds > 86400 ? "always" : "never",
              })
            : null,
    );
    return (
        <div class="scroll" tabIndex="0" role="region" aria-label="Swim lane" ref={toTheEnd}>
            <table class="heat">
                <thead>
                    <tr>
                        <th scope="col">
                            <span class="unseen">Source</span>
                        </th>
                        {ticks.map((tick, at) =>
                            tick === null ? null : (
                                <th scope="colgroup" colSpan="6" key={at}>
                                    {tick}
                                </th>
                            ),
                        )}
                    </tr>
                </thead>
                <tbody>
                    {lanes.slice(0, LANES).map((lane) => (
                        <tr key={lane.source}>
                            <th scope="row" title={visible(lane.source)}>
                                {visible(lane.source)}
                            </th>
                            {ticks.map((_, at) => (
                                <Cell key={at} cell={lane.cells[at]} at={at} span={span} />
                            ))}
                        </tr>
                    ))}
                </tbody>
            </table>
        </div>
    );
}

export function Lanes({ span, stamp }) {
    const of = useAsk(`lanes ${stamp}`, (signal) => sql(question(span), { signal }));
    return (
        <section class="lanes" aria-label="Who was odd when">
            <h2>Who, and when</h2>
            <Asked of={of}>
                {(rows) => {
                    const lanes = lanesOf(rows);
                    if (lanes.length === 0)
                        return <p class="quiet">Nobody was odd in this span.</p>;
                    return (
                        <>
                            <Heat lanes={lanes} span={span} />
                            <Scale />
                            <Data
                                name="oddness"
                                columns={["source", "from", "surprise", "findings"]}
                                numeric={[2, 3]}
                                rows={rows.map((row) => [
                                    row.source,
                                    iso(span.from + (row.cell * span.seconds * 1000) / CELLS),
                                    row.surprise,
                                    row.findings,
                                ])}
                            />
                        </>
                    );
                }}
            </Asked>
        </section>
    );
}

function Scale() {
    return (
        <p class="scale quiet" aria-hidden="true">
            usual
            {[0, 1, 2, 3, 4, 5, 6].map((step) => (
                <i key={step} class={`odd-${step}`} />
            ))}
            never before · the number is the surprise: 3 is once in a thousand
        </p>
    );
}

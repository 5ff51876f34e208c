// SPDX-License-Identifier: Apache-2.0
//
// segments.jsx - how good a model is for each group of rows, beside all of them.
import { api, useAsk } from "../api.js";
import { Asked, Save, Table } from "../parts.jsx";
import { Line } from "../text.jsx";
import { number } from "../words.js";

const COLUMNS = [
    "group",
    "state",
    "interval",
    "realised",
    "estimate",
    "reference",
    "all rows",
    "rows",
    "labelled",
];

function Bar({ one, most }) {
    const x = (value) => `${100 * Math.max(0, Math.min(1, value / most))}%`;
    const lower = one.realised_lower ?? one.lower,
        upper = one.realised_upper ?? one.upper;
    const point = one.realised ?? one.estimate;
    if (point === null) return <span class="quiet">not known yet</span>;
    return (
        <svg
            class="interval"
            role="img"
            aria-label={`${number(point)}, ${number(lower)} to ${number(upper)}`}
        >
            <line x1={x(lower)} x2={x(upper)} y1="50%" y2="50%" class="range" />
            <circle cx={x(point)} cy="50%" r="4" class="point" />
            {one.all === null ? null : (
                <line x1={x(one.all)} x2={x(one.all)} y1="10%" y2="90%" class="all" />
            )}
        </svg>
    );
}

export function Segments({ model, version }) {
    const of = useAsk(`segments ${model} ${version}`, (signal) =>
        api(`models/${model}/segments?version=${encodeURIComponent(version)}`, { signal }),
    );
    return (
        <section class="panel" aria-label="Segments">
            <h2>For whom it is how good</h2>
            <Asked of={of} lines={6}>
                {({ items }) => {
                    if (items.length === 0)
                        return (
                            <p class="quiet">
                                No segments were sent with the predictions, or none has outcomes
                                yet.
                            </p>
                        );
                    const most = Math.max(
                        ...items.map((one) => one.realised_upper ?? one.upper ?? 0),
                        ...items.map((one) => one.all ?? 0),
                        1e-9,
                    );
                    const sorted = [...items].sort(
                        (a, b) =>
                            (b.state === "worse") - (a.state === "worse") ||
                            (b.realised ?? b.estimate ?? 0) - (a.realised ?? a.estimate ?? 0),
                    );
                    const rows = sorted.map((one) => [
                        one.segment,
                        one.state,
                        null,
                        one.realised,
                        one.estimate,
                        one.reference,
                        one.all,
                        one.rows,
                        one.labelled,
                    ]);
                    return (
                        <>
                            <p class="quiet small">
                                {items[0].metric === "mae"
                                    ? "The mean error"
                                    : "The share of rows that are wrong"}
                                ; the upright line is that of all rows.
                            </p>
                            <Table
                                name="segments"
                                columns={COLUMNS}
                                rows={rows}
                                numeric={[3, 4, 5, 6, 7, 8]}
                                render={(value, at, y) =>
                                    [
                                        () => <Line text={value} />,
                                        () => (
                                            <span class={value === "worse" ? "bad" : ""}>
                                                {value}
                                            </span>
                                        ),
                                        () => <Bar one={sorted[y]} most={most} />,
                                    ][at]?.()
                                }
                            />
                            <Save name="segments" columns={COLUMNS} rows={rows} />
                        </>
                    );
                }}
            </Asked>
        </section>
    );
}

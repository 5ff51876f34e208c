// SPDX-License-Identifier: Apache-2.0
//
// drift.jsx - how far each column of a model is off its reference, over time: a heat map.
import { api, useAsk } from "../api.js";
import { Asked, Data, Table, Time } from "../parts.jsx";
import { Line, visible } from "../text.jsx";
import { integer, moment, number } from "../words.js";

const COLUMNS_MAX = 40,
    FEATURES_MAX = 60;
const STEPS = [0.1, 0.2, 0.35, 0.5, 0.8, 1.2];

const stepOf = (effect) => STEPS.filter((limit) => effect >= limit).length;

// Steps of all features in as many columns as one can see; the worst of each.
function columnsOf(items) {
    const times = items.flatMap(({ steps }) => steps.map(({ time }) => Date.parse(time)));
    if (times.length === 0) return { from: 0, wide: 1, count: 0 };
    const from = times.reduce((a, b) => Math.min(a, b)),
        to = times.reduce((a, b) => Math.max(a, b));
    const step = (items.find(({ steps }) => steps.length > 0).steps[0].step_s || 60) * 1000;
    const count = Math.min(COLUMNS_MAX, Math.round((to - from) / step) + 1);
    return { from, wide: (to - from + step) / count, count };
}

function cellsOf(steps, { from, wide, count }) {
    const cells = new Array(count).fill(null);
    for (const step of steps) {
        const at = Math.min(count - 1, Math.floor((Date.parse(step.time) - from) / wide));
        if (
            step.effect !== null &&
            step.rows >= 5 &&
            (cells[at] === null || step.effect > cells[at])
        )
            cells[at] = step.effect;
    }
    return cells;
}

const howFar = (effect) =>
    effect === null ? "no rows" : `${number(effect)} standard deviations off`;

// For the table of the chart.
const stepsOf = (items) =>
    items.flatMap((one) =>
        one.steps.map((step) => [
            one.feature,
            step.time,
            step.rows,
            step.effect,
            step.lower,
            step.upper,
            step.missing,
        ]),
    );

function Heat({ items }) {
    const columns = columnsOf(items);
    const ticks = Array.from({ length: columns.count }, (_, at) => at).filter((at) => at % 8 === 0);
    const when = (at, day = "auto") => moment(columns.from + at * columns.wide, { day });
    return (
        <div class="scroll" tabIndex="0" role="region" aria-label="Drift of each column over time">
            <table class="heat drift">
                <thead>
                    <tr>
                        <th scope="col">
                            <span class="unseen">Column</span>
                        </th>
                        {ticks.map((at) => (
                            <th key={at} scope="colgroup" colSpan={Math.min(8, columns.count - at)}>
                                {when(at, at === 0 ? "auto" : "never")}
                            </th>
                        ))}
                    </tr>
                </thead>
                <tbody>
                    {items.slice(0, FEATURES_MAX).map((one) => (
                        <tr key={one.feature}>
                            <th scope="row" title={visible(one.feature)}>
                                {visible(one.feature)}
                            </th>
                            {cellsOf(one.steps, columns).map((effect, at) => (
                                <td
                                    key={at}
                                    class={`odd-${effect === null ? 0 : stepOf(effect)}`}
                                    title={`${when(at)}: ${howFar(effect)}`}
                                >
                                    <span>
                                        {effect !== null && effect >= 0.2 ? effect.toFixed(1) : ""}
                                    </span>
                                </td>
                            ))}
                        </tr>
                    ))}
                </tbody>
            </table>
        </div>
    );
}

const worst = (a, b) =>
    (b.state === "drifting") - (a.state === "drifting") || (b.effect ?? 0) - (a.effect ?? 0);

function Columns({ items }) {
    return (
        <Table
            name="columns"
            numeric={[3, 4, 5]}
            columns={[
                "column",
                "role",
                "state",
                "effect",
                "harm",
                "rows",
                "since",
                "together with",
            ]}
            rows={items.map((one) => [
                one.feature,
                one.role,
                one.state + (one.harmful ? ", harmful" : ""),
                one.effect,
                one.harm,
                one.rows,
                one.since,
                one.together,
            ])}
            render={(value, at) =>
                [
                    () => <Line text={value} />,
                    null,
                    () => <span class={value.startsWith("drifting") ? "warn" : ""}>{value}</span>,
                    null,
                    null,
                    () => integer(value),
                    () => <Time time={value} />,
                    () => (value ? <Line text={value} /> : "–"),
                ][at]?.()
            }
        />
    );
}

export function Drift({ model, version }) {
    const of = useAsk(`drift ${model} ${version}`, (signal) =>
        api(`models/${model}/features?version=${encodeURIComponent(version)}`, { signal }),
    );
    return (
        <section class="panel" aria-label="Drift">
            <h2>How far each column is off its reference</h2>
            <Asked of={of} lines={6}>
                {({ items }) => {
                    const sorted = [...items].sort(worst);
                    if (items.length === 0)
                        return <p class="quiet">It is told once the reference is whole.</p>;
                    return (
                        <>
                            <Heat items={sorted} />
                            <p class="quiet small">
                                In standard deviations; from 0.2 on it is written.
                            </p>
                            <Columns items={sorted} />
                            <Data
                                name="drift"
                                rows={stepsOf(sorted)}
                                numeric={[2, 3, 4, 5, 6]}
                                columns={[
                                    "column",
                                    "time",
                                    "rows",
                                    "effect",
                                    "lower",
                                    "upper",
                                    "missing",
                                ]}
                            />
                        </>
                    );
                }}
            </Asked>
        </section>
    );
}

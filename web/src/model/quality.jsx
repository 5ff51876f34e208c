// SPDX-License-Identifier: Apache-2.0
//
// quality.jsx - how good a model is: estimated without outcomes, and as it came true, each with the
// interval in which it is in 95 of 100 cases.
import { api, useAsk } from "../api.js";
import { Chart } from "../chart.jsx";
import { Asked, Choice } from "../parts.jsx";
import { choose } from "../route.js";
import { number, percent } from "../words.js";

const NAMES = ["realised", "realised_lower", "realised_upper", "estimate", "lower", "upper"];
const KINDS = { realised: "actual", estimate: "second" };
const COLUMNS = ["time", ...NAMES, "rows", "labelled", "trust"];
const STEPS_MAX = 120;

const cache = new WeakMap();

// Steps are joined where there are more than one can see; the mean of what they say.
function joined(items) {
    const each = Math.ceil(items.length / STEPS_MAX),
        result = [];
    for (let at = 0; at < items.length; at += each) {
        const part = items.slice(at, at + each),
            one = { time: part[0].time, trust: part.at(-1).trust };
        for (const name of NAMES) {
            const known = part.map((item) => item[name]).filter((value) => value !== null);
            one[name] = known.length ? known.reduce((a, b) => a + b) / known.length : null;
        }
        one.rows = part.reduce((sum, { rows }) => sum + rows, 0);
        one.labelled = part.reduce((sum, { labelled }) => sum + labelled, 0);
        result.push(one);
    }
    return result;
}

function linesOf(told, metric) {
    const known = cache.get(told)?.[metric];
    if (known) return known;
    const items = joined(told.items.filter((item) => item.metric === metric));
    const made = {
        items,
        times: items.map(({ time }) => Date.parse(time)),
        series: NAMES.map((name) => ({
            name,
            kind: KINDS[name] ?? "edge",
            values: items.map((item) => item[name]),
        })),
    };
    cache.set(told, { ...cache.get(told), [metric]: made });
    return made;
}

const value = (metric, one) =>
    /accuracy|auc|f1|precision|recall/.test(metric) ? percent(one) : number(one);

function Metric({ told, metric }) {
    const { items, times, series } = linesOf(told, metric);
    const last = items.findLast(({ realised }) => realised !== null);
    const guess = items.findLast(({ estimate }) => estimate !== null);
    return (
        <>
            <p class="big">
                {last ? `As it came true: ${value(metric, last.realised)}` : "No outcome yet"}
                {guess
                    ? `; estimated: ${value(metric, guess.estimate)}, between ${value(
                          metric,
                          guess.lower,
                      )} and ${value(metric, guess.upper)}`
                    : ""}
                .{guess ? <span class="quiet"> Trust in the estimate: {guess.trust}.</span> : null}
            </p>
            <Chart
                name={metric}
                times={times}
                series={series}
                bands={[
                    [3, 2],
                    [6, 5],
                ]}
                columns={COLUMNS}
                rows={items.map((item) => COLUMNS.map((name) => item[name]))}
            />
            <p class="quiet small">
                — as it came true, <span class="second">— estimated</span>, shaded: 95 of 100
            </p>
        </>
    );
}

export function Quality({ model, version, query }) {
    const of = useAsk(`quality ${model} ${version}`, (signal) =>
        api(`models/${model}/quality?version=${encodeURIComponent(version)}`, { signal }),
    );
    return (
        <section class="panel" aria-label="Quality">
            <h2>How good it is</h2>
            <Asked of={of} lines={6}>
                {(told) => {
                    const metrics = [...new Set(told.items.map(({ metric }) => metric))];
                    if (metrics.length === 0)
                        return (
                            <p class="quiet">
                                It is told once outcomes came, or the reference had them.
                            </p>
                        );
                    const metric = metrics.includes(query.metric) ? query.metric : metrics[0];
                    return (
                        <>
                            <Choice
                                label="Metric"
                                value={metric}
                                options={metrics.map((one) => [one, one])}
                                onChoose={(one) => choose({ metric: one })}
                            />
                            <Metric told={told} metric={metric} />
                        </>
                    );
                }}
            </Asked>
        </section>
    );
}

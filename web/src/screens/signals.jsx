// SPDX-License-Identifier: Apache-2.0
//
// signals.jsx - the explorer: a signal with what was expected of it and how odd it was; and a
// window of time as the question, by which all signals are ranked.
import { api, useAsk } from "../api.js";
import { Chart } from "../chart.jsx";
import { Asked, Choice, Empty, Link, Odd, Table, Time, Title } from "../parts.jsx";
import { AllSeries, fits } from "../all_series.jsx";
import { Ribbon } from "../ribbon.jsx";
import { address, choose } from "../route.js";
import { iso, Span, spanOfQuery } from "../span.jsx";
import { HISTORY_COLUMNS, historyOf, rowsOf } from "../strip.jsx";
import { Line, Pattern } from "../text.jsx";
import { both, number, span as spanWords } from "../words.js";

const RANKED_MAX = 500,
    SHOWN_MAX = 100;
const NAMES = ["actual", "expected", "lower", "upper"];

function windowOf(query, span) {
    const from = Date.parse(query.from ?? ""),
        to = Date.parse(query.to ?? "");
    return from < to ? { from, to, asked: true } : { from: span.from, to: span.to, asked: false };
}

function One({ id, source, span, window }) {
    const of = useAsk(
        `signal ${id} ${Math.round(span.from / 60000)} ${span.seconds}`,
        (signal) => historyOf(id, span.from, span.to, { signal, source }),
        { live: span.live },
    );
    return (
        <section class="panel" aria-label="The chosen signal">
            <h2 class="signal-name">
                {id.length === 16 && !id.includes("{") ? "Lines a minute of " : ""}
                <Line text={id} />
            </h2>
            <Asked of={of} lines={5}>
                {(told) => <History told={told} span={span} id={id} window={window} />}
            </Asked>
        </section>
    );
}

const cache = new WeakMap();

// The same arrays for the same answer, so that the chart is drawn once.
function linesOf(told) {
    if (!cache.has(told))
        cache.set(told, {
            times: told.items.map(({ time }) => Date.parse(time)),
            series: NAMES.map((name) => ({
                name,
                kind: name === "lower" || name === "upper" ? "edge" : name,
                values: told.items.map((item) => item[name]),
            })),
        });
    return cache.get(told);
}

function History({ told, span, id, window }) {
    if (told.items.length === 0) return <p class="quiet">Nothing of it came in this span.</p>;
    const { times, series } = linesOf(told);
    return (
        <>
            <p class="facts">
                <span>
                    {told.class ?? "not judged yet"}
                    {told.per_second ? ", a second" : ""}
                </span>
                <span>a step is {spanWords(told.step_s)}</span>
                <span>
                    — seen, - - expected, shaded: where all but 1 in 1,000 of usual values are
                </span>
            </p>
            <Chart
                name={id}
                times={times}
                series={series}
                bands={[[4, 3]]}
                columns={HISTORY_COLUMNS}
                rows={rowsOf(told.items)}
                window={window.asked ? window : null}
                onWindow={(from, to) => choose({ from: iso(from), to: iso(to) })}
            >
                <Ribbon
                    items={told.items}
                    from={times[0]}
                    to={times.at(-1)}
                    stepMs={told.step_s * 1000}
                />
            </Chart>
            <p class="quiet small">
                Drag over the chart: the window becomes the question, and all signals are ranked by
                it. {span.live ? "" : "This is a span of the past."}
            </p>
        </>
    );
}

function Question({ window }) {
    const set = (name) => (event) => {
        const value = Date.parse(event.currentTarget.value);
        if (Number.isFinite(value))
            choose({ from: iso(window.from), to: iso(window.to), [name]: iso(value) });
    };
    const local = (ms) =>
        new Date(ms - new Date(ms).getTimezoneOffset() * 60e3).toISOString().slice(0, 16);
    return (
        <div class="question">
            <label>
                From{" "}
                <input type="datetime-local" value={local(window.from)} onChange={set("from")} />
            </label>
            <label>
                To <input type="datetime-local" value={local(window.to)} onChange={set("to")} />
            </label>
            {window.asked ? (
                <button type="button" onClick={() => choose({ from: null, to: null })}>
                    The whole span
                </button>
            ) : null}
        </div>
    );
}

function Ranked({ query, window }) {
    const key = window.asked ? `${query.from} ${query.to}` : `${query.span} ${query.until}`;
    const of = useAsk(
        `rank ${key}`,
        (signal) =>
            api(`signals:rank?from=${iso(window.from)}&to=${iso(window.to)}&limit=${RANKED_MAX}`, {
                signal,
            }),
        { live: !window.asked },
    );
    return (
        <Asked of={of} lines={8}>
            {({ items }) => {
                const found = items.filter((item) => fits(item, query.name));
                if (found.length === 0)
                    return (
                        <Empty title="No signal was judged in this window.">
                            <p>A series is judged once 30 samples of it are known.</p>
                        </Empty>
                    );
                return <Rows items={found} query={query} />;
            }}
        </Asked>
    );
}

function Rows({ items, query }) {
    const link = (row) => address("/signals", { ...query, id: row.signal, source: row.source });
    return (
        <Table
            name="signals"
            label="Signals, oddest in the window first"
            most={SHOWN_MAX}
            numeric={[2, 3, 4]}
            columns={["signal", "source", "surprise", "before", "rise", "oddest at"]}
            rows={items.map((item) => [
                item.pattern ?? item.signal,
                item.source,
                item.surprise,
                item.before,
                item.rise,
                item.time,
            ])}
            render={(value, at, row) =>
                [
                    () => (
                        <Link
                            to={link(items[row])}
                            aria-current={query.id === items[row].signal ? "true" : null}
                        >
                            {items[row].kind === "pattern" ? (
                                <Pattern text={value ?? items[row].signal} />
                            ) : (
                                <Line text={value} />
                            )}
                        </Link>
                    ),
                    () => <Line text={value} />,
                    () => <Odd surprise={value} />,
                    () => (value === null ? "–" : value.toFixed(1)),
                    () => value.toFixed(2),
                    () => <Time time={value} />,
                ][at]()
            }
        />
    );
}

function asked({ from, to, asked: is }) {
    if (!is) return "Who was odder in this span than before it?";
    const words = `Ranked by the window from ${both(from)}, for ${spanWords((to - from) / 1000)}`;
    return `${words}: who was odder in it than before it?`;
}

export function Signals({ query }) {
    const span = spanOfQuery(query, "6h"),
        window = windowOf(query, span);
    const all = query.list === "all";
    return (
        <>
            <Title aside={<Span query={query} usual="6h" />} sub={asked(window)}>
                Signals
            </Title>
            {query.id ? (
                <One
                    id={query.id}
                    source={query.id.length === 16 ? query.source : null}
                    span={span}
                    window={window}
                />
            ) : null}
            <div class="filters">
                <input
                    type="search"
                    data-search
                    aria-label="Search signals"
                    placeholder="Search ( / )"
                    value={query.name ?? ""}
                    onInput={(event) => choose({ name: event.currentTarget.value })}
                />
                <Choice
                    label="Which"
                    value={all ? "all" : "odd"}
                    onChoose={(list) => choose({ list: list === "all" ? "all" : null })}
                    options={[
                        ["odd", "odd first"],
                        ["all", "all series"],
                    ]}
                />
                {all ? null : <Question window={window} />}
            </div>
            {all ? <AllSeries query={query} /> : <Ranked query={query} window={window} />}
            {query.id ? null : (
                <p class="quiet">
                    Choose one to see what was expected of it. {number(RANKED_MAX)} are ranked at
                    most.
                </p>
            )}
        </>
    );
}

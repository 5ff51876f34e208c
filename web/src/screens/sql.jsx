// SPDX-License-Identifier: Apache-2.0
//
// sql.jsx - history asked with SQL; the answer as a table and, if it has a time, as a plot.
import { useEffect, useState } from "preact/hooks";
import { api } from "../api.js";
import { Chart } from "../chart.jsx";
import { useKeys } from "../keys.js";
import { Problem, Save, Table, Title } from "../parts.jsx";
import { choose } from "../route.js";
import { Line } from "../text.jsx";
import { plural } from "../words.js";

const EXAMPLES = [
    [
        "Lines of each source",
        "SELECT source, count(*) AS lines FROM logs GROUP BY source ORDER BY lines DESC",
    ],
    [
        "Oddest findings",
        "SELECT time, surprise, source, sentence FROM findings ORDER BY surprise DESC LIMIT 20",
    ],
    [
        "Lines a minute",
        "SELECT time_bucket(INTERVAL 5 minutes, time) AS time, sum(lines) AS lines\n" +
            "FROM rates GROUP BY 1 ORDER BY 1",
    ],
    [
        "Newest errors",
        "SELECT time, source, text FROM logs WHERE level = 'error' ORDER BY time DESC LIMIT 50",
    ],
];
const TIME = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d/;
const PLOT_ROWS = 20000,
    PLOT_LINES = 6;

const asTime = (cell) =>
    Date.parse(String(cell).replace(" ", "T") + (/Z|[+-]\d\d$/.test(cell) ? "" : "Z"));

// Which column is the time, and which are numbers; null: it can't be plotted.
function plotOf({ columns, rows }) {
    if (rows.length < 2 || rows.length > PLOT_ROWS) return null;
    const time = columns.findIndex((_, at) => rows.every((row) => TIME.test(row[at])));
    const lines = columns
        .map((_, at) => at)
        .filter(
            (at) =>
                at !== time &&
                rows.some((row) => typeof row[at] === "number") &&
                rows.every((row) => row[at] === null || typeof row[at] === "number"),
        )
        .slice(0, PLOT_LINES);
    if (time < 0 || lines.length === 0) return null;
    const sorted = [...rows].sort((a, b) => asTime(a[time]) - asTime(b[time]));
    return {
        times: sorted.map((row) => asTime(row[time])),
        series: lines.map((at, n) => ({
            name: columns[at],
            values: sorted.map((row) => row[at]),
            kind: ["actual", "second", "expected"][n % 3],
        })),
    };
}

function Answer({ told, plot, ms }) {
    const { columns, rows } = told;
    const numeric = columns.map((_, at) => at).filter((at) => typeof rows[0]?.[at] === "number");
    return (
        <>
            <p class="quiet" role="status">
                {plural(rows.length, "row")}, {ms} ms
                {told.cut ? "; there were more" : ""}
                {told.note ? `; ${told.note}` : ""}
            </p>
            {plot ? <Chart name="plot" {...plot} columns={columns} rows={rows} /> : null}
            <Save name="answer" columns={columns} rows={rows} />
            <Table
                name="answer"
                columns={columns}
                rows={rows}
                numeric={numeric}
                render={(value) => (typeof value === "string" ? <Line text={value} /> : null)}
            />
        </>
    );
}

export function Sql({ query }) {
    const [text, setText] = useState(query.q ?? EXAMPLES[0][1]);
    const [state, setState] = useState({});
    const run = async (what = text) => {
        choose({ q: what });
        setState({ running: true });
        const began = performance.now();
        try {
            const told = await api("sql", { method: "POST", body: { sql: what } });
            setState({ told, plot: plotOf(told), ms: Math.round(performance.now() - began) });
        } catch (error) {
            setState({ error });
        }
    };
    useEffect(() => {
        if (query.q) run(query.q);
    }, []);
    useKeys({ "Ctrl-Enter": () => run() });
    return (
        <>
            <Title
                sub={
                    "DuckDB's SQL over logs, samples, rates, patterns, findings, incidents and " +
                    "sources; it can only read."
                }
            >
                SQL
            </Title>
            <form
                class="sql"
                onSubmit={(event) => {
                    event.preventDefault();
                    run();
                }}
            >
                <textarea
                    aria-label="A statement of SQL"
                    rows="5"
                    spellcheck={false}
                    value={text}
                    data-search
                    onInput={(event) => setText(event.currentTarget.value)}
                />
                <div class="buttons">
                    <button type="submit" class="main" disabled={state.running}>
                        {state.running ? "Asking…" : "Ask"} <kbd>Ctrl ↵</kbd>
                    </button>
                    {EXAMPLES.map(([name, what]) => (
                        <button
                            type="button"
                            key={name}
                            onClick={() => {
                                setText(what);
                                run(what);
                            }}
                        >
                            {name}
                        </button>
                    ))}
                </div>
            </form>
            {state.error ? <Problem error={state.error} /> : null}
            {state.told ? <Answer {...state} /> : null}
        </>
    );
}

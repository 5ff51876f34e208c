// SPDX-License-Identifier: Apache-2.0
//
// patterns.jsx - families of log lines: what came more often now than before, what is new, what is
// gone; and of one pattern what stood at its variable places.
import { sql, useAsk } from "../api.js";
import { Brushes } from "../brushes.jsx";
import { literal } from "../lanes.jsx";
import { Asked, Choice, Empty, Link, Save, Table, Time, Title } from "../parts.jsx";
import { address, choose } from "../route.js";
import { Span, spanOfQuery } from "../span.jsx";
import { Line, Pattern } from "../text.jsx";
import { TopValues } from "../top_values.jsx";
import { number, percent } from "../words.js";

const CELLS = 60,
    SHOWN_MAX = 200;

function windowOf(text, usual) {
    const found = /^(\d+)-(\d+)$/.exec(text ?? "");
    const [from, to] = found ? [Number(found[1]), Number(found[2])] : usual;
    return from < to && to <= CELLS ? [from, to] : usual;
}

// Where nothing came there is nothing to compare with: two thirds of what is there, and the last.
function usualWindows(totals) {
    const first = Math.max(
        0,
        Math.min(
            totals.findIndex((lines) => lines > 0),
            CELLS - 3,
        ),
    );
    const cut = first + Math.round(((CELLS - first) * 2) / 3);
    return { before: [first, cut], now: [cut, CELLS] };
}

function question(span) {
    const cell = span.seconds / CELLS;
    return `SELECT p.pattern, p.source, any_value(p.text) AS text, any_value(p.level) AS level,
        epoch_ms(min(p.first_time)) AS first_ms, list(r.cell) AS cells, list(r.lines) AS lines
        FROM patterns p LEFT JOIN (SELECT pattern, source, sum(lines) AS lines,
            CAST(floor((epoch(time) - ${span.from / 1000}) / ${cell}) AS INT) AS cell FROM rates
            WHERE time >= ${literal(span.from)} AND time < ${literal(span.to)} GROUP BY ALL) r
        ON r.pattern = p.pattern AND r.source = p.source GROUP BY p.pattern, p.source`;
}

const listOf = (value) =>
    value === null ? [] : typeof value === "string" ? JSON.parse(value) : value;

function filled(row) {
    const cells = listOf(row.cells),
        lines = listOf(row.lines);
    const all = new Array(CELLS).fill(0);
    cells.forEach((cell, at) => {
        if (cell >= 0 && cell < CELLS) all[cell] += Number(lines[at] ?? 0);
    });
    return { ...row, lines: all };
}

const within = (lines, [from, to]) => lines.slice(from, to).reduce((all, one) => all + one, 0);

// Lines of both windows, as if they were equally long; how much it changed, and how surely.
function compared(row, windows, span) {
    const before = within(row.lines, windows.before),
        now = within(row.lines, windows.now);
    const scale = (windows.now[1] - windows.now[0]) / (windows.before[1] - windows.before[0]);
    const usual = before * scale;
    const began = span.from + (windows.now[0] * span.seconds * 1000) / CELLS;
    const kind =
        now > 0 && before === 0 && row.first_ms >= began - 60e3
            ? "new"
            : now === 0 && before > 0
              ? "gone"
              : now > usual
                ? "more"
                : now < usual
                  ? "less"
                  : "same";
    return {
        ...row,
        before,
        now,
        usual,
        kind,
        ratio: now / usual,
        weight: Math.abs(now - usual) / Math.sqrt(now + usual + 1) + (kind === "new" ? 1e6 : 0),
    };
}

function Change({ row }) {
    if (row.kind === "new") return <span class="state state-new">new</span>;
    if (row.kind === "gone") return <span class="state">gone</span>;
    if (row.before + row.now === 0) return <span class="quiet">–</span>;
    if (row.before === 0) return <span>back again</span>;
    return (
        <span class={row.weight > 5 ? "strong" : "quiet"}>
            {row.ratio >= 1 ? `${number(row.ratio)}x` : `1/${number(1 / row.ratio)}`}
        </span>
    );
}

function Spark({ values }) {
    const most = Math.max(...values, 1);
    return (
        <svg
            class="spark"
            viewBox={`0 0 ${values.length * 2} 16`}
            preserveAspectRatio="none"
            aria-hidden="true"
        >
            {values.map((value, at) =>
                value > 0 ? (
                    <rect
                        key={at}
                        class="lines"
                        x={at * 2}
                        width="1.6"
                        y={16 - (15 * value) / most - 1}
                        height={(15 * value) / most + 1}
                    />
                ) : null,
            )}
        </svg>
    );
}

const SORTS = {
    change: (a, b) => b.weight - a.weight,
    count: (a, b) => b.now - a.now,
    newest: (a, b) => b.first_ms - a.first_ms,
};

function Rows({ rows, query }) {
    const all = rows.reduce((sum, row) => sum + row.now, 0) || 1;
    const columns = [
        "pattern",
        "source",
        "level",
        "now",
        "usual",
        "change",
        "share",
        "course",
        "first seen",
    ];
    const table = rows.map((row) => [
        row.text,
        row.source,
        row.level,
        row.now,
        Math.round(row.usual),
        row.kind === "new" || row.kind === "gone" ? row.kind : row.ratio,
        row.now / all,
        row.lines.join(" "),
        new Date(row.first_ms).toISOString(),
    ]);
    const cell = (value, at, y) =>
        [
            () => (
                <Link
                    to={address("/patterns", {
                        ...query,
                        id: rows[y].pattern,
                        source: rows[y].source,
                    })}
                    class="pattern"
                >
                    <Pattern text={value} />
                </Link>
            ),
            () => <Line text={value} />,
            () => value ?? "",
            null,
            null,
            () => <Change row={rows[y]} />,
            () => percent(value),
            () => <Spark values={rows[y].lines} />,
            () => <Time time={value} />,
        ][at]?.();
    return (
        <>
            <Table
                name="patterns"
                label="Patterns, what changed most first"
                columns={columns}
                rows={table}
                numeric={[3, 4, 5, 6]}
                render={cell}
                most={SHOWN_MAX}
            />
            <Save name="patterns" columns={columns} rows={table} />
        </>
    );
}

function Compared({ told, query, span }) {
    const totals = Array.from({ length: CELLS }, (_, at) =>
        told.reduce((sum, row) => sum + row.lines[at], 0),
    );
    const windows = usualWindows(totals);
    windows.before = windowOf(query.before, windows.before);
    windows.now = windowOf(query.now, windows.now);
    const typed = (query.name ?? "").toLowerCase();
    const rows = told
        .map((row) => compared(row, windows, span))
        .filter((row) => `${row.text} ${row.source}`.toLowerCase().includes(typed))
        .sort((a, b) => (SORTS[query.sort] ?? SORTS.change)(a, b) || (a.text < b.text ? -1 : 1));
    const one = told.find((row) => row.pattern === query.id && row.source === query.source);
    return (
        <>
            <Brushes
                totals={totals}
                span={span}
                windows={windows}
                onChange={(name, [from, to]) => choose({ [name]: `${from}-${to}` })}
            />
            {one ? <TopValues row={one} close={() => choose({ id: null, source: null })} /> : null}
            <div class="filters">
                <input
                    type="search"
                    data-search
                    aria-label="Search patterns"
                    placeholder="Search ( / )"
                    value={query.name ?? ""}
                    onInput={(event) => choose({ name: event.currentTarget.value })}
                />
                <Choice
                    label="Order"
                    value={query.sort ?? "change"}
                    onChoose={(sort) => choose({ sort: sort === "change" ? null : sort })}
                    options={[
                        ["change", "changed most"],
                        ["count", "most lines"],
                        ["newest", "newest"],
                    ]}
                />
                <span class="quiet">
                    {number(rows.length)} of {number(told.length)} patterns
                </span>
            </div>
            <Rows rows={rows} query={query} />
        </>
    );
}

export function Patterns({ query }) {
    const span = spanOfQuery(query, "6h");
    const of = useAsk(`patterns ${query.span} ${query.until}`, async (signal) =>
        (await sql(question(spanOfQuery(query, "6h")), { signal })).map(filled),
    );
    return (
        <>
            <Title
                aside={<Span query={query} usual="6h" />}
                sub="Families of lines: what came now that did not
                come before, what came more often, what is gone."
            >
                Patterns
            </Title>
            <Asked of={of} lines={10}>
                {(told) =>
                    told.length === 0 ? (
                        <Empty title="No line has come yet." />
                    ) : (
                        <Compared told={told} query={query} span={span} />
                    )
                }
            </Asked>
        </>
    );
}

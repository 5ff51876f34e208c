// SPDX-License-Identifier: Apache-2.0
//
// sources.jsx - where data comes from: how late, how sure, how silent, what it costs; and what may
// not be read, with the command that would allow it.
import { api, useAsk } from "../api.js";
import { maturity, silent } from "../maturity.js";
import { Ago, Asked, Empty, Save, Table, Title } from "../parts.jsx";
import { Line } from "../text.jsx";
import { bytes, integer, percent, plural, span } from "../words.js";

const COLUMNS = [
    "source",
    "state",
    "sure",
    "lines",
    "samples",
    "series",
    "last",
    "lag",
    "bytes",
    "share of work",
    "lost",
];

function rowOf(one, cost) {
    const watch = one.watch;
    return [
        one.source,
        watch && watch.state !== "good" ? watch.state : silent(one) ? "silent" : "good",
        maturity(one).state,
        one.rows,
        one.samples,
        one.series,
        one.last_time,
        watch?.lag_s ?? null,
        one.bytes,
        cost?.share_of_work ?? null,
        one.refused + one.cut_rows + (watch?.dropped ?? 0),
    ];
}

function Cell({ value, at, one }) {
    if (at === 0)
        return (
            <>
                <Line text={value} />
                {one.watch?.cause ? (
                    <p class="refusal">
                        {one.watch.cause}
                        {one.watch.cure ? <code>{one.watch.cure}</code> : null}
                    </p>
                ) : null}
            </>
        );
    if (at === 1) return <span class={value === "good" ? "good" : "warn"}>{value}</span>;
    if (at === 2)
        return (
            <span title={maturity(one).lacks ?? ""}>
                {value}
                {maturity(one).lacks ? <small class="lacks">{maturity(one).lacks}</small> : null}
            </span>
        );
    if (at === 6) return <Ago time={value} />;
    if (at === 7) return value === null ? "–" : span(value);
    if (at === 8) return bytes(value);
    return at === 9 ? percent(value) : at > 2 ? integer(value) : null;
}

export function Sources() {
    const of = useAsk("sources", async (signal) => {
        const [{ items }, report] = await Promise.all([
            api("sources", { signal }),
            api("report", { signal }),
        ]);
        return { items, cost: new Map(report.sources.map((one) => [one.source, one])) };
    });
    return (
        <>
            <Title sub="Who sends, how late, and how sure one can be of it.">Sources</Title>
            <Asked of={of} lines={8}>
                {({ items, cost }) => {
                    if (items.length === 0) return <Empty title="Nothing has come yet." />;
                    const rows = items.map((one) => rowOf(one, cost.get(one.source)));
                    return (
                        <>
                            <p>
                                {plural(items.length, "source")}, {items.filter(silent).length}{" "}
                                silent,{" "}
                                {items.filter((one) => maturity(one).state === "good").length}{" "}
                                mature
                            </p>
                            <Table
                                name="sources"
                                columns={COLUMNS}
                                rows={rows}
                                most={1000}
                                numeric={[3, 4, 5, 7, 8, 9, 10]}
                                render={(value, at, y) => (
                                    <Cell value={value} at={at} one={items[y]} />
                                )}
                            />
                            <Save name="sources" columns={COLUMNS} rows={rows} />
                        </>
                    );
                }}
            </Asked>
        </>
    );
}

// SPDX-License-Identifier: Apache-2.0
//
// now.jsx - what is odd now: at most seven sentences, worst first; who and when; how the server is.
import { api, sql, useAsk } from "../api.js";
import { Lanes } from "../lanes.jsx";
import { useList } from "../marks.js";
import { Onboarding } from "../onboarding.jsx";
import { Asked, Empty, Link, Odd, State, Time, Title } from "../parts.jsx";
import { choose, go } from "../route.js";
import { iso, Span, spanOfQuery } from "../span.jsx";
import { Sentence } from "../text.jsx";
import { StatusLine } from "../status_line.jsx";
import { moment, plural } from "../words.js";

const SEVEN = 7,
    SHOWN_MAX = 200;
const OPEN = ["escalating", "regressed", "new", "ongoing"];
const HIDDEN = new Set(["joined", "hidden", "expected"]);

function worstFirst(a, b) {
    const of = ({ state }) => ({ escalating: 0, regressed: 0, new: 1, ongoing: 1 })[state] ?? 2;
    return of(a) - of(b) || b.surprise - a.surprise || (a.id < b.id ? -1 : 1);
}

// Those of the span; and, if it ends now, all that are not over, however long ago they began.
async function incidentsOf(span, signal) {
    const within = `since=${iso(span.from)}${span.live ? "" : `&until=${iso(span.to)}`}`;
    const asked = [
        `state=shown&${within}`,
        ...(span.live ? OPEN.map((state) => `state=${state}`) : []),
    ];
    const told = await Promise.all(
        asked.map((what) => api(`incidents?order=oddest&limit=${SHOWN_MAX}&${what}`, { signal })),
    );
    const all = new Map(told.flatMap(({ items }) => items).map((item) => [item.id, item]));
    return {
        items: [...all.values()].filter(({ state }) => !HIDDEN.has(state)).sort(worstFirst),
        more: told.some(({ next }) => next !== null),
    };
}

const findingsOf = async (id) => {
    const { items } = await api(`incidents/${id}`);
    return [...items].sort((a, b) => b.surprise - a.surprise);
};

function Card({ item, at, on }) {
    return (
        <li data-row={at} class={on ? "card on" : "card"}>
            <Link to={`/i/${item.id}`} class="what">
                <Sentence text={item.sentence} />
            </Link>
            <p class="facts">
                <State state={item.state} />
                <Odd surprise={item.surprise} long />
                <span>
                    since <Time time={item.time} />
                </span>
                {item.findings > 1 ? <span>{plural(item.findings, "finding")}</span> : null}
                {item.times > 0 ? <span>like it {plural(item.times, "time")} before</span> : null}
            </p>
        </li>
    );
}

function Calm({ span }) {
    const of = useAsk("calm", (signal) =>
        Promise.all([
            sql(
                "SELECT (SELECT count(*) FROM patterns) AS patterns, " +
                    "(SELECT count(*) FROM sources) AS sources",
                { signal },
            ),
            api("signals:rank?from=-1h&limit=1", { signal }).catch(() => ({ items: [] })),
            api("sources", { signal }),
            api("status", { signal }),
        ]),
    );
    return (
        <Asked of={of}>
            {([[counts], { items }, sources, status]) => {
                const series = sources.items.reduce((all, one) => all + one.series, 0);
                if (sources.items.length === 0)
                    return (
                        <Empty title="Nothing has come yet.">
                            <p>Send lines, and it learns at once:</p>
                            <pre>
                                curl --data-binary @app.log '{location.origin}/ingest?source=app'
                            </pre>
                        </Empty>
                    );
                return (
                    <Empty
                        title={`Nothing odd since ${moment(
                            Math.max(span.from, Date.parse(status.started)),
                        )}.`}
                    >
                        <p>
                            Watching {plural(series + counts.patterns, "signal")} from{" "}
                            {plural(counts.sources, "source")}.
                        </p>
                        {items[0] ? (
                            <p>
                                Closest to odd:{" "}
                                <Link to={`/signals?id=${items[0].id}`}>
                                    <code>{items[0].signal}</code>
                                </Link>{" "}
                                <Odd surprise={items[0].surprise} long />
                            </p>
                        ) : null}
                    </Empty>
                );
            }}
        </Asked>
    );
}

function List({ told, query, span }) {
    const all = query.all === "1";
    const items = told.items.slice(0, all ? SHOWN_MAX : SEVEN);
    const [at] = useList({
        count: items.length,
        open: (row) => go(`/i/${items[row].id}`),
        findings: (row) => (items[row] ? findingsOf(items[row].id) : []),
    });
    if (items.length === 0) return <Calm span={span} />;
    const rest = told.items.length - items.length;
    return (
        <>
            <ol class="cards">
                {items.map((item, row) => (
                    <Card key={item.id} item={item} at={row} on={row === at} />
                ))}
            </ol>
            {rest > 0 || told.more ? (
                <button type="button" class="more" onClick={() => choose({ all: "1" })}>
                    {rest > 0
                        ? `${rest}${told.more ? " and more" : ""} less odd`
                        : "There are more: choose a shorter span"}
                </button>
            ) : null}
            {all ? (
                <button type="button" class="more" onClick={() => choose({ all: null })}>
                    Only the worst seven
                </button>
            ) : null}
        </>
    );
}

export function Now({ query }) {
    const span = spanOfQuery(query);
    const stamp = `${query.span ?? ""} ${query.until ?? "now"}`;
    const of = useAsk(`now ${stamp}`, (signal) => incidentsOf(spanOfQuery(query), signal));
    return (
        <>
            <Title aside={<Span query={query} />}>What is odd {span.live ? "now" : "then"}</Title>
            <StatusLine />
            <Onboarding />
            <Asked of={of}>{(told) => <List told={told} query={query} span={span} />}</Asked>
            <Lanes span={span} stamp={stamp} />
        </>
    );
}

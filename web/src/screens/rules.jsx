// SPDX-License-Identifier: Apache-2.0
//
// rules.jsx - what people and rules say: verdicts, mutes, windows, with what each of them hid; and
// what the alarms of the past week were worth.
import { api, useAsk } from "../api.js";
import { openDialog } from "../dialogs.jsx";
import { Asked, Empty, Link, Save, Table, Time, Title } from "../parts.jsx";
import { Line, Sentence } from "../text.jsx";
import { undo } from "../verdicts.js";
import { percent, plural } from "../words.js";

const COLUMNS = ["verdict", "about", "until", "hid", "real among them", "broken", "said", "undo"];

const ofWhat = (one) =>
    one.about ??
    [one.kind, one.source, one.pattern ?? one.signal, one.host, one.text]
        .filter(Boolean)
        .join(" · ");

const ends = (one) =>
    one.lasts === "worse" ? "it gets worse" : one.lasts === "forever" ? "for ever" : one.until;

function Said({ items }) {
    if (items.length === 0)
        return (
            <Empty title="Nothing is held back.">
                <p>
                    Verdicts of people and the rules of the file will stand here, with what they
                    hid.
                </p>
            </Empty>
        );
    const rows = items.map((one) => [
        one.verdict,
        ofWhat(one),
        ends(one),
        one.hidden,
        one.real,
        one.broken,
        one.made,
        one.id,
    ]);
    const cell = (value, at, y) =>
        [
            () => <strong>{value}</strong>,
            () => (
                <>
                    <Sentence text={value} />
                    {items[y].reason ? (
                        <p class="quiet">
                            because <Line text={items[y].reason} />
                            {items[y].author ? `, ${items[y].author}` : ""}
                        </p>
                    ) : null}
                </>
            ),
            () => (items[y].lasts === "window" ? <Time time={value} /> : value),
            null,
            null,
            null,
            () => <Time time={value} />,
            () => (
                <button type="button" onClick={() => undo([value])}>
                    Undo
                </button>
            ),
        ][at]?.();
    return (
        <>
            <Table
                name="verdicts"
                columns={COLUMNS}
                rows={rows}
                numeric={[3, 4, 5]}
                render={cell}
                most={1000}
            />
            <Save name="verdicts" columns={COLUMNS} rows={rows} />
        </>
    );
}

async function judge(id) {
    const finding = await api(`findings/${id}`);
    openDialog("verdict", { findings: [finding], form: { verdict: "expected" } });
}

function Worth({ report }) {
    const { all, incidents, pages, noisiest, hiding } = report;
    return (
        <section class="panel" aria-label="The past week">
            <h2>The past week</h2>
            <p class="big">
                {plural(all.findings, "finding")} in {plural(incidents.shown, "incident")};{" "}
                {all.held_back} held back, {all.real} called real, {all.expected} expected
                {all.precision === null
                    ? ""
                    : `; ${percent(all.precision)} of those judged were real`}
                .{pages.avoided > 0 ? ` ${plural(pages.avoided, "message")} less.` : ""}
            </p>
            {hiding.length > 0 ? (
                <>
                    <h3>What hid the most</h3>
                    <ul>
                        {hiding.map((one) => (
                            <li key={one.id}>
                                <strong>{one.hid}</strong> by {one.verdict}:{" "}
                                <Sentence text={one.about ?? one.source ?? one.id} />
                            </li>
                        ))}
                    </ul>
                </>
            ) : null}
            {noisiest.length > 0 ? (
                <>
                    <h3>Noisiest, and not called real</h3>
                    <ul>
                        {noisiest.map((one) => (
                            <li key={one.signal}>
                                <Link to={`/f/${one.finding}`}>
                                    <Sentence text={one.sentence} />
                                </Link>
                                <p class="facts">
                                    <span>{plural(one.findings, "finding")}</span>
                                    <button type="button" onClick={() => judge(one.finding)}>
                                        Hold back its like: {one.would_hide} of {one.of_findings}
                                    </button>
                                </p>
                            </li>
                        ))}
                    </ul>
                </>
            ) : null}
        </section>
    );
}

export function Rules() {
    const of = useAsk("rules", (signal) =>
        Promise.all([api("verdicts?limit=1000", { signal }), api("report", { signal })]),
    );
    return (
        <>
            <Title
                sub={
                    "What is held back, by whom, until when. Each can be undone: then it is as " +
                    "if it had never been said."
                }
            >
                Rules, mutes and verdicts
            </Title>
            <Asked of={of} lines={8}>
                {([verdicts, report]) => (
                    <>
                        <Said items={verdicts.items} />
                        <Worth report={report} />
                    </>
                )}
            </Asked>
        </>
    );
}

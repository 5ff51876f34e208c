// SPDX-License-Identifier: Apache-2.0
//
// questions.jsx - the few answers that would teach it most: findings that nobody has judged, and
// predictions whose truth would tell the quality of a model.
import { api, useAsk } from "../api.js";
import { openDialog } from "../dialogs.jsx";
import { useList } from "../marks.js";
import { Asked, Empty, Link, Odd, Save, Table, Time, Title } from "../parts.jsx";
import { go } from "../route.js";
import { Line, Sentence } from "../text.jsx";
import { number, percent, plural } from "../words.js";

const FINDINGS = 7,
    PREDICTIONS = 20;

// One of each signal that nobody has judged: the noisiest first, then the oddest.
async function findingsToJudge(signal) {
    const [report, odd] = await Promise.all([
        api("report?since=-720h", { signal }),
        api("findings?order=oddest&state=shown&limit=200&since=-720h", { signal }),
    ]);
    const noise = new Map(report.noisiest.map((one) => [one.signal, one.findings]));
    const seen = new Set();
    return odd.items
        .filter((one) => one.verdict === null && !seen.has(one.signal) && seen.add(one.signal))
        .map((one) => ({ ...one, noise: noise.get(one.signal) ?? 1 }))
        .sort((a, b) => b.noise - a.noise || b.surprise - a.surprise)
        .slice(0, FINDINGS);
}

async function ofModels(signal) {
    const { items } = await api("models", { signal });
    const names = [
        ...new Set(items.filter(({ predictions }) => predictions > 0).map(({ model }) => model)),
    ];
    return Promise.all(
        names.map(async (name) => ({
            name,
            ...(await api(`models/${encodeURIComponent(name)}/questions?count=${PREDICTIONS}`, {
                signal,
            })),
        })),
    );
}

function Judge({ items }) {
    const [at] = useList({
        count: items.length,
        findings: async (row) => (items[row] ? [items[row]] : []),
        open: (row) => go(`/f/${items[row].id}`),
    });
    const say = (finding, verdict) =>
        openDialog("verdict", { findings: [finding], form: { verdict } });
    if (items.length === 0)
        return (
            <Empty title="Nothing to ask.">
                <p>All that is odd was judged, or nothing is.</p>
            </Empty>
        );
    return (
        <ol class="cards">
            {items.map((one, row) => (
                <li key={one.id} data-row={row} class={row === at ? "card ask on" : "card ask"}>
                    <div>
                        <Link to={`/f/${one.id}`}>
                            <Sentence text={one.sentence} />
                        </Link>
                        <p class="facts">
                            <Odd surprise={one.surprise} long />
                            <Time time={one.time} />
                            {one.noise > 1 ? (
                                <span>{plural(one.noise, "finding")} of this signal</span>
                            ) : null}
                        </p>
                    </div>
                    <div class="buttons">
                        {[
                            ["real", "Real"],
                            ["expected", "Expected"],
                            ["unsure", "Not sure"],
                        ].map(([name, text]) => (
                            <button type="button" key={name} onClick={() => say(one, name)}>
                                {text}
                            </button>
                        ))}
                    </div>
                </li>
            ))}
        </ol>
    );
}

function Model({ told }) {
    const rows = told.items.map((one) => [
        one.id,
        one.version,
        one.time,
        one.probability,
        one.reason,
    ]);
    return (
        <section class="panel" aria-label={`Questions of ${told.name}`}>
            <h2>
                <Line text={told.name} />
            </h2>
            {told.estimates.map((one) => (
                <p key={one.version + one.metric}>
                    {one.metric} of version <Line text={one.version} />, by{" "}
                    {plural(one.labels, "label")}:{" "}
                    <strong>
                        {one.metric === "accuracy" ? percent(one.estimate) : number(one.estimate)}
                    </strong>{" "}
                    ({number(one.lower)} to {number(one.upper)})
                </p>
            ))}
            {rows.length === 0 ? (
                <p class="quiet">Nothing of it need be labelled now.</p>
            ) : (
                <>
                    <p>The outcome of these predictions would tell most of all of them.</p>
                    <Table
                        name={`questions-${told.name}`}
                        columns={["id", "version", "time", "drawn with", "why"]}
                        rows={rows}
                        numeric={[3]}
                        render={(value, at) =>
                            at === 0 ? (
                                <Line text={value} />
                            ) : at === 2 ? (
                                <Time time={value} />
                            ) : at === 3 ? (
                                percent(value)
                            ) : null
                        }
                    />
                    <Save
                        name={`questions-${told.name}`}
                        columns={["id", "version", "time", "probability", "reason"]}
                        rows={rows}
                    />
                </>
            )}
        </section>
    );
}

export function Questions() {
    const findings = useAsk("to judge", findingsToJudge),
        models = useAsk("to label", ofModels);
    return (
        <>
            <Title sub="A few answers teach more than many settings.">Questions</Title>
            <section aria-label="Findings">
                <h2>Was this real?</h2>
                <Asked of={findings} lines={6}>
                    {(items) => <Judge items={items} />}
                </Asked>
            </section>
            <Asked of={models}>
                {(all) => all.map((told) => <Model key={told.name} told={told} />)}
            </Asked>
        </>
    );
}

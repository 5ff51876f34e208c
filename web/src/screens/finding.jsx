// SPDX-License-Identifier: Apache-2.0
//
// finding.jsx - one finding: what it rests on in numbers, its signal, who says what of it.
import { api, useAsk } from "../api.js";
import { axisOf, EvidenceRow } from "../evidence.jsx";
import { VerdictButtons } from "../finding_row.jsx";
import { useList } from "../marks.js";
import { Asked, Link, Odd, State, Time, Title } from "../parts.jsx";
import { address } from "../route.js";
import { Line, Sentence } from "../text.jsx";
import { number, odds } from "../words.js";
import { undo } from "../verdicts.js";

const WORDS = {
    seen: "seen",
    expected: "expected",
    surprise: "surprise",
    threshold: "needed today",
    repeats: "came again",
    neighbours: "odd with it",
};
const DOES = { hides: "holds it back", broken: "was broken by it: it is too odd", says: "says" };

function Said({ verdicts }) {
    return (
        <section aria-label="Who says what of it">
            <h2>Who says what of it</h2>
            {verdicts.length === 0 ? <p class="quiet">Nobody yet.</p> : null}
            <ul class="said">
                {verdicts.map((one) => (
                    <li key={one.id}>
                        <strong>{one.verdict}</strong> {DOES[one.does]}
                        {one.reason ? (
                            <>
                                , because <Line text={one.reason} />
                            </>
                        ) : null}{" "}
                        <span class="quiet">
                            {one.author ?? ""} <Time time={one.made} />
                        </span>{" "}
                        <button type="button" onClick={() => undo([one.id])}>
                            Undo
                        </button>
                    </li>
                ))}
            </ul>
        </section>
    );
}

function Whole({ told: { finding, evidence, verdicts } }) {
    useList({ count: 1, findings: async () => [finding] });
    const axis = axisOf({ story: [], time: finding.time, last_time: finding.last_time });
    return (
        <>
            {finding.incident ? (
                <p class="back">
                    <Link to={`/i/${finding.incident}`}>‹ Its incident</Link>
                </p>
            ) : null}
            <Title
                sub={
                    <span class="facts">
                        <State state={finding.state} />
                        <Odd surprise={finding.surprise} long />
                        <span>{finding.how_rare}</span>
                        <Time time={finding.time} day="always" seconds />
                        <Line text={finding.source} />
                        {finding.verdict ? <span>marked {finding.verdict}</span> : null}
                    </span>
                }
            >
                <Sentence text={finding.sentence} />
            </Title>
            <VerdictButtons findings={[finding]} />
            <section class="evidence" aria-label="Evidence">
                <ul>
                    <EvidenceRow finding={finding} axis={axis} marks={[]} />
                </ul>
                <p>
                    <Link
                        to={address("/signals", {
                            id: finding.sample ? finding.signal : finding.pattern,
                            source: finding.sample ? finding.source : null,
                        })}
                    >
                        Look closer at the signal
                    </Link>
                </p>
            </section>
            <div class="two">
                <section aria-label="Numbers">
                    <h2>What it rests on</h2>
                    <dl class="numbers">
                        {Object.entries(WORDS).map(([name, words]) =>
                            evidence[name] === null ? null : (
                                <div key={name}>
                                    <dt>{words}</dt>
                                    <dd>
                                        {number(evidence[name])}
                                        {name === "surprise" || name === "threshold"
                                            ? ` (${odds(evidence[name])})`
                                            : ""}
                                    </dd>
                                </div>
                            ),
                        )}
                    </dl>
                </section>
                <Said verdicts={verdicts} />
            </div>
        </>
    );
}

export function Finding({ id }) {
    const of = useAsk(`finding ${id}`, (signal) =>
        api(`findings/${encodeURIComponent(id)}/explain`, { signal }),
    );
    return (
        <Asked of={of} lines={6}>
            {(told) => <Whole told={told} />}
        </Asked>
    );
}

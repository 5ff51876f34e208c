// SPDX-License-Identifier: Apache-2.0
//
// incident.jsx - one incident: the cause first, what came of it, the evidence on one time axis,
// what was checked and found innocent, what was like it; and what a person says of it.
import { api, useAsk } from "../api.js";
import { Evidence } from "../evidence.jsx";
import { useKeys } from "../keys.js";
import { useList } from "../marks.js";
import { Asked, Link, Odd, State, Time, Title } from "../parts.jsx";
import { go } from "../route.js";
import { Sentence } from "../text.jsx";
import { plural, span } from "../words.js";
import { VerdictButtons } from "../finding_row.jsx";

const ROLES = {
    cause: "probable cause",
    failure: "what failed",
    impact: "what users feel",
    change: "a change before it",
};

const byRank = (a, b) => (a.rank ?? 1e9) - (b.rank ?? 1e9) || (a.time < b.time ? -1 : 1);

function Part({ part, first, at, on }) {
    const later = (Date.parse(part.time) - Date.parse(first)) / 1000;
    const text = <Sentence text={part.sentence} />;
    return (
        <li data-row={at} class={`part ${part.role ?? "held"}${on ? " on" : ""}`}>
            <p class="role">
                {part.role ? ROLES[part.role] : "held back"}
                {part.rank > 1 ? <span class="quiet"> · suspect {part.rank}</span> : null}
            </p>
            <p class="what">
                {part.part === "finding" ? <Link to={`/f/${part.id}`}>{text}</Link> : text}
            </p>
            <p class="facts">
                <Time time={part.time} seconds />
                {later >= 1 ? <span>{span(later)} later</span> : null}
                {part.surprise === null ? null : <Odd surprise={part.surprise} long />}
                {part.state ? <State state={part.state} /> : null}
                {part.why ? <span class="why">because: {part.why}</span> : null}
            </p>
        </li>
    );
}

function Checked({ checked }) {
    return (
        <section aria-label="What was checked">
            <h2>Checked as well</h2>
            <ul class="checked">
                {checked.map((one) => (
                    <li
                        key={one.sentence}
                        class={one.state === "innocent" ? "innocent" : "as-well"}
                    >
                        <span>
                            {one.sentence}, {plural(one.signals, "signal")}: {one.state}
                        </span>
                        {one.surprise === null ? null : <Odd surprise={one.surprise} />}
                    </li>
                ))}
            </ul>
            {checked.length === 0 ? <p class="quiet">Nothing else was near.</p> : null}
        </section>
    );
}

function Similar({ similar }) {
    return (
        <section aria-label="Similar past incidents">
            <h2>Like it before</h2>
            {similar.length === 0 ? (
                <p class="quiet">Nothing like it is remembered.</p>
            ) : (
                <ul class="similar">
                    {similar.map((one) => (
                        <li key={one.id}>
                            <Link to={`/i/${one.id}`}>
                                <Sentence text={one.sentence} />
                            </Link>
                            <p class="facts">
                                <State state={one.state} />
                                <Time time={one.time} />
                                <span class="why">{one.why}</span>
                            </p>
                        </li>
                    ))}
                </ul>
            )}
        </section>
    );
}

function Facts({ whole }) {
    return (
        <span class="facts">
            <State state={whole.state} />
            <Odd surprise={whole.surprise} long />
            <span>
                since <Time time={whole.time} day="always" />
            </span>
            <span>{plural(whole.findings, "finding")}</span>
            {whole.hidden > 0 ? <span>{whole.hidden} held back</span> : null}
            {whole.times > 0 ? <span>like it {plural(whole.times, "time")} before</span> : null}
        </span>
    );
}

function Whole({ whole }) {
    const story = [...whole.story].sort(byRank);
    const [cause, ...rest] = whole.sentence.split("; ");
    const findings = [...whole.items].sort((a, b) => b.surprise - a.surprise);
    const first =
        story
            .map(({ time }) => time)
            .filter(Boolean)
            .sort()[0] ?? whole.time;
    const of = (at) => {
        const chosen = whole.items.find(({ id }) => id === story[at]?.id);
        return chosen ? [chosen, ...findings.filter(({ id }) => id !== chosen.id)] : findings;
    };
    const [at] = useList({
        count: story.length,
        findings: async (row) => of(row),
        open: (row) => story[row].part === "finding" && go(`/f/${story[row].id}`),
    });
    useKeys({ Escape: () => go("/") });
    return (
        <>
            <Title sub={<Facts whole={whole} />}>
                <Sentence text={cause} />
            </Title>
            {rest.length > 0 ? (
                <p class="came">
                    <Sentence text={rest.join("; ")} />
                </p>
            ) : null}
            {whole.state === "joined" ? (
                <p class="banner">
                    It is a part of <Link to={`/i/${whole.again}`}>another incident</Link>.
                </p>
            ) : null}
            <VerdictButtons findings={findings} />
            <div class="two">
                <section aria-label="Cause and what came of it">
                    <h2>Cause first</h2>
                    <ol class="chain">
                        {story.map((part, row) => (
                            <Part
                                key={part.id}
                                part={part}
                                first={first}
                                at={row}
                                on={row === at}
                            />
                        ))}
                    </ol>
                </section>
                <div>
                    <Checked checked={whole.checked} />
                    <Similar similar={whole.similar} />
                </div>
            </div>
            <Evidence whole={whole} story={story} findings={whole.items} />
        </>
    );
}

export function Incident({ id }) {
    const of = useAsk(`incident ${id}`, (signal) =>
        api(`incidents/${encodeURIComponent(id)}`, { signal }),
    );
    return (
        <>
            <p class="back">
                <Link to="/">‹ What is odd now</Link>
            </p>
            <Asked of={of} lines={6}>
                {(whole) => <Whole whole={whole} />}
            </Asked>
        </>
    );
}

// SPDX-License-Identifier: Apache-2.0
//
// evidence.jsx - what an incident rests on, one signal a row, on one time axis; deploys, changes
// and verdicts as marks on it.
import { api, useAsk } from "./api.js";
import { Odd, Time } from "./parts.jsx";
import { iso } from "./span.jsx";
import { Strip } from "./strip.jsx";
import { Line, Pattern, Sentence } from "./text.jsx";
import { moment, number } from "./words.js";

const BEFORE = 0.6,
    LEAST_MS = 20 * 60e3,
    MOST_MS = 26 * 3600e3,
    ROWS = 8;

// The incident, and more than half as much before it.
export function axisOf(whole) {
    const times = [...whole.story.map(({ time }) => time), whole.time, whole.last_time]
        .filter(Boolean)
        .map(Date.parse);
    const begin = Math.min(...times);
    const end = Math.min(Math.max(...times, begin + LEAST_MS), begin + MOST_MS);
    const room = Math.max((end - begin) * BEFORE, LEAST_MS);
    return { from: begin - room, to: Math.min(end + room / 3, Math.max(Date.now(), end)) };
}

function useMarks({ from, to }) {
    const of = useAsk(`marks ${Math.round(from / 60000)}`, async (signal) => {
        const [changes, verdicts] = await Promise.all([
            api(`changes?since=${iso(from)}&until=${iso(to)}&limit=20`, { signal }),
            api("verdicts?limit=50", { signal }),
        ]);
        return [
            ...changes.items.map((one) => ({
                time: one.time,
                kind: "change",
                text: [one.what, one.service ?? one.host, one.version].filter(Boolean).join(" "),
            })),
            ...verdicts.items
                .filter(({ made }) => Date.parse(made) > from && Date.parse(made) < to)
                .map((one) => ({
                    time: one.made,
                    kind: "said",
                    text: `${one.verdict}: ${one.reason ?? one.about ?? one.id}`,
                })),
        ];
    });
    return of.data ?? [];
}

function Axis({ from, to, marks }) {
    const ticks = Array.from({ length: 5 }, (_, at) => from + ((to - from) * at) / 4);
    return (
        <div class="axis">
            <div class="ticks">
                {ticks.map((time, at) => (
                    <span key={time}>{moment(time, { day: at === 0 ? "auto" : "never" })}</span>
                ))}
            </div>
            <ul class="marks">
                {marks.map((mark) => (
                    <li key={mark.time + mark.text} class={mark.kind}>
                        <Time time={mark.time} /> {mark.text}
                    </li>
                ))}
            </ul>
        </div>
    );
}

// A model's finding has no series of its own: what was, beside what is.
function Beside({ finding }) {
    const { seen, expected } = finding;
    const most = Math.max(Math.abs(seen ?? 0), Math.abs(expected ?? 0), 1e-9);
    const row = (name, value, kind) =>
        value === null ? null : (
            <div>
                <span>{name}</span>
                <i class={kind} style={{ width: `${(60 * Math.abs(value)) / most}%` }} />
                <span class="num">{number(value)}</span>
            </div>
        );
    return (
        <div class="beside">
            {row("then", seen, "seen")}
            {row("usual", expected, "usual")}
        </div>
    );
}

const MODEL = new Set(["drift", "quality", "errors", "calibration", "segment", "missing"]);

export function EvidenceRow({ finding, axis, marks }) {
    return (
        <li class="evidence-row">
            <div class="who">
                <span class="source">
                    <Line text={finding.source} />
                </span>
                {finding.pattern ? <Pattern text={finding.pattern} /> : null}
                <Odd surprise={finding.surprise} />
            </div>
            {MODEL.has(finding.kind) ? (
                <Beside finding={finding} />
            ) : (
                <Strip
                    name={finding.pattern ?? finding.signal}
                    {...axis}
                    marks={marks}
                    signal={finding.sample ? finding.signal : (finding.pattern ?? finding.signal)}
                    source={finding.sample ? finding.source : null}
                    begin={finding.time}
                />
            )}
            {finding.sample ? (
                <pre class="sample" tabIndex="0">
                    <Line text={finding.sample} />
                </pre>
            ) : null}
        </li>
    );
}

export function Evidence({ whole, story, findings }) {
    const axis = axisOf(whole);
    const marks = useMarks(axis);
    const rank = new Map(story.map((part, at) => [part.id, at]));
    const shown = [...findings].sort((a, b) => (rank.get(a.id) ?? 99) - (rank.get(b.id) ?? 99));
    const once = shown.filter(
        (one, at) => shown.findIndex(({ signal }) => signal === one.signal) === at,
    );
    const hints = story.filter(({ part }) => part === "hint");
    return (
        <section class="evidence" aria-label="Evidence">
            <h2>Evidence, on one time axis</h2>
            <Axis {...axis} marks={marks} />
            <ul>
                {once.slice(0, ROWS).map((finding) => (
                    <EvidenceRow key={finding.id} finding={finding} axis={axis} marks={marks} />
                ))}
                {hints.map((hint) => (
                    <li key={hint.id} class="evidence-row hint">
                        <div class="who">
                            <span class="source">too faint to be told by itself</span>
                        </div>
                        <p>
                            <Odd surprise={hint.surprise} /> <Time time={hint.time} seconds />{" "}
                            <Sentence text={hint.sentence} />
                        </p>
                    </li>
                ))}
            </ul>
            {once.length > ROWS ? (
                <p class="quiet">{once.length - ROWS} more signals are told above.</p>
            ) : null}
        </section>
    );
}

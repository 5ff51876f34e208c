// SPDX-License-Identifier: Apache-2.0
//
// models.jsx - models in production: a line of health for each; of one its drift, its quality, its
// segments, how its values are spread, what it would like to be told.
import { api, useAsk } from "../api.js";
import { Calibration } from "../model/calibration.jsx";
import { Drift } from "../model/drift.jsx";
import { Quality } from "../model/quality.jsx";
import { Segments } from "../model/segments.jsx";
import { Ago, Asked, Choice, Empty, Link, State, Title } from "../parts.jsx";
import { choose } from "../route.js";
import { Line } from "../text.jsx";
import { integer, plural, span } from "../words.js";

const VERDICTS = {
    none: "nothing is the matter",
    pipeline: "the pipeline feeds it wrongly",
    concept: "the world has changed",
    "harmful covariate": "inputs moved, and it suffers",
    "harmless covariate": "inputs moved, without harm",
};

function Health({ one, alone = false }) {
    const bad = one.verdict && one.verdict !== "none" && one.verdict !== "harmless covariate";
    return (
        <li class="card">
            {alone ? null : (
                <Link
                    class="what"
                    to={`/models/${encodeURIComponent(one.model)}?version=${encodeURIComponent(
                        one.version,
                    )}`}
                >
                    <Line text={one.model} />{" "}
                    <small class="quiet">
                        version <Line text={one.version || "not told"} />
                    </small>
                </Link>
            )}
            <p class={bad ? "bad" : ""}>
                {one.state === "learning"
                    ? "It learns its reference."
                    : (VERDICTS[one.verdict] ?? one.reason ?? "Watched.")}
            </p>
            <p class="facts">
                <State state={one.state} />
                <span class={one.drifting > 0 ? "warn" : ""}>
                    {one.drifting} of {plural(one.features, "column")} drift
                </span>
                <span>{plural(one.predictions, "prediction")}</span>
                <span>
                    {plural(one.outcomes, "outcome")}, {integer(one.waiting)} waited for
                </span>
                {one.delay_s === null ? null : (
                    <span>outcomes come within {span(one.delay_s)}</span>
                )}
                <span>
                    last <Ago time={one.last_time} />
                </span>
            </p>
        </li>
    );
}

const told = ({ predictions, state }) => predictions > 0 || state !== "learning";

function List() {
    const of = useAsk("models", (signal) => api("models", { signal }));
    return (
        <>
            <Title sub="How each model is, by its inputs and by what came true.">Models</Title>
            <Asked of={of} lines={6}>
                {({ items }) =>
                    items.filter(told).length === 0 ? (
                        <Empty title="No model has sent predictions yet.">
                            <p>POST /api/v1/predictions takes them, and later their outcomes.</p>
                        </Empty>
                    ) : (
                        <ul class="cards">
                            {items.filter(told).map((one) => (
                                <Health key={`${one.model} ${one.version}`} one={one} />
                            ))}
                        </ul>
                    )
                }
            </Asked>
        </>
    );
}

const PARTS = [
    ["drift", "Drift"],
    ["quality", "Quality"],
    ["segments", "Segments"],
    ["spread", "Distributions"],
];

function One({ id, query }) {
    const name = encodeURIComponent(id);
    const of = useAsk(`model ${id}`, (signal) => api(`models/${name}`, { signal }));
    const part = query.part ?? "drift";
    const Part = { drift: Drift, quality: Quality, segments: Segments, spread: Calibration }[part];
    return (
        <Asked of={of} lines={6}>
            {({ versions }) => {
                const chosen = versions.filter(told);
                const one =
                    chosen.find(({ version }) => version === query.version) ??
                    chosen[0] ??
                    versions[0];
                return (
                    <>
                        <p class="back">
                            <Link to="/models">‹ Models</Link>
                        </p>
                        <Title
                            aside={
                                chosen.length > 1 ? (
                                    <Choice
                                        label="Version"
                                        value={one.version}
                                        options={chosen.map(({ version }) => [version, version])}
                                        onChoose={(version) => choose({ version })}
                                    />
                                ) : null
                            }
                        >
                            <Line text={id} />{" "}
                            <small class="quiet">
                                <Line text={one.version} />
                            </small>
                        </Title>
                        <ul class="cards">
                            <Health one={one} alone />
                        </ul>
                        <Choice
                            label="What"
                            value={part}
                            options={PARTS}
                            onChoose={(next) => choose({ part: next === "drift" ? null : next })}
                        />
                        <Part model={name} version={one.version} query={query} />
                    </>
                );
            }}
        </Asked>
    );
}

export function Models({ id, query }) {
    return id === null ? <List /> : <One id={id} query={query} />;
}

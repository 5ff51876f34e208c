// SPDX-License-Identifier: Apache-2.0
//
// calibration.jsx - how the probabilities of a model are spread and what they are worth: where it
// said so much, how much came true, in the reference and since, side by side.
import { api, useAsk } from "../api.js";
import { Asked, Data } from "../parts.jsx";
import { percent } from "../words.js";

const COLUMNS = [
    "probability",
    "rows",
    "reference",
    "realised",
    "realised_lower",
    "realised_upper",
];
const SIZE = 300;

function Plot({ items }) {
    const x = (value) => 30 + value * (SIZE - 40),
        y = (value) => SIZE - 30 - value * (SIZE - 40);
    const most = Math.max(...items.map(({ rows }) => rows), 1);
    return (
        <svg
            class="reliability"
            viewBox={`0 0 ${SIZE} ${SIZE}`}
            role="img"
            aria-label="What was said, and what came true; the table below has it"
        >
            <line class="axis-line" x1={x(0)} y1={y(0)} x2={x(1)} y2={y(1)} />
            {items.map((one) =>
                one.probability === null ? null : (
                    <g key={one.probability}>
                        {one.realised === null ? null : (
                            <>
                                <line
                                    class="range"
                                    x1={x(one.probability)}
                                    x2={x(one.probability)}
                                    y1={y(one.realised_lower)}
                                    y2={y(one.realised_upper)}
                                />
                                <circle
                                    class="point"
                                    cx={x(one.probability)}
                                    cy={y(one.realised)}
                                    r={3 + 4 * Math.sqrt(one.rows / most)}
                                />
                            </>
                        )}
                        {one.reference === null ? null : (
                            <circle
                                class="hollow"
                                cx={x(one.probability)}
                                cy={y(one.reference)}
                                r="4"
                            />
                        )}
                    </g>
                ),
            )}
            <text x={SIZE / 2} y={SIZE - 4} text-anchor="middle">
                what it said
            </text>
            <text x="10" y={SIZE / 2} text-anchor="middle" transform={`rotate(-90 10 ${SIZE / 2})`}>
                what came true
            </text>
        </svg>
    );
}

function Spread({ items }) {
    const all = items.reduce((sum, { rows }) => sum + rows, 0) || 1;
    return (
        <div class="spread">
            {items.map((one) => (
                <div key={one.probability}>
                    <span class="num">{percent(one.probability)}</span>
                    <i style={{ width: `${Math.max((100 * one.rows) / all, 0.5)}%` }} />
                    <span class="num quiet">{percent(one.rows / all)}</span>
                </div>
            ))}
        </div>
    );
}

export function Calibration({ model, version }) {
    const of = useAsk(`calibration ${model} ${version}`, (signal) =>
        api(`models/${model}/calibration?version=${encodeURIComponent(version)}`, { signal }),
    );
    return (
        <section class="panel" aria-label="Distributions">
            <h2>What it says, and what that is worth</h2>
            <Asked of={of} lines={6}>
                {({ items }) =>
                    items.length === 0 ? (
                        <p class="quiet">It is told once outcomes of probabilities came.</p>
                    ) : (
                        <>
                            <div class="two">
                                <div>
                                    <h3>Worth</h3>
                                    <Plot items={items} />
                                    <p class="quiet small">
                                        ● since, with 95 of 100 · ○ in the reference · the line: as
                                        good as its word
                                    </p>
                                </div>
                                <div>
                                    <h3>How often it says so</h3>
                                    <Spread items={items} />
                                </div>
                            </div>
                            <Data
                                name="calibration"
                                columns={COLUMNS}
                                numeric={[0, 1, 2, 3, 4, 5]}
                                rows={items.map((one) => COLUMNS.map((name) => one[name]))}
                            />
                        </>
                    )
                }
            </Asked>
        </section>
    );
}

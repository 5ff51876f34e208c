// SPDX-License-Identifier: Apache-2.0
//
// onboarding.jsx - as long as nobody has said anything: the three oddest things of the past week,
// and the question whether they were real.  The first verdicts teach it most.
import { useState } from "preact/hooks";
import { api, useAsk } from "./api.js";
import { openDialog } from "./dialogs.jsx";
import { Link, Odd, Time } from "./parts.jsx";
import { Sentence } from "./text.jsx";

const KEY = "oddball-onboarded";

async function question(signal) {
    const { items: said } = await api("verdicts?limit=1", { signal });
    if (said.length > 0) return [];
    const { items } = await api("findings?order=oddest&since=-168h&limit=3&state=shown", {
        signal,
    });
    return items;
}

export function Onboarding() {
    const [closed, setClosed] = useState(localStorage.getItem(KEY) === "1");
    const of = useAsk(closed ? null : "onboarding", question);
    if (closed || !of.data || of.data.length === 0) return null;
    const judge = (finding, verdict) =>
        openDialog("verdict", { findings: [finding], form: { verdict } });
    return (
        <section class="onboarding" aria-label="The oddest of the past week">
            <header>
                <h2>The oddest of the past week. Was this real?</h2>
                <button
                    type="button"
                    class="close"
                    aria-label="Not now"
                    onClick={() => {
                        localStorage.setItem(KEY, "1");
                        setClosed(true);
                    }}
                >
                    ✕
                </button>
            </header>
            <ol>
                {of.data.map((finding) => (
                    <li key={finding.id}>
                        <div>
                            <Link to={`/f/${finding.id}`}>
                                <Sentence text={finding.sentence} />
                            </Link>
                            <p class="facts">
                                <Odd surprise={finding.surprise} long />
                                <Time time={finding.time} />
                            </p>
                        </div>
                        <div class="buttons">
                            <button type="button" onClick={() => judge(finding, "real")}>
                                Real
                            </button>
                            <button type="button" onClick={() => judge(finding, "expected")}>
                                Expected
                            </button>
                            <button type="button" onClick={() => judge(finding, "unsure")}>
                                Not sure
                            </button>
                        </div>
                    </li>
                ))}
            </ol>
        </section>
    );
}

// SPDX-License-Identifier: Apache-2.0
//
// status_line.jsx - in one line: how many signals are watched, how sure it is of them, who is
// silent, what is held back; and trouble, if there is some.
import { api, useAsk } from "./api.js";
import { maturity, silent } from "./maturity.js";
import { Link } from "./parts.jsx";
import { percent, plural, span } from "./words.js";

export function StatusLine() {
    const of = useAsk("status line", (signal) =>
        Promise.all([
            api("status", { signal }),
            api("sources", { signal }),
            api("verdicts?limit=1000", { signal }),
        ]),
    );
    if (!of.data)
        return (
            <p class="status-line" aria-busy="true">
                &nbsp;
            </p>
        );
    const [status, { items: sources }, { items: verdicts }] = of.data;
    const series = sources.reduce((all, one) => all + one.series, 0);
    const good = sources.filter((one) => maturity(one).state === "good").length;
    const quiet = sources.filter(silent).length;
    const held = verdicts.filter(
        ({ verdict }) => verdict !== "real" && verdict !== "unsure",
    ).length;
    return (
        <div class="status-line">
            <Link to="/sources">{plural(sources.length, "source")}</Link>
            {series > 0 ? <Link to="/signals">{plural(series, "series", "series")}</Link> : null}
            {sources.length > 0 ? (
                <Link to="/sources" class={good === 0 ? "warn" : ""}>
                    {good === 0 ? "learning" : `${percent(good / sources.length)} mature`}
                </Link>
            ) : null}
            <Link to="/sources" class={quiet > 0 ? "warn" : ""}>
                {quiet} silent
            </Link>
            <Link to="/rules">{held} held back</Link>
            {status.caught_up ? null : (
                <span class="warn">reading the past, {span(status.lag_s)} behind</span>
            )}
            {status.trouble ? <span class="bad">{status.trouble}</span> : null}
            {status.ready ? null : <span class="bad">takes no data: {status.reason}</span>}
            {status.damages.map((one) => (
                <span key={one.sentence} class="bad">
                    {one.sentence}
                </span>
            ))}
        </div>
    );
}

// SPDX-License-Identifier: Apache-2.0
//
// maturity.js - how sure one can be of a source: learning, weak or good, and what is missing.
const LINES = 1000,
    JUDGED = 0.5,
    DAY = 86400,
    HOUR = 3600,
    QUIET = 3;

const seconds = (source) => (Date.parse(source.last_time) - Date.parse(source.first_time)) / 1000;

export function maturity(source) {
    const lasted = seconds(source);
    if (source.kind === "alerts" || source.rows + source.samples === 0)
        return { state: "good", lacks: null };
    if (source.samples > 0 && source.judged < JUDGED * source.samples)
        return { state: "learning", lacks: "each series wants 30 samples before it is judged" };
    if (source.samples === 0 && source.records < LINES)
        return {
            state: "learning",
            lacks: `${LINES - source.records} lines until rare means something`,
        };
    if (lasted < HOUR) return { state: "learning", lacks: "an hour of it has not been seen yet" };
    if (lasted < DAY)
        return {
            state: "weak",
            lacks: "not yet a day: what is usual at night or noon is not known",
        };
    if (lasted < 14 * DAY) return { state: "good", lacks: "weekends are known after two weeks" };
    return { state: "good", lacks: null };
}

// Silent: nothing for three times as long as is usual between its rows, and ten minutes.
export function silent(source) {
    const rows = source.rows + source.samples;
    if (rows < 2 || !source.last_time) return false;
    const since = (Date.now() - Date.parse(source.last_time)) / 1000;
    return since > Math.max(600, (QUIET * seconds(source)) / rows);
}

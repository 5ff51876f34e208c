// SPDX-License-Identifier: Apache-2.0
//
// words.js - numbers, spans and moments as people read them.
import { taste } from "./taste.js";

const count = new Intl.NumberFormat("en");
const UNITS = [
    ["d", 86400],
    ["h", 3600],
    ["min", 60],
    ["s", 1],
];

export const integer = (value) => count.format(value);

// 1,234 and 12.3 k: three digits that matter.
export function number(value) {
    if (value === null || value === undefined || !Number.isFinite(value)) return "–";
    const size = Math.abs(value);
    if (size !== 0 && (size < 1e-3 || size >= 1e15)) return value.toExponential(1);
    for (const [unit, of] of [
        ["T", 1e12],
        ["G", 1e9],
        ["M", 1e6],
        ["k", 1e4],
    ])
        if (size >= of) return `${trim(value / (unit === "k" ? 1e3 : of))} ${unit}`;
    return size >= 1000 ? count.format(Math.round(value)) : trim(value);
}

function trim(value) {
    return String(Number(value.toPrecision(3)));
}

export function bytes(value) {
    let unit = 0;
    const units = ["B", "KiB", "MiB", "GiB", "TiB"];
    for (; value >= 1024 && unit < units.length - 1; unit++) value /= 1024;
    return `${trim(value)} ${units[unit]}`;
}

export function percent(share) {
    if (share === null || share === undefined) return "–";
    return share > 0 && share < 0.001 ? "< 0.1 %" : `${trim(100 * share)} %`;
}

// "2 min", "3 h", "5 d": one unit, as one says it.
export function span(seconds) {
    if (seconds === null || seconds === undefined) return "–";
    for (const [unit, size] of UNITS)
        if (seconds >= (unit === "s" ? 0 : 1.5 * size) || unit === "s")
            return `${Math.round(seconds / size)} ${unit}`;
    return "0 s";
}

export const ago = (time) => {
    const seconds = (Date.now() - Date.parse(time)) / 1000;
    return seconds < 5 ? "just now" : `${span(seconds)} ago`;
};

const pad = (value) => String(value).padStart(2, "0");

// Parts of a moment in the zone that was chosen.
function partsOf(time) {
    const date = new Date(time),
        utc = taste.utc();
    const of = (name) => date[`get${utc ? "UTC" : ""}${name}`]();
    return {
        day: `${of("FullYear")}-${pad(of("Month") + 1)}-${pad(of("Date"))}`,
        clock: `${pad(of("Hours"))}:${pad(of("Minutes"))}`,
        seconds: pad(of("Seconds")),
    };
}

// "14:02" of today, else with its day.
export function moment(time, { seconds = false, day = "auto" } = {}) {
    if (time === null || time === undefined) return "–";
    const parts = partsOf(time),
        today = partsOf(Date.now()).day;
    const clock = parts.clock + (seconds ? `:${parts.seconds}` : "");
    return day === "always" || (day === "auto" && parts.day !== today)
        ? `${parts.day} ${clock}`
        : clock;
}

export const zone = () => (taste.utc() ? "UTC" : "local time");

export const both = (time) =>
    `${new Date(time).toLocaleString("sv")} local, ` +
    `${new Date(time).toISOString().slice(0, 19).replace("T", " ")} UTC`;

// Surprise as odds: 3 is once in a thousand.
export function odds(surprise) {
    if (surprise === null || surprise === undefined) return "–";
    if (surprise < 1) return "usual";
    if (surprise >= 9) return "never before";
    return `once in ${number(10 ** surprise)}`;
}

// 0 to 6: the step of the scale of oddness.
export function oddness(surprise) {
    if (surprise === null || surprise === undefined || surprise < 1) return 0;
    return surprise < 2
        ? 1
        : surprise < 3
          ? 2
          : surprise < 4
            ? 3
            : surprise < 6
              ? 4
              : surprise < 10
                ? 5
                : 6;
}

export const plural = (many, one, more = `${one}s`) =>
    `${integer(many)} ${many === 1 ? one : more}`;

// Spans of addresses: 30m, 24h, 7d; in seconds.
export function spanOf(text, otherwise) {
    const found = /^(\d+)([smhd])$/.exec(text ?? "");
    return found ? Number(found[1]) * { s: 1, m: 60, h: 3600, d: 86400 }[found[2]] : otherwise;
}

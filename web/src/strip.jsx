// SPDX-License-Identifier: Apache-2.0
//
// strip.jsx - one signal on the time axis of an incident: a metric as a line with what was
// expected, a pattern as a heat strip of its lines.
import { useRef } from "preact/hooks";
import { api, useAsk } from "./api.js";
import { Data } from "./parts.jsx";
import { iso } from "./span.jsx";
import { moment, number, oddness } from "./words.js";

const WIDTH = 720,
    HEIGHT = 64,
    STEPS = 120;

export const historyOf = (signal, from, to, how = {}) =>
    api(
        `signals/${encodeURIComponent(signal)}/history?from=${iso(from)}&to=${iso(to)}` +
            `&step=${Math.max(60, Math.ceil((to - from) / 1000 / STEPS))}s` +
            (how.source ? `&source=${encodeURIComponent(how.source)}` : ""),
        how,
    );

const COLUMNS = ["time", "actual", "expected", "lower", "upper", "surprise"];
export const rowsOf = (items) => items.map((item) => COLUMNS.map((name) => item[name]));
export { COLUMNS as HISTORY_COLUMNS };

function scales(items, from, to) {
    const values = items
        .flatMap(({ actual, lower, upper }) => [actual, lower, upper])
        .filter((value) => value !== null && Number.isFinite(value));
    const low = Math.min(...values, Infinity),
        high = Math.max(...values, -Infinity);
    const room = high - low || Math.abs(high) || 1;
    return {
        x: (time) => ((Date.parse(time) - from) / (to - from)) * WIDTH,
        y: (value) => HEIGHT - 4 - ((value - low) / room) * (HEIGHT - 8),
    };
}

const path = (items, x, y, name) => {
    let pen = false;
    return items
        .map((item) => {
            if (item[name] === null) {
                pen = false;
                return "";
            }
            const step = `${pen ? "L" : "M"}${x(item.time).toFixed(1)} ${y(item[name]).toFixed(1)}`;
            pen = true;
            return step;
        })
        .join("");
};

function band(items, x, y) {
    const known = items.filter(({ lower, upper }) => lower !== null && upper !== null);
    if (known.length < 2) return "";
    const there = known.map((item) => `${x(item.time).toFixed(1)} ${y(item.upper).toFixed(1)}`);
    const back = [...known]
        .reverse()
        .map((item) => `${x(item.time).toFixed(1)} ` + `${y(item.lower).toFixed(1)}`);
    return `M${there.join("L")}L${back.join("L")}Z`;
}

function Curve({ items, from, to }) {
    const { x, y } = scales(items, from, to);
    return (
        <>
            <path class="band" d={band(items, x, y)} />
            <path class="expected" d={path(items, x, y, "expected")} />
            <path class="actual" d={path(items, x, y, "actual")} />
            {items
                .filter(({ surprise }) => surprise >= 3)
                .map((item) => (
                    <path
                        key={item.time}
                        d={`M${x(item.time)} ${y(item.actual)}h0`}
                        class={`ring odd-${oddness(item.surprise)}`}
                    />
                ))}
        </>
    );
}

function Heat({ told, from, to }) {
    const most = Math.max(...told.items.map(({ actual }) => actual ?? 0), 1e-9);
    const wide = ((told.step_s * 1000) / (to - from)) * WIDTH;
    const { x } = scales([], from, to);
    return told.items.map((item) =>
        item.actual > 0 ? (
            <rect
                key={item.time}
                x={x(item.time)}
                y="8"
                width={Math.max(wide - 0.6, 1.4)}
                height={HEIGHT - 16}
                class="lines"
                opacity={0.25 + 0.75 * Math.sqrt(item.actual / most)}
            >
                <title>{`${moment(item.time)}: ${number(item.actual)} a minute`}</title>
            </rect>
        ) : null,
    );
}

// marks: [{time, kind, text}] of the axis; begin: when it became odd.
export function Strip({ name, signal, source, from, to, begin, marks }) {
    const of = useAsk(
        `strip ${signal} ${Math.round(from / 60000)} ${Math.round(to / 60000)}`,
        (stop) => historyOf(signal, from, to, { source, signal: stop }),
        { live: false },
    );
    const svg = useRef(null);
    if (of.error)
        return (
            <p class="quiet">
                {of.error.status === 404 ? "Its history is not kept any more." : of.error.message}
            </p>
        );
    if (!of.data) return <div class="loading strip-space" />;
    const { x } = scales([], from, to);
    const counted = of.data.class === "count";
    return (
        <div class="strip">
            <svg
                ref={svg}
                viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
                preserveAspectRatio="none"
                role="img"
                aria-label={`${name} from ${moment(from)} to ${moment(to)}; the table below has it`}
            >
                {marks.map((mark) => (
                    <line
                        key={mark.time + mark.text}
                        class={`tick ${mark.kind}`}
                        x1={x(mark.time)}
                        x2={x(mark.time)}
                        y1="0"
                        y2={HEIGHT}
                    />
                ))}
                {counted ? (
                    <Heat told={of.data} from={from} to={to} />
                ) : (
                    <Curve items={of.data.items} from={from} to={to} />
                )}
                <line class="tick begin" x1={x(begin)} x2={x(begin)} y1="0" y2={HEIGHT} />
            </svg>
            <Data
                name={name}
                columns={COLUMNS}
                rows={rowsOf(of.data.items)}
                numeric={[1, 2, 3, 4, 5]}
            />
        </div>
    );
}
